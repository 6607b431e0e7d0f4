"""``forward``: connects the caller to an outside number. There is no room, and the three steps are not available."""

from typing import ClassVar

from callflow.core.draft import DecisionDraft
from callflow.core.events import ForwardEnded, LegEvent
from callflow.core.flow.next_step import NextStep, put
from callflow.core.flow_step import Step
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.records import record

TALKED = ("completed", "answered")


@record
class ForwardStep(Step):
    """Speaks ``script`` if there is one, then rings ``number`` (E.164) for ``ring_seconds``.

    After the conversation the call is over. ``otherwise`` follows if nobody was reached.
    """

    verb: ClassVar[str] = "forward"

    number: str
    script: str = ""
    ring_seconds: int = 8


def begin(draft: DecisionDraft, step: ForwardStep) -> NextStep:
    draft.note(NoteKind.FORWARD, outcome=NoteOutcome.RINGING, seconds=step.ring_seconds)
    put(draft, step, step.script, "dial", seconds=step.ring_seconds, number=step.number)
    return None


def ended(draft: DecisionDraft, step: ForwardStep, event: ForwardEnded) -> NextStep:
    """End the call after a conversation; ``otherwise`` if nobody was reached."""
    if event.status not in TALKED:
        draft.note(NoteKind.FORWARD, outcome=NoteOutcome.NOT_REACHED)
        return step.otherwise
    draft.note(NoteKind.FORWARD, outcome=NoteOutcome.DONE)
    draft.call = draft.call.but(returns=())
    return ""


def lost(draft: DecisionDraft, step: ForwardStep, event: LegEvent) -> NextStep:
    """The document went on without a report of how the call ended. The number is not rung again."""
    draft.note(NoteKind.FORWARD, outcome=NoteOutcome.NOT_KNOWN)
    return step.otherwise
