"""Stages and places in words, for pages."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage

STAGES: Final[Mapping[Stage, str]] = {
    Stage.ARRIVING: "in the flow", Stage.WAITING: "waiting for an agent", Stage.TALKING: "talking",
    Stage.CHOOSING: "the agent chooses in the menu", Stage.ASKING_HOLD: "asked whether to hold",
    Stage.HOLDING: "on hold by consent", Stage.OFFERING_SUPERVISOR: "offered a supervisor",
    Stage.RINGING: "a supervisor is rung", Stage.CONSULTING: "agent and supervisor talk, the caller waits",
    Stage.INTRODUCING: "three together", Stage.OFFERING_CALL_BACK: "offered a call back",
    Stage.WARNING: "hears a warning", Stage.CLOSING: "hears the closing message",
    Stage.PREPARING: "the agent prepares the call", Stage.DIALLING: "the customer is rung",
    Stage.LEFT_ALONE: "the agent has gone, somebody is looked for", Stage.AFTERCARE: "wrap-up", Stage.ENDED: "over",
}  # fmt: skip


class Band(StrEnum):
    """What a stretch of a timeline is about. Its value is the class of the style."""

    TOGETHER = "together"
    QUESTION = "question"
    WAIT = "waits"
    LINE = "line"
    WARNING = "warns"
    WORK = "work"
    RUNG = "rung"
    GONE = ""


BANDS: Final[Mapping[Band, tuple[str, frozenset[P]]]] = {
    Band.TOGETHER: ("talks", frozenset({P.ROOM})),
    Band.QUESTION: ("is asked", frozenset({
        P.STEP, P.HOLD_QUESTION, P.SUPERVISOR_QUESTION, P.CALL_BACK_QUESTION, P.CALL_BACK_NUMBER, P.CALL_BACK_CONFIRM,
        P.CHECK_IN, P.RECORDING_QUESTION, P.INVITATION, P.SILENCE, P.MESSAGE,
    })),
    Band.WAIT: ("on hold", frozenset({P.HOLD, P.CONSULT_WAIT})),
    Band.LINE: ("in the line", frozenset({P.QUEUE, P.AGENT_LEFT, P.NOT_CALLED, P.LET_GO})),
    Band.WARNING: ("warning or closing", frozenset({P.WARNING, P.CLOSING, P.WARNING_ECHO, P.CLOSING_WATCH})),
    Band.RUNG: ("is rung", frozenset({P.RINGING, P.OFFER, P.BRIEFING, P.SPOKEN_BRIEFING, P.DECLINE_MENU, P.ALERT})),
    Band.WORK: ("is told of it", frozenset({P.TOLD, P.CO_SIGN})),
    Band.GONE: ("gone", frozenset({P.GONE})),
}  # fmt: skip
"""What people are doing in each place; anything else is a menu or a desk of staff."""
WORK: Final = "menu or desk"


def band_of(place: str) -> tuple[Band, str]:
    """The band of a place (the value of a ``PlaceName``), and its words."""
    found = next(((band, said) for band, (said, places) in BANDS.items() if place in places), None)
    return found or (Band.WORK, WORK)


def stage(value: str) -> str:
    """The words of a stage; of a later version its own name."""
    named: Mapping[str, str] = {one.value: said for one, said in STAGES.items()}
    return named.get(value, value.replace("_", " "))
