"""The names of a call's deadlines (``Call.deadlines``). They are stored as they are: a value never changes."""

from enum import StrEnum
from typing import Final, NewType


class Timer(StrEnum):
    """A deadline of the whole call; ``timers.TIMERS`` says what each of them does."""

    QUEUE = "queue"
    STEP = "step"
    PROGRESS = "progress"
    LOOKUP = "lookup"
    SEARCH = "search"
    CHOOSING = "choosing"
    HOLD_QUESTION = "hold_question"
    HOLD = "hold"
    REJOIN = "rejoin"
    SILENCE = "silence"
    SUPERVISOR_QUESTION = "supervisor_question"
    RING_TOTAL = "ring_total"
    WAIT = "wait"
    CONSULT = "consult"
    CONSULT_LIMIT = "consult_limit"
    INTRODUCTION = "introduction"
    CALL_BACK_QUESTION = "call_back_question"
    WARNING = "warning"
    CLOSING = "closing"
    CLOSING_FETCH = "closing_fetch"
    CLOSING_OVER = "closing_over"
    LEFT_ALONE = "left_alone"
    PAGE = "page"
    RECORDING = "recording"
    HEARTBEAT = "heartbeat"
    """No deadline: what fires when a live call is looked at and nothing is due."""


LegTimer = NewType("LegTimer", str)
"""The deadline of one leg, made by ``leg_timer``."""
TimerName = Timer | LegTimer
LEG: Final = "leg:"


def leg_timer(leg: str) -> LegTimer:
    """The deadline of the leg with this id."""
    return LegTimer(LEG + leg)


def leg_of(name: TimerName) -> str:
    """The id of the leg whose deadline this is; "" for a deadline of the whole call."""
    return name[len(LEG) :] if name.startswith(LEG) else ""
