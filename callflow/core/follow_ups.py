"""What remains to be done after a call, with an owner: to call back, to answer an incident, to check in on an agent.

A follow-up is stored beside its call. What happens to it is an entry in the journal of that call (``FollowedUp``), as
long as the call goes on and after its end.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from callflow.core.draft import DecisionDraft
from callflow.core.events import FollowedUp
from callflow.core.notes import Note, NoteKind, OutcomeText
from callflow.core.records import record


class FollowUpKind(StrEnum):
    PROMISE = "promise"
    INCIDENT = "incident"
    CHECK_IN = "check_in"
    ALARM = "alarm"
    RECEIPT = "receipt"


@record
class FollowUp:
    """One of them. ``id`` is unique (``follow_up_id``), and ``person`` whoever has to act next: "" for nobody.

    ``state`` is a word of its kind. ``due`` is when something must be looked at by itself (a reminder, a late answer);
    None for never. ``closed``: nothing more is expected, and it is left out of lists of open ones. ``body`` are JSON
    values of its kind, stored sealed under the key of the call: {} if the call was erased, which closes it.
    """

    id: str
    kind: FollowUpKind
    call: str
    person: str
    state: str
    at: datetime
    due: datetime | None = None
    closed: bool = False
    body: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """What somebody wants to do about a follow-up is not theirs to do, or not any more. The message says why."""


def follow_up_id(call: str, kind: FollowUpKind, number: int = 1) -> str:
    """The id of a follow-up: those of the same call, kind and number are the same, so that none is made twice."""
    return f"{call}-{kind.value}-{number}"


def noted(draft: DecisionDraft, event: FollowedUp) -> None:
    """Something has happened to a follow-up of this call."""
    draft.notes.append(Note(kind=NoteKind(event.kind), actor=event.person, outcome=OutcomeText(event.outcome),
                            details=event.details))  # fmt: skip
