"""The facts that reach a call. ``at`` is an aware UTC time; ``leg`` is our own leg id ("caller", "s2").

``token`` is the number of the document that the fact belongs to (see ``call.Leg``). The web layer drops answers with an
old token, so handlers never see an answer to a question that is no longer being asked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from callflow.core.act_events import Act as Act
from callflow.core.act_events import Acted as Acted
from callflow.core.event import Event as Event
from callflow.core.event import LegEvent as LegEvent
from callflow.core.record_events import CallRecorded as CallRecorded
from callflow.core.record_events import FollowedUp as FollowedUp
from callflow.core.record_events import RecordingOpened as RecordingOpened
from callflow.core.record_events import RecordingPaused as RecordingPaused
from callflow.core.record_events import TalkOverMeasured as TalkOverMeasured
from callflow.core.records import record
from callflow.core.timer_names import TimerName

NOT_REPORTED: Final = "not reported"  # of a leg that is over, as we know from having asked, or from nobody


@record
class CallStarted(Event):
    """An inbound call has arrived. ``number`` is the caller's (E.164), or "" if withheld or malformed."""

    sid: str
    number: str
    called: str
    closed: tuple[str, ...] = ()  # as in ``FlowsClosed``
    recognised: str = ""  # what is known of the caller (``recognised.to_text``)
    clock: str = ""  # whose time the entries have (rule 5): "database", "provider", "machine"; "" for a rehearsal's


@record
class OutgoingStarted(Event):
    """``agent`` calls the customer at ``number`` (E.164), who sees ``called``. For ``told`` see ``outgoing.TOLD``."""

    agent: str
    number: str
    called: str
    team: str
    about: str = ""
    promise: str = ""
    reason: str = ""
    told: tuple[str, ...] = ()
    clock: str = ""  # as in ``CallStarted``


@record
class DigitPressed(LegEvent):
    """Keys were pressed at a place that asks for them: usually one, or several where digits are typed. Where a number
    for a call back is typed: its digits with the country code, "" if it must not be dialled."""

    key: str


@record
class DeskPressed(DigitPressed):
    """A button of the desk was pressed by the person of this leg. It does what the key does at ``place``; in the room,
    what star and the key do there. It has no effect if the leg is at another place by now."""

    place: str


@record
class OfferMade(LegEvent):
    """The person of this leg has offered this (its id in ``guidance``) to the caller, as they say at the desk."""

    offer: str


@record
class NothingPressed(LegEvent):
    """The place asked for a key and none was pressed, or words were spoken where only keys count."""


@record
class WordsSpoken(LegEvent):
    """Words were spoken at a step of the flow that asks for them."""

    words: str


@record
class ForwardEnded(LegEvent):
    """The call to the outside number of ``forward`` is over: it was completed, or the number was not reached."""

    status: str


@record
class StarPressed(LegEvent):
    """The leg left the room by ``*`` (hangupOnStar, twilio.md 3.6)."""


@record
class ConsentGiven(LegEvent):
    """The caller said yes to the question asked. ``how`` is "key", "speech" or "recording"."""

    how: str


@record
class ConsentRefused(LegEvent):
    how: str


@record
class ConsentNotHeard(LegEvent):
    """The caller said something that is neither a yes nor a no. This is never a yes (rule 3)."""


@record
class AnswerRecorded(LegEvent):
    """The caller's answer to the question asked was recorded. ``recording`` is the provider's id."""

    recording: str
    seconds: int


@record
class AnswerRecognised(LegEvent):
    """An engine, with its version, wrote down the answer of this number: yes, no, or "". The answer is next."""

    recording: int
    meaning: str
    engine: str


@record
class PlaceEnded(LegEvent):
    """A document has ended and requests the next one."""


@record
class MessageRecorded(LegEvent):
    """A voicemail or a spoken note was recorded. ``recording`` is the provider's id."""

    recording: str
    seconds: int


@record
class LegAnswered(LegEvent):
    """An outgoing leg has requested its first document. ``sid`` is the provider's id, which identifies duplicates."""

    sid: str


@record
class LegNotReached(LegEvent):
    """An outgoing leg was not answered. ``status`` is busy, no-answer, failed or canceled."""

    status: str


