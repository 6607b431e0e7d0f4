"""No supervisor is free: a call back with an owner and a time, or carrying on (policy rule 19)."""

from datetime import UTC, datetime, timedelta

import pytest

from callflow.core import prompts
from callflow.core.call import Prompt
from callflow.core.events import NothingPressed
from callflow.core.stages import Stage
from tests.core.test_delegate_upwards import nobody_free, ringing
from tests.e2e.conversation import shipped
from tests.playbook import talking


def test_nobody_free_and_a_call_back_wanted() -> None:
    book = nobody_free().agent("ana").hears("no_supervisor_staff").caller().presses("1").hears("callback_confirm")
    book.presses("1").stage(Stage.TALKING).hears("call_back_kept").agent("ana").hears("call_back_promised")
    book.noted("call_back", outcome="confirmed", owner="sam")
    kept = book.call.call_back
    assert kept
    assert (kept.owner, kept.number, kept.confirmed) == ("sam", "+15550190042", True)
    assert (kept.due - book.at).total_seconds() == pytest.approx(7200, abs=60)


@pytest.mark.parametrize(("pressed", "noted"), [("2", "2"), ("7", "")])
def test_a_caller_who_will_not_wait_for_a_supervisor(pressed: str, noted: str) -> None:
    """A slip is the same wish, but the journal has no key that was not offered."""
    book = ringing().caller().presses(pressed).stage(Stage.TALKING).hears("consult_return")
    book.noted("delegate_upwards", actor="caller", key=noted, outcome="caller came back").places(sam="gone")


def test_nobody_free_and_carrying_on() -> None:
    book = nobody_free().presses("2").stage(Stage.TALKING).hears("carry_on").agent("ana").hears("caller_back")
    book.holds(lambda call: call.call_back is None)


def test_nobody_free_and_silence() -> None:
    nobody_free().stays_silent().stage(Stage.TALKING).places(caller="room", ana="room")


def test_a_withheld_number_is_typed_and_read_back() -> None:
    book = nobody_free(number="").presses("1").hears("call_back_number").presses("123").hears("call_back_number")
    book.presses("15550190077#").hears("callback_confirm").presses("2").hears("call_back_number")
    book.presses("15550190078").presses("1").stage(Stage.TALKING)
    book.holds(lambda call: call.call_back.number == "+15550190078" and call.call_back.confirmed)


@pytest.mark.parametrize(("typed", "then"), [
    ("123456", "call_back_number"), ("1234567", "callback_confirm"),
    ("1" * 15, "callback_confirm"), ("1" * 16, "call_back_number"),
])  # fmt: skip
def test_a_number_has_seven_to_fifteen_digits(typed: str, then: str) -> None:
    nobody_free(number="").presses("1").presses(typed).hears(then)


def test_a_number_that_is_never_typed_is_no_promise() -> None:
    book = nobody_free(number="").presses("1").stays_silent().stage(Stage.TALKING)
    book.holds(lambda call: call.call_back is None)


def test_nothing_pressed_where_a_number_is_typed() -> None:
    book = nobody_free(number="").presses("1")
    book.take(NothingPressed(at=book.at, leg="caller"), answering="caller").stage(Stage.TALKING).hears(
        "no_clear_answer"
    )
    book = nobody_free().says("well")
    book.stage(Stage.TALKING).hears("no_clear_answer")


def test_a_number_that_was_refused_is_no_promise() -> None:
    book = nobody_free().presses("1").hears("callback_confirm").presses("2").stays_silent().stage(Stage.TALKING)
    book.holds(lambda call: call.call_back is None)


def test_a_confirmed_promise_stands() -> None:
    """The caller is asked again later and is silent: the promise stays confirmed."""
    book = nobody_free().presses("1").presses("1").stage(Stage.TALKING).wait(10)
    first = book.call.call_back
    book.agent("ana").star().presses("2").caller().presses("1").presses("1").stays_silent()
    book.holds(lambda call: call.call_back == first)


def test_a_promise_of_the_agents_is_on_file() -> None:
    book = talking().caller().hangs_up().agent("ana").presses("2").noted("call_back", actor="ana", outcome="promised")
    book.holds(lambda call: call.call_back.owner == "ana" and call.call_back.number == "+15550190042")
    book = talking(number="").caller().hangs_up().agent("ana").presses("2").noted("call_back", outcome="no number")
    book.holds(lambda call: call.call_back is None)


def test_an_unconfirmed_call_back_is_kept() -> None:
    book = nobody_free().presses("1").stays_silent().stage(Stage.TALKING)
    book.holds(lambda call: call.call_back and not call.call_back.confirmed)


def test_safeguarding_works_while_the_caller_chooses() -> None:
    nobody_free().agent("ana").presses("5").stage(Stage.TALKING).noted("safeguarding", actor="ana", key="5")


def test_the_lead_does_not_wait_for_the_choice() -> None:
    book = nobody_free().agent("ana").presses("1").places(ana="room").star().hears("busy_menu").presses("*")
    book.stage(Stage.TALKING).noted("call_back", actor="ana", key="*", outcome="taken back").caller().hears("carry_on")


@pytest.mark.parametrize(
    ("hours", "spoken"),
    [(0, "4 PM"), (23, "3 PM tomorrow"), (24 * 3, "4 PM in 3 days"), (-1, "3 PM")],
)
def test_a_time_on_another_day_is_said_with_its_day(hours: int, spoken: str) -> None:
    now = datetime(2026, 11, 30, 16, tzinfo=UTC)
    due = prompts.due_time(shipped(), "en", now + timedelta(hours=hours), now)
    said = Prompt("call_back_promised", {"time": due})
    assert f"call back by {spoken}." in prompts.text(shipped(), "en", said)
