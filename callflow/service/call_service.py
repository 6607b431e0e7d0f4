"""The use cases of a live call: it begins, a leg requests a document or answers one, the network reports, time passes.

Each is one transaction. The resulting requests go to the runner right after the commit.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from callflow.core import company
from callflow.core.call import CALLER, Call, Leg, LegStatus
from callflow.core.configuration import Configuration
from callflow.core.decide import new_call
from callflow.core.events import (
    NOT_REPORTED,
    CallStarted,
    Event,
    LegAnswered,
    LegJoined,
    LegLost,
    LegNotReached,
    RecordingPaused,
    RequestRefused,
    RingPlaced,
    SearchRenewed,
    ServerStarted,
    TimerFired,
)
from callflow.core.lost_moments import is_lost
from callflow.core.records import immutable
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer
from callflow.service.closed_flows import none_closed, with_closings
from callflow.service.configurations import Configurations
from callflow.service.node_clock import source_of
from callflow.service.ports import GatewayFailure, LegRequest, RingRequest, Store, StoreUnavailable, Transaction
from callflow.service.recognising import recognise
from callflow.service.unit_of_work import LEASE, Applied, apply, unreported

T = TypeVar("T")
Clock = Callable[[], datetime]
ANYONE = "anyone"
"""Used instead of a leg's id: the leg with the provider id of the request. For documents made without the call."""


class Runner(Protocol):
    """Carries out what follows a commit: requests to the provider, calls for people who became free, deadlines."""

    def hand_over(self, applied: Applied) -> None: ...

    def ask_about(self, call: str) -> None:
        """Ask the provider about the call's documents that should have ended, and wait for the answer, but not long."""

    def remind(self, at: datetime) -> None:
        """Call the reconciler at this time."""

    def look_again(self) -> None:
        """The store is away: look at every call when it is back."""


@immutable
class Reply:
    """The reply to a leg's webhook: the document of the leg's place. ``leg`` is None if the leg is unknown.

    ``duplicate``: this is a second phone call for a leg that has one already, and must be hung up politely.
    """

    call: Call | None
    leg: Leg | None
    configuration: Configuration
    duplicate: bool = False


Facts = Callable[[Call, Leg, Configuration, datetime], Sequence[Event]]
"""Returns the events of a webhook, given the present call (``telephony.callbacks``)."""


