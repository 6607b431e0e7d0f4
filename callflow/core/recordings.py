"""What is recorded of people: which entries of the journal are about a recording, and how a recording is named."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callflow.core.call import Call
from callflow.core.draft import DecisionDraft
from callflow.core.events import RecordingOpened
from callflow.core.notes import NoteKind, OutcomeText


class RecordingKind(StrEnum):
    CONSENT = "consent"
    """What a caller answered to a question, where answers are recorded."""
    BRIEFING = "briefing"
    NOTE = "note"
    VOICEMAIL = "voicemail"
    CALL = "call"
    INCIDENT = "incident"
    PROMPT = "prompt"


KINDS: Final[Mapping[str, RecordingKind]] = MappingProxyType({
    NoteKind.ANSWER_RECORDED: RecordingKind.CONSENT,
    NoteKind.MESSAGE_LEFT: RecordingKind.VOICEMAIL,
    NoteKind.SPOKEN_NOTE: RecordingKind.NOTE,
    NoteKind.SPOKEN_BRIEFING: RecordingKind.BRIEFING,
    NoteKind.CALL_RECORDED: RecordingKind.CALL,
    NoteKind.INCIDENT_WORDS: RecordingKind.INCIDENT,
})  # fmt: skip
"""The entries that say that something was recorded: ``outcome`` is the provider's id, ``recording`` our number."""


def number(call: Call) -> int:
    """The number, within its call, of the recording that the present event reports."""
    return call.seq


def recording_id(call: str, number: int) -> str:
    """What a recording is called everywhere: the id of its call and its number there."""
    return f"{call}-{number}"


def number_of(id: str) -> int:
    """The number of a recording within its call."""
    return int(id.rpartition("-")[2])


def opened(draft: DecisionDraft, event: RecordingOpened) -> None:
    """Somebody listens to a recording of the call, or takes a copy of it."""
    draft.note(NoteKind.RECORDING_OPENED, event.person, outcome=OutcomeText(event.how), recording=event.recording,
               reason=event.purpose)  # fmt: skip
