"""The provider's words for a call leg, and what they mean to us. Pure.

twilio.md 6: queued, (initiated, in callbacks only,) ringing, in-progress, then one of completed, busy, no-answer,
failed, canceled. completed says that somebody *or something* answered: a voicemail too.
"""

from enum import StrEnum

from callflow.core.call import LegStatus


class Reach(StrEnum):
    ON_THE_WAY = "on_the_way"
    """Being dialled or ringing."""
    REACHED = "reached"
    """Answered and still there; whether by a person, only a key press tells (F5)."""
    NOT_REACHED = "not_reached"
    """Over, and never answered."""
    OVER = "over"
    """Answered once, and over now."""


REACHES = {
    "queued": Reach.ON_THE_WAY,
    "initiated": Reach.ON_THE_WAY,
    "ringing": Reach.ON_THE_WAY,
    "in-progress": Reach.REACHED,
    "answered": Reach.REACHED,  # the event's name; its CallStatus is in-progress (twilio.md 1.6)
    "busy": Reach.NOT_REACHED,
    "no-answer": Reach.NOT_REACHED,
    "failed": Reach.NOT_REACHED,
    "canceled": Reach.NOT_REACHED,
    "completed": Reach.OVER,
}

LINES = {
    Reach.ON_THE_WAY: LegStatus.RINGING,
    Reach.REACHED: LegStatus.UP,
    Reach.NOT_REACHED: LegStatus.GONE,
    Reach.OVER: LegStatus.GONE,
}


LINES_OF = {status: LINES[known] for status, known in REACHES.items()}


def reach(status: str) -> Reach | None:
    """What a call status means to us; None for a word that we do not know, which then must change nothing."""
    return REACHES.get(status)


def line(status: str) -> LegStatus | None:
    """The same as the state of a leg's line; None for a word that we do not know."""
    return LINES_OF.get(status)


def is_over(status: str) -> bool:
    """Whether the leg is gone for good. An unknown word is not: a live caller is never given up on a misreading."""
    return line(status) is LegStatus.GONE
