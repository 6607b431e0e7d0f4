"""A closing message that cannot be played ends nothing: the agent is told, and may read it aloud (policy rule 29)."""

from collections.abc import Callable

import pytest

from callflow.core.stages import Stage
from tests.core.test_draw_the_line import closing, gate_open, playing
from tests.playbook import Playbook


def failed() -> Playbook:
    """The file and the voice failed: the provider asked for the fallback, and the caller is in the room."""
    return playing().caller().falls_back().stage(Stage.TALKING).places(caller="room", ana="room")


def unreported() -> Playbook:
    book = playing()
    book.reports = False
    book.wait(60).stage(Stage.TALKING).noted("closing", outcome="end not reported")
    book.reports = True
    return book


FAILURES: dict[str, Callable[[], Playbook]] = {"not played": failed, "end not reported": unreported}


@pytest.mark.parametrize("why", FAILURES)
def test_nobody_is_hung_up_on_in_silence_and_the_agent_reads_it_aloud(why: str) -> None:
    book = FAILURES[why]().holds(lambda call: call.caller.live and call.closing is None)
    book.agent("ana").wait(12).star().presses("4", "3").hears("end_confirm", "end_read_aloud").presses("3")
    book.stage(Stage.CLOSING).noted("closing", actor="ana", key="3", outcome="read aloud", reason=why)
    book.wait(4).stage(Stage.CLOSING).wait(2).stage(Stage.AFTERCARE)
    book.noted("call_ended", outcome="closed", script="").agent("ana").hears("call_closed")


def test_the_agent_hears_what_can_be_done() -> None:
    failed().agent("ana").hears("closing_read_aloud")
    unreported().agent("ana").hears("closing_read_aloud")


def test_it_is_not_read_aloud_before_it_was_tried() -> None:
    book = gate_open().presses("4", "3").hears("end_confirm")
    assert "end_read_aloud" not in [line.script for line in book.leg.place.prompts]
    book.presses("3").stage(Stage.TALKING).holds(lambda call: call.closing is None)


def test_the_message_may_be_tried_again() -> None:
    book = failed().agent("ana").wait(12).star().presses("4", "3", "1").stage(Stage.CLOSING).wait(6)
    book.places(caller="closing").caller().hears("disconnect").stays_silent()
    book.noted("call_ended", outcome="closed", script="disconnect")


def test_star_still_cancels_after_it_was_read_aloud() -> None:
    book = failed().agent("ana").wait(12).star().presses("4", "3", "3").stage(Stage.CLOSING).wait(2).presses("*")
    book.stage(Stage.TALKING).places(caller="room").hears("closing_cancelled")


def test_a_closing_that_the_agent_cancelled_is_no_failure() -> None:
    book = playing().wait(2).presses("*").stage(Stage.TALKING).agent("ana").wait(8).star().presses("4", "3")
    assert "end_read_aloud" not in [line.script for line in book.leg.place.prompts]
    closing().wait(2).presses("*").holds(lambda call: call.unplayed == "")


def test_a_new_warning_begins_from_nothing() -> None:
    failed().agent("ana").wait(12).star().presses("3", "4").holds(lambda call: call.unplayed == "")
