"""The provider's words for a leg."""

import pytest

from callflow.core.call import LegStatus
from callflow.telephony.statuses import Reach, is_over, line, reach


@pytest.mark.parametrize(
    ("status", "ours", "leg"),
    [
        # twilio.md 6: the words of the REST API and of callbacks together
        ("queued", Reach.ON_THE_WAY, LegStatus.RINGING),
        ("initiated", Reach.ON_THE_WAY, LegStatus.RINGING),
        ("ringing", Reach.ON_THE_WAY, LegStatus.RINGING),
        ("in-progress", Reach.REACHED, LegStatus.UP),
        ("busy", Reach.NOT_REACHED, LegStatus.GONE),
        ("no-answer", Reach.NOT_REACHED, LegStatus.GONE),
        ("failed", Reach.NOT_REACHED, LegStatus.GONE),
        ("canceled", Reach.NOT_REACHED, LegStatus.GONE),
        ("completed", Reach.OVER, LegStatus.GONE),
    ],
)
def test_every_documented_word(status: str, ours: Reach, leg: LegStatus) -> None:
    assert (reach(status), line(status)) == (ours, leg)
    assert is_over(status) is (leg is LegStatus.GONE)


@pytest.mark.parametrize("status", ["", "Completed", "parked"])
def test_a_new_word_ends_nobodys_call(status: str) -> None:
    assert reach(status) is None
    assert line(status) is None
    assert not is_over(status)
