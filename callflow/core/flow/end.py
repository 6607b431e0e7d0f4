"""``end``: the end of a flow. This is not a closing: the caller has been through the whole flow."""

from typing import ClassVar

from callflow.core.call import CALLER, Word
from callflow.core.draft import DecisionDraft
from callflow.core.flow import call_back
from callflow.core.flow.next_step import NextStep
from callflow.core.flow_step import Step
from callflow.core.notes import NoteKind
from callflow.core.records import record


@record
class EndStep(Step):
    """Speaks ``script`` and ends the call. Nothing follows."""

    verb: ClassVar[str] = "end"

    script: str


def begin(draft: DecisionDraft, step: EndStep) -> NextStep:
    say_goodbye(draft, step.script)
    return None


def say_goodbye(draft: DecisionDraft, script: str = "") -> None:
    """End the call with ``script``; without it, repeat the promise of a call back if there is one, or say goodbye."""
    values: dict[str, Word] = {}
    if not script and draft.call.call_back and draft.call.call_back.confirmed:
        script, values = call_back.goodbye(draft)
    draft.note(NoteKind.FLOW_ENDED, script=script or "goodbye")
    draft.release(CALLER, draft.prompt(script or "goodbye", **values))
