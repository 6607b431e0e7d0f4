"""Events, as frozen dataclasses. `leg` is a call SID, `at` is an aware datetime in UTC.

They are for tests and for the phone control API; the emulator itself never acts on them.
"""

from __future__ import annotations

from datetime import datetime

from callflow.emulator.immutable import immutable


@immutable
class Event:
    """Base class: when it happened."""

    at: datetime


@immutable
class LegEvent(Event):
    """An event about one leg."""

    leg: str


@immutable
class CallPlaced(LegEvent):
    """A leg was created: someone dialled in, or the app (REST, Dial) calls out."""

    direction: str
    from_number: str
    to_number: str


@immutable
class Ringing(LegEvent):
    """The called telephone rings."""

    number: str


@immutable
class Answered(LegEvent):
    """The leg is in progress: the callee picked up, or Twilio answered the caller."""


@immutable
class PickedUp(LegEvent):
    """Somebody has picked up an extension, whose leg an exchange had answered before."""


@immutable
class DocumentFetched(LegEvent):
    """A TwiML document was requested. `status` is None if there was no answer."""

    url: str
    status: int | None


@immutable
class SayStarted(LegEvent):
    """This person begins to hear a text."""

    text: str


@immutable
class SayEnded(LegEvent):
    """This person no longer hears the text; `complete` if it was heard to its end."""

    text: str
    complete: bool


@immutable
class PlayStarted(LegEvent):
    """This person begins to hear a file."""

    url: str


@immutable
class PlayEnded(LegEvent):
    """This person no longer hears the file; `complete` if it was heard to its end."""

    url: str
    complete: bool


@immutable
class GatherStarted(LegEvent):
    """A Gather begins, before its prompt."""


@immutable
class Pressed(LegEvent):
    """The person pressed one key."""

    key: str


@immutable
class Spoke(LegEvent):
    """The person begins to say something."""

    text: str


@immutable
class JoinedRoom(LegEvent):
    """The leg is in the room."""

    room: str


@immutable
class LeftRoom(LegEvent):
    """The leg is out of the room."""

    room: str
    reason: str


@immutable
class HoldChanged(LegEvent):
    """The leg was put on hold in its room, or taken off it."""

    room: str
    held: bool


@immutable
class RoomStarted(Event):
    """The conference started: there are two participants, one of whom may start it. They hear each other now."""

    room: str


@immutable
class RoomEnded(Event):
    """The room has ended."""

    room: str
    reason: str


@immutable
class WebhookSent(Event):
    """An asynchronous callback was delivered, or lost (`status` None)."""

    leg: str | None
    kind: str
    url: str
    status: int | None


@immutable
class RestRequest(Event):
    """The app used the REST API."""

    method: str
    path: str
    status: int


@immutable
class RecordingChanged(LegEvent):
    """A recording began, stopped, or is ready."""

    recording: str
    status: str


@immutable
class HungUp(LegEvent):
    """The leg has ended. `by`: phone, twiml, api, room, exchange (timeouts, errors), parent."""

    by: str
    status: str


@immutable
class Noted(Event):
    """The emulator accepted something that it does not emulate."""

    leg: str | None
    text: str


@immutable
class ErrorRaised(Event):
    """A Twilio error or warning code, as its Debugger would list it."""

    leg: str | None
    code: int
    text: str
