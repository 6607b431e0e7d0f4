"""Step 2: asked, rung, briefed, accepted by key, consulted, introduced, handed over (policy rules 15 to 19)."""

from collections.abc import Callable

import pytest

from callflow.core import prompts
from callflow.core.call import Outcome, Role
from callflow.core.commands import RedirectLeg
from callflow.core.policy import LadderOrder, Policy
from callflow.core.stages import Stage
from tests.core.example import configuration
from tests.core.test_time_out import held
from tests.playbook import Playbook, talking


def offered(number: str = "+15550190042") -> Playbook:
    book = talking(number=number).agent("ana").star().presses("2").stage(Stage.OFFERING_SUPERVISOR)
    return book.hears("supervisor_asked").caller().hears("supervisor_offer", "supervisor_choices", "asked_again")


def ringing() -> Playbook:
    return offered().presses("1").stage(Stage.RINGING).places(caller="consult_wait", ana="room", sam="ringing")


def briefed() -> Playbook:
    return ringing().supervisor("sam").answers().places(sam="briefing").hears("whisper")


def consulting() -> Playbook:
    book = briefed().presses("1").stage(Stage.CONSULTING).places(caller="consult_wait", ana="room", sam="room")
    return book.hears("joined")


def introducing() -> Playbook:
    book = consulting().supervisor("sam").star().presses("1").stage(Stage.INTRODUCING)
    return book.places(caller="room", ana="room", sam="room")


def nobody_free(number: str = "+15550190042") -> Playbook:
    book = offered(number)
    book.away = {"sam", "sky"}
    return book.presses("1").stage(Stage.OFFERING_CALL_BACK).hears("no_supervisor")


def test_the_whole_way_to_the_handover() -> None:
    book = ringing().hears("consult_ringing").noted("consent", script="supervisor_offer", outcome="yes")
    book.holds(lambda call: call.consent.kind == "supervisor").supervisor("sam").answers().presses("1")
    book.noted("accepted", actor="sam", key="1").caller().hears("consult_wait").supervisor("sam").wait(20).star()
    book.hears("whisper_ready").presses("1").stage(Stage.INTRODUCING).caller().hears("introduction")
    book.holds(lambda call: call.caller.place.prompts[0].values == {"agent": "Ana", "supervisor": "Sam"})
    book.supervisor("sam").wait(15).star().hears("have_it").presses("1").stage(Stage.TALKING)
    book.places(caller="room", ana="wrap_up", sam="room").caller().hears("handover_done").agent("ana")
    book.hears("released").noted("handover", actor="sam", key="1")
    book.holds(lambda call: call.lead == book.supervisor("sam").leg.id and call.lead_leg.role is Role.LEAD)
    book.supervisor("sam").wait(20).star().stage(Stage.CHOOSING).hears("menu")


def test_a_decline_with_a_reason_rings_the_next() -> None:
    book = briefed().presses("2").hears("decline_menu").presses("1").places(sky="ringing").stage(Stage.RINGING)
    book.noted("declined", actor="sam", key="1", outcome="busy with something urgent").hears("declined_thanks")
    book.supervisor("sky").answers().presses("1").stage(Stage.CONSULTING)


def test_the_briefing_is_heard_again() -> None:
    briefed().presses("3").hears("whisper").presses("1").stage(Stage.CONSULTING)


def test_the_briefing_says_what_was_skipped_and_who_has_left() -> None:
    """The briefing has what is recorded when the supervisor answers: a skipped step, an agent who has left."""
    book = talking().agent("ana").star().presses("9", "1").wait(8).star().presses("5").supervisor("sam").answers()
    assert told(book) == "briefing_agent Ana, briefing_reason a bill, tried_time_out_skipped, flag_safeguarding"
    book = talking().agent("ana").star().presses("6").star().presses("7").supervisor("sam").answers()
    assert told(book) == "briefing_alone, briefing_reason a bill, flag_threat"


def test_the_briefing_says_nothing_that_nobody_entered() -> None:
    """No step that was not tried, no warning that was not heard, no reason that the caller did not give."""
    book = briefed()
    assert told(book) == "briefing_agent Ana, briefing_reason a bill"
    book.call = book.call.but(reason="")
    assert told(book.presses("3")) == "briefing_agent Ana"


def told(book: Playbook) -> str:
    return str(prompts.text(book.configuration, "en", book.leg.place.prompts[0])).removeprefix("whisper ").rstrip(". ")


