"""The provider's statuses of a call leg. Pure.

twilio.md 6: queued, initiated (only in callbacks), ringing, in-progress, then one of completed, busy, no-answer,
failed, canceled. "completed" means that the call was answered, perhaps by voicemail.
"""

OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def is_over(status: str) -> bool:
    """Whether the leg has ended. An unknown status counts as not ended, so that a live caller is never given up."""
    return status in OVER
