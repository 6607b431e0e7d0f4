"""The flow before a person answers: menu, queue, offers, a message (policy rules 2 and 4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callflow.core.commands import RingLeg
from callflow.core.configuration import Flow, Team
from callflow.core.events import CallStarted, LegAnswered
from callflow.core.flow.end import EndStep
from callflow.core.stages import Stage
from tests.core.example import FLOW, configuration
from tests.core.example_flows import MAIN, flowing
from tests.playbook import Playbook


def menu() -> Playbook:
    return Playbook().calls().hears("greeting").wait(6).hears("reason_menu").stage(Stage.ARRIVING)


def waiting() -> Playbook:
    return menu().presses("2").stage(Stage.WAITING).hears("connecting").places(caller="queue", ana="ringing")


def test_a_key_leads_to_a_person_who_knows_the_reason() -> None:
    book = waiting().ordered(RingLeg).noted("chose", key="", outcome="desk").noted("call_started")
    book.agent("ana").answers().hears("offer").holds(lambda call: call.reason == "a delivery")
    book.presses("1").stage(Stage.TALKING).places(caller="room", ana="room").noted("accepted", actor="ana", key="1")


def test_silence_is_asked_again_and_then_gets_a_person() -> None:
    menu().stays_silent().stage(Stage.ARRIVING).hears("reason_menu").stays_silent().stage(Stage.WAITING)


def test_a_key_that_is_not_offered() -> None:
    menu().presses("9").hears("reason_menu").presses("8").stage(Stage.WAITING)


def test_the_hash_key_after_my_account_number_loses_me_no_attempt() -> None:
    """The number was complete by its length, so the key arrives at the next question."""
    book = menu().presses("#").hears("reason_menu").presses("#").hears("reason_menu").stage(Stage.ARRIVING)
    book.presses("2").stage(Stage.WAITING)


def test_a_repeated_start_begins_the_call_once() -> None:
    book = menu()
    before = book.call
    book.take(CallStarted(at=book.at, sid="CA-caller", number="", called="")).holds(lambda call: call.step == "reason")
    assert book.call == replace(before, seq=book.call.seq, at=book.at)


def test_a_fallback_serves_the_step_again() -> None:
    menu().falls_back().places(caller="step").stage(Stage.ARRIVING)


def test_no_key_is_no_answer_to_an_offer() -> None:
    book = waiting().agent("ana").answers().stays_silent().places(caller="queue", ben="ringing")
    book.not_noted("accepted").noted("not_reached", actor="ana")


@pytest.mark.parametrize("key", ["2", "7"])
def test_declined_or_a_slip_rings_the_next(key: str) -> None:
    book = waiting().agent("ana").answers().presses(key).places(ben="ringing").stage(Stage.WAITING)
    book.agent("ben").answers().presses("1").stage(Stage.TALKING)


def test_a_phone_picked_up_is_not_an_answer_twice() -> None:
    book = waiting().agent("ana").answers().presses("1").wait(3)
    book.take(LegAnswered(at=book.at, leg=book.leg.id, sid="CA-other")).stage(Stage.TALKING).places(ana="room")


def test_all_busy_and_then_somebody_is_free() -> None:
    book = menu()
    book.away = {"ana", "ben"}
    book.presses("1").stage(Stage.WAITING).wait(9).holds(lambda call: not call.candidates)
    book.away = {"ana"}
    book.wait(2).places(ben="ringing")


def test_a_second_round_after_everybody_let_it_ring() -> None:
    book = waiting().agent("ana").presses().stays_silent().agent("ben").stays_silent().stage(Stage.WAITING)
    book.holds(lambda call: not call.candidates).wait(11)
    assert [leg.person for leg in book.call.legs] == ["", "ana", "ben", "ana"]


def test_who_is_before_me_is_said() -> None:
    book = menu()
    book.away = {"ana", "ben"}
    book.ahead = 2
    book.presses("1").stays_silent().hears("queue_progress")
    book.holds(lambda call: call.caller.place.prompts[0].values["n"] == "3").places(caller="queue")


def test_the_wait_has_an_end() -> None:
    book = menu()
    book.away = {"ana", "ben"}
    book.presses("1").wait(301).stage(Stage.ARRIVING).hears("leave_message").places(caller="message")
    book.records().hears("message_thanks").noted("message_left", outcome="RE1", owner="sam").noted("flow_ended")
    book.holds(lambda call: call.call_back and call.call_back.number == "+15550190042").wait(20).stage(Stage.ENDED)


def test_an_offer_that_comes_too_late_is_let_go() -> None:
    book = waiting()
    book.call = book.call.timer("queue", book.at)
    book.wait(1).stage(Stage.ARRIVING).places(caller="message").holds(lambda call: not call.candidates)


def test_no_message_is_left() -> None:
    book = menu()
    book.away = {"ana", "ben"}
    book.presses("1").wait(301).stays_silent().hears("goodbye").wait(20).stage(Stage.ENDED)


def test_when_nobody_is_free_the_search_begins_again_after_ten_seconds() -> None:
    book = menu()
    book.away = {"ana", "ben"}
    book.presses("1").holds(lambda call: call.deadlines["search"] == call.at + timedelta(seconds=10))


def test_where_the_flow_knows_no_way_out_there_is_an_owned_call_back() -> None:
    desk = replace(FLOW.steps["desk"], otherwise="")
    book = Playbook(configuration(flow=replace(FLOW, steps={**FLOW.steps, "desk": desk}))).calls().wait(6)
    book.away = {"ana", "ben"}
    book.presses("1").wait(301).hears("failure_nobody").places(caller="message")
    spoken = book.call.caller.place.prompts[0]
    assert (spoken.values["owner"], spoken.values["time"] != "") == ("Sam", True)
    book.holds(lambda call: call.call_back and call.call_back.owner == "sam")
    book.copy().hangs_up().stage(Stage.ENDED).holds(lambda call: call.call_back)
    book.records().hears("message_thanks").holds(lambda call: call.call_back)


def test_an_end_that_ops_wrote() -> None:
    flow = Flow(name="closed", start="shut", steps={"shut": EndStep(name="shut", script="goodbye")})
    book = Playbook(configuration(flow=flow)).calls().hears("goodbye").noted("flow_ended", script="goodbye").wait(10)
    book.stage(Stage.ENDED)


def test_an_end_that_is_never_reported_ends_all_the_same() -> None:
    flow = Flow(name="closed", start="shut", steps={"shut": EndStep(name="shut", script="goodbye")})
    book = Playbook(configuration(flow=flow)).calls()
    book.reports = False
    book.wait(90).stage(Stage.ENDED)


@pytest.mark.parametrize("moment", [menu, waiting])
def test_the_caller_hangs_up(moment: object) -> None:
    book = moment().caller().hangs_up()  # type: ignore[operator]
    book.holds(lambda call: call.stage in (Stage.AFTERCARE, Stage.ENDED)).wait(200).stage(Stage.ENDED)


def test_all_phones_at_once_and_the_first_to_press_wins() -> None:
    team = Team(id="energy_desk", agents=("ana", "ben"), supervisors=("sam",))
    book = Playbook(configuration(team=team)).calls().wait(6)
    book.at_once = 2
    book.presses("1").places(ana="ringing", ben="ringing")
    book.agent("ana").answers().agent("ben").answers().presses("1").stage(Stage.TALKING).places(ben="room")
    book.agent("ana").hears("offer_gone").presses("1").places(ana="gone")


def test_a_step_whose_end_is_never_reported_goes_on() -> None:
    """The request after the menu was lost: minutes later it is as if nothing was pressed, and then a person comes."""
    book = menu()
    book.reports = False
    book.wait(400).stage(Stage.ARRIVING).hears("reason_menu").wait(400).stage(Stage.WAITING)


def test_a_conversation_outside_is_not_ended_by_us_for_four_hours() -> None:
    steps = {step.name: step for step in MAIN}
    book = Playbook(flowing(steps["outside"], steps["ring_me"])).calls()
    book.reports = False
    book.wait(4 * 3600).holds(lambda call: call.step == "outside")
    book.wait(400).holds(lambda call: call.step == "ring_me").hears("callback_confirm")
