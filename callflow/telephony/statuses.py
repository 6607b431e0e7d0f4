"""The provider's words for a call leg, and what they mean to us. Pure.

twilio.md 6: queued, (initiated, in callbacks only,) ringing, in-progress, then one of completed, busy, no-answer,
failed, canceled. completed says that somebody *or something* answered: a voicemail too.
"""

OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def is_over(status: str) -> bool:
    """Whether the leg is gone for good. An unknown word is not: a live caller is never given up on a misreading."""
    return status in OVER
