"""The interfaces that the service needs. They are implemented in other packages; contract tests cover them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import ClassVar, Protocol, TypeVar

from callflow.core.call import Call
from callflow.core.follow_ups import FollowUp
from callflow.core.notes import Note
from callflow.core.records import record
from callflow.service.accounts import Accounts
from callflow.service.call_search import CallSearch
from callflow.service.caller_records import CallerRecords, CallerRecordUnit
from callflow.service.counters import Counters as Counters
from callflow.service.flow_closings import FlowClosings
from callflow.service.follow_ups import FollowUpRows, FollowUpUnit
from callflow.service.histories import Histories
from callflow.service.jobs import JobList, Jobs
from callflow.service.live_rows import LiveRows
from callflow.service.moments import Moment
from callflow.service.nodes import NodeRows
from callflow.service.page_versions import PageVersions
from callflow.service.people import PersonPresence
from callflow.service.prompt_recordings import PromptRows
from callflow.service.recordings import Recording, RecordingRows
from callflow.service.retention import RetentionRows, RetentionUnit
from callflow.service.staff_sessions import StaffSessions
from callflow.service.statistics import HasStatistics
from callflow.service.transcripts import TranscriptRows
from callflow.service.versions import Versions
from callflow.service.webhook_positions import WebhookPositions

T = TypeVar("T")


@record
class _Request:
    """A command ready to be sent. ``kind`` tells stored orders apart; they leave out fields that have their default."""

    kind: ClassVar[str]
    id: str
    call: str
    leg: str
    token: int
    wait_seconds: float = 0.0  # it is sent this long after its commit, by any process
    account: str = ""  # the sub-account of the call (``Call.account``)

    @property
    def name(self) -> str:
        """What the journal calls it."""
        return self.kind


@record
class RingRequest(_Request):
    """Call a person at ``to`` (``Person.phone``), or a customer, and send the keys of ``extension`` after the answer.

    The phone shows ``caller``, the number of whoever has called us, if ``call_token`` is the provider's proof of that
    call and the provider accepts it; else ``caller_id``. Both are E.164.
    """

    kind: ClassVar[str] = "ring"
    to: str = ""
    extension: str = ""
    caller_id: str = ""
    caller: str = ""
    call_token: str = field(default="", repr=False)
    ring_seconds: int = 20
    listens: bool = False
    """Nothing but our own documents brings this leg into the room: it has no fallback."""


@record
class RedirectRequest(_Request):
    """Make a leg fetch its document. ``sid`` is the leg's provider id."""

    kind: ClassVar[str] = "redirect"
    sid: str = ""
    listens: bool = False


@record
class ReleaseRequest(_Request):
    """End a leg. ``sid`` is its provider id."""

    kind: ClassVar[str] = "release"
    sid: str = ""


@record
class AnnounceRequest(_Request):
    """Play the sound of waiting to a leg that is alone in the room. At a menu it waits: most are over in a moment.

    ``sid`` is the leg's provider id.
    """

    kind: ClassVar[str] = "announce"
    sid: str = ""


@record
class LookupStepRequest(_Request):
    """Ask another system for the step that waits for ``lookup`` (``Call.lookup``)."""

    kind: ClassVar[str] = "lookup"
    lookup: str = ""


@record
class RecordRequest(_Request):
    """Start, pause or resume (``change``) the recording of a leg. ``sid`` is its provider id.

    A start that is sent twice does nothing at the provider, where the call is recorded already (twilio.md 5.4).
    """

    kind: ClassVar[str] = "record"
    sid: str = ""
    change: str = ""

    @property
    def name(self) -> str:
        return f"{self.change}_recording"


LegRequest = RingRequest | RedirectRequest | ReleaseRequest | AnnounceRequest | RecordRequest
ProviderRequest = LegRequest | LookupStepRequest


@record
class Due:
    """A leased request. ``tries`` is the number of attempts before this one."""

    row: int
    order: ProviderRequest
    tries: int


@record
class Entry:
    """A journal entry as stored. ``seq`` counts from 1 in each call, without gaps; ``at`` is UTC."""

    seq: int
    at: datetime
    note: Note


@record
class Change:
    """Everything that one unit of work changed, saved together or not at all.

    ``due`` is when the call must be reconciled next, None for never. ``orders`` are leased to this process until
    ``lease_until``; it sends them right after the commit. If it dies, another process sends them after that time.
    """

    call: Call
    before: Call | None
    notes: Sequence[Note] = ()
    orders: Sequence[ProviderRequest] = ()
    people: Sequence[PersonPresence] = ()
    answered: Mapping[str, bool] = field(default_factory=dict)
    """Of ``people``, those who answered by key (True) or were rung in vain."""
    due: datetime | None = None
    lease_until: datetime
    earlier: Callable[[], Call] | None = None
    """Makes the call one that servers of the version before can read (``core.earlier_layout``)."""
    history: Moment | None = None
    """The events, to be stored beside the journal; None for a change without events (tests, migrations)."""
    recordings: Sequence[Recording] = ()
    """Recordings that are new."""
    follow_ups: Sequence[FollowUp] = ()
    """Follow-ups that are new, or changed by what happened on the call."""