@record
class LegJoined(LegEvent):
    """The leg is in the call's room. ``token`` is that of the document that brought it there, None for a fallback.

    ``late_seconds`` is how long we did not know: 0 for a report, more if the provider had to be asked.
    ``lost_token`` is the number of its document if that is higher than any we know of: the database has lost the latest
    moments of the call, and nobody knows how the document came about, so ``token`` is None.
    """

    token: int | None
    late_seconds: float = 0.0
    lost_token: int = 0


@record
class LegLost(LegEvent):
    """The leg's phone call is over, whichever side ended it. ``late_seconds`` is how long we did not know."""

    status: str
    late_seconds: float = 0.0

    @property
    def ended_at(self) -> datetime:
        return self.at - timedelta(seconds=self.late_seconds)


@record
class PeopleFound(Event):
    """These people are claimed for this call and are to be rung, in this order. ``missed`` has for each of them how
    many calls in a row they did not answer; it may be shorter."""

    people: tuple[str, ...]
    missed: tuple[int, ...] = ()


@record
class NobodyFree(Event):
    """The search found nobody to ring at the moment. ``ahead`` as in ``LineCounted``."""

    ahead: int = 0


@record
class SupervisorFound(Event):
    """This supervisor is claimed for what the call has to tell one (``Call.telling``). Empty: nobody is free."""

    people: tuple[str, ...] = ()


@record
class EverybodyAway(Event):
    """Whom the search could still ring, all are away (``tries.AWAY_AFTER``), so that waiting is in vain."""


@record
class LookupDone(Event):
    """Another system has answered. ``lookup`` is ``Call.lookup`` at the time of the request; ``values`` by variable."""

    lookup: str
    values: Mapping[str, str]


@record
class LookupFailed(Event):
    """Another system gave no usable answer. ``reason`` is a few words for the journal; it never quotes the answer."""

    lookup: str
    reason: str


@record
class TimerFired(Event):
    """A deadline of the call has passed. ``name`` is its key in ``Call.deadlines``."""

    name: TimerName


@record
class Served(LegEvent):
    """The leg has fetched the document of its place."""


@record
class RingPlaced(LegEvent):
    """An outgoing call was placed. ``sid`` is the provider's id of the leg."""

    sid: str


@record
class RequestRefused(LegEvent):
    """The provider refused a request about this leg. ``request`` is ring, redirect or release; ``code`` is its error
    code. ``lasting``: it would be refused again, for the next caller as well."""

    request: str
    code: str
    lasting: bool


@record
class SearchRenewed(Event):
    """Somebody became free, which ends the pause between two searches."""


@record
class LineCounted(Event):
    """``ahead`` callers are now before this one in the line of its team, also those for whom somebody is being rung."""

    ahead: int


@record
class FlowsClosed(Event):
    """The flows that people have closed by hand, now that these are others than before. Only for calls in a flow."""

    closed: tuple[str, ...] = ()


@record
class ServerStarted(Event):
    """A process that has just started looks at the call: for a while, perhaps nobody answered or counted time."""


ALL: tuple[type[Event], ...] = (
    CallStarted, DigitPressed, NothingPressed, StarPressed, ConsentGiven, ConsentRefused, ConsentNotHeard, PlaceEnded,
    MessageRecorded, LegAnswered, LegNotReached, LegJoined, LegLost, PeopleFound, NobodyFree, TimerFired,
    WordsSpoken, ForwardEnded, LookupDone, LookupFailed, Served, RingPlaced, RequestRefused, SearchRenewed,
    LineCounted, FlowsClosed, ServerStarted, EverybodyAway, RecordingOpened, CallRecorded,
    RecordingPaused, FollowedUp, SupervisorFound, OutgoingStarted, AnswerRecorded, AnswerRecognised, TalkOverMeasured,
    Acted, DeskPressed, OfferMade,
)  # fmt: skip
UNCOUNTED = (Served, RingPlaced, SearchRenewed, LineCounted, FlowsClosed)
"""Facts about our own work, not about people. They change neither ``Call.seq`` nor ``Call.at`` nor the talk time.
Stored histories refer to lookups by ``seq``, so replays depend on which events are in this tuple."""
