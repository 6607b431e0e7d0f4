"""Runners carry out what was decided: on threads of this process, or on one thread with a virtual clock."""

import heapq
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event as Flag
from threading import Thread

from callflow.runtime.worker_pool import Task, WakeTimer, WorkerPool, guarded
from callflow.service.dispatch import Dispatcher
from callflow.service.lost_callers import LOOK_EVERY, LostCallers
from callflow.service.observing import observe
from callflow.service.ports import StoreUnavailable
from callflow.service.reconcile import NEVER, Reconciler, Urgency
from callflow.service.unit_of_work import LEASE, Applied

POLL_SECONDS = 0.5
"""The longest sleep of the timekeeper, because another process may have made something due."""
TOGETHER = timedelta(seconds=0.25)
"""Requests that wait (for a sound, which most calls need no more when it is due) are claimed at multiples of this. To
claim one takes two commits, which many share then: 30 us less a webhook under full load."""
SOON = timedelta(seconds=1)
"""The timekeeper is told of what is due within this time. Of anything later it learns from the store when it polls,
because most deadlines are replaced before they are due, and none of those needs to wake it."""
SENDERS = 8
"""Requests sent to the provider at once. A slow answer delays one of them, never a webhook."""
RECONCILERS = 8
"""Calls about which the provider is asked at once. A slow answer does not delay the deadlines of other calls."""
LOOKUPS = 8
"""Lookups in other systems at once. They are the slowest requests, and must not delay those to the provider."""
FIRST_LOOK_SECONDS = 1.0
"""Until a server asks the provider who waits alone. Its client takes 100 ms to import; webhooks come first."""
STOP_SECONDS = 10.0
ASK_SECONDS = 2.0
"""How long a webhook waits for what the provider says about documents that should have ended."""
ASK_AGAIN_SECONDS = 0.02
LONG_AGO = datetime.min.replace(tzinfo=UTC)
FAULTY_FOR = timedelta(seconds=5)
"""How long a call is not reconciled after an exception, so that the deadlines of others do not wait for it."""
TAKING_OVER = timedelta(seconds=30)
"""How long a virtual world polls for requests of a process that died: longer than their leases. Everything else that is
due is announced by ``remind``, and callers whose call is lost are looked for now and then."""


class Attached:
    """The base of runners: what they call, set by ``attach``."""

    dispatcher: Dispatcher | None = None
    reconciler: Reconciler | None = None
    lost_callers: LostCallers | None = None

    def attach(self, dispatcher: Dispatcher, reconciler: Reconciler, lost_callers: LostCallers | None = None) -> None:
        self.dispatcher, self.reconciler, self.lost_callers = dispatcher, reconciler, lost_callers

    def look_again(self) -> None:
        """The store is away: look at every call when it is back, and for callers whose call it has lost."""
        if self.reconciler:
            self.reconciler.look_again()
            self.remind(self.reconciler.next_look)
        if self.lost_callers:
            self.lost_callers.reported()

    def remind(self, at: datetime) -> None:
        raise NotImplementedError

    def note(self, applied: Applied) -> None:
        if applied.notes and self.dispatcher:
            observe(applied, self.dispatcher.counters)


