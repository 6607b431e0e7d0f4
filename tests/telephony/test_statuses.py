"""The provider's statuses of a leg."""

import pytest

from callflow.telephony.statuses import is_over


@pytest.mark.parametrize(
    ("status", "over"),
    [
        # twilio.md 6: the words of the REST API and of callbacks together
        ("queued", False),
        ("initiated", False),
        ("ringing", False),
        ("in-progress", False),
        ("busy", True),
        ("no-answer", True),
        ("failed", True),
        ("canceled", True),
        ("completed", True),
    ],
)
def test_every_documented_word(status: str, over: bool) -> None:
    assert is_over(status) is over


@pytest.mark.parametrize("status", ["", "Completed", "parked"])
def test_a_new_word_ends_nobodys_call(status: str) -> None:
    assert not is_over(status)
