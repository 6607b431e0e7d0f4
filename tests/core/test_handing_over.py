"""Step 2, second half: consulted, introduced, handed over, given back (policy rules 17 and 18)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callflow.core.stages import Stage
from tests.core.test_delegate_upwards import consulting, introducing, offered
from tests.playbook import Playbook


def test_the_consult_ends_by_itself_and_the_caller_is_told_who_is_there() -> None:
    consulting().wait(46).stage(Stage.INTRODUCING).caller().hears("introduction")


def test_the_consult_ends_even_if_our_clock_does_not_act() -> None:
    book = consulting()
    book.clock = False
    book.caller().stays_silent().stage(Stage.INTRODUCING).hears("introduction")


def test_the_agent_stays_until_the_caller_has_met_the_supervisor() -> None:
    """Ten seconds in which all three are together, not ten seconds after a key (rule 18)."""
    book = introducing().star().wait(6).presses("1").hears("refuse_take_over").wait(11).star().presses("1")
    book.stage(Stage.TALKING).places(ana="wrap_up")
    book = introducing().caller().loses_its_document().supervisor("sam").wait(30).star().presses("1")
    book.hears("refuse_take_over").places(ana="room")


def test_the_journal_names_who_pressed() -> None:
    consulting().agent("ana").star().presses("1").noted("introduction", actor="ana", key="1")
    consulting().agent("ana").star().presses("3").noted("delegate_upwards", actor="ana", key="3", outcome="given back")
    offered().agent("ana").presses("*").noted("delegate_upwards", actor="ana", key="*", outcome="taken back")


def test_a_consult_menu_closes_on_another_key() -> None:
    consulting().agent("ana").star().presses("8").stage(Stage.CONSULTING).places(ana="room")


def test_the_caller_talks_now_while_they_consult() -> None:
    consulting().caller().presses("2").stage(Stage.INTRODUCING).hears("introduction").places(sam="room", ana="room")


def test_the_caller_is_not_left_alone_while_both_are_in_the_menu() -> None:
    """Even if they open it again and again, and even if no report of their return reaches us."""
    book = introducing().wait(30).agent("ana").star().supervisor("sam").star()
    for _ in range(4):
        book.wait(5).supervisor("sam").presses("8").star().agent("ana").presses("8").star()
    book.places(caller="room", ana="introduction_menu", sam="introduction_menu")
    book.reports = False
    book.wait(61).places(caller="room", ana="room", sam="room").stage(Stage.INTRODUCING)
    book.supervisor("sam").star().wait(120).places(ana="room", sam="introduction_menu")


@pytest.mark.parametrize("start", [consulting, introducing])
def test_the_helper_is_lost(start: Callable[[], Playbook]) -> None:
    book = start().supervisor("sam").hangs_up().stage(Stage.TALKING).places(caller="room", ana="room")
    book.agent("ana").hears("helper_lost").noted("delegate_upwards", actor="sam", outcome="helper lost")


@pytest.mark.parametrize("start", [consulting, introducing])
def test_the_helper_gives_it_back(start: Callable[[], Playbook]) -> None:
    book = start().supervisor("sam").star().presses("3").stage(Stage.TALKING).places(caller="room", ana="room")
    book.agent("ana").hears("given_back").noted("delegate_upwards", actor="sam", outcome="given back")


def test_more_time_has_its_limit() -> None:
    book = consulting().agent("ana").wait(30).star().presses("2").stage(Stage.CONSULTING)
    book.noted("consult", outcome="more time", seconds=45).caller().hears("consult_checkin")
    book.agent("ana").wait(40).star().presses("2").noted("consult", seconds=20)
    book.wait(21).stage(Stage.INTRODUCING)


def test_no_time_is_left() -> None:
    book = consulting().agent("ana").wait(44).star().presses("2").wait(44).star().presses("2")
    book.stage(Stage.INTRODUCING)


def test_i_have_the_call_too_early_is_refused() -> None:
    book = introducing().supervisor("sam").wait(2).star().presses("1").stage(Stage.INTRODUCING)
    book.hears("refuse_take_over").noted("refused", actor="sam", outcome="refuse_take_over").places(ana="room")


def test_i_have_the_call_at_the_first_moment_it_is_allowed() -> None:
    book = introducing()
    stay = book.configuration.policy.delegate_upwards.stay_seconds
    book.caller().stays_silent()
    early = book.copy().supervisor("sam").star()
    early.at = book.call.introduced_at + timedelta(seconds=stay - 0.001)
    early.presses("1").hears("refuse_take_over").stage(Stage.INTRODUCING)
    book.supervisor("sam").star()
    book.at = book.call.introduced_at + timedelta(seconds=stay)
    book.presses("1").stage(Stage.TALKING).places(ana="wrap_up", sam="room")


def test_only_the_helper_can_take_the_call() -> None:
    introducing().agent("ana").wait(20).star().presses("1").stage(Stage.INTRODUCING).hears("refuse_leave")


@pytest.mark.parametrize(("early", "stage"), [(0.001, Stage.INTRODUCING), (0, Stage.TALKING)])
def test_the_agent_may_leave_when_the_ten_seconds_are_full(early: float, stage: Stage) -> None:
    book = introducing().wait(8)
    full = book.call.introduced_at + timedelta(seconds=10)
    book.wait((full - book.at).total_seconds() - 3).star().wait(3 - early).presses("1").stage(stage)


def test_a_caller_whom_a_fallback_brought_into_the_consult_is_told_who_is_there_and_they_are_told() -> None:
    book = consulting().caller().falls_back().stage(Stage.INTRODUCING).hears("introduction")
    book.agent("ana").hears("caller_joins").supervisor("sam").hears("caller_joins")


def test_a_caller_who_pressed_2_knows_who_is_there_and_nobody_is_moved() -> None:
    book = consulting().wait(5).caller().presses("2").stage(Stage.INTRODUCING).ordered()
    book.places(caller="room", ana="room", sam="room").noted("introduction", actor="caller", key="2")


def test_a_consult_document_that_ended_by_itself_was_not_ended_by_the_caller() -> None:
    book = consulting()
    book.clock = False
    book.caller().stays_silent().stage(Stage.INTRODUCING).noted("introduction", actor="sam", key="")
