"""A call service with the threads of a real process, over any store and a provider that answers when it is let."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from callflow.runtime.metrics import Metrics
from callflow.runtime.runners import ThreadRunner
from callflow.runtime.troubles import TroubleLog
from callflow.service.call_service import CallService
from callflow.service.dispatch import Dispatcher
from callflow.service.ports import Change, GatewayFailure, LegReport, LegRequest, RingRequest
from callflow.service.reconcile import Reconciler
from tests.web.edge import SID, Edge

SOON = 10.0


def now() -> datetime:
    return datetime.now(UTC)


class Slow:
    """A provider that answers when it is let."""

    def __init__(self) -> None:
        self.answering = Event()
        self.answering.set()
        self.sent: list[LegRequest] = []

    def send(self, order: LegRequest) -> str:
        self.answering.wait(SOON)
        self.sent.append(order)
        return "CAnew" if isinstance(order, RingRequest) else order.sid

    def look_up(self, sid: str, room: str, account: str = "") -> LegReport:
        self.answering.wait(SOON)
        return LegReport(status="in-progress")

    def ping(self) -> None:
        raise GatewayFailure("not asked here")


class Running:
    """An edge whose orders and deadlines are carried out by threads."""

    def __init__(self, store: Any) -> None:
        self.provider, self.metrics = Slow(), Metrics()
        self.runner = ThreadRunner(now)
        self.store = store
        configurations = Edge().callflow.configurations
        self.calls = CallService(store=store, configurations=configurations, clock=now, runner=self.runner)
        troubles = TroubleLog(now)
        dispatcher = Dispatcher(store, self.provider, now, self.calls, self.metrics, troubles)
        self.runner.attach(dispatcher, Reconciler(store, self.provider, now, self.calls, self.metrics, troubles))
        self.runner.start()

    def call(self, id: str, **deadlines: float) -> None:
        """A talking call, begun by hand, with these deadlines so many seconds from now."""
        edge = Edge()
        edge.now = now() - timedelta(seconds=30)
        edge.talking()
        known = edge.call
        legs = (replace(known.caller, sid=f"{SID}{id}"), *known.legs[1:])
        moments = {name: now() + timedelta(seconds=seconds) for name, seconds in deadlines.items()}
        call = known.but(id=id, legs=legs, deadlines=moments, at=now())
        due = min(moments.values(), default=now() + timedelta(seconds=60))
        change = Change(call=call, before=None, due=due, lease_until=now())
        self.store.transact(lambda tx: tx.save(change))
        self.runner.remind(due)

    def fired(self, id: str, within: float = SOON) -> datetime:
        """When the call had no deadline any more."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            call = self.store.read(id)
            if not call.deadlines:
                return call.at  # type: ignore[no-any-return]
            time.sleep(0.002)
        raise AssertionError("the deadline did not fire")
