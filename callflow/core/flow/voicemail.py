"""``voicemail``: records a message, which is a promise of a call back with an owner and a due time (rule 19)."""

from dataclasses import replace
from typing import ClassVar

from callflow.core import call_back, recordings
from callflow.core.call import CALLER
from callflow.core.draft import DecisionDraft
from callflow.core.events import MessageRecorded
from callflow.core.flow.next_step import NextStep
from callflow.core.flow_step import Step
from callflow.core.notes import NoteKind, OutcomeText
from callflow.core.records import record
from callflow.core.stages import PlaceName, Stage


@record
class VoicemailStep(Step):
    """Speaks ``script`` and records. Then ``next``; without it the call ends with thanks."""

    verb: ClassVar[str] = "voicemail"

    script: str


def begin(draft: DecisionDraft, step: VoicemailStep) -> NextStep:
    draft.put(CALLER, PlaceName.MESSAGE, draft.prompt(step.script))
    return None


def nobody_reached(draft: DecisionDraft) -> None:
    """Record a message although no step asks for one. The caller is told who will call back, and when."""
    promise = call_back.promised(draft)
    draft.stage(Stage.ARRIVING, search=None, call_back=promise if promise.number else None)
    owner, time = call_back.spoken(draft, promise)
    draft.put(CALLER, PlaceName.MESSAGE, draft.prompt("failure_nobody", owner=owner, time=time))


def recorded(draft: DecisionDraft, event: MessageRecorded) -> None:
    """Note the message and its call back. A number that the caller typed takes precedence over the one shown."""
    promise, given = call_back.promised(draft), draft.call.call_back
    number = given.number if given and given.number else draft.call.number
    draft.call = draft.call.but(call_back=replace(promise, number=number))
    draft.note(NoteKind.MESSAGE_LEFT, CALLER, outcome=OutcomeText(event.recording), seconds=event.seconds,
               owner=promise.owner, recording=recordings.number(draft.call))  # fmt: skip


def thanks(draft: DecisionDraft) -> None:
    draft.note(NoteKind.FLOW_ENDED, script="message_thanks")
    draft.release(CALLER, draft.prompt("message_thanks"))
