"""The entries of a journal in words, for pages. Nothing private is in them (``core.notes.PRIVATE``)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from callflow.core.incident_facts import line
from callflow.core.notes import Note, NoteKind

KINDS: Final[Mapping[str, str]] = {
    NoteKind.ACCEPTED: "took the call",
    NoteKind.ADJUSTMENT: "adjustment for the caller",
    NoteKind.ANSWER_RECOGNISED: "words were recognised",
    NoteKind.ANSWER_RECORDED: "an answer in words",
    NoteKind.ALARM: "alarm",
    NoteKind.ANSWERED: "picked up",
    NoteKind.ASKED: "a question of the flow",
    NoteKind.AWAY: "away: missed too many calls",
    NoteKind.CALL_BACK: "call back",
    NoteKind.CALL_ENDED: "the call with the caller ended",
    NoteKind.CALL_READ: "opened what is private",
    NoteKind.CALL_RECORDED: "the call was recorded",
    NoteKind.CALL_STARTED: "the call began",
    NoteKind.CHECK_IN: "check-in",
    NoteKind.CHOSE: "choice in the menu",
    NoteKind.CLOSING: "closing",
    NoteKind.CONSENT: "answer of the caller",
    NoteKind.CONSULT: "talk with the supervisor",
    NoteKind.CO_SIGNATURE: "co-signature of the closing",
    NoteKind.COOL_DOWN: "break after the call",
    NoteKind.DECLINED: "declined the call",
    NoteKind.DELEGATE_UPWARDS: "supervisor",
    NoteKind.ENDED: "everything is over",
    NoteKind.ERASED: "what identifies people was erased",
    NoteKind.EXPORTED: "a copy for the caller",
    NoteKind.FLOW_ENDED: "the flow ended",
    NoteKind.FLOW_LOST: "the flow could not go on",
    NoteKind.FORWARD: "forwarded",
    NoteKind.HANDOVER: "hand-over",
    NoteKind.HOLD: "hold",
    NoteKind.HOURS: "opening hours",
    NoteKind.IMPOSSIBLE_EVENT: "a report that fitted nothing",
    NoteKind.INCIDENT: "incident",
    NoteKind.INCIDENT_ACCOUNT: "told what happened",
    NoteKind.INCIDENT_FILE: "an incident file was taken",
    NoteKind.INCIDENT_READ: "read the incident",
    NoteKind.INCIDENT_WORDS: "told what happened, in a recording",
    NoteKind.INTRODUCTION: "introduction",
    NoteKind.LANGUAGE: "language",
    NoteKind.LEAD_LOST: "the line of the agent was lost",
    NoteKind.LEFT_THE_LINE: "left the line",
    NoteKind.LEGAL_HOLD: "legal hold",
    NoteKind.LOOKUP: "question to another system",
    NoteKind.MESSAGE_LEFT: "left a message",
    NoteKind.MOMENTS_LOST: "the database lost what happened last",
    NoteKind.NO_ANSWER: "the caller was asked for a sign",
    NoteKind.NOT_ACCEPTED: "did not take the call",
    NoteKind.NOT_CONNECTED: "nobody was connected",
    NoteKind.NOT_REACHED: "was not reached",
    NoteKind.OUTCOME: "outcome",
    NoteKind.OUTGOING: "call to a customer",
    NoteKind.REACHED: "the customer",
    NoteKind.RECEIPT: "receipt",
    NoteKind.RECORDING: "recording of the call",
    NoteKind.RECORDING_OPENED: "opened a recording",
    NoteKind.REFUSED: "a key was refused",
    NoteKind.RELIEF: "relief: the agent leaves, the caller is kept",
    NoteKind.REQUEST_REFUSED: "the provider refused a request",
    NoteKind.RINGING: "is rung",
    NoteKind.SAFEGUARDING: "safeguarding",
    NoteKind.SPOKEN_BRIEFING: "spoken briefing",
    NoteKind.SPOKEN_NOTE: "spoken note",
    NoteKind.SUPERVISOR_TOLD: "told of a warning or a closing",
    NoteKind.TALK_OVER: "speaking over each other",
    NoteKind.THREAT: "threat",
    NoteKind.TIME_OUT: "time out",
    NoteKind.UNLOCKED: "lock lifted",
    NoteKind.WAITING: "in the line",
    NoteKind.WARNING: "warning",
    NoteKind.WRAP_UP: "wrap-up",
}
OUTCOMES: Final[Mapping[str, Mapping[str, str]]] = {
    NoteKind.RINGING: {"candidate": "to take the call", "helper": "to help", "alerted": "to be told",
                       "callee": "the customer", "security": "because of a threat"},
    NoteKind.WAITING: {"agents": "for an agent", "supervisors": "for a supervisor"},
}  # fmt: skip
"""By kind, outcomes that are told in other words than their own."""
DETAILS: Final[Mapping[str, str]] = {
    "seconds": "{} s", "minutes": "{} min", "elapsed_seconds": "{} s heard", "needed_seconds": "at least {} s needed",
    "conduct": "for {}", "reason": "reason: {}", "reasons": "because of: {}", "when": "{}", "by": "by {}",
    "owner": "{} has it", "why": "{}", "parts": "{}", "in_time": "in time: {}", "person": "{}", "what": "{}",
    "threat": "",
    "jitter_buffer": "", "sha256": "",
}  # fmt: skip
"""How a detail is told; one that is not here by its name. "" is for programs only."""


def what(note: Note) -> str:
    """What happened: "hold", or of a later version its own name."""
    return KINDS.get(note.kind, str(note.kind).replace("_", " "))


def outcome(at: datetime, note: Note) -> str:
    """How it came out, with the facts: "begun, 30 s"."""
    known = line(at, note)
    told = [OUTCOMES.get(note.kind, {}).get(known.outcome, known.outcome.replace("_", " "))]
    told += [detail(name, value) for name, value in (known.details or {}).items()]
    return ", ".join(one for one in told if one)


def detail(name: str, value: Any) -> str:
    words = f"{value:.1f}" if isinstance(value, float) else _moment(str(value)) or str(value).replace("_", " ")
    return DETAILS.get(name, f"{name.replace('_', ' ')}: {{}}").format(words)


def _moment(text: str) -> str:
    """A time that was written as ISO 8601, for people; "" for any other text."""
    try:
        at = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return ""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at and at.tzinfo else ""
