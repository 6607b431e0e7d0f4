"""Facts that reach a call, past tense. ``at`` is an aware UTC time; ``leg`` is our own leg id ("caller", "s2").

``token`` names the document the fact belongs to (see ``call.Leg``). The edge drops an answer whose token is not the
leg's, so the handlers never see an answer to a question that is no longer asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from callflow.core.timer_names import TimerName


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEvent(Event):
    leg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Event):
    """An inbound call was put to us. ``number`` is the caller's, E.164, or "" when withheld or odd."""

    sid: str
    number: str
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitPressed(LegEvent):
    """Keys at a place that asks; usually one, several where a number is typed."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingPressed(LegEvent):
    """The place asked and nothing came, or words came where only keys count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsSpoken(LegEvent):
    """Words where a step of the flow asks for them."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardEnded(LegEvent):
    """The outside number that the caller was passed on to: the talk is over (completed), or it was not reached."""

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StarPressed(LegEvent):
    """The leg left the room by ``*`` (hangupOnStar, twilio.md 3.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(LegEvent):
    """A yes to the question asked: by ``key`` or by ``speech`` (``how``)."""

    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRefused(LegEvent):
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentNotHeard(LegEvent):
    """Silence, unclear words, another key: never a yes (rule 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEnded(LegEvent):
    """A document ran out and asks what comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecorded(LegEvent):
    """A voicemail or a spoken note. ``recording`` is the provider's id."""

    recording: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAnswered(LegEvent):
    """An outgoing leg asked for its first document. ``sid`` tells a duplicate leg from the one we know."""

    sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegNotReached(LegEvent):
    """busy, no-answer, failed or canceled."""

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegJoined(LegEvent):
    """The leg is in the call's room. ``token`` is the document that brought it, None when a fallback did."""

    token: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegLost(LegEvent):
    """The leg's phone call is over, whoever ended it."""

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFound(Event):
    """These people are claimed for this call (now "being rung"), in this order."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyFree(Event):
    """The search found nobody to ring at this moment; ``ahead`` callers wait in the same line before this one."""

    ahead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupDone(Event):
    """Another system answered. ``lookup`` is ``Call.lookup`` as it was asked for; ``values`` by variable."""

    lookup: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupFailed(Event):
    """It did not, or not as it should; ``reason`` is a word or two for the journal, never a quotation."""

    lookup: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Event):
    """A deadline of the call has passed; ``name`` is its key in ``Call.deadlines``."""

    name: TimerName


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(LegEvent):
    """The leg was given the document of its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPlaced(LegEvent):
    """An order to ring was carried out: the leg has the provider's id ``sid``."""

    sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRenewed(Event):
    """Somebody became free: the pause between two searches is over."""


ALL: tuple[type[Event], ...] = (
    CallStarted, DigitPressed, NothingPressed, StarPressed, ConsentGiven, ConsentRefused, ConsentNotHeard, PlaceEnded,
    MessageRecorded, LegAnswered, LegNotReached, LegJoined, LegLost, PeopleFound, NobodyFree, TimerFired,
    WordsSpoken, ForwardEnded, LookupDone, LookupFailed, Served, RingPlaced, SearchRenewed,
)  # fmt: skip
UNCOUNTED = (Served, RingPlaced, SearchRenewed)
"""Facts about our own work, not about people. ``Call.seq`` and ``Call.at`` stay as they are, and no talk is counted:
stored histories name look-ups by ``seq``, so replays depend on which events count."""
