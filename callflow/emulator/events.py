"""Everything notable that happens, as frozen dataclasses. `leg` is a call SID, `at` is aware UTC.

Tests and the control door read these; the emulator itself never decides anything from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all: when."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LegEvent(Event):
    """Something that concerns one leg."""

    leg: str


@dataclass(frozen=True, slots=True)
class CallPlaced(LegEvent):
    """A leg exists: someone dialled in, or the app (REST, Dial) calls out."""

    direction: str
    from_number: str
    to_number: str


@dataclass(frozen=True, slots=True)
class Ringing(LegEvent):
    """The far telephone rings."""

    number: str


@dataclass(frozen=True, slots=True)
class Answered(LegEvent):
    """The leg is in progress: the callee picked up, or Twilio answered the caller."""


@dataclass(frozen=True, slots=True)
class DocumentFetched(LegEvent):
    """A TwiML document was asked for. `status` is None when no answer came."""

    url: str
    status: int | None


@dataclass(frozen=True, slots=True)
class SayStarted(LegEvent):
    """This person begins to hear a text."""

    text: str


@dataclass(frozen=True, slots=True)
class SayEnded(LegEvent):
    """... and hears no more of it; `complete` if it was heard to its end."""

    text: str
    complete: bool


@dataclass(frozen=True, slots=True)
class PlayStarted(LegEvent):
    """This person begins to hear a file."""

    url: str


@dataclass(frozen=True, slots=True)
class PlayEnded(LegEvent):
    """... and hears no more of it; `complete` if it was heard to its end."""

    url: str
    complete: bool


@dataclass(frozen=True, slots=True)
class GatherStarted(LegEvent):
    """A Gather begins, before its prompt."""


@dataclass(frozen=True, slots=True)
class Pressed(LegEvent):
    """The person pressed one key."""

    key: str


@dataclass(frozen=True, slots=True)
class Spoke(LegEvent):
    """The person begins to say something."""

    text: str


@dataclass(frozen=True, slots=True)
class JoinedRoom(LegEvent):
    """The leg is in the room."""

    room: str


@dataclass(frozen=True, slots=True)
class LeftRoom(LegEvent):
    """The leg is out of the room."""

    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class HoldChanged(LegEvent):
    """The leg was put on hold in its room, or taken off it."""

    room: str
    held: bool


@dataclass(frozen=True, slots=True)
class RoomStarted(Event):
    """Two participants, one of whom may start it: they hear each other now."""

    room: str


@dataclass(frozen=True, slots=True)
class RoomEnded(Event):
    """The room is over."""

    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class WebhookSent(Event):
    """An asynchronous callback was delivered (or lost: status None)."""

    leg: str | None
    kind: str
    url: str
    status: int | None


@dataclass(frozen=True, slots=True)
class RestRequest(Event):
    """The app used the REST API."""

    method: str
    path: str
    status: int


@dataclass(frozen=True, slots=True)
class RecordingChanged(LegEvent):
    """A recording began, stopped, or is ready."""

    recording: str
    status: str


@dataclass(frozen=True, slots=True)
class HungUp(LegEvent):
    """The leg is over. `by`: phone, twiml, api, room, exchange (timeouts, errors), parent."""

    by: str
    status: str


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """Something the emulator accepts but does not emulate."""

    leg: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ErrorRaised(Event):
    """A Twilio error or warning code, as its Debugger would list it."""

    leg: str | None
    code: int
    text: str