class InlineRunner(Attached):
    """Collects tasks until ``flush`` is called. For rehearsals and tests, on one thread.

    ``schedule`` is called with the next time at which something is due; ``run_due`` must be called at that time.
    """

    def __init__(self, schedule: Callable[[datetime], None] | None = None) -> None:
        self._tasks: deque[Task] = deque()
        self._schedule = schedule
        self._next: datetime | None = None
        """For when the next ``run_due`` is scheduled."""
        self._reminders: list[datetime] = []
        """Times of which the store does not tell, the earliest first."""
        self._begun: datetime | None = None
        self._again = LONG_AGO

    def hand_over(self, applied: Applied) -> None:
        self.note(applied)
        if self.dispatcher and self.reconciler:
            for at in _later(applied):
                self.remind(at)
            self._tasks.extend(task for _, _, task in _tasks(applied, self.dispatcher, self.reconciler))
        if applied.due is not None:
            self._run_by(applied.due)

    def ask_about(self, call: str) -> None:
        if self.reconciler:
            self.reconciler.ask_about(call)

    def remind(self, at: datetime) -> None:
        heapq.heappush(self._reminders, at)
        self._run_by(at)

    def _run_by(self, at: datetime) -> None:
        """Have ``run_due`` called at this time, or before it: then the store is asked for the next one."""
        if self._schedule and (self._next is None or at < self._next):
            self._next = at
            self._schedule(at)

    @property
    def waits(self) -> bool:
        """Whether there are tasks for ``flush``."""
        return bool(self._tasks)

    def flush(self) -> None:
        """Carry out the collected tasks, and those that follow from them. Exceptions propagate, for tests to see."""
        while self._tasks:
            try:
                self._tasks.popleft()()
            except StoreUnavailable:
                if self.dispatcher:
                    self.remind(self.dispatcher.clock() + LEASE)  # then another try can be claimed
        if self.dispatcher:
            with suppress(StoreUnavailable):
                self.dispatcher.settle()

    def tick(self) -> None:
        """Carry out what is due now."""
        if self.dispatcher and self.reconciler:
            try:
                self.reconciler.run()
                self.dispatcher.send_due()
                if self.lost_callers and self.lost_callers.due():
                    self.lost_callers.look()
            except StoreUnavailable:
                self.look_again()
            self.flush()

    def run_due(self) -> None:
        """``tick`` if anything is due, and schedule the next time. Most deadlines are replaced before they are due."""
        if self.dispatcher is None:
            return
        now = self.dispatcher.clock()
        reminded, self._next = self._begun is None, None
        while self._reminders and self._reminders[0] <= now:
            heapq.heappop(self._reminders)
            reminded = True
        if reminded or self._first_due(now) <= now:
            self.tick()
        self._begun = self._begun or now
        due = self._first_due(now)
        if self.reconciler and self.reconciler.next_look != NEVER:
            heapq.heappush(self._reminders, self.reconciler.next_look)
        if now >= self._again:  # at most one poll is scheduled, or each tick would add another one
            self._again = now + LOOK_EVERY if now > self._begun + TAKING_OVER and due > now else now
            heapq.heappush(self._reminders, self._again)
        soonest = min(due, *self._reminders[:1])
        if soonest != NEVER:
            self._run_by(soonest)

    def _first_due(self, now: datetime) -> datetime:
        """The time of the first deadline in the store; now, if the store is away."""
        try:
            return (self.dispatcher and self.dispatcher.store.next_due()) or NEVER
        except StoreUnavailable:
            return now


