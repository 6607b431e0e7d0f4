"""The provider's words for a leg."""

import pytest

from callflow.core.call import Line
from callflow.telephony.statuses import Reach, is_over, line, reach


@pytest.mark.parametrize(
    ("status", "ours", "leg"),
    [
        # twilio.md 6: the words of the REST API and of callbacks together
        ("queued", Reach.ON_THE_WAY, Line.RINGING),
        ("initiated", Reach.ON_THE_WAY, Line.RINGING),
        ("ringing", Reach.ON_THE_WAY, Line.RINGING),
        ("in-progress", Reach.REACHED, Line.UP),
        ("busy", Reach.NOT_REACHED, Line.GONE),
        ("no-answer", Reach.NOT_REACHED, Line.GONE),
        ("failed", Reach.NOT_REACHED, Line.GONE),
        ("canceled", Reach.NOT_REACHED, Line.GONE),
        ("completed", Reach.OVER, Line.GONE),
    ],
)
def test_every_documented_word(status: str, ours: Reach, leg: Line) -> None:
    assert (reach(status), line(status)) == (ours, leg)
    assert is_over(status) is (leg is Line.GONE)


@pytest.mark.parametrize("status", ["", "Completed", "parked"])
def test_a_new_word_ends_nobodys_call(status: str) -> None:
    assert reach(status) is None
    assert line(status) is None
    assert not is_over(status)
