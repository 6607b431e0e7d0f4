"""Step 1: a hold only after the caller's yes, which ends at the promised time (policy rules 8 to 14)."""

import pytest

from callflow.core.call import Outcome
from callflow.core.commands import RedirectLeg
from callflow.core.events import ConsentGiven, NothingPressed
from callflow.core.policy import Policy, TimeOut
from callflow.core.stages import Stage
from tests.core.example import configuration
from tests.playbook import Playbook, talking


def asked() -> Playbook:
    """The lead has pressed ``*`` ``1``; the caller hears the question."""
    return talking().agent("ana").star().presses("1").stage(Stage.ASKING_HOLD).hears("hold_asked").caller()


def held() -> Playbook:
    return asked().presses("1").stage(Stage.HOLDING)


def test_a_yes_by_key_holds_and_both_are_back_on_time() -> None:
    book = (
        asked()
        .hears("hold_request", "hold_choices", "asked_again")
        .presses("1")
        .stage(Stage.HOLDING)
        .hears("hold_start")
    )
    book.noted("consent", actor="caller", key="key", script="hold_request", outcome="yes").ordered(RedirectLeg)
    book.places(caller="hold", ana="hold_desk").agent("ana").hears("hold_answer_yes", "heads_up")
    promised = book.call.deadlines["hold"]
    book.wait(37).stage(Stage.TALKING).places(caller="room", ana="room").not_noted("hold", outcome="overrun")
    assert book.at < promised
    book.noted("hold", outcome="returned on time").holds(lambda call: call.holds == 1 and 30 <= call.held_seconds <= 37)


@pytest.mark.parametrize("words", ["yes", "Yes, go ahead.", "okay then", "SURE"])
def test_a_yes_by_speech_holds(words: str) -> None:
    asked().says(words).stage(Stage.HOLDING).noted("consent", key="speech", outcome="yes")


@pytest.mark.parametrize("answer", ["no", "no thank you", "yes, but no"])
def test_a_no_by_speech_is_final_for_two_minutes(answer: str) -> None:
    book = asked().says(answer).stage(Stage.TALKING).hears("hold_declined").agent("ana").hears("hold_answer_no")
    book.holds(lambda call: call.time_out is Outcome.DECLINED).wait(60)
    book.star().presses("1").stage(Stage.TALKING).hears("refuse_asked_already").noted("refused", key="1")
    book.wait(70).star().presses("1").stage(Stage.ASKING_HOLD)


def test_a_no_by_key() -> None:
    asked().presses("2").stage(Stage.TALKING).hears("hold_declined").noted("consent", key="key", outcome="no")


def test_unclear_is_asked_once_more_and_then_yes() -> None:
    book = asked().says("well, it depends").stage(Stage.ASKING_HOLD)
    book.hears("not_clear", "hold_request", "hold_choices")
    book.presses("1").stage(Stage.HOLDING)


@pytest.mark.parametrize("unclear", ["no problem at all", "hm", ""])
def test_unclear_is_never_a_yes(unclear: str) -> None:
    asked().says(unclear).says(unclear).stage(Stage.TALKING)


def test_unclear_twice_is_a_no() -> None:
    book = asked().says("hm").presses("7").stage(Stage.TALKING).hears("hold_no_answer")
    book.holds(lambda call: call.time_out is Outcome.NO_CLEAR_ANSWER).agent("ana").hears("hold_answer_unclear")


def test_silence_and_then_unclear_is_two_asks() -> None:
    """The document has asked for the second time by itself; there is no third time."""
    asked().wait(36).says("hm").stage(Stage.TALKING).hears("hold_no_answer")
    asked().wait(9).says("hm").stage(Stage.ASKING_HOLD).wait(9).says("hm").stage(Stage.TALKING)


def test_silence_is_a_no_even_with_our_server_dead() -> None:
    book = asked().stays_silent().stage(Stage.TALKING).places(caller="room", ana="room")
    book.noted("consent", outcome="no clear answer").holds(lambda call: call.time_out is Outcome.NO_CLEAR_ANSWER)


def test_a_late_yes_holds_nobody() -> None:
    """The answer to a question that is no longer asked."""
    late = asked().stays_silent()
    late.take(ConsentGiven(at=late.at, leg="caller", how="key")).stage(Stage.TALKING).places(caller="room")


def test_silence_that_was_posted_to_us_is_no_answer_once_the_caller_is_back() -> None:
    book = asked()
    book.take(NothingPressed(at=book.at, leg="caller"), answering="caller").stage(Stage.ASKING_HOLD)
    book.places(caller="room").falls_back().stage(Stage.TALKING)
    book.noted("consent", script="hold_request", outcome="no clear answer").agent("ana").hears("hold_answer_none")


def test_the_lead_takes_the_question_back() -> None:
    book = asked().agent("ana").presses("*").stage(Stage.TALKING).places(caller="room", ana="room")
    book.noted("time_out", actor="ana", key="*", outcome="taken back")
    book.holds(lambda call: call.time_out is Outcome.UNTRIED)


def test_a_lead_who_waits_in_the_room_can_take_it_back_too() -> None:
    asked().agent("ana").presses("3").places(ana="room").star().stage(Stage.TALKING).places(caller="room")


def test_no_report_at_all_brings_them_together() -> None:
    book = asked()
    book.reports = False
    book.wait(90).stage(Stage.TALKING).noted("time_out", outcome="no answer in time")