def test_only_in_private_is_it_said_that_the_caller_cannot_hear() -> None:
    book = talking().agent("ana").star().presses("5").supervisor("sam").answers().presses("1")
    book.stage(Stage.INTRODUCING).places(sam="room")
    assert book.leg.place.prompts == ()


def test_who_will_not_hold_is_not_made_to_wait() -> None:
    """After a no to the second hold, or a skip for that reason, the supervisor joins without a hold."""
    book = talking().agent("ana").star().presses("9", "1").wait(8).star().presses("2").caller().presses("1")
    book.stage(Stage.RINGING).places(caller="room", ana="room", sam="ringing")
    book = held().wait(40).agent("ana").star().presses("1").caller().presses("2").wait(10)
    book.agent("ana").star().presses("2").caller().presses("1").stage(Stage.RINGING).places(caller="room")


@pytest.mark.parametrize("machine", ["silent", "other key"])
def test_a_voicemail_is_never_introduced(machine: str) -> None:
    book = briefed()
    book.stays_silent() if machine == "silent" else book.presses("9")
    book.stage(Stage.RINGING).places(sky="ringing", caller="consult_wait").not_noted("accepted", actor="sam")


def test_a_voicemail_brought_into_the_room_by_a_fallback_is_sent_back() -> None:
    briefed().falls_back().places(sam="briefing").stage(Stage.RINGING)


def test_a_busy_phone_rings_the_next() -> None:
    ringing().supervisor("sam").hangs_up().places(sky="ringing").noted("not_reached", actor="sam", outcome="busy")


def test_the_ringing_is_over_after_its_total() -> None:
    book = ringing()
    book.reports = False
    book.wait(61).stage(Stage.OFFERING_CALL_BACK).caller().hears("no_supervisor")
    book.holds(lambda call: call.delegate_upwards is Outcome.UNAVAILABLE)


def test_somebody_who_picked_up_hears_the_briefing_out() -> None:
    book = ringing()
    book.reports = False
    book.wait(36).supervisor("sky").wait(20).answers().wait(6).stage(Stage.RINGING).presses("1")
    book.stage(Stage.CONSULTING)


def test_the_only_supervisor_is_not_rung_twice() -> None:
    book = ringing()
    book.away = {"sky"}
    book.wait(19).supervisor("sam").answers().wait(25).stage(Stage.OFFERING_CALL_BACK)


def test_the_caller_says_no() -> None:
    book = offered().says("no").stage(Stage.TALKING).hears("supervisor_declined").agent("ana")
    book.hears("supervisor_answer_no").holds(lambda call: call.delegate_upwards is Outcome.DECLINED)


def test_unclear_twice_and_silence_are_a_no() -> None:
    book = offered().says("hm").hears("not_clear", "supervisor_offer").copy().says("hm").stage(Stage.TALKING)
    book.hears("supervisor_no_answer").agent("ana").hears("supervisor_answer_unclear")
    book = offered().stays_silent().stage(Stage.TALKING).agent("ana").hears("supervisor_answer_none")
    book.holds(lambda call: call.delegate_upwards is Outcome.NO_CLEAR_ANSWER)


def test_the_lead_takes_the_question_back() -> None:
    book = offered().agent("ana").presses("*").stage(Stage.TALKING).noted("delegate_upwards", outcome="taken back")
    book.caller().hears("carry_on").holds(lambda call: call.delegate_upwards is Outcome.UNTRIED)


def test_no_report_at_all_brings_them_together() -> None:
    for book, kind, outcome in (
        (offered(), "delegate_upwards", "no answer in time"),
        (nobody_free(), "call_back", "time over"),
    ):
        book.reports = False
        book.wait(90).stage(Stage.TALKING).places(caller="room", ana="room").noted(kind, outcome=outcome)


def test_the_wait_ends_by_itself_if_our_clock_does_not_act() -> None:
    book = ringing()
    book.away = {"sky"}
    book.clock = False
    book.supervisor("sam").hangs_up().stage(Stage.OFFERING_CALL_BACK)
    book = ringing()
    book.clock = False
    book.supervisor("sam").loses_its_document().caller().stays_silent().stage(Stage.TALKING)
    book.places(caller="room", ana="room").holds(lambda call: call.delegate_upwards is Outcome.UNAVAILABLE)


