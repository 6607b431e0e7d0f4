"""Sends requests to the provider: right after the commit, or later by any process if this one dies (design, section 8).

Each request is sent at least once. A redirect may be repeated, because its URL renders the leg's current place. A
repeated ring is recognised when the second call is answered.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import perf_counter
from typing import assert_never

from callflow.core import company
from callflow.core.call import Call, LegStatus
from callflow.core.events import LookupDone, LookupFailed
from callflow.core.evidence import RUNNING, Recorded
from callflow.core.flow.adjustments import ORDER
from callflow.core.stages import PlaceName
from callflow.service import lookups
from callflow.service.adjustments import Adjustments
from callflow.service.call_service import CallService
from callflow.service.faults import CALL, described
from callflow.service.lookup_client import LookupClient
from callflow.service.ports import (
    AnnounceRequest,
    Counters,
    Due,
    Gateway,
    GatewayFailure,
    LegRequest,
    LookupStepRequest,
    ProviderRequest,
    RecordRequest,
    RedirectRequest,
    ReleaseRequest,
    RingRequest,
    Store,
)
from callflow.service.troubles import Troubles, provider_refused

log = logging.getLogger(__name__)
TRIES = 6
PAUSE_TRIES = 3
"""Of a pause for card data: the lead waits to be told."""
ANNOUNCE_TRIES = 3
"""Whatever failed: the leg may still be on its way into the room. After these tries, somebody has probably come."""
BACKOFF = timedelta(milliseconds=400)
LEASE = timedelta(seconds=15)


@dataclass(slots=True, repr=False, eq=False)
class Dispatcher:
    """Carries out requests one by one. A runner (``callflow.runtime``) calls it, from several threads."""

    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    calls: CallService
    counters: Counters
    troubles: Troubles
    lookup_client: LookupClient | None = None
    adjustments: Adjustments | None = None
    _done: deque[str] = field(default_factory=deque)
    """Ids of requests that were carried out and are still in the store (see ``settle``)."""

    def send(self, order: ProviderRequest, tries: int = 0) -> None:
        """Carry out one order and settle it: done, gone, given up, or again later."""
        match order:
            case LookupStepRequest():
                self._look_up(order)
            case RingRequest() | RedirectRequest() | ReleaseRequest() | AnnounceRequest() | RecordRequest():
                self._send(order, tries)
            case _:
                assert_never(order)

    def _send(self, order: LegRequest, tries: int) -> None:
        if not self._still_wanted(order):
            self._called_off(order)
            if isinstance(order, RecordRequest) and tries:
                self._overtaken(order, tries)  # an earlier try may be carried out yet
            self._done.append(order.id)
            return
        began = perf_counter()
        try:
            sid = self.gateway.send(order)
            self.counters.observe("provider_request_duration_seconds", perf_counter() - began)
        except GatewayFailure as failure:
            self._failed(order, tries, failure)
            return
        except Exception as error:  # a bug; treated as a failure, so that it is given up after some tries
            log.error("order failed: %s", described(error))
            self._failed(order, tries, GatewayFailure("internal error", retry=True))
            return
        self.counters.count("provider_requests", order.kind, "done")
        if isinstance(order, RingRequest):
            self.calls.placed(order, sid)
        if isinstance(order, RecordRequest) and not self._overtaken(order, tries) and self._waits_for(order):
            self.calls.recording_paused(order.call)
        self._done.append(order.id)

    def _overtaken(self, order: RecordRequest, tries: int) -> bool:
        """A pause and a resume may be under way at once, and arrive in either order: what is wanted now counts."""
        call = self.store.recent(order.call)
        if call and order.change != "start" and order.change not in (wanted := _wanted(call)) and wanted:
            self._send(replace(order, change=wanted[-1]), tries)
            return True
        return False

    def _waits_for(self, order: RecordRequest) -> bool:
        """Whether a lead waits for this pause, to take card data."""
        call = self.store.recent(order.call)
        return bool(call and call.recording is Recorded.PAUSING and order.change == "pause")

    def settle(self) -> None:
        """Remove the requests that were carried out from the store.

        Many are removed in one unit of work, because a commit for each would cost as much as a webhook. If the process
        dies before that, another one sends them again, as far as they are still wanted. That is harmless, as any
        request may be sent twice. Raises StoreUnavailable; then they are removed by the next call.
        """
        if not self._done:
            return
        done = [self._done.popleft() for _ in range(len(self._done))]
        try:
            self.store.orders_done(done)
        except BaseException:
            self._done.extend(done)
            raise

    def send_due(self) -> int:
        """Carry out the requests that ``claim`` returns. Returns how many."""
        claimed = self.claim()
        for due in claimed:
            self.send(due.order, due.tries)
        return len(claimed)

    def claim(self) -> list[Due]:
        """Lease the requests that no process has leased: those of one that died, and those to be tried again."""
        self.settle()
        now = self.clock()
        return self.store.lease_orders(now, now + LEASE)

    def _look_up(self, order: LookupStepRequest) -> None:
        """Ask another system and apply its answer as an event. Does nothing if the caller no longer waits for it."""

        def answered(found: LookupDone | LookupFailed) -> None:
            self.counters.count("lookups", "failed" if isinstance(found, LookupFailed) else "answered")
            self.calls.report(order.call, lambda *_: [found])
            self._done.append(order.id)

        call = self.store.read(order.call)
        if call is None or not lookups.waits_for(call, order.lookup):
            self._done.append(order.id)
        elif ORDER in call.variables and self.adjustments:
            answered(self.adjustments.answer(call))
        elif self.lookup_client is None:
            self._done.append(order.id)
        else:
            lookups.look_up(call, self.calls.configurations.of(call.digest), self.lookup_client, self.clock, answered)

    def _still_wanted(self, order: LegRequest) -> bool:
        """Whether the request is still needed: not if the leg was released before, or has its document already."""
        call = self.store.recent(order.call)
        CALL.set(call.reference if call else "")
        leg = call.leg(order.leg) if call else None
        if leg is None or not leg.live:
            return False
        match order:
            case RingRequest():
                return leg.status is LegStatus.WANTED and leg.at(PlaceName.RINGING)
            case RedirectRequest():
                return leg.seen < order.token
            case ReleaseRequest():
                return True
            case RecordRequest():
                return call is not None and order.change in _wanted(call)
            case AnnounceRequest():
                return call is not None and company.alone(call) == leg
            case _:
                assert_never(order)

    def _called_off(self, order: LegRequest) -> None:
        """A leg that was released before its phone rang is over, so its person can be rung for another call at once."""
        call = self.store.recent(order.call)
        leg = call.leg(order.leg) if call else None
        if leg and isinstance(order, RingRequest) and leg.status is LegStatus.WANTED and leg.at(PlaceName.GONE):
            self.calls.leg_over(order.call, order.leg, "", "canceled")

    def _failed(self, order: LegRequest, tries: int, failure: GatewayFailure) -> None:
        self.counters.count("provider_requests", order.kind, "gone" if failure.gone else "failed")
        if not failure.gone:
            provider_refused(self.counters, self.troubles, order.kind, failure)
        waiting = failure.after is not None and isinstance(order, RingRequest)
        announced = isinstance(order, AnnounceRequest)
        paused = isinstance(order, RecordRequest) and self._waits_for(order)
        most = ANNOUNCE_TRIES if announced else PAUSE_TRIES if paused else TRIES
        if (failure.retry or announced) and (tries < most or waiting):
            wait = timedelta(seconds=failure.after) if failure.after is not None else BACKOFF * (2**tries)
            again = self.clock() + wait
            self.store.order_again(order.id, again)
            self.calls.runner.remind(again)
            return
        if isinstance(order, AnnounceRequest):
            pass  # the sound is lost, and nothing else
        elif failure.gone:
            self.calls.leg_over(order.call, order.leg, "" if isinstance(order, RingRequest) else order.sid, "completed")
        else:
            self.calls.refused(order, failure)
        self._done.append(order.id)


def _wanted(call: Call) -> tuple[str, ...]:
    """The changes of the recording that lead to what is wanted now, the one that says all of it last."""
    if call.recording not in RUNNING:
        return ()
    return "start", "resume" if call.recording is Recorded.ON else "pause"
