"""Legs that end: a hang-up, a dead phone, wrap-up and breaks (policy rules 2, 4, 7 and 38)."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from callflow.core.commands import RingLeg
from callflow.core.events import NOT_REPORTED, LegJoined, LegLost, RequestRefused, StarPressed
from callflow.core.stages import Stage
from tests.playbook import Playbook, talking


def goodbye() -> Playbook:
    return talking().caller().hangs_up().stage(Stage.AFTERCARE).agent("ana").places(ana="wrap_up").hears("wrap_up")


def left() -> Playbook:
    return talking().agent("ana").hangs_up().stage(Stage.LEFT_ALONE).caller().hears("agent_left")


def test_a_goodbye_leads_to_the_wrap_up() -> None:
    book = goodbye().noted("call_ended", actor="caller", outcome="caller hung up")
    book.presses("1").hears("wrap_up_saved").noted("outcome", actor="ana", key="1", outcome="resolved")
    book.presses("#").wait(1).stage(Stage.ENDED).holds(lambda call: call.outcome == "resolved").noted("ended")


def test_a_spoken_note() -> None:
    book = goodbye().presses("4").hears("note_prompt").records().hears("note_saved").noted("spoken_note", outcome="RE1")
    book.presses("3").noted("outcome", outcome="unresolved").stays_silent().stage(Stage.ENDED)


def test_a_note_that_is_not_spoken() -> None:
    goodbye().presses("4").stays_silent().stage(Stage.ENDED)


def test_a_break_after_a_call_that_was_not_abusive() -> None:
    book = goodbye().presses("9").hears("cooldown").noted("cool_down", actor="ana", key="9", minutes=10)
    book.presses("9").noted("cool_down", minutes=20).holds(lambda call: not call.cool_down)


def test_an_unknown_key() -> None:
    goodbye().presses("0").hears("unknown_key", "wrap_up")


def test_a_wrap_up_has_an_end() -> None:
    book = goodbye()
    book.reports = False
    book.wait(130).stage(Stage.ENDED)


def test_a_dead_phone_keeps_the_caller_who_is_served_first() -> None:
    book = left().noted("lead_lost", actor="ana", outcome="caller kept").places(ben="ringing")
    book.holds(lambda call: call.search.priority == 10 and call.lead == "").wait(15)
    book.stage(Stage.WAITING).places(caller="queue").agent("ben").answers().presses("1").stage(Stage.TALKING)
    book.places(caller="room", ben="room").star().stage(Stage.CHOOSING)


def test_somebody_accepts_while_the_caller_is_still_being_told() -> None:
    left().agent("ben").answers().presses("1").stage(Stage.TALKING).places(caller="room", ben="room")


def test_our_clock_takes_the_caller_on() -> None:
    book = left()
    book.reports = False
    book.wait(12).stage(Stage.WAITING)


def test_agents_and_supervisors_take_turns_for_a_caller_who_was_left() -> None:
    book = talking().agent("ana")
    book.away = {"ana", "ben", "sam"}
    book.hangs_up().stage(Stage.LEFT_ALONE).wait(11).places(sky="ringing")
    book.supervisor("sky").answers().hears("whisper").presses("1").stage(Stage.TALKING).places(
        caller="room", sky="room"
    )


def test_somebody_who_is_answering_is_not_dropped_when_the_time_in_the_queue_is_over() -> None:
    """The lead was lost, and the caller has waited as long as the step allows while somebody hears the offer."""
    book = talking().agent("ana")
    book.away = {"ben", "sam", "sky"}
    book.hangs_up().wait(295)
    book.away = {"sam", "sky"}
    book.wait(6).agent("ben").answers().hears("offer").wait(8).stage(Stage.WAITING)
    other = book.copy()
    book.presses("1").stage(Stage.TALKING).places(caller="room", ben="room")
    other.presses("2").wait(1).stage(Stage.ARRIVING).caller().hears("leave_message")


@pytest.mark.parametrize("how_far", ["rings", "answers", "declines"])
def test_a_supervisor_who_is_answering_is_not_dropped_when_the_lead_is_lost(how_far: str) -> None:
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam")
    if how_far != "rings":
        book.answers().hears("whisper")
    if how_far == "declines":
        book.presses("2").hears("decline_menu")
    book.agent("ana").hangs_up().stage(Stage.LEFT_ALONE).supervisor("sam")
    if how_far == "rings":
        book.answers().hears("whisper")
    if how_far == "declines":
        book.presses("1").hears("declined_thanks").wait(5).supervisor("sky").answers().hears("whisper")
    book.presses("1").stage(Stage.TALKING).places(caller="room")


def test_the_outcome_is_that_of_whoever_led_the_call_last() -> None:
    """Ana hands the call over and says that it is resolved. Sam, who led it to its end, presses nothing."""
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam").answers().presses("1")
    book.wait(60).supervisor("sam").star().presses("1").agent("ana").presses("1").noted("outcome", actor="ana")
    book.holds(lambda call: not call.outcome).caller().hangs_up().wait(200).stage(Stage.ENDED)
    book.noted("ended", outcome="caller hung up")


def test_the_last_lead_names_the_outcome() -> None:
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam").answers().presses("1")
    book.wait(60).supervisor("sam").star().presses("1").agent("ana").presses("1").caller().hangs_up()
    book.supervisor("sam").presses("3").wait(200).stage(Stage.ENDED).noted("ended", outcome="unresolved")


def test_an_agent_who_left_a_caller_alone_does_not_resolve_the_call() -> None:
    """Relief: nobody has led the call since, so how it ended is what the journal says."""
    book = talking().agent("ana")
    book.away = {"ben", "sam", "sky"}
    book.star().presses("6").wait(3).star().presses("7").stage(Stage.LEFT_ALONE).presses("1")
    book.caller().hangs_up().wait(200).stage(Stage.ENDED).noted("ended", outcome="caller hung up")


@pytest.mark.parametrize(("status", "outcome", "actor"), [
    ("completed", "caller hung up", "caller"),
    ("failed", "line failed", "callflow"),
    (NOT_REPORTED, "end not reported", "callflow"),
])  # fmt: skip
def test_who_ended_the_call_is_said_only_if_it_is_known(status: str, outcome: str, actor: str) -> None:
    book = talking()
    book.take(LegLost(at=book.at, leg="caller", status=status)).noted("call_ended", actor=actor, outcome=outcome)
    book.wait(200).noted("ended", outcome=outcome)


def test_our_goodbye_is_not_the_caller_hanging_up() -> None:
    book = talking().agent("ana")
    book.away = {"ana", "ben", "sam", "sky"}
    book.hangs_up().wait(308).caller().records().hears("message_thanks")
    book.copy().hangs_up().noted("call_ended", actor="caller", outcome="caller hung up")
    book.stays_silent().noted("call_ended", actor="callflow", outcome="goodbye said")


def test_a_supervisor_is_not_told_that_a_lost_caller_hung_up() -> None:
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam").answers()
    other = book.copy()
    book.take(LegLost(at=book.at, leg="caller", status=NOT_REPORTED)).hears("caller_lost")
    other.caller().hangs_up().supervisor("sam").hears("caller_gone")


def test_nobody_ever_comes_and_the_flow_goes_on() -> None:
    book = talking().agent("ana")
    book.away = {"ana", "ben", "sam", "sky"}
    book.hangs_up().wait(308).stage(Stage.ARRIVING).caller().hears("leave_message")


class RefusingPlaybook(Playbook):
    """The provider refuses to ring the people in ``refused``; the value says whether it would do so again."""

    refused: Mapping[str, bool] = MappingProxyType({})

    def _carry_out(self, order: object) -> None:
        if isinstance(order, RingLeg) and order.person in self.refused:
            again = self.refused[order.person]
            self.take(RequestRefused(at=self.at, leg=order.leg, request="ring", code="21210", lasting=again))
        else:
            super()._carry_out(order)


def ringing_in_vain(**refused: bool) -> RefusingPlaybook:
    """A caller in the queue."""
    book = RefusingPlaybook()
    book.refused = refused
    return book.calls().wait(10).caller().presses("1")


def test_when_the_provider_rings_nobody_the_flow_goes_on() -> None:
    book = ringing_in_vain(ana=True, ben=True).stage(Stage.ARRIVING).places(caller="message").hears("leave_message")
    book.noted("not_connected", outcome="nobody can be rung").noted("request_refused", actor="ana", outcome="21210")


def test_what_may_work_next_time_is_waited_for() -> None:
    book = ringing_in_vain(ana=False, ben=False).stage(Stage.WAITING).not_noted("not_connected")
    book.refused = {}
    book.wait(11).agent("ana").answers().hears("offer").presses("1").stage(Stage.TALKING)


def test_a_phone_that_is_rung_shows_that_the_others_are_the_trouble() -> None:
    book = ringing_in_vain(ben=True)
    for _ in range(3):
        book.agent("ana").hangs_up().stage(Stage.WAITING).not_noted("not_connected").wait(11)
    book.refused = {"ana": True, "ben": True}
    book.agent("ana").hangs_up().wait(11).stage(Stage.ARRIVING).noted("not_connected", outcome="nobody can be rung")


def test_a_refused_redirect_or_release_is_noted_and_changes_nothing_else() -> None:
    book = talking().agent("ana").star()
    for request in ("redirect", "release"):
        book.take(RequestRefused(at=book.at, leg=book.leg.id, request=request, code="20429", lasting=False))
        book.noted("request_refused", actor="ana", request=request).places(ana="menu", caller="room")


def test_a_caller_who_was_left_hangs_up() -> None:
    left().hangs_up().wait(200).stage(Stage.ENDED)


@pytest.mark.parametrize("late", [StarPressed, LegJoined])
def test_what_a_parted_agent_still_sends_changes_nothing(late: type) -> None:
    """A leg in wrap-up never gets back to the caller."""
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam").answers().presses("1")
    book.wait(60).supervisor("sam").star().presses("1").agent("ana").places(ana="wrap_up")
    event = StarPressed(at=book.at, leg=book.leg.id) if late is StarPressed else book.falls_back() and None
    (book.take(event) if event else book).places(ana="wrap_up", caller="room", sam="room").stage(Stage.TALKING)


def test_lost_twice_is_lost_once() -> None:
    book = left()
    legs = book.call.legs
    book.take(LegLost(at=book.at, leg="a1", status="completed")).holds(lambda call: call.legs == legs)


def test_everybody_hangs_up_at_once() -> None:
    book = talking().agent("ana").hangs_up().caller().hangs_up().wait(200).stage(Stage.ENDED)
    book.holds(lambda call: not call.deadlines)
