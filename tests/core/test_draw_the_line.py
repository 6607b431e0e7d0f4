"""Step 3: a warning heard in full, a grace, and a closing that a person decides (policy rules 22 to 30)."""

from datetime import timedelta

import pytest

from callflow.core.call import Outcome
from callflow.core.decide import decide
from callflow.core.events import LegJoined, Served
from callflow.core.policy import LadderOrder, Policy
from callflow.core.stages import Stage
from tests.core.example import FINAL, configuration
from tests.playbook import Playbook, talking


def ladder_open() -> Playbook:
    """Both earlier steps were skipped, each with a reason."""
    book = talking().agent("ana")
    return book.star().presses("9", "3").wait(8).star().presses("9", "3").wait(8).agent("ana")


def warning(conduct: str = "3") -> Playbook:
    """Severe conduct is named: the final warning plays at once."""
    book = talking().agent("ana").star().presses("3").hears("warn_menu").presses(conduct)
    return book.stage(Stage.WARNING).places(caller="warning", ana="warning_echo")


def warned() -> Playbook:
    return warning().wait(17).stage(Stage.TALKING).places(caller="room", ana="room").agent("ana")


def gate_open() -> Playbook:
    return warned().wait(16).star()


def closing() -> Playbook:
    book = (
        gate_open()
        .presses("4")
        .hears("end_conduct")
        .presses("3")
        .hears("end_confirm")
        .presses("1")
        .stage(Stage.CLOSING)
    )
    return book.places(caller="room", ana="closing_watch")


def playing() -> Playbook:
    return closing().wait(6).stage(Stage.CLOSING).places(caller="closing")


def test_refused_before_the_other_steps() -> None:
    book = talking().agent("ana").star().presses("3", "1").stage(Stage.TALKING).hears("refuse_order")
    book.noted("refused", actor="ana", outcome="refuse_order").holds(lambda call: not call.warnings)


def test_skipped_with_a_reason() -> None:
    book = talking().agent("ana").star().presses("9").hears("skip_menu").presses("3").hears("skip_done")
    book.noted("time_out", actor="ana", key="3", outcome="skipped", reason="conduct too severe")
    book.wait(8).star().presses("9", "4").noted("delegate_upwards", outcome="skipped").wait(8)
    book.star().presses("9").hears("nothing_to_skip").wait(8)
    book.star().presses("3", "1").stage(Stage.WARNING).caller().hears("warning_first")


def test_no_reason_no_skip() -> None:
    talking().agent("ana").star().presses("9", "7").holds(lambda call: call.time_out is Outcome.UNTRIED)


def test_no_skip_where_the_order_is_strict() -> None:
    talking(configuration(Policy(order=LadderOrder.IN_ORDER))).agent("ana").star().presses("9").hears("refuse_skip")


def test_declined_and_unavailable_count_as_tried() -> None:
    book = talking().agent("ana").star().presses("1").caller().presses("2").wait(8)
    book.agent("ana").star().presses("2").caller().presses("2").wait(8)
    book.agent("ana").star().presses("3", "2").stage(Stage.WARNING)


def test_severe_conduct_goes_to_the_final_warning_at_once() -> None:
    book = warning().caller().hears("warning_final").agent("ana").hears("warning_final")
    book.noted("warning", actor="ana", key="3", script="warning_final", outcome="begun").wait(14)
    book.holds(lambda call: call.warnings[-1].final and call.warnings[-1].heard_at and call.cool_down)


def test_first_the_gentle_warning_then_the_final_one() -> None:
    book = ladder_open().star().presses("3", "1").caller().hears("warning_first").wait(14).agent("ana")
    book.hears("warn_first_done").star().presses("4").hears("refuse_no_warning").wait(8)
    book.star().presses("3", "1").caller().hears("warning_final").wait(14).agent("ana").hears("warn_done")
    book.noted("warning", actor="caller", script="warning_final", outcome="heard in full").wait(5)
    book.star().presses("3", "1").hears("refuse_grace").wait(25)
    book.star().presses("3", "1").hears("refuse_warned")


def test_an_unknown_conduct_warns_nobody() -> None:
    talking().agent("ana").star().presses("3", "9").stage(Stage.TALKING).holds(lambda call: not call.warnings)


@pytest.mark.parametrize("seconds", [0.0, FINAL.seconds - 1])
def test_a_play_that_was_too_short_is_no_proof(seconds: float) -> None:
    """The right document ended too soon, because the recording failed to play."""
    book = warning()
    token = book.call.caller.token
    book.at += timedelta(seconds=seconds)
    book.take(LegJoined(at=book.at, leg="caller", token=token)).stage(Stage.TALKING)
    book.agent("ana").hears("warn_cut").noted("warning", outcome="cut short")