def test_the_caller_comes_back_early() -> None:
    book = held().wait(9).presses("2").stage(Stage.TALKING).hears("hold_return").agent("ana").hears("caller_back")
    book.noted("hold", key="2", outcome="ended by the caller").holds(lambda call: call.held_seconds == 12)
    moved = [order.leg for order in book.orders if isinstance(order, RedirectLeg)]
    assert "caller" not in moved, "the document led into the room by itself"


def test_another_key_does_not_end_the_hold_nor_make_it_longer() -> None:
    book = held()
    promised = book.call.deadlines["hold"]
    book.wait(12).presses("5").stage(Stage.HOLDING).wait(24).stage(Stage.TALKING)
    assert book.at <= promised


def test_a_slip_in_the_last_seconds_ends_the_hold_and_no_digit_is_written_down() -> None:
    book = held().wait(32.5).presses("7").stage(Stage.TALKING).hears("hold_return")
    book.noted("hold", key="", outcome="ended by the caller").not_noted("hold", key="7")


def test_a_check_in_takes_no_other_key() -> None:
    book = held().agent("ana").wait(20).presses("3").caller().presses("6").stage(Stage.TALKING)
    book.noted("consent", script="hold_checkin", outcome="unclear").hears("no_clear_answer")


def test_three_at_a_check_in_asks_for_a_call_back() -> None:
    book = held().agent("ana").wait(20).presses("3").caller().presses("3").stage(Stage.OFFERING_CALL_BACK)
    book.noted("call_back", actor="caller", key="3", script="hold_checkin", outcome="wanted").hears("callback_confirm")
    book.agent("ana").hears("call_back_choice")


def test_a_key_at_the_desk_after_the_caller_is_back() -> None:
    book = held()
    book.reports = False
    book.wait(34).falls_back().agent("ana").presses("3").stage(Stage.TALKING).places(ana="room", caller="room")


@pytest.mark.parametrize("key", ["1", "*", "8"])
def test_the_lead_brings_the_caller_back(key: str) -> None:
    book = held().agent("ana").wait(9).presses(key).stage(Stage.TALKING).hears("caller_back").caller()
    book.hears("hold_return").noted("hold", actor="ana", key=key, outcome="ended by the lead")


def test_more_time_only_by_a_new_yes() -> None:
    book = held().agent("ana").wait(20).presses("3").stage(Stage.ASKING_HOLD).hears("hold_more_asked")
    book.caller().hears("hold_checkin").places(caller="check_in")
    yes = book.copy().caller().presses("1").stage(Stage.HOLDING).holds(lambda call: call.holds == 1)
    yes.noted("consent", script="hold_checkin", outcome="yes")
    book.copy().caller().presses("2").stage(Stage.TALKING)
    book.copy().caller().says("hm").stage(Stage.TALKING)
    book.copy().caller().stays_silent().stage(Stage.TALKING).holds(lambda call: call.time_out is Outcome.ACCEPTED)


def test_no_more_time_than_the_total() -> None:
    book = talking(configuration(Policy(time_out=TimeOut(total_seconds=45)))).agent("ana").star().presses("1")
    book.caller().presses("1").wait(25).agent("ana").presses("3").stage(Stage.TALKING).hears("refuse_most_holds")


def test_a_call_back_instead_of_more_time() -> None:
    book = held().agent("ana").wait(20).presses("3").caller().presses("3").stage(Stage.OFFERING_CALL_BACK)
    book.hears("callback_confirm").presses("1").stage(Stage.TALKING).hears("call_back_kept")
    book.holds(lambda call: call.call_back and call.call_back.confirmed)


def test_a_supervisor_straight_from_the_hold() -> None:
    book = held().agent("ana").wait(9).presses("2").stage(Stage.OFFERING_SUPERVISOR).noted("hold", outcome="ended")
    book.caller().hears("supervisor_offer").holds(lambda call: call.held_seconds == 9)


def test_the_third_hold_is_refused() -> None:
    book = held().wait(40).agent("ana").star().presses("1").caller().presses("1").stage(Stage.HOLDING).wait(40)
    book.agent("ana").star().presses("1").stage(Stage.TALKING).hears("refuse_most_holds")


def test_a_hold_that_does_not_end_is_ended_and_noted() -> None:
    book = held()
    book.reports = False
    book.wait(50).stage(Stage.TALKING).caller().hears("hold_overrun").noted("hold", outcome="overrun")


def test_a_desk_that_does_not_end_is_ended() -> None:
    """The caller is back on time, and the lead is brought back by a command."""
    book = held()
    book.reports = False
    book.wait(34).falls_back().stage(Stage.TALKING).places(caller="room", ana="hold_desk")
    book.wait(3).places(ana="room")


def test_a_caller_who_falls_back_early_finds_the_lead() -> None:
    book = held().wait(5).falls_back().stage(Stage.TALKING).places(caller="room", ana="room")
    book.agent("ana").hears("caller_back").noted("hold", outcome="returned early")


def test_a_lead_back_before_the_caller_can_end_the_hold_by_star() -> None:
    book = held().agent("ana").falls_back().stage(Stage.HOLDING).places(ana="room", caller="hold")
    book.star().stage(Stage.TALKING).caller().hears("hold_return")


def test_the_lead_is_lost_on_hold() -> None:
    book = held().wait(9).agent("ana").hangs_up().stage(Stage.LEFT_ALONE).caller().hears("agent_left")
    book.noted("lead_lost", outcome="caller kept").noted("hold", outcome="ended")
    book.holds(lambda call: call.held_seconds == 9 and call.consent is None)


def test_the_caller_hangs_up_on_hold() -> None:
    book = held().wait(9).hangs_up().stage(Stage.AFTERCARE).places(ana="wrap_up")
    book.noted("call_ended", actor="caller", outcome="caller hung up")
