"""Supervisors who listen to a call, coach, join and take over, and the notice without which nobody listens."""

import pytest

from callflow.core.act_refusals import OPEN, SENTENCES, Reason
from callflow.core.acts import DOES, open_acts, state
from callflow.core.call import Role
from callflow.core.events import Act, LegJoined, NothingPressed, Served
from callflow.core.stages import Stage
from tests.core.example import CONFIGURATION
from tests.core.test_draw_the_line import closing, gate_open
from tests.core.test_supervision import adjusted
from tests.playbook import Playbook, talking


def rung(act: Act = Act.LISTEN) -> Playbook:
    """Ana talks with the caller, and Sam's own telephone is rung because Sam has asked for it on the board."""
    return talking().acts("sam", act).supervisor("sam").places(sam="ringing")


def listening(act: Act = Act.LISTEN) -> Playbook:
    book = rung(act).answers().hears("listen_offer").presses("1").caller().stays_silent().wait(3)
    return book.supervisor("sam").places(sam="listening", caller="room", ana="room").stage(Stage.TALKING)


def test_the_notice_comes_first() -> None:
    book = rung().answers().places(sam="listen_offer").presses("1").places(sam="listen_wait").hears("listen_wait")
    book.caller().hears("listener_notice").agent("ana").hears("listener_joins")
    book.wait(1).places(sam="listen_wait")
    book.caller().stays_silent().places(sam="listening", caller="room")
    book.noted("listener", actor="sam", script="listener_notice", outcome="heard in full")


def test_listening_joins_muted_always() -> None:
    book = listening()
    assert book.leg.role is Role.LISTENER
    assert not book.leg.place.details
    book.holds(lambda call: call.helper == "" and call.leg(call.lead).person == "ana")


def test_coaching_is_for_the_lead_alone_and_goes_on_after_the_agents_star() -> None:
    book = listening().acts("sam", Act.COACH)
    assert book.leg.place.details == {"coaches": book.call.lead}
    book.agent("ana").star().supervisor("sam").places(sam="listening", ana="menu")
    assert not book.leg.place.details
    book.agent("ana").stays_silent().supervisor("sam").places(sam="listening", ana="room")
    assert book.leg.place.details == {"coaches": book.call.lead}


def test_a_coach_whom_the_provider_refuses_is_muted_first_and_not_refused_at_once_again() -> None:
    book = listening().acts("sam", Act.COACH).wait(10)
    book.take(NothingPressed(at=book.at, leg="s2"))
    assert not book.leg.place.details
    book.take(Served(at=book.at, leg="s2")).supervisor("sam").places(sam="listening")
    assert not book.leg.place.details
    book.take(LegJoined(at=book.at, leg="s2", token=book.leg.token))
    assert book.leg.place.details == {"coaches": book.call.lead}


def test_who_fetches_the_document_of_the_room_is_given_that_one_and_the_notice_follows() -> None:
    book = rung().answers().agent("ana").star().supervisor("sam").presses("1").places(sam="listen_wait", ana="menu")
    book.take(NothingPressed(at=book.at, leg="a1"), answering="a1")
    book.holds(lambda call: call.leg("a1").seen == call.leg("a1").token and not call.leg("s2").notice)
    book.wait(3).caller().hears("listener_notice").stays_silent().places(sam="listening")


def test_an_act_that_is_refused_moves_nobody() -> None:
    book = listening(Act.LISTEN).agent("ana").star().stays_silent().acts("sam", Act.COACH).wait(3)
    before = book.call.legs
    assert book.acts("ana", Act.TAKE_OVER).call.legs == before


def test_during_a_hold_nobody_listens() -> None:
    book = listening().agent("ana").star().presses("1").places(sam="listen_wait").caller().presses("1")
    book.stage(Stage.HOLDING).places(sam="listen_wait").wait(40).stage(Stage.TALKING).places(sam="listening")


