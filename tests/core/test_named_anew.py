"""Before a closing the lead names anew what went on after the warning, from the list (policy rule 27)."""

import pytest

from callflow.core.stages import Stage
from tests.core.test_draw_the_line import gate_open, warned


@pytest.mark.parametrize("key", ["*", "0", "8"])
def test_what_went_on_is_named_anew_or_nothing_is_closed(key: str) -> None:
    """After the grace, from the list: only what the caller was warned of is on it (policy rule 27)."""
    book = gate_open().presses("4").hears("end_conduct").presses(key).stage(Stage.TALKING)
    book.holds(lambda call: call.closing is None)
    gate_open().presses("4").stays_silent().stage(Stage.TALKING).holds(lambda call: call.closing is None)


def test_you_cannot_end_the_call_for_what_you_never_warned_of() -> None:
    book = gate_open().presses("4").hears("end_conduct")
    choices = str(book.leg.place.prompts[0].values["choices"])
    assert "remarks about who someone is" in choices
    assert "sexual" not in choices
    book.presses("4").stage(Stage.TALKING).hears("refuse_other_conduct").noted("refused", actor="ana", key="4")
    book.wait(8).star().presses("3", "4").stage(Stage.WARNING)


def test_of_two_kinds_that_were_warned_of_either_may_have_gone_on() -> None:
    book = warned().wait(16).star().presses("3", "4").wait(17).agent("ana").wait(20).star().presses("4")
    book.hears("end_conduct").presses("3", "1").stage(Stage.CLOSING).holds(lambda call: call.closing.conduct == "3")
    book.noted("closing", outcome="decided", conduct="remarks about who someone is")