@immutable
class CallService:
    store: Store
    configurations: Configurations
    clock: Clock
    runner: Runner
    closed: Callable[[datetime], tuple[str, ...]] = none_closed
    """The flows that are closed by hand at a time (``ClosedFlows``)."""

    def begin(self, call: str, reference: str, sid: str, number: str, called: str, account: str = "",
              call_token: str = "") -> Reply:  # fmt: skip
        """Begin an inbound call of this account. A repeated request has no effect (F7). Raises KeyError if ``called``
        has no flow.

        ``call_token`` is kept if staff are to see the caller's number.
        """
        configuration, at = self.configurations.current, self.clock()
        flow, closed = configuration.numbers[called], self.closed(at)

        def work(tx: Transaction) -> Applied:
            known, recognised = recognise(tx, call, number, at)
            if known:
                return apply(tx, self.configurations.of(known.digest), known, lambda now: (), at, CALLER)
            started = CallStarted(at=at, sid=sid, number=number, called=called, closed=closed,
                                  recognised=recognised, clock=source_of(self.clock))  # fmt: skip
            new = new_call(call, started, reference=reference, flow=flow, digest=configuration.digest,
                           language=configuration.language, account=account,
                           call_token=call_token if configuration.show_caller_number and number else "")  # fmt: skip
            return apply(tx, configuration, new, lambda now: [started], at, CALLER, new=True)

        return self._reply(self._stored(work), CALLER)

    def document(self, call: str, leg: str, sid: str, facts: Facts) -> Reply:
        """A leg requests its document, perhaps with an answer. An unknown phone call for a leg is a duplicate."""
        at = self.clock()
        closed = self.closed(at)

        def work(tx: Transaction, known: Call) -> Applied:
            configuration, found = self.configurations.of(known.digest), _named(known, leg, sid)
            if not found or _is_duplicate(found, sid):
                return Applied(known, configuration)
            events = with_closings(partial(_of_leg, found.id, facts, configuration, at), closed, at)
            return apply(tx, configuration, known, events, at, found.id)

        applied = self._decided(call, at, work)
        if applied is None:
            return Reply(None, None, self.configurations.current)
        found = _named(applied.call, leg, sid)
        if found and _is_duplicate(found, sid):
            return Reply(applied.call, found, applied.configuration, duplicate=True)
        return self._reply(applied, found.id if found else leg)

    def alone(self, call: str, leg: str) -> Leg | None:
        """The leg, if it is alone in the room now. None also while the store is away: only a sound is lost."""
        try:
            known = self.store.recent(call)
        except StoreUnavailable:
            return None
        found = company.alone(known) if known else None
        return found if found and found.id == leg else None

    def report(self, call: str, facts: Callable[[Call, datetime], Sequence[Event]], *, ask: bool = False
               ) -> Call | None:  # fmt: skip
        """Apply events that need no document: a leg's status, an arrival, a deadline. Returns the call afterwards.

        ``ask``: see ``_decided``.
        """
        return self.found(call, lambda tx, now, at: facts(now, at), ask=ask)

    def found(self, call: str, facts: Callable[[Transaction, Call, datetime], Sequence[Event]], *, ask: bool = False,
              lease: timedelta = LEASE) -> Call | None:  # fmt: skip
        """The same for events that depend on what else is stored. ``lease``: see ``unit_of_work.apply``."""
        at = self.clock()
        closed = self.closed(at)

        def work(tx: Transaction, known: Call) -> Applied:
            events = with_closings(lambda now: facts(tx, now, at), closed, at)
            return apply(tx, self.configurations.of(known.digest), known, events, at, lease=lease)

        applied = self._decided(call, at, work, ask=ask)
        if applied is None:
            return None
        self.runner.hand_over(applied)
        return applied.call

    def _decided(self, call: str, at: datetime, work: Callable[[Transaction, Call], Applied], *, ask: bool = True
                 ) -> Applied | None:  # fmt: skip
        """Run ``work`` in a transaction; None if the call is unknown. Never asks the provider inside of it.

        With ``ask`` the provider is asked first if a document should have ended and we were not told: after an outage
        the key that arrives now would else stop a hold or a warning that is over.
        """

        def unit(tx: Transaction, unasked: bool) -> Applied | Call | None:
            known = tx.load(call)
            if not known:
                return None
            return known if unasked and unreported(known, at) else work(tx, known)

        done = self._stored(partial(unit, unasked=ask))
        if not isinstance(done, Call):
            return done
        self.runner.ask_about(call)
        again = self._stored(partial(unit, unasked=False))
        assert not isinstance(again, Call)
        return again

    def _stored(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in a transaction. What is not stored now is found by looking at every call afterwards."""
        try:
            return self.store.transact(work)
        except StoreUnavailable:
            self.runner.look_again()
            raise

    def fire(self, call: str) -> Call | None:
        """Fire every deadline of the call that has passed; if none has, the heartbeat, which only moves its clock."""
        return self.report(call, lambda now, at: [
            TimerFired(at=at, name=name) for due, name in sorted((due, name) for name, due in now.deadlines.items())
            if due <= at
        ] or [TimerFired(at=at, name=Timer.HEARTBEAT)])  # fmt: skip

    def started(self, call: str) -> None:
        """This process has just started, and has asked the provider about the call. Matters to a closing only."""
        self.report(call, lambda now, at: [ServerStarted(at=at)] if now.stage is Stage.CLOSING else ())

    def search_again(self, call: str) -> None:
        """Somebody became free: end the pause between two searches and search again."""
        self.report(call, lambda now, at: [SearchRenewed(at=at)] if Timer.SEARCH in now.deadlines else ())

    def leg_over(self, call: str, leg: str, sid: str, status: str, *, ask: bool = False) -> None:
        """The network reported that a leg is over. A leg that was never answered was not reached."""
        self.report(call, lambda now, at: _over(now, leg, sid, status, at), ask=ask)

    def leg_found_over(self, call: str, leg: str, sid: str, ended_at: datetime | None) -> None:
        """A leg is over, as we know only because we asked. So nobody knows who ended it."""
        self.report(call, lambda now, at: _over(now, leg, sid, NOT_REPORTED, at, ended_at or now.at))

    def refused(self, order: LegRequest, failure: GatewayFailure) -> None:
        """The provider refused a request for good, or too often."""
        self.report(order.call, lambda now, at: _refused(now, order, failure, at))

    def leg_in_room(self, call: str, sid: str, label: str, joined_at: datetime | None = None) -> bool:
        """A leg is in the room, since ``joined_at`` if we had to ask. ``label`` names the document that brought it.

        False if the call is not known."""
        return self.report(call, lambda now, at: joined(now, sid, label, at, joined_at or at)) is not None

    def recording_paused(self, call: str) -> None:
        """The provider has paused the recording, as a person asked for card data."""
        self.report(call, lambda now, at: [RecordingPaused(at=at)])

    def placed(self, order: RingRequest, sid: str) -> None:
        """An outgoing call was placed: the leg has a provider id now, and can be released if necessary."""
        self.report(order.call, lambda now, at: _rung(now, order.leg, sid, at))

    def _reply(self, applied: Applied, leg: str) -> Reply:
        self.runner.hand_over(applied)
        return Reply(applied.call, applied.call.leg(leg), applied.configuration)


def _of_leg(leg: str, facts: Facts, configuration: Configuration, at: datetime, call: Call) -> Sequence[Event]:
    found = call.leg(leg)
    return facts(call, found, configuration, at) if found else ()


def _named(call: Call, leg: str, sid: str) -> Leg | None:
    if leg == ANYONE:
        return next((one for one in call.legs if sid and one.sid == sid), None)
    return call.leg(leg)


def _is_duplicate(leg: Leg, sid: str) -> bool:
    """Whether the request is from a second phone call for a leg that has been answered, because of a repeated request.

    A request without a provider id counts as the leg's own: a missing parameter must not hang up on anybody.
    """
    return bool(sid and leg.sid and leg.sid != sid) and leg.status in (LegStatus.UP, LegStatus.GONE)


def _rung(call: Call, leg: str, sid: str, at: datetime) -> Sequence[Event]:
    """The event for an outgoing call that was placed; none if the leg answered before the provider's reply."""
    found = call.leg(leg)
    if not found or found.sid or found.status is not LegStatus.WANTED:
        return ()
    return [RingPlaced(at=at, leg=leg, sid=sid)]


def _over(call: Call, leg: str, sid: str, status: str, at: datetime, ended_at: datetime | None = None
          ) -> Sequence[Event]:  # fmt: skip
    found = call.leg(leg)
    if not found or not found.live or (found.sid and found.sid != sid):
        return ()
    if found.status is LegStatus.UP:
        late = max(0.0, (at - ended_at).total_seconds()) if ended_at else 0.0
        return [LegLost(at=at, leg=leg, status=status, late_seconds=late)]
    return [LegNotReached(at=at, leg=leg, status=status)]


def _refused(call: Call, order: LegRequest, failure: GatewayFailure, at: datetime) -> Sequence[Event]:
    """The event for a refused request; none if the leg is over, or answered after an earlier try to ring it."""
    leg = call.leg(order.leg)
    if not leg or not leg.live or (isinstance(order, RingRequest) and leg.status is not LegStatus.WANTED):
        return ()
    code = failure.code or "failed"
    return [RequestRefused(at=at, leg=leg.id, request=order.name, code=code, lasting=not failure.retry)]


def joined(call: Call, sid: str, label: str, at: datetime, since: datetime) -> Sequence[Event]:
    """The event for an arrival in the room. Without a label, a stateless fallback brought the leg there."""
    found = next((leg for leg in call.legs if leg.sid == sid), None)
    if not found or not found.live:
        return ()
    leg, _, token = label.rpartition("-")
    known = int(token) if leg == found.id and token.isdecimal() else None
    late = (at - since).total_seconds()
    if known is not None and is_lost(known, found.token):  # the database has lost the latest moments of the call
        answered = [] if found.status is LegStatus.UP else [LegAnswered(at=at, leg=found.id, sid=sid)]
        return [*answered, LegJoined(at=since, leg=found.id, token=None, late_seconds=late, lost_token=known)]
    if known is None and found.seen < found.token and not found.in_room:
        return ()  # a repeated report: the leg's document is on its way already
    return [LegJoined(at=since, leg=found.id, token=known, late_seconds=late)]