def test_a_listeners_dead_phone_changes_nothing() -> None:
    book = listening()
    book.hangs_up().stage(Stage.TALKING).places(caller="room", ana="room").ordered()
    book.noted("listener", actor="sam", outcome="ended")


def test_join_and_the_caller_is_told() -> None:
    book = listening().acts("sam", Act.JOIN).stage(Stage.INTRODUCING)
    book.caller().hears("supervisor_joins").supervisor("sam").places(sam="room")
    assert book.leg.role is Role.HELPER
    book.noted("act", actor="sam", outcome="join").noted("introduction", actor="sam")


def test_take_over_and_never_a_moment_without_a_lead() -> None:
    book = rung(Act.TAKE_OVER).answers().hears("join_offer").presses("1").stage(Stage.INTRODUCING)
    book.wait(8).stage(Stage.INTRODUCING).holds(lambda call: call.leg(call.lead).person == "ana")
    book.wait(20).stage(Stage.TALKING).holds(lambda call: call.leg(call.lead).person == "sam")
    book.caller().hears("handover_done").places(ana="wrap_up").noted("handover", actor="sam", outcome="done")


def joins_beside_a_supervisor() -> Playbook:
    """Sam and Sky want to come at the same time: Sam is there first, and Sky has pressed 1 as well."""
    book = rung(Act.TAKE_OVER).acts("sky", Act.JOIN).supervisor("sam").answers().presses("1").stage(Stage.INTRODUCING)
    return book.supervisor("sky").answers().presses("1").places(sky="listen_wait").caller().stays_silent()


def test_a_caller_hears_who_has_the_call_before_somebody_else_joins() -> None:
    book = joins_beside_a_supervisor()
    for _ in range(60):
        if book.call.stage is Stage.INTRODUCING:
            book.wait(0.5)
    book.stage(Stage.TALKING).caller().hears("handover_done").places(sky="listen_wait").stays_silent()
    book.hears("supervisor_joins").stage(Stage.INTRODUCING).places(ana="wrap_up", sam="room", sky="room")


def test_the_agents_telephone_goes_down_while_two_supervisors_come_and_the_caller_hears_of_both() -> None:
    book = joins_beside_a_supervisor().agent("ana").hangs_up().stage(Stage.TALKING)
    book.caller().hears("lead_lost").places(sam="room", sky="listen_wait")
    book.stays_silent().stage(Stage.INTRODUCING).hears("supervisor_joins").places(sam="room", sky="room")


def test_who_takes_over_a_caller_who_has_nobody_is_the_lead_at_once() -> None:
    book = Playbook().calls()
    book.away = {"ana", "ben", "sam", "sky"}
    book.caller().stays_silent().presses("1").stage(Stage.WAITING)
    book.acts("sam", Act.TAKE_OVER).supervisor("sam").answers().presses("1").stage(Stage.TALKING)
    book.holds(lambda call: call.leg(call.lead).person == "sam")


def test_it_is_not_given_to_a_caller_who_is_in_no_conversation() -> None:
    """Somebody wants to listen while the caller holds by consent: the notice is given afterwards."""
    book = talking().agent("ana").star().presses("1").caller().presses("1").stage(Stage.HOLDING)
    book.acts("sam", Act.LISTEN).supervisor("sam").answers().presses("1").places(sam="listen_wait", caller="hold")
    book.wait(45).stage(Stage.TALKING).places(sam="listening").noted("listener", script="listener_notice")


@pytest.mark.parametrize("person", ["ana", "ben", "nobody"])
def test_only_supervisors_of_the_team_act(person: str) -> None:
    book = talking().acts(person, Act.LISTEN).ordered()
    book.noted("refused", actor=person, outcome="not_your_call").holds(lambda call: len(call.legs) == 2)


def test_a_veto_stops_the_closing_and_the_lead_hears_by_whom() -> None:
    book = closing().acts("sam", Act.VETO).stage(Stage.TALKING).places(caller="room", ana="room")
    book.agent("ana").hears("vetoed").noted("closing", actor="sam", outcome="vetoed")
    book.holds(lambda call: call.unplayed == "", "a veto is no failure of the message")