def test_a_warning_that_was_never_fetched_is_no_proof() -> None:
    book = warning()
    book.caller().loses_its_document()
    book.at += timedelta(seconds=60)
    book.take(LegJoined(at=book.at, leg="caller", token=book.call.caller.token)).noted("warning", outcome="cut short")


def test_an_arrival_by_an_older_document_is_no_proof() -> None:
    book = warning()
    book.at += timedelta(seconds=10)
    book.take(LegJoined(at=book.at, leg="caller", token=book.call.caller.token - 1)).stage(Stage.WARNING)


def test_a_fallback_cuts_the_warning() -> None:
    book = warning().wait(8).caller().falls_back().stage(Stage.TALKING).noted("warning", outcome="cut short")
    book.agent("ana").hears("warn_cut").wait(20).star().presses("4").hears("refuse_cut_warning")
    book.wait(8).star().presses("3", "3").stage(Stage.WARNING)


def test_the_lead_cuts_the_warning_by_star() -> None:
    book = warning().agent("ana").presses("*").stage(Stage.TALKING).places(caller="room")
    book.noted("warning", outcome="cut short").hears("warn_cut")


def test_the_lead_cuts_the_warning_from_the_room() -> None:
    """The lead's document ended shortly before the caller's."""
    warning().agent("ana").falls_back().stage(Stage.WARNING).star().stage(Stage.TALKING).hears("warn_cut")


def test_another_key_leaves_it_playing() -> None:
    warning().agent("ana").presses("1").stage(Stage.WARNING).places(caller="warning", ana="room")


def test_our_clock_cuts_a_warning_that_nobody_reports() -> None:
    book = warning()
    book.reports = False
    book.wait(30).stage(Stage.TALKING).noted("warning", outcome="cut short")


def test_the_caller_hangs_up_during_a_warning() -> None:
    warning().caller().hangs_up().stage(Stage.AFTERCARE).noted("warning", outcome="cut short")


def test_the_lead_is_lost_during_a_warning() -> None:
    book = warning().agent("ana").hangs_up().stage(Stage.LEFT_ALONE).noted("warning", outcome="cut short")
    book.wait(60).holds(lambda call: not call.warnings[0].heard_at)


def test_the_grace_counts_only_open_talk() -> None:
    book = warned()
    book.star().presses("4").hears("refuse_grace").wait(9)
    talked = book.call.warnings[0].talked_seconds
    book.star().wait(7).presses("*").wait(0.1).holds(lambda call: call.warnings[0].talked_seconds < talked + 8)
    book.star().presses("1").caller().presses("1").wait(38).stage(Stage.TALKING).agent("ana")
    book.star().presses("4").hears("refuse_grace").wait(9)
    book.wait(15).star().presses("4").hears("end_conduct").holds(lambda call: call.warnings[0].talked_seconds >= 15)


def test_a_late_event_does_not_count_the_talk_twice() -> None:
    book = warned().wait(5)
    book.falls_back()
    talked = book.call.warnings[0].talked_seconds
    early = LegJoined(at=book.at - timedelta(seconds=5), leg="caller", token=None)
    book.take(early).falls_back().holds(lambda call: call.warnings[0].talked_seconds == talked)


def test_the_last_warning_lapses() -> None:
    book = warned().wait(620).star().presses("4").stage(Stage.TALKING).hears("refuse_lapsed")
    book.wait(8).star().presses("3", "3").stage(Stage.WARNING)


def test_a_confirmation_that_comes_after_the_lapse_closes_nothing() -> None:
    book = warned().wait(580)
    lapses = book.call.warnings[0].heard_at + timedelta(seconds=600)
    book.wait((lapses - book.at).total_seconds() - 2).star().presses("4", "3").hears("end_confirm").wait(3)
    book.presses("1").stage(Stage.TALKING).hears("refuse_lapsed")


def test_a_countdown_in_which_the_warning_lapses_closes_nothing() -> None:
    book = warned().wait(580)
    lapses = book.call.warnings[0].heard_at + timedelta(seconds=600)
    book.wait((lapses - book.at).total_seconds() - 2).star().presses("4", "3", "1").stage(Stage.CLOSING)
    book.wait(6).stage(Stage.TALKING).noted("closing", outcome="cancelled")


@pytest.mark.parametrize(("late", "said"), [(0, "end_conduct"), (0.001, "refuse_lapsed")])
def test_the_gate_is_open_to_the_last_moment_before_the_lapse(late: float, said: str) -> None:
    book = warned().wait(580)
    lapses = book.call.warnings[0].heard_at + timedelta(seconds=600)
    book.wait((lapses - book.at).total_seconds() - 2).star().wait(2 + late).presses("4").hears(said)