class Transaction(Jobs, FollowUpUnit, CallerRecordUnit, RetentionUnit, Protocol):
    """One unit of work. What it reads with ``load`` is locked until the commit, so no other unit can decide on it."""

    def load(self, call: str) -> Call | None:
        """The call with this id, locked, or None."""

    def save(self, change: Change) -> None:
        """Write everything in the change. A call without ``before`` is new. Raises StaleCall."""

    def presence(self, people: Iterable[str], now: datetime) -> list[PersonPresence]:
        """The presence of these people, locked until the commit. Unknown people are free since 1970."""

    def put_presence(self, person: PersonPresence) -> None: ...  # whom ``presence`` has locked; ``missed`` stays

    def waiting_before(self, call: Call) -> int:
        """How many calls search in the same group before this one. Not those for which somebody is being rung."""

    def ahead_in_line(self, call: Call) -> int:
        """The same in the line of its team: both groups, and calls for which somebody is being rung."""


class Store(Versions, FlowClosings, Histories, JobList, RecordingRows, TranscriptRows, HasStatistics, PageVersions,
            StaffSessions, PromptRows, FollowUpRows, WebhookPositions,
            CallerRecords, CallSearch, NodeRows, RetentionRows, Accounts, LiveRows, Protocol):  # fmt: skip
    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one durable transaction and return its result, after the commit.

        ``work`` may be run again after a conflict, so it must not have other effects. If it raises, the transaction is
        rolled back and the exception propagates. Raises StoreUnavailable.
        """

    def read(self, call: str) -> Call | None:
        """The call as last committed, not locked, or None."""

    def recent(self, call: str) -> Call | None:
        """The call as this process last read or wrote it. Cheaper than ``read``, but may miss writes of others."""

    def journal(self, call: str) -> list[Entry]:
        """The call's journal, oldest first."""

    def history(self, call: str) -> list[Moment]:
        """The call's events and what they changed, oldest first. With its configuration the call can be replayed."""

    def calls(self, live: bool = True, limit: int = 1000) -> list[Call]:
        """Live calls, or all, newest first."""

    def find(self, reference: str) -> Call | None:
        """The newest call with this spoken reference, or None. Searches all calls, so it is slow."""

    def due_calls(self, now: datetime, limit: int = 100) -> list[str]:
        """Ids of calls whose ``due`` has passed."""

    def next_due(self, after: datetime | None = None) -> datetime | None:
        """The earliest ``due`` of any call, later than ``after`` if it is given, or None."""

    def lease_orders(self, now: datetime, until: datetime, limit: int = 50) -> list[Due]:
        """Lease requests that no process has leased, oldest first, for this process until ``until``."""

    def orders_done(self, ids: Collection[str]) -> None:
        """Delete the requests with these command ids: they were carried out, or never can be."""

    def order_again(self, id: str, at: datetime) -> None:
        """End the lease of this request at ``at``, so that it is tried again then. Counts one try."""

    def waiting(self, team: str | None = None) -> list[str]:
        """Ids of the calls in the queue (of a team), in its order."""

    def people(self, now: datetime) -> list[PersonPresence]:
        """The presence of everybody who was ever claimed. People whose break is over are free."""

    def set_away(self, person: str, away: bool) -> None:
        """Say that a person is away or back, whatever was counted."""

    def erase(self, call: str) -> bool:
        """Make what identifies or quotes people in an ended call unreadable for good. False if there is no such call.

        Its recordings, too: their audio stays sealed. Delete it before (``RecordingKeeper.remove``), because the
        provider's ids are erased as well. Everything else of it stays. Raises CannotErase.
        """

    def ping(self) -> None:
        """Raise StoreUnavailable if the database cannot be used. Writes, but changes nothing."""

    def close(self) -> None: ...


class StoreUnavailable(Exception):
    """The database cannot be read or written. Webhooks are answered with the safe document (design, section 3)."""


class CannotOpen(StoreUnavailable):
    """A value cannot be unsealed: the secret is another one, or the value was changed. The message says which."""


class GatewayFailure(Exception):
    """A request failed. ``gone``: the leg is over. ``retry``: the same request may succeed later. ``after``: seconds
    that the provider asked us to wait. ``code``: its error code or HTTP status, with ``advice`` for ops."""

    def __init__(self, reason: str, *, retry: bool = False, gone: bool = False, after: float | None = None,
                 code: str = "", advice: str = "") -> None:  # fmt: skip
        super().__init__(reason)
        self.retry, self.gone, self.after = retry, gone, after
        self.code, self.advice = code, advice


@record
class LegReport:
    """The provider's answer about a leg: its call status, when it ended, and whether it is in the call's room."""

    status: str
    ended_at: datetime | None = None
    in_room: bool = False
    joined_at: datetime | None = None
    label: str = ""


class Gateway(Protocol):
    def send(self, order: LegRequest) -> str:
        """Carry out a request and return the leg's provider id. Raises GatewayFailure."""

    def look_up(self, sid: str, room: str, account: str = "") -> LegReport:
        """Ask the provider about a leg, of a call of this sub-account. Raises GatewayFailure."""

    def ping(self) -> datetime | None:
        """Check the URL and the credentials. Returns the provider's time, if it says. Raises GatewayFailure."""