def test_relief_while_the_call_is_being_ended_stops_that_and_says_so_in_the_journal() -> None:
    book = closing().acts("sam", Act.RELIEF).stage(Stage.LEFT_ALONE).noted("relief", actor="sam", outcome="on")
    book.noted("closing", actor="sam", outcome="cancelled").holds(lambda call: call.closing is None)


def test_a_lock_from_the_board_and_lifted_with_a_reason() -> None:
    book = talking().acts("sam", Act.LOCK).noted("safeguarding", actor="sam", outcome="on")
    book.agent("ana").hears("safeguarding_on").acts("sky", Act.UNLOCK).noted(
        "refused", actor="sky", outcome="no_reason"
    )
    book.acts("sky", Act.UNLOCK, "safe").noted("unlocked", actor="sky", outcome="safe")
    book.holds(lambda call: call.locks == ())


def test_relief_from_the_board_keeps_the_caller() -> None:
    book = talking().acts("sam", Act.RELIEF).noted("refused", actor="sam", outcome="no_relief")
    book.acts("sam", Act.LOCK, "threat").acts("sky", Act.RELIEF).noted("relief", actor="sky")
    book.stage(Stage.LEFT_ALONE).caller().hears("agent_relief").places(ana="wrap_up")


def test_a_named_supervisor_is_rung_to_join() -> None:
    book = talking().acts("sam", Act.RING, "sky").supervisor("sky").answers().hears("join_offer").presses("1")
    book.stage(Stage.INTRODUCING).caller().hears("supervisor_joins").noted("act", actor="sam", outcome="ring")
    talking().acts("sam", Act.RING, "ben").noted("refused", outcome="no_such_person").ordered()


def test_a_telephone_in_use_is_not_rung() -> None:
    talking().acts("sam", Act.LISTEN, reachable=False).noted("refused", outcome="telephone_in_use").ordered()


def test_a_supervisor_who_has_the_call_agrees_with_nobody_to_its_end() -> None:
    book = rung(Act.TAKE_OVER).answers().presses("1").wait(30).stage(Stage.TALKING)
    book.call = book.call.but(adjustments=("speech",))
    book.acts("sam", Act.CO_SIGN).noted("refused", actor="sam", outcome="own_call")
    book.holds(lambda call: (call.warning_agreed, call.co_signed) == ("", ""))


def test_a_co_signature_from_the_board_and_the_lead_hears_of_it() -> None:
    book = adjusted(gate_open()).stays_silent().wait(40)
    book.acts("sky", Act.CO_SIGN).noted("co_signature", actor="sky", outcome="yes")
    book.holds(lambda call: call.co_signed == "sky").agent("ana").hears("co_signed")


def test_a_state_outlasts_a_menu_and_a_heartbeat_and_not_a_warning() -> None:
    book = talking()
    seen = state(book.call)
    assert state(book.agent("ana").star().wait(61).call) == seen
    assert state(book.star().presses("3", "3").call) != seen


def test_every_act_says_whether_it_is_open_and_why_not() -> None:
    found = open_acts(talking().call, CONFIGURATION, "sam")
    assert found.keys() == set(Act) == OPEN.keys() == DOES.keys()
    assert found[Act.LISTEN] is None
    assert found[Act.VETO] is Reason.NOTHING_TO_STOP
    assert set(SENTENCES) == set(Reason)


def test_nobody_joins_a_caller_whom_nobody_is_with_yet() -> None:
    found = open_acts(Playbook().calls().wait(10).caller().presses("1").stage(Stage.WAITING).call, CONFIGURATION, "sam")
    assert {found[one] for one in (Act.LISTEN, Act.COACH, Act.JOIN, Act.RELIEF)} == {Reason.NOBODY_THERE}
