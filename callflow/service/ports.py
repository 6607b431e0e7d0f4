"""The seams: what the service needs of the world. Each is implemented elsewhere and has one contract test class."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol, TypeVar

from callflow.core.call import Call
from callflow.core.configuration import LookupRules
from callflow.core.evidence import CallBack
from callflow.core.notes import Note
from callflow.service.moments import Moment

T = TypeVar("T")


class Presence(StrEnum):
    FREE = "free"
    RUNG = "rung"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    COOL_DOWN = "cool_down"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPresence:
    """What a person is doing, since when, for which call. Past ``until`` (cool-down, wrap-up) the person is free."""

    person: str
    presence: Presence = Presence.FREE
    call: str = ""
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """A command ready to be sent. ``id`` is the command's own, and ``kind`` tells requests apart in stored orders.

    Stored orders leave out fields that have their default, so the defaults are part of the stored layout.
    """

    kind: ClassVar[str]
    id: str
    call: str
    leg: str
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRequest(_Request):
    """Call a person. ``to`` and ``caller_id`` are E.164."""

    kind: ClassVar[str] = "ring"
    to: str = ""
    caller_id: str = ""
    ring_seconds: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectRequest(_Request):
    """Make a leg fetch its document. ``sid`` is the leg's provider id."""

    kind: ClassVar[str] = "redirect"
    sid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest(_Request):
    """End a leg. ``sid`` is its provider id."""

    kind: ClassVar[str] = "release"
    sid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupStepRequest(_Request):
    """Ask another system for the step that waits for ``lookup`` (``Call.lookup``)."""

    kind: ClassVar[str] = "lookup"
    lookup: str = ""


LegRequest = RingRequest | RedirectRequest | ReleaseRequest
"""What the telephony provider carries out."""
ProviderRequest = LegRequest | LookupStepRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An order claimed for sending; ``tries`` counts the attempts before this one."""

    row: int
    order: ProviderRequest
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A journal entry as stored: ``seq`` counts from 1 in each call, without a gap; ``at`` is UTC."""

    seq: int
    at: datetime
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Everything one event changed; saved together or not at all.

    ``due`` is when the call wants to be looked at again (its earliest deadline), None when never. ``orders`` are
    leased to this process until ``lease_until``: it sends them right after the commit, a worker does if it died.
    """

    call: Call
    before: Call | None
    notes: Sequence[Note] = ()
    orders: Sequence[ProviderRequest] = ()
    people: Sequence[PersonPresence] = ()
    due: datetime | None = None
    lease_until: datetime
    call_back: CallBack | None = None
    """Set when the call's promise of a call back is new or changed."""
    history: Moment | None = None
    """What was applied, to be kept beside the journal; None for a change that comes of no fact (tests, migrations)."""