def test_help_without_hold_leaves_nobody_alone_for_more_than_a_minute() -> None:
    """The lead looks into the menu while supervisors ring, and no report of their return reaches us."""
    book = offered()
    book.call = book.call.but(time_out=Outcome.DECLINED)
    book.caller().presses("1").stage(Stage.RINGING).agent("ana").star().places(caller="room", ana="busy_menu")
    book.reports = False
    book.wait(36).supervisor("sky").answers().wait(20).places(ana="busy_menu", sky="briefing")
    book.wait(5).stage(Stage.RINGING).places(caller="room", ana="room", sky="briefing")


def test_help_without_hold() -> None:
    """A caller who declined to hold talks on, and the supervisor joins after the briefing."""
    book = talking().agent("ana").star().presses("1").caller().presses("2").wait(8)
    book.agent("ana").star().presses("2").caller().presses("1").stage(Stage.RINGING).places(caller="room")
    book.agent("ana").hears("supervisor_answer_yes").supervisor("sam").answers().presses("1")
    book.stage(Stage.INTRODUCING).places(caller="room", ana="room", sam="room").caller().hears("introduction")


INSTANTS: dict[str, Callable[[], Playbook]] = {
    "offered": offered,
    "ringing": ringing,
    "briefed": briefed,
    "consulting": consulting,
    "introducing": introducing,
    "nobody free": nobody_free,
    "typing a number": lambda: nobody_free(number="").presses("1"),
    "consult menu": lambda: consulting().agent("ana").star(),
    "busy menu": lambda: ringing().agent("ana").star(),
}


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_caller_hangs_up_at_any_instant(instant: str) -> None:
    book = INSTANTS[instant]().caller().hangs_up().stage(Stage.AFTERCARE).places(ana="wrap_up")
    book.holds(lambda call: not call.candidates and call.search is None).wait(400).stage(Stage.ENDED)


@pytest.mark.parametrize("instant", INSTANTS)
def test_the_lead_is_lost_at_any_instant(instant: str) -> None:
    book = INSTANTS[instant]().agent("ana").hangs_up().holds(lambda call: call.caller.live)
    helped = instant in ("consulting", "introducing", "consult menu")
    book.stage(Stage.TALKING if helped else Stage.LEFT_ALONE).caller().hears("lead_lost" if helped else "agent_left")


@pytest.mark.parametrize("instant", INSTANTS)
def test_safeguarding_and_threat_at_any_instant(instant: str) -> None:
    for key in "56":
        book = INSTANTS[instant]().agent("ana")
        if book.leg.in_room:
            book.star()
        book.presses(key).holds(lambda call: call.locks).places(caller="room", ana="room")


def test_the_caller_talks_now_while_it_rings() -> None:
    """The document leads the caller into the room. The agent there is not pulled out to be told so."""
    book = ringing().caller().presses("2").stage(Stage.TALKING).hears("consult_return")
    book.noted("delegate_upwards", actor="caller", key="2", outcome="caller came back")
    book.holds(lambda call: not call.candidates and call.lead_leg.seen == call.lead_leg.token)
    moved = [order.leg for order in book.orders if isinstance(order, RedirectLeg)]
    assert not {"caller", "a1"}.intersection(moved), "they are together already"


def test_the_caller_talks_now_while_the_agent_is_in_a_menu() -> None:
    ringing().agent("ana").star().caller().presses("2").stage(Stage.TALKING).agent("ana").hears("caller_back")


def test_a_supervisor_who_is_being_briefed_is_told_that_the_caller_came_back() -> None:
    briefed().caller().presses("2").stage(Stage.TALKING).supervisor("sam").hears("offer_gone")


def test_the_lead_cancels() -> None:
    book = ringing().agent("ana").star().hears("busy_menu").presses("*").stage(Stage.TALKING)
    book.caller().hears("consult_return").noted("delegate_upwards", key="*", outcome="cancelled")
    book.places(sam="gone")


def test_the_lead_looks_in_and_lets_it_ring() -> None:
    ringing().agent("ana").star().presses("1").stage(Stage.RINGING).places(ana="room")


def test_a_briefed_supervisor_takes_a_caller_whose_agent_was_lost() -> None:
    book = briefed().agent("ana").hangs_up().stage(Stage.LEFT_ALONE).places(sam="briefing")
    book.supervisor("sam").presses("1").stage(Stage.TALKING).places(caller="room", sam="room")
    book.hears("lead_lost_staff").holds(lambda call: call.lead_leg.place.prompts[0].values["agent"] == "Ana")


def test_the_strict_order_wants_a_time_out_first() -> None:
    book = (
        talking(configuration(Policy(order=LadderOrder.IN_ORDER))).agent("ana").star().presses("2").stage(Stage.TALKING)
    )
    book.hears("refuse_order")