@pytest.mark.parametrize(("late", "stage"), [(0, Stage.CLOSING), (0.001, Stage.TALKING)])
def test_a_closing_can_be_confirmed_to_the_last_moment_before_the_lapse(late: float, stage: Stage) -> None:
    book = warned().wait(580)
    lapses = book.call.warnings[0].heard_at + timedelta(seconds=600)
    book.wait((lapses - book.at).total_seconds() - 2).star().presses("4", "3").wait(2 + late).presses("1").stage(stage)


@pytest.mark.parametrize("key", ["2", "*", "7"])
def test_without_a_confirmation_nothing_is_closed(key: str) -> None:
    gate_open().presses("4", "3", key).stage(Stage.TALKING).holds(lambda call: call.closing is None)


def test_silence_does_not_close() -> None:
    gate_open().presses("4", "3").stays_silent().stage(Stage.TALKING).holds(lambda call: call.closing is None)


def test_the_whole_closing() -> None:
    book = closing().hears("closing_watch").caller()
    book.noted("closing", actor="ana", key="1", script="disconnect", outcome="decided").not_noted(
        "closing", outcome="begun"
    )
    book.wait(6).places(caller="closing", ana="closing_watch").hears("disconnect").noted(
        "closing", actor="ana", key="1", outcome="begun"
    )
    book.stays_silent().stage(Stage.AFTERCARE).noted("call_ended", script="disconnect", outcome="closed")
    book.agent("ana").hears("call_closed", "cooldown", "wrap_up").holds(lambda call: call.cool_down)


def test_worse_conduct_during_a_warning_has_its_own() -> None:
    """The conduct for which the call is closed is the one that was warned of."""
    book = warned().wait(16).star().presses("3").presses("3").hears("refuse_warned")
    book.wait(8).star().presses("3").presses("4").stage(Stage.WARNING).wait(17)
    book.agent("ana").star().presses("4").hears("refuse_grace").wait(20)
    book.star().presses("4", "4").hears("end_confirm").presses("1")
    book.stage(Stage.CLOSING).holds(lambda call: call.closing.conduct == "4")


def test_who_left_before_the_closing_does_not_name_its_outcome() -> None:
    """The first agent had set the outcome to resolved after handing the call over."""
    book = playing()
    book.call = book.call.but(outcome="resolved")
    book.caller().stays_silent().stage(Stage.AFTERCARE).holds(lambda call: call.outcome == "closed")
    book.agent("ana").stays_silent().wait(200).stage(Stage.ENDED).noted("ended", outcome="closed")


@pytest.mark.parametrize("key", ["*", "1", "9"])
def test_cancelled_in_the_countdown(key: str) -> None:
    book = closing().wait(3).presses(key).stage(Stage.TALKING).hears("closing_cancelled").places(caller="room")
    book.noted("closing", actor="ana", key=key, outcome="cancelled").wait(60).stage(Stage.TALKING)


def test_cancelled_while_it_plays() -> None:
    book = playing().wait(3).presses("*").stage(Stage.TALKING).caller().hears("closing_stopped")
    book.wait(60).stage(Stage.TALKING).places(caller="room", ana="room")


def test_cancelled_by_star_from_the_room() -> None:
    playing().agent("ana").falls_back().stage(Stage.CLOSING).star().stage(Stage.TALKING).caller().hears(
        "closing_stopped"
    )


def test_a_lead_who_does_not_watch_closes_nothing() -> None:
    closing().agent("ana").falls_back().wait(6).stage(Stage.TALKING).noted("closing", outcome="cancelled")


def test_a_closing_that_nobody_reports_does_not_hold_the_caller() -> None:
    book = playing()
    book.reports = False
    book.wait(40).stage(Stage.TALKING).places(caller="room", ana="room")
    book.noted("closing", outcome="end not reported")


def test_a_fallback_saves_the_caller_from_a_bad_closing() -> None:
    playing().caller().falls_back().stage(Stage.TALKING).noted("closing", actor="callflow", outcome="not played")


def test_the_caller_hangs_up_before_the_last_word() -> None:
    book = playing().caller().wait(1).hangs_up().stage(Stage.AFTERCARE)
    book.noted("call_ended", outcome="caller left during the closing").not_noted("call_ended", outcome="closed")


def test_a_closing_that_was_never_fetched_was_not_heard() -> None:
    book = playing()
    book.caller().loses_its_document().wait(3).hangs_up().noted("call_ended", outcome="caller left during the closing")


def test_the_lead_is_lost_in_the_closing() -> None:
    for book in (closing(), playing()):
        book.agent("ana").hangs_up().stage(Stage.LEFT_ALONE).places(caller="agent_left")
        book.holds(lambda call: call.closing is None)


def test_the_proof_counts_from_the_moment_it_was_served() -> None:
    book = warning()
    later = book.at + timedelta(seconds=3)
    moved = book.call.moved("caller", book.call.caller.place)
    for at in (later, later + timedelta(seconds=9)):
        moved = decide(moved, Served(at=at, leg="caller"), book.configuration).call
        assert moved.caller.since == later
