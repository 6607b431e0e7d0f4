"""Events, as frozen dataclasses. `leg` is a call SID, `at` is an aware datetime in UTC.

They are for tests and for the phone control API; the emulator itself never acts on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Base class: when it happened."""

    at: datetime


@dataclass(frozen=True, slots=True)
class LegEvent(Event):
    """An event about one leg."""

    leg: str


@dataclass(frozen=True, slots=True)
class CallPlaced(LegEvent):
    """A leg was created: someone dialled in, or the app (REST, Dial) calls out."""

    direction: str
    from_number: str
    to_number: str


@dataclass(frozen=True, slots=True)
class Ringing(LegEvent):
    """The called telephone rings."""

    number: str


@dataclass(frozen=True, slots=True)
class Answered(LegEvent):
    """The leg is in progress: the callee picked up, or Twilio answered the caller."""


@dataclass(frozen=True, slots=True)
class PickedUp(LegEvent):
    """Somebody has picked up an extension, whose leg an exchange had answered before."""


@dataclass(frozen=True, slots=True)
class DocumentFetched(LegEvent):
    """A TwiML document was requested. `status` is None if there was no answer."""

    url: str
    status: int | None


@dataclass(frozen=True, slots=True)
class SayStarted(LegEvent):
    """This person begins to hear a text."""

    text: str


@dataclass(frozen=True, slots=True)
class SayEnded(LegEvent):
    """This person no longer hears the text; `complete` if it was heard to its end."""

    text: str
    complete: bool


@dataclass(frozen=True, slots=True)
class PlayStarted(LegEvent):
    """This person begins to hear a file."""

    url: str


@dataclass(frozen=True, slots=True)
class PlayEnded(LegEvent):
    """This person no longer hears the file; `complete` if it was heard to its end."""

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
    """The conference started: there are two participants, one of whom may start it. They hear each other now."""

    room: str


@dataclass(frozen=True, slots=True)
class RoomEnded(Event):
    """The room has ended."""

    room: str
    reason: str


@dataclass(frozen=True, slots=True)
class WebhookSent(Event):
    """An asynchronous callback was delivered, or lost (`status` None)."""

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
    """The leg has ended. `by`: phone, twiml, api, room, exchange (timeouts, errors), parent."""

    by: str
    status: str


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """The emulator accepted something that it does not emulate."""

    leg: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ErrorRaised(Event):
    """A Twilio error or warning code, as its Debugger would list it."""

    leg: str | None
    code: int
    text: str
