"""Who carries out what was decided: threads of this process, or the hand that moves a virtual clock."""

import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Thread

from callflow.service.crew import Alarm, Crew, Task, guarded
from callflow.service.dispatch import Dispatcher
from callflow.service.ports import StoreUnavailable
from callflow.service.taking import LEASE, Taken
from callflow.service.upkeep import Upkeep

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


class Inline:
    """Keeps what was ordered until ``pump`` is called. For one thread: rehearsals and tests.

    ``wake`` is told of every moment at which something is due; ``look`` is to be called then.
    """

    def __init__(self, wake: Callable[[datetime], None] | None = None) -> None:
        self._tasks: deque[Task] = deque()
        self._wake = wake
        self._begun: datetime | None = None
        self._again = LONG_AGO
        self.dispatcher: Dispatcher | None = None
        self.upkeep: Upkeep | None = None

    def attach(self, dispatcher: Dispatcher, upkeep: Upkeep) -> None:
        self.dispatcher, self.upkeep = dispatcher, upkeep

    def hand_over(self, taken: Taken) -> None:
        if self.dispatcher and self.upkeep:
            self._tasks.extend(task for _, _, task in _tasks(taken, self.dispatcher, self.upkeep))
            if taken.orders:
                self.remind(self.dispatcher.clock() + LEASE)  # one that could not be sent is free again then
        if taken.due is not None:
            self.remind(taken.due)

    def remind(self, at: datetime) -> None:
        if self._wake:
            self._wake(at)

    def pump(self) -> None:
        """Carry out everything ordered so far, and what that orders in turn. A fault of ours is for the test to see."""
        while self._tasks:
            with suppress(StoreUnavailable):
                self._tasks.popleft()()
        if self.dispatcher:
            with suppress(StoreUnavailable):
                self.dispatcher.settle()

    def tick(self) -> None:
        """Look after what is due now."""
        if self.dispatcher and self.upkeep:
            with suppress(StoreUnavailable):
                self.upkeep.run()
                self.dispatcher.send_due()
            self.pump()

    def look(self) -> None:
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


class Background:
    """A timekeeper, and two crews: one sends orders, one asks the provider. ``start`` after ``attach``; then ``stop``.

    The timekeeper never waits for the provider, so a deadline of one call does not wait for the trouble of another.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._alarm = Alarm(clock)
        self._senders = Crew("sender", SENDERS)
        self._lookers = Crew("looker", LOOKERS, one_each=True)
        self._askers = Crew("asker", ASKERS, one_each=True)
        self._timekeeper = Thread(target=self._keep_time, name="callflow-timekeeper", daemon=True)
        self._faulty: dict[str, datetime] = {}
        self.dispatcher: Dispatcher | None = None
        self.upkeep: Upkeep | None = None

    def attach(self, dispatcher: Dispatcher, upkeep: Upkeep) -> None:
        self.dispatcher, self.upkeep = dispatcher, upkeep

    def hand_over(self, taken: Taken) -> None:
        if self.dispatcher and self.upkeep:
            for kind, key, task in _tasks(taken, self.dispatcher, self.upkeep):
                self._crew(kind).put(key, task)
        if taken.due is not None:
            self._alarm.set(taken.due)

    def _crew(self, kind: str) -> Crew:
        return self._askers if kind == "lookup" else self._senders

    def remind(self, at: datetime) -> None:
        self._alarm.set(at)

    def start(self) -> None:
        self._senders.start()
        self._lookers.start()
        self._askers.start()
        self._timekeeper.start()

    def stop(self) -> None:
        """Let everybody finish, within ``STOP_SECONDS``."""
        until = time.monotonic() + STOP_SECONDS
        self._alarm.stop()
        if self._timekeeper.ident is not None:
            self._timekeeper.join(STOP_SECONDS)
        self._lookers.stop(until)
        self._askers.stop(until)
        self._senders.stop(until)
        if self.dispatcher:
            guarded(self.dispatcher.settle)

    def _keep_time(self) -> None:
        while not self._alarm.stopped:
            guarded(self._look)
            self._alarm.sleep(POLL_SECONDS)

    def _look(self) -> None:
        """See to everything that is due; what needs the provider is handed to a crew."""
        if self.dispatcher is None or self.upkeep is None:
            return
        for id in self.upkeep.due(len(self._lookers) + len(self._faulty)):
            if self._faulty.get(id, LONG_AGO) <= self._clock():
                self._faulty.pop(id, None)
                self._unless_faulty(id, partial(self._see_to, self.upkeep, id))
        for one in self.dispatcher.claim():
            self._crew(one.order.kind).put(one.order.id, partial(self.dispatcher.send, one.order, one.tries))
        due = self.dispatcher.store.next_due()
        if due is not None and due > self._clock():
            self._alarm.set(due)

    def _see_to(self, upkeep: Upkeep, id: str) -> None:
        urgency = upkeep.must_ask(id)
        if urgency is None:
            upkeep.look_after(id)
        else:
            self._lookers.put(id, partial(self._unless_faulty, id, partial(self._ask, upkeep, id)), urgency)

    def _ask(self, upkeep: Upkeep, id: str) -> None:
        upkeep.look_after(id)
        self._alarm.set(self._clock())  # what came due meanwhile was not seen to

    def _unless_faulty(self, id: str, task: Task) -> None:
        if not guarded(task):
            self._faulty[id] = self._clock() + FAULTY_FOR


def _tasks(taken: Taken, dispatcher: Dispatcher, upkeep: Upkeep) -> Iterator[tuple[str, Hashable, Task]]:
    """The kind of each task, its key and the deed."""
    for order in taken.orders:
        yield order.kind, order.id, partial(dispatcher.send, order)
    if taken.freed:
        yield "freed", object(), partial(upkeep.serve_waiting, taken.freed, taken.call.id)