class Transaction(Protocol):
    """One unit of work. Everything read with ``load`` is ours until the commit: no other webhook can decide on it."""

    def load(self, call: str) -> Call | None:
        """The call by its id, locked; None when there is none."""

    def save(self, change: Change) -> None:
        """Write the call, append its notes to the journal, add its orders, move its people, keep its call back.

        A call whose ``before`` is None is new. The place in the waiting line follows ``call.search``: a call with a
        search of group "agents" (or "supervisors" in stage WAITING) stands in line for ``search.team``, but not while
        somebody is being rung for it.
        """

    def presence(self, people: Iterable[str], now: datetime) -> list[PersonPresence]:
        """Where these people are, unknown ones being free since 1970; locked, so that a claim in this unit holds."""

    def waiting_before(self, call: Call) -> int:
        """How many calls stand in the same line (team and group) before this one: higher priority, or earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """Somebody (or the directory itself) made a configuration the one that new calls begin with."""

    digest: str
    at: datetime
    by: str


class Versions(Protocol):
    """Every configuration that was ever taken up, and who made it the current one when. Nothing is forgotten."""

    def keep_configuration(self, digest: str, files: Mapping[str, str], at: datetime) -> None:
        """Store the text of its files by path; a digest that is known already is left as it is."""

    def configuration(self, digest: str) -> Mapping[str, str] | None:
        """The files of a configuration, None if it was never kept."""

    def configurations(self) -> list[tuple[str, datetime]]:
        """(digest, when it was first kept), newest first."""

    def activate(self, digest: str, at: datetime, by: str) -> None:
        """From now on new calls begin with this one."""

    def activations(self) -> list[Activation]:
        """Newest first; the first is in force."""


class Store(Versions, Protocol):
    def transact(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one durable transaction and return what it returned, after the commit.

        ``work`` may be run again after a lost race, so it must not touch the world. Exceptions roll back and come out.
        """

    def read(self, call: str) -> Call | None:
        """The call as last committed, not locked."""

    def recent(self, call: str) -> Call | None:
        """The call as this process last met it: cheaper than ``read``; what another process wrote may be missing."""

    def journal(self, call: str) -> list[Entry]:
        """The call's journal, oldest first."""

    def history(self, call: str) -> list[Moment]:
        """What the call was told, oldest first: with its configuration it can be lived through again."""

    def calls(self, live: bool = True, limit: int = 1000) -> list[Call]:
        """Live calls (or all), newest first."""

    def find(self, reference: str) -> Call | None:
        """The newest call with this spoken reference; looks through all there are, so not for the hot path."""

    def due_calls(self, now: datetime, limit: int = 100) -> list[str]:
        """Ids of calls whose ``due`` has come."""

    def next_due(self) -> datetime | None:
        """The earliest ``due`` of any call, None when nothing is pending."""

    def lease_orders(self, now: datetime, until: datetime, limit: int = 50) -> list[Due]:
        """Claim orders nobody holds a lease on, oldest first, for this process until ``until``."""

    def orders_done(self, ids: Collection[str]) -> None:
        """The orders with these command ids were carried out, or can never be: forget them."""

    def order_again(self, id: str, at: datetime) -> None:
        """Try this order again at ``at`` (its lease ends then); counts one try."""

    def waiting(self, team: str | None = None) -> list[str]:
        """Ids of the calls in line (of a team), first come first."""

    def people(self, now: datetime) -> list[PersonPresence]:
        """Everybody who has ever been claimed, with lapsed breaks shown as free."""

    def call_backs(self) -> list[tuple[str, CallBack]]:
        """Promises not kept yet: (call id, promise), earliest due first."""

    def ping(self) -> None:
        """Raise StoreUnavailable when the database cannot be used."""

    def close(self) -> None: ...


class StoreUnavailable(Exception):
    """The database cannot be reached or written: webhooks answer with the safe document (design, section 3)."""


class GatewayFailure(Exception):
    """An order was not carried out. ``gone``: the leg is over. ``retry``: the same order may succeed later."""

    def __init__(self, reason: str, *, retry: bool = False, gone: bool = False, after: float | None = None) -> None:
        super().__init__(reason)
        self.retry = retry
        self.gone = gone
        self.after = after
        """Seconds the provider asked us to wait, if it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegReport:
    """What the provider says of a leg when asked: its call status, and whether it sits in the call's room."""

    status: str
    in_room: bool = False
    joined_at: datetime | None = None
    label: str = ""


class Gateway(Protocol):
    def send(self, order: LegRequest) -> str:
        """Carry out an order; returns the leg's provider id. Raises GatewayFailure."""

    def look_up(self, sid: str, room: str) -> LegReport:
        """Ask about a leg: for repair. Raises GatewayFailure."""

    def ping(self) -> None:
        """See that address and credentials are good. Raises GatewayFailure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRequest:
    """A request to another system. ``headers`` are names of environment variables, never their values.

    ``seconds`` bounds all ``tries`` together.
    """

    method: str
    url: str = field(repr=False)  # may hold what a caller typed
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    seconds: float
    tries: int = 1


class LookupFailure(Exception):
    """No answer that can be used. The text is a few words for the journal, never a quotation."""


class LookupClient(Protocol):
    def ask(self, question: LookupRequest, rules: LookupRules) -> bytes:
        """The body of the answer. Raises LookupFailure, also for an address that may not be reached."""


class Counters(Protocol):
    """What operations want to count. ``runtime.metrics`` lists the names and their labels."""

    def count(self, name: str, *labels: str) -> None:
        """One more; ``labels`` are values of the metric's labels, never numbers or words of callers."""
