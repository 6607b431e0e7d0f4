"""Sending what was ordered: right after the commit by this process, by any worker if it died (design, section 8).

An order is at least once: a redirect may be repeated at will, because its address renders the leg's current place; a
repeated ring is recognised when the second phone is picked up.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from callflow.core.call import LegStatus
from callflow.core.events import LookupFailed
from callflow.core.stages import PlaceName
from callflow.service import lookups
from callflow.service.call_service import CallService
from callflow.service.faults import described
from callflow.service.ports import (
    Counters,
    Due,
    Gateway,
    GatewayFailure,
    LegRequest,
    LookupClient,
    LookupStepRequest,
    ProviderRequest,
    RedirectRequest,
    ReleaseRequest,
    RingRequest,
    Store,
)

log = logging.getLogger(__name__)
TRIES = 6
BACKOFF = timedelta(milliseconds=400)
LEASE = timedelta(seconds=15)


@dataclass(slots=True)
class Dispatcher:
    """Carries out orders one by one; the threads, or the virtual clock, that call it are the composition's."""

    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    calls: CallService
    counters: Counters
    lookup_client: LookupClient | None = None
    _done: deque[str] = field(default_factory=deque)
    """Carried out, and not yet crossed off in the store (``settle``)."""

    def send(self, order: ProviderRequest, tries: int = 0) -> None:
        """Carry out one order and settle it: done, gone, given up, or again later."""
        match order:
            case LookupStepRequest():
                self._look_up(order)
                self._done.append(order.id)
            case RingRequest() | RedirectRequest() | ReleaseRequest():
                self._send(order, tries)
            case _:
                assert_never(order)

    def _send(self, order: LegRequest, tries: int) -> None:
        if not self._still_wanted(order):
            self._called_off(order)
            self._done.append(order.id)
            return
        try:
            sid = self.gateway.send(order)
        except GatewayFailure as failure:
            self._failed(order, tries, failure)
            return
        except Exception as error:  # a bug of ours: as a failure it is tried again and given up, not for ever
            log.error("order failed: %s", described(error))
            self._failed(order, tries, GatewayFailure("a fault of ours", retry=True))
            return
        self.counters.count("provider_requests", order.kind, "done")
        if isinstance(order, RingRequest):
            self.calls.placed(order, sid)
        self._done.append(order.id)

    def settle(self) -> None:
        """Cross off what was carried out: many orders in one unit of work, for a commit each would cost as much as a
        webhook. Who dies before leaves orders that are done; taken over, most are no longer wanted, and to be sent
        twice is the lot of any order. Raises StoreUnavailable, and then nothing is forgotten.
        """
        done = [self._done.popleft() for _ in range(len(self._done))]
        try:
            if done:
                self.store.orders_done(done)
        except BaseException:
            self._done.extend(done)
            raise

    def send_due(self) -> int:
        """Carry out what ``claim`` finds; returns how many."""
        claimed = self.claim()
        for due in claimed:
            self.send(due.order, due.tries)
        return len(claimed)

    def claim(self) -> list[Due]:
        """Orders that nobody holds a lease on: those of a process that died, and those to be tried again."""
        self.settle()
        now = self.clock()
        return self.store.lease_orders(now, now + LEASE)

    def _look_up(self, order: LookupStepRequest) -> None:
        """Another system's answer is a fact like any other. None: the deadline of the step goes on without it."""
        call = self.store.read(order.call)
        if call is None or self.lookup_client is None or not lookups.waits_for(call, order.lookup):
            return
        configuration = self.calls.configurations.of(call.digest)
        found = lookups.answer(call, configuration, self.lookup_client, self.clock)
        self.counters.count("lookups", "failed" if isinstance(found, LookupFailed) else "answered")
        self.calls.report(order.call, lambda *_: [found])

    def _still_wanted(self, order: LegRequest) -> bool:
        """A ring called off before it was placed is not placed; a leg that came by itself is not disturbed."""
        call = self.store.recent(order.call)
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
            case _:
                assert_never(order)

    def _called_off(self, order: LegRequest) -> None:
        """A leg let go before its phone rang is over now: its person can be rung for somebody else at once."""
        call = self.store.recent(order.call)
        leg = call.leg(order.leg) if call else None
        if leg and isinstance(order, RingRequest) and leg.status is LegStatus.WANTED and leg.at(PlaceName.GONE):
            self.calls.leg_over(order.call, order.leg, "", "canceled")

    def _failed(self, order: LegRequest, tries: int, failure: GatewayFailure) -> None:
        self.counters.count("provider_requests", order.kind, "gone" if failure.gone else "failed")
        waiting = failure.after is not None and isinstance(order, RingRequest)
        if failure.retry and (tries < TRIES or waiting):
            wait = timedelta(seconds=failure.after) if failure.after is not None else BACKOFF * (2**tries)
            again = self.clock() + wait
            self.store.order_again(order.id, again)
            self.calls.runner.remind(again)
            return
        match order:
            case RingRequest():
                self.calls.leg_over(order.call, order.leg, "", "completed" if failure.gone else "failed")
            case RedirectRequest() | ReleaseRequest():
                if failure.gone:
                    self.calls.leg_over(order.call, order.leg, order.sid, "completed")
            case _:
                assert_never(order)
        self._done.append(order.id)