class ThreadRunner(Attached):
    """A timekeeper thread and three pools: for requests, repair and lookups. Call ``attach``, ``start``, then ``stop``.
    The timekeeper never waits for the provider, so one call's deadline is not delayed by the requests of another.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._schedule_timer = WakeTimer(clock)
        self._senders = WorkerPool("sender", SENDERS)
        self._reconcilers = WorkerPool("reconciler", RECONCILERS, one_each=True)
        self._lookups = WorkerPool("lookup", LOOKUPS, one_each=True)
        self._timekeeper = Thread(target=self._keep_time, name="callflow-timekeeper", daemon=True)
        self._faulty: dict[str, datetime] = {}
        self._looks_after = time.monotonic() + FIRST_LOOK_SECONDS

    def hand_over(self, applied: Applied) -> None:
        self.note(applied)
        if self.dispatcher and self.reconciler:
            for at in _later(applied):
                self.remind(at + (LONG_AGO - at) % TOGETHER)
            for kind, key, task in _tasks(applied, self.dispatcher, self.reconciler):
                self._pool(kind).put(key, task)
        if applied.due is not None and applied.due <= applied.call.at + SOON:
            self._schedule_timer.set(applied.due)

    def ask_about(self, call: str) -> None:
        """Ask in the pool, in the order of urgency, because a webhook must not wait for a slow provider."""
        if self.reconciler is None:
            return
        asked, until = Flag(), time.monotonic() + ASK_SECONDS
        task = partial(_and_then, partial(self.reconciler.ask_about, call), asked.set)
        while not self._reconcilers.put(call, task) and time.monotonic() < until:
            time.sleep(ASK_AGAIN_SECONDS)  # another thread is asking about this call
        asked.wait(max(0.0, until - time.monotonic()))

    def _pool(self, kind: str) -> WorkerPool:
        return self._lookups if kind == "lookup" else self._senders

    def remind(self, at: datetime) -> None:
        self._schedule_timer.set(at)

    def start(self) -> None:
        self._senders.start()
        self._reconcilers.start()
        self._lookups.start()
        self._timekeeper.start()

    def stop(self) -> None:
        """Finish the tasks that are waiting, within ``STOP_SECONDS``, and stop all threads."""
        until = time.monotonic() + STOP_SECONDS
        self._schedule_timer.stop()
        if self._timekeeper.ident is not None:
            self._timekeeper.join(STOP_SECONDS)
        self._reconcilers.stop(until)
        self._lookups.stop(until)
        self._senders.stop(until)
        if self.dispatcher:
            guarded(self.dispatcher.settle)

    def _keep_time(self) -> None:
        while not self._schedule_timer.stopped:
            guarded(self._run_due)
            self._schedule_timer.sleep(POLL_SECONDS)

    def _run_due(self) -> None:
        try:
            self._carry_out()
        except StoreUnavailable:
            self.look_again()
            raise

    def _carry_out(self) -> None:
        """Carry out what is due. Tasks that need the provider are put into a pool."""
        if self.dispatcher is None or self.reconciler is None:
            return
        begun = self._clock()
        for id in self.reconciler.due(len(self._reconcilers) + len(self._faulty)):
            if self._faulty.get(id, LONG_AGO) <= self._clock():
                self._faulty.pop(id, None)
                self._unless_faulty(id, partial(self._reconcile, self.reconciler, id))
        if self.lost_callers and time.monotonic() >= self._looks_after and self.lost_callers.due():
            self._reconcilers.put(LostCallers, partial(guarded, self.lost_callers.look), Urgency.HEARTBEAT)
        for one in self.dispatcher.claim():
            self._pool(one.order.kind).put(one.order.id, partial(self.dispatcher.send, one.order, one.tries))
        due = self.dispatcher.store.next_due(begun)
        if due is not None:
            self._schedule_timer.set(due)
        if self.reconciler.next_look != NEVER:
            self._schedule_timer.set(self.reconciler.next_look)

    def _reconcile(self, reconciler: Reconciler, id: str) -> None:
        urgency = reconciler.must_ask(id)
        if urgency is None:
            reconciler.reconcile(id)
        else:
            self._reconcilers.put(id, partial(self._unless_faulty, id, partial(self._ask, reconciler, id)), urgency)

    def _ask(self, reconciler: Reconciler, id: str) -> None:
        reconciler.reconcile(id)
        self._schedule_timer.set(self._clock())  # the call was skipped meanwhile, so check it again

    def _unless_faulty(self, id: str, task: Task) -> None:
        if not guarded(task):
            self._faulty[id] = self._clock() + FAULTY_FOR


def _and_then(task: Task, then: Task) -> None:
    try:
        task()
    finally:
        then()


def _later(applied: Applied) -> list[datetime]:
    """When requests that have to wait are due."""
    return [applied.call.at + timedelta(seconds=one.wait_seconds) for one in applied.orders if one.wait_seconds]


def _tasks(applied: Applied, dispatcher: Dispatcher, reconciler: Reconciler) -> Iterator[tuple[str, Hashable, Task]]:
    """The kind, the key and the task of everything that follows from a unit of work."""
    for order in applied.orders:
        if order.wait_seconds:
            continue  # it is claimed when it is due
        yield order.kind, order.id, partial(dispatcher.send, order)
    if applied.freed:
        yield "freed", object(), partial(reconciler.serve_waiting, applied.freed, applied.call.id)
    if applied.away:
        yield "away", object(), partial(reconciler.count_away, applied.away)
