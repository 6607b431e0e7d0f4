"""The chapters of a call: one for each stage that it went through."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from callflow.core.stages import Stage
from callflow.service.moments import Moment
from callflow.soundtrack.track import Chapter

TITLES = {
    Stage.ARRIVING: "The caller arrives", Stage.WAITING: "An agent is rung", Stage.TALKING: "Caller and agent talk",
    Stage.CHOOSING: "The agent's menu", Stage.ASKING_HOLD: "Time out: the caller is asked",
    Stage.HOLDING: "Time out: on hold", Stage.OFFERING_SUPERVISOR: "Delegate upwards: the caller is asked",
    Stage.RINGING: "Delegate upwards: supervisors are rung", Stage.CONSULTING: "Delegate upwards: the consult",
    Stage.INTRODUCING: "Delegate upwards: all three", Stage.OFFERING_CALL_BACK: "A call back is offered",
    Stage.WARNING: "Draw the line: the warning", Stage.CLOSING: "Draw the line: the closing",
    Stage.PREPARING: "The agent is rung for a call to a customer", Stage.DIALLING: "The customer is rung",
    Stage.LEFT_ALONE: "The agent has left", Stage.AFTERCARE: "After the call", Stage.ENDED: "The end",
}  # fmt: skip


def chapters(history: Iterable[Moment], begun: datetime) -> Sequence[Chapter]:
    """``begun`` is the beginning of the sound."""
    found = [(one.at, TITLES[Stage(one.stage)]) for one in history if one.stage]
    return [Chapter(max(0.0, (at - begun).total_seconds()), title) for at, title in found]
