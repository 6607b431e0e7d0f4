"""The facts about what is recorded of a call, and about what is done after it (``events`` has them all)."""

from collections.abc import Mapping
from dataclasses import field

from callflow.core.event import Event
from callflow.core.records import record


@record
class CallRecorded(Event):
    """The provider has the recording of the call. ``recording`` is its id."""

    recording: str
    seconds: int
    ago: float = 0.0  # how long before it began, 0 if nobody said


@record
class TalkOverMeasured(Event):
    """For how many seconds the caller spoke during a warning (its number in ``Call.warnings``), as found afterwards."""

    warning: int
    seconds: float
    engine: str  # with its version


@record
class RecordingPaused(Event):
    """The provider has paused the recording of the call, and no other change of it is under way."""


@record
class RecordingOpened(Event):
    """A person listens to a recording of the call, or takes a copy. ``recording`` is its number within the call."""

    recording: int
    person: str
    how: str
    """"played" or "exported"."""
    purpose: str


@record
class FollowedUp(Event):
    """Something has happened to a follow-up of this call (``core.follow_ups``), which the journal says.

    ``kind`` and ``outcome`` are a ``NoteKind`` and its outcome, ``person`` whoever did it or is concerned. ``details``
    are no words of people: those are in the follow-up.
    """

    kind: str
    person: str
    outcome: str = ""
    details: Mapping[str, str | int | float] = field(default_factory=dict)
