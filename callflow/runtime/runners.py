"""Who carries out what was decided: threads of this process, or the hand that moves a virtual clock."""

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Thread

from callflow.runtime.worker_pool import Task, WakeTimer, WorkerPool, guarded
from callflow.service.dispatch import Dispatcher
from callflow.service.ports import StoreUnavailable
from callflow.service.reconcile import Reconciler
from callflow.service.unit_of_work import LEASE, Applied

POLL_SECONDS = 0.5
"""The longest sleep of the timekeeper: another process may have made something due that we were not told of."""
SENDERS = 8
"""Orders under way at once. A slow provider answer holds up one of them, never a webhook."""
LOOKERS = 8
"""Calls about which the provider is asked at once. One that is slow to answer holds up no deadline of another call."""
ASKERS = 8
"""Other systems asked at once (``lookup``). They are the slowest of all, and must not hold up an order to a leg."""
STOP_SECONDS = 10.0
LONG_AGO = datetime.min.replace(tzinfo=UTC)
FAULTY_FOR = timedelta(seconds=5)
"""So long a call is left alone after a fault of ours: the others' deadlines do not wait for it."""


SELDOM = timedelta(seconds=10)
TAKING_OVER = timedelta(seconds=30)
"""So long after its beginning a virtual world looks for orders that a process left behind which has died: longer than
any of their leases. Everything else that is due is announced by ``remind``."""


class Attached:
    """What every runner carries orders out with, from ``attach`` on."""

    dispatcher: Dispatcher | None = None
    reconciler: Reconciler | None = None

    def attach(self, dispatcher: Dispatcher, reconciler: Reconciler) -> None:
        self.dispatcher, self.reconciler = dispatcher, reconciler


class InlineRunner(Attached):
    """Keeps what was ordered until ``flush`` is called. For one thread: rehearsals and tests.

    ``schedule`` is told of every moment at which something is due; ``run_due`` is to be called then.
    """

    def __init__(self, schedule: Callable[[datetime], None] | None = None) -> None:
        self._tasks: deque[Task] = deque()
        self._schedule = schedule
        self._begun: datetime | None = None
        self._again = LONG_AGO

    def hand_over(self, applied: Applied) -> None:
        if self.dispatcher and self.reconciler:
            self._tasks.extend(task for _, _, task in _tasks(applied, self.dispatcher, self.reconciler))
            if applied.orders:
                self.remind(self.dispatcher.clock() + LEASE)  # one that could not be sent is free again then
        if applied.due is not None:
            self.remind(applied.due)

    def remind(self, at: datetime) -> None:
        if self._schedule:
            self._schedule(at)

    def flush(self) -> None:
        """Carry out everything ordered so far, and what that orders in turn. A fault of ours is for the test to see."""
        while self._tasks:
            with suppress(StoreUnavailable):
                self._tasks.popleft()()
        if self.dispatcher:
            with suppress(StoreUnavailable):
                self.dispatcher.settle()

    def tick(self) -> None:
        """Look after what is due now."""
        if self.dispatcher and self.reconciler:
            with suppress(StoreUnavailable):
                self.reconciler.run()
                self.dispatcher.send_due()
            self.flush()

    def run_due(self) -> None:
        """``tick``, and say when to look again, whatever happens until then."""
        if self.dispatcher is None:
            return
        self.tick()
        now = again = self.dispatcher.clock()
        self._begun = self._begun or now
        with suppress(StoreUnavailable):
            due = self.dispatcher.store.next_due()
            if due is not None:
                self.remind(due)
            if now > self._begun + TAKING_OVER:
                again = now + SELDOM
        if now >= self._again:  # one look leads to one more, or there would soon be as many as there are ticks
            self._again = again
            self.remind(again)


class ThreadRunner(Attached):
    """A timekeeper, and two crews: one sends orders, one asks the provider. ``start`` after ``attach``; then ``stop``.

    The timekeeper never waits for the provider, so a deadline of one call does not wait for the trouble of another.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._schedule_timer = WakeTimer(clock)
        self._senders = WorkerPool("sender", SENDERS)
        self._lookers = WorkerPool("looker", LOOKERS, one_each=True)
        self._askers = WorkerPool("asker", ASKERS, one_each=True)
        self._timekeeper = Thread(target=self._keep_time, name="callflow-timekeeper", daemon=True)
        self._faulty: dict[str, datetime] = {}

    def hand_over(self, applied: Applied) -> None:
        if self.dispatcher and self.reconciler:
            for kind, key, task in _tasks(applied, self.dispatcher, self.reconciler):
                self._pool(kind).put(key, task)
        if applied.due is not None:
            self._schedule_timer.set(applied.due)

    def _pool(self, kind: str) -> WorkerPool:
        return self._askers if kind == "lookup" else self._senders

    def remind(self, at: datetime) -> None:
        self._schedule_timer.set(at)

    def start(self) -> None:
        self._senders.start()
        self._lookers.start()
        self._askers.start()
        self._timekeeper.start()

    def stop(self) -> None:
        """Let everybody finish, within ``STOP_SECONDS``."""
        until = time.monotonic() + STOP_SECONDS
        self._schedule_timer.stop()
        if self._timekeeper.ident is not None:
            self._timekeeper.join(STOP_SECONDS)
        self._lookers.stop(until)
        self._askers.stop(until)
        self._senders.stop(until)
        if self.dispatcher:
            guarded(self.dispatcher.settle)

    def _keep_time(self) -> None:
        while not self._schedule_timer.stopped:
            guarded(self._run_due)
            self._schedule_timer.sleep(POLL_SECONDS)

    def _run_due(self) -> None:
        """See to everything that is due; what needs the provider is handed to a pool."""
        if self.dispatcher is None or self.reconciler is None:
            return
        for id in self.reconciler.due(len(self._lookers) + len(self._faulty)):
            if self._faulty.get(id, LONG_AGO) <= self._clock():
                self._faulty.pop(id, None)
                self._unless_faulty(id, partial(self._see_to, self.reconciler, id))
        for one in self.dispatcher.claim():
            self._pool(one.order.kind).put(one.order.id, partial(self.dispatcher.send, one.order, one.tries))
        due = self.dispatcher.store.next_due()
        if due is not None and due > self._clock():
            self._schedule_timer.set(due)

    def _see_to(self, reconciler: Reconciler, id: str) -> None:
        urgency = reconciler.must_ask(id)
        if urgency is None:
            reconciler.reconcile(id)
        else:
            self._lookers.put(id, partial(self._unless_faulty, id, partial(self._ask, reconciler, id)), urgency)

    def _ask(self, reconciler: Reconciler, id: str) -> None:
        reconciler.reconcile(id)
        self._schedule_timer.set(self._clock())  # what came due meanwhile was not seen to

    def _unless_faulty(self, id: str, task: Task) -> None:
        if not guarded(task):
            self._faulty[id] = self._clock() + FAULTY_FOR


def _tasks(applied: Applied, dispatcher: Dispatcher, reconciler: Reconciler) -> Iterator[tuple[str, Hashable, Task]]:
    """The kind of each task, its key and the deed."""
    for order in applied.orders:
        yield order.kind, order.id, partial(dispatcher.send, order)
    if applied.freed:
        yield "freed", object(), partial(reconciler.serve_waiting, applied.freed, applied.call.id)
