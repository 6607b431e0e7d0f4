"""One unit of work: decide on a loaded call and save the result in one transaction. Nothing is sent from inside it.

A webhook goes through ``call_service`` (load the call, read the events) to ``apply`` (decide, redact, save), and is
answered with the document of its leg's place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import assert_never

from callflow.core import command_diff
from callflow.core.call import Call, Leg, LegStatus, Role
from callflow.core.commands import (
    Announce,
    AnyCommand,
    ControlRecording,
    LegCommand,
    LookUp,
    RedirectLeg,
    ReleaseLeg,
    RingLeg,
)
from callflow.core.configuration import Configuration
from callflow.core.decide import SETTLE, decide
from callflow.core.earlier_layout import in_layout_3
from callflow.core.events import UNCOUNTED, Event, LegJoined, LegLost, Served, TimerFired
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.notes import Note, NoteKind
from callflow.core.places import ROLES_IN_ROOM, SELF_TIMED
from callflow.core.records import immutable
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer, TimerName
from callflow.core.timers import overdue
from callflow.service import presence, telephones
from callflow.service.claims import claim, position, supervisor
from callflow.service.entry_jobs import jobs_after
from callflow.service.faults import CALL
from callflow.service.follow_ups import BEGUN, EXTENDED, receipts_to_send
from callflow.service.moments import moment_of
from callflow.service.ports import (
    AnnounceRequest,
    Change,
    LegRequest,
    LookupStepRequest,
    ProviderRequest,
    RecordRequest,
    RedirectRequest,
    ReleaseRequest,
    RingRequest,
    Transaction,
)
from callflow.service.recordings import made
from callflow.service.redaction import redacted

LEASE = timedelta(seconds=15)
"""How long this process may take to send its requests before another one does."""
NEWS_SECONDS = 2.0
"""How long after a document's planned end its report should have arrived; otherwise it is late or lost."""
NEWS_OF_HOLD_SECONDS = 0.5
"""The same for a hold, whose deadline leaves no time to wait longer."""
EARLIER: Mapping[TimerName, timedelta] = MappingProxyType({
    name: timedelta(seconds=margin - (NEWS_OF_HOLD_SECONDS if name == Timer.HOLD else NEWS_SECONDS))
    for name, margin in MARGIN_SECONDS.items()
})  # fmt: skip
"""How long before a deadline the provider is asked about its leg. Until we know that a warning or a hold has ended, the
star key of the lead would cut short a warning that was heard in full, or end a hold that is over."""
AT_A_MENU = frozenset({Stage.CHOOSING, Stage.CONSULTING, Stage.INTRODUCING})
MENU_SECONDS = 1.2
"""How long whoever is left alone hears nothing. Most keys are pressed sooner, and the sound takes two requests."""
NEVER = datetime.max.replace(tzinfo=UTC)
HEARTBEAT = timedelta(seconds=60)
"""A live call is reconciled at least this often, because the provider does not repeat lost reports."""


@immutable
class Applied:
    """The call after a unit of work. ``orders`` are to be sent now; ``freed`` are people who can take waiting calls.

    ``away`` are those who have just missed one call too many. ``notes`` are the new entries of the journal.
    ``due`` is when the call must be reconciled next; None if nothing was saved, or the call has ended.
    """

    call: Call
    configuration: Configuration
    orders: Sequence[ProviderRequest] = ()
    freed: Sequence[str] = ()
    due: datetime | None = None
    away: Sequence[str] = ()
    notes: Sequence[Note] = ()


def apply(tx: Transaction, configuration: Configuration, call: Call, facts: Callable[[Call], Sequence[Event]],
          at: datetime, answering: str = "", *, new: bool = False, lease: timedelta = LEASE) -> Applied:  # fmt: skip
    """Decide on the events and on what follows from them, and save the result unless nothing changed.

    ``call`` is as ``tx`` loaded it, or is not stored yet (``new``). ``facts`` returns the events, given the call.
    ``answering`` is the leg whose webhook is answered with the document of its place, "" for a report. ``lease``: how
    long no other process sends the requests.
    """
    CALL.set(call.reference)
    before = None if new else call
    decided = _Decided(call, configuration)
    for event in _after_what_is_due(tx, decided, facts, at, bool(answering)):
        decided.add(event)
    claimed = claim(tx, decided.call, configuration, at)
    if claimed:
        decided.add(claimed)
    while decided.call.telling:
        decided.add(supervisor(tx, decided.call, configuration, at))
    asking = decided.call.leg(answering)
    if asking and asking.live and asking.seen != asking.token:
        decided.add(Served(at=at, leg=answering))
    if before and decided.nothing_since(before):
        return Applied(call, configuration)
    return _saved(tx, before, decided, at, answering, lease)


def _after_what_is_due(tx: Transaction, decided: "_Decided", facts: Callable[[Call], Sequence[Event]], at: datetime,
                       answering: bool) -> Sequence[Event]:  # fmt: skip
    """Apply what happened before these events, and return the events.

    After an outage, or if our clock is late, a deadline may have passed before the key that arrives now: it acts first.
    What a leg's own document did comes before both, as it happened at the latest when the document ended.
    """
    events = facts(decided.call)
    if events and (counted := position(tx, decided.call, at)):
        decided.add(counted)
    if not (events or answering) or min(decided.call.deadlines.values(), default=NEVER) > at:
        return events
    if any(isinstance(event, TimerFired) for event in events):
        return events
    late = overdue(decided.call, min([_happened(event) for event in events], default=at))
    if not late or (events and all(isinstance(event, UNCOUNTED) for event in events)):
        return events
    arrived = [event for event in events if isinstance(event, LegJoined) and event.token is not None]
    for event in arrived:
        decided.add(event)
    for name in late:
        decided.add(TimerFired(at=at, name=name))
    return [event for event in facts(decided.call) if not arrived or not isinstance(event, LegJoined)]


def _happened(event: Event) -> datetime:
    return event.ended_at if isinstance(event, LegLost) else event.at


@dataclass(slots=True, repr=False, eq=False)
class _Decided:
    """The call after the events so far, each event with the call before it, and the notes for the journal."""

    call: Call
    configuration: Configuration
    events: list[tuple[Call, Event]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def add(self, event: Event) -> None:
        decision = decide(self.call, event, self.configuration)
        self.events.append((self.call, event))
        self.call = decision.call
        self.notes += decision.notes

    def nothing_since(self, before: Call) -> bool:
        """Whether nothing but the clock has changed, as by a repeated report (F7). A timer is always saved."""
        if self.notes or any(isinstance(event, TimerFired) for _, event in self.events):
            return False
        now = self.call
        if now.stage is not before.stage or now.deadlines != before.deadlines or _documents(now) != _documents(before):
            return False  # most events; to compare whole calls takes longer
        return now == before or _essence(now) == _essence(before)


def _documents(call: Call) -> list[tuple[int, int]]:
    return [(leg.token, leg.seen) for leg in call.legs]


def _essence(call: Call) -> Call:
    """The call without its clocks."""
    legs = tuple(leg.but(since=call.started_at) for leg in call.legs)
    warnings = tuple(replace(one, talked_seconds=0.0) for one in call.warnings)
    return call.but(seq=0, at=call.started_at, legs=legs, warnings=warnings)


def _saved(tx: Transaction, before: Call | None, decided: _Decided, at: datetime, answering: str, lease: timedelta
           ) -> Applied:  # fmt: skip
    call, configuration = decided.call, decided.configuration
    orders = [order(call, configuration, command) for command in command_diff.commands(before, call, answering)]
    people = presence.moved(before, call, configuration)
    due = next_due(call, at)
    facts = tuple([redacted(then, event, configuration) for then, event in decided.events])
    recordings = made(call, decided.notes, at) if decided.notes else []
    follow_ups = [one for begun in BEGUN for one in begun(before, call, decided.notes, configuration)]
    for extended in EXTENDED if decided.notes else ():
        follow_ups += extended(tx.locked_follow_up, call, decided.notes, configuration)
    tx.save(Change(call=call, before=before, notes=decided.notes, orders=orders, people=people, due=due,
                   answered=presence.answered(before, call),
                   lease_until=at + lease, history=moment_of(before, call, facts, at, len(decided.notes)),
                   earlier=partial(in_layout_3, call, configuration), recordings=recordings,
                   follow_ups=follow_ups))  # fmt: skip
    for job in (*receipts_to_send(follow_ups, at), *jobs_after(call, configuration, decided.notes, recordings, at)):
        tx.defer(job)
    away = [note.actor for note in decided.notes if note.kind is NoteKind.AWAY]
    return Applied(call, configuration, orders, telephones.freed(people, configuration), due, away,
                   decided.notes)  # fmt: skip


def order(call: Call, configuration: Configuration, command: AnyCommand) -> ProviderRequest:
    """A command with the address it goes to."""
    match command:
        case LookUp(id=id, leg=leg, token=token, lookup=lookup):
            return LookupStepRequest(id=id, call=call.id, leg=leg, token=token, lookup=lookup)
        case Announce(id=id, leg=leg, token=token, sid=sid):
            wait = MENU_SECONDS if call.stage in AT_A_MENU else 0.0
            return AnnounceRequest(id=id, call=call.id, leg=leg, token=token, sid=sid, wait_seconds=wait,
                                   account=call.account)  # fmt: skip
        case ControlRecording(id=id, leg=leg, token=token, sid=sid, change=change):
            return RecordRequest(id=id, call=call.id, leg=leg, token=token, sid=sid, change=change,
                                 account=call.account)  # fmt: skip
        case RingLeg() | RedirectLeg() | ReleaseLeg():
            return leg_order(call, configuration, command)
        case _:
            assert_never(command)


def leg_order(call: Call, configuration: Configuration, command: LegCommand) -> LegRequest:
    """The same for a command about a leg."""
    id, leg, token = command.id, command.leg, command.token
    known = call.leg(leg)
    listens = known is not None and known.role is Role.LISTENER
    match command:
        case RingLeg(person="", ring_seconds=seconds):  # a customer, whom we call
            return RingRequest(id=id, call=call.id, leg=leg, token=token, to=call.number, ring_seconds=seconds,
                               caller_id=configuration.shown_by(call.account, call.called),
                               account=call.account)  # fmt: skip
        case RingLeg(person=person, ring_seconds=seconds):
            rung = configuration.person(person)
            return RingRequest(id=id, call=call.id, leg=leg, token=token, to=rung.phone, extension=rung.extension,
                               caller_id=configuration.shown_by(call.account, call.called), account=call.account,
                               caller=call.number if call.call_token else "",
                               call_token=call.call_token, ring_seconds=seconds, listens=listens)  # fmt: skip
        case RedirectLeg(sid=sid):
            return RedirectRequest(id=id, call=call.id, leg=leg, token=token, sid=sid, account=call.account,
                                   listens=listens)  # fmt: skip
        case ReleaseLeg(sid=sid):
            return ReleaseRequest(id=id, call=call.id, leg=leg, token=token, sid=sid, account=call.account)
        case _:
            assert_never(command)


def next_due(call: Call, at: datetime) -> datetime | None:
    """When the call must be reconciled next: at a deadline, for a leg that is late, or at the heartbeat."""
    if call.stage is Stage.ENDED:
        return None
    moments = [*call.deadlines.values(), at + HEARTBEAT]
    moments += [early for early in earlier(call) if early > at]
    if any(leg.status is not LegStatus.WANTED for leg in command_diff.overdue(call)):
        moments.append(at + SETTLE)
    return min(moments)


def earlier(call: Call) -> list[datetime]:
    """The times, before deadlines, at which the provider is asked about legs whose document should have ended."""
    return [due - EARLIER[name] for name, due in call.deadlines.items() if name in EARLIER]


def unreported(call: Call, at: datetime) -> list[Leg]:
    """The legs in documents that end by themselves, if the end of one should have been reported by now.

    The lead's document ends with the caller's, so the provider is asked about both.
    """
    if min((*call.deadlines.values(), *earlier(call)), default=NEVER) > at:
        return []
    waited_for = any(leg.place.name in SELF_TIMED for leg in call.legs)
    return [leg for leg in call.legs if waited_for and not leg.in_room and leg.role in ROLES_IN_ROOM and asked(leg)]


def asked(leg: Leg) -> bool:
    """Whether the provider can be asked about this leg."""
    return leg.status in (LegStatus.UP, LegStatus.RINGING) and bool(leg.sid)


def lagging(call: Call, at: datetime) -> list[Leg]:
    """The legs that should have fetched their document by now."""
    return [leg for leg in command_diff.overdue(call) if leg.since + SETTLE <= at]
