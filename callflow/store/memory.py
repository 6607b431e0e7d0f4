"""A store without a database, for the simulator and for tests.

Calls are stored as the frozen values that they are. A lock serialises units of work. A unit that fails is undone with
a list of undo steps, so its cost depends on what it changes and nothing is copied in advance.
"""

import heapq
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import TypeVar

from callflow.core.call import Call
from callflow.core.follow_ups import FollowUp
from callflow.core.stages import Stage
from callflow.core.tries import AWAY_AFTER
from callflow.service.jobs import NewJob
from callflow.service.moments import Moment
from callflow.service.people import PersonPresence
from callflow.service.ports import Change, Due, Entry, ProviderRequest, StoreUnavailable, Transaction
from callflow.store.call_search import MemoryCallSearch
from callflow.store.caller_records import MemoryCallerRecords, MemoryCallerRecordUnit
from callflow.store.errors import NestedTransaction, StaleCall
from callflow.store.flow_closings import MemoryFlowClosings
from callflow.store.follow_ups import MemoryFollowUps
from callflow.store.histories import MemoryHistories
from callflow.store.jobs import MemoryJobs
from callflow.store.live import MemoryLive
from callflow.store.memory_accounts import MemoryAccounts
from callflow.store.memory_erasing import MemoryErasing
from callflow.store.memory_retention import MemoryRetention, MemoryRetentionUnit
from callflow.store.memory_undo import Undoable
from callflow.store.nodes import MemoryNodes
from callflow.store.page_versions import MemoryPageVersions
from callflow.store.prompt_recordings import MemoryPromptRecordings
from callflow.store.recordings import MemoryRecordings
from callflow.store.rows import BEING_RUNG, QueuePosition, caller_sid, present, queue_position, unknown
from callflow.store.staff_line import MemoryStaffLine
from callflow.store.statistics import MemoryStatistics
from callflow.store.transcripts import MemoryTranscripts
from callflow.store.versions import MemoryVersions
from callflow.store.webhooks import MemoryWebhooks

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class _Pending:
    row: int
    order: ProviderRequest
    lease_until: datetime
    tries: int = 0


class MemoryStore(MemoryNodes, MemoryCallerRecords, MemoryJobs, MemoryFollowUps, MemoryWebhooks, MemoryRecordings,
                  MemoryTranscripts, MemoryRetention, MemoryHistories, MemoryErasing, MemoryAccounts,
                  MemoryVersions, MemoryStaffLine, MemoryPromptRecordings, MemoryFlowClosings, MemoryStatistics,
                  MemoryPageVersions, MemoryLive, MemoryCallSearch):  # fmt: skip
    """Implements ``ports.Store``. The content is lost when the process ends. Once closed it raises StoreUnavailable."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = RLock()
        self._inside = self._closed = False
        self._rows = 0
        self._calls: dict[str, Call] = {}
        self._live: dict[str, None] = {}
        self._sids: dict[str, str] = {}
        self._journal: dict[str, list[Entry]] = {}
        self._history: dict[str, list[Moment]] = {}
        self._queue: dict[str, QueuePosition] = {}
        self._due: dict[str, datetime] = {}
        # Heaps, the earliest first. Outdated entries are dropped when they reach the top.
        self._soonest: list[tuple[datetime, str]] = []
        self._orders: dict[str, _Pending] = {}
        self._people: dict[str, PersonPresence] = {}

    def transact(self, work: Callable[[Transaction], T]) -> T:
        with self._lock:
            self._check()
            if self._inside:
                raise NestedTransaction
            self._inside = True
            unit = MemoryTransaction(self)
            try:
                return work(unit)
            except BaseException:
                unit.undo()
                raise
            finally:
                self._inside = False

    def read(self, call: str) -> Call | None:
        with self._lock:
            self._check()
            return self._calls.get(call)

    def recent(self, call: str) -> Call | None:
        return self.read(call)

    def journal(self, call: str) -> list[Entry]:
        with self._lock:
            self._check()
            return list(self._journal.get(call, ()))

    def history(self, call: str) -> list[Moment]:
        with self._lock:
            self._check()
            return list(self._history.get(call, ()))

    def calls(self, live: bool = True, limit: int = 1000) -> list[Call]:
        with self._lock:
            self._check()
            found = [self._calls[id] for id in self._live] if live else list(self._calls.values())
        # Reversed first, because of two calls of the same microsecond the one stored later is newer.
        return sorted(reversed(found), key=lambda call: call.started_at, reverse=True)[:limit]

    def find(self, reference: str) -> Call | None:
        return next((one for one in self.calls(live=False, limit=len(self._calls)) if one.reference == reference), None)

    def due_calls(self, now: datetime, limit: int = 100) -> list[str]:
        with self._lock:
            first = self.next_due()
            if first is None or first > now:
                return []
            return [id for _, id in sorted((at, id) for id, at in self._due.items() if at <= now)][:limit]

    def next_due(self, after: datetime | None = None) -> datetime | None:
        with self._lock:
            self._check()
            if after is not None:
                return min((at for at in self._due.values() if at > after), default=None)
            while self._soonest:
                at, id = self._soonest[0]
                if self._due.get(id) == at:
                    return at
                heapq.heappop(self._soonest)
            return None

    def lease_orders(self, now: datetime, until: datetime, limit: int = 50) -> list[Due]:
        with self._lock:
            self._check()
            free = [one for one in self._orders.values() if one.lease_until <= now][:limit]
            for one in free:
                one.lease_until = until
            return [Due(row=one.row, order=one.order, tries=one.tries) for one in free]

    def orders_done(self, ids: Collection[str]) -> None:
        with self._lock:
            self._check()
            for id in ids:
                self._orders.pop(id, None)

    def order_again(self, id: str, at: datetime) -> None:
        with self._lock:
            self._check()
            if pending := self._orders.get(id):
                pending.lease_until = at
                pending.tries += 1

    def waiting(self, team: str | None = None) -> list[str]:
        with self._lock:
            self._check()
            line = [one for one in self._queue.values() if team is None or one.team == team]
        return [one.call for one in sorted(line, key=QueuePosition.order) if one.queue != BEING_RUNG]

    def people(self, now: datetime) -> list[PersonPresence]:
        with self._lock:
            self._check()
            return [present(self._people[name], now) for name in sorted(self._people)]

    def set_away(self, person: str, away: bool) -> None:
        with self._lock:
            self._check()
            known = self._people.get(person) or unknown(person)
            self._people[person] = replace(known, missed=AWAY_AFTER if away else 0)
            self._version += 1

    def ping(self) -> None:
        with self._lock:
            self._check()

    def close(self) -> None:
        self._closed = True

    def _check(self) -> None:
        if self._closed:
            raise StoreUnavailable("the store is closed")


class MemoryTransaction(MemoryCallerRecordUnit, MemoryRetentionUnit, Undoable):
    """One unit of work on a ``MemoryStore``, under its lock."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__()
        self._store = store

    def load(self, call: str) -> Call | None:
        return self._store._calls.get(call)

    def save(self, change: Change) -> None:
        store, call = self._store, change.call
        self._check(change)
        store._version += 1
        self._put(store._calls, call.id, call)
        if call.stage is Stage.ENDED:
            self._drop(store._live, call.id)
        else:
            self._put(store._live, call.id, None)
        if (sid := caller_sid(call)) and sid not in store._sids:
            self._put(store._sids, sid, call.id)
        self._put_or_drop(store._queue, call.id, queue_position(call))
        if store._due.get(call.id) != change.due:
            self._set_due(call.id, change.due)
        self._write(change)

    def _set_due(self, id: str, due: datetime | None) -> None:
        store = self._store
        before = store._due.get(id)
        if before is not None:
            self._undo.append(lambda: heapq.heappush(store._soonest, (before, id)))
        self._put_or_drop(store._due, id, due)
        if due is not None:
            heapq.heappush(store._soonest, (due, id))

    def _write(self, change: Change) -> None:
        store, id = self._store, change.call.id
        journal = store._journal.setdefault(id, [])
        length = len(journal)
        journal.extend(
            Entry(seq=seq, at=change.call.at, note=note) for seq, note in enumerate(change.notes, length + 1)
        )
        self._undo.append(lambda: journal.__delitem__(slice(length, None)))
        if change.history is not None:
            history = store._history.setdefault(id, [])
            history.append(change.history)
            self._undo.append(history.pop)
        for one in change.recordings:
            self._put(store._recordings, one.id, one)
        for follow_up in change.follow_ups:
            self.put_follow_up(follow_up)
        for order in change.orders:
            until = change.call.at + timedelta(seconds=order.wait_seconds) if order.wait_seconds else change.lease_until
            if order.id not in store._orders:
                store._rows += 1
                self._put(store._orders, order.id, _Pending(store._rows, order, until))
        for person in change.people:
            known, answered = store._people.get(person.person), change.answered.get(person.person)
            missed = 0 if answered else (known.missed if known else 0) + (answered is False)
            now = person if person.missed == missed else replace(person, missed=missed)
            self._put(store._people, person.person, now)

    def _check(self, change: Change) -> None:
        store, id = self._store, change.call.id
        stored = store._calls.get(id)
        if (stored is None) != (change.before is None):
            raise StaleCall(id)
        if stored is not None and change.before is not None and stored.seq != change.before.seq:
            raise StaleCall(id)
        if (sid := caller_sid(change.call)) and store._sids.get(sid, id) != id:
            raise StaleCall(id)

    def locked_follow_up(self, id: str) -> FollowUp | None:
        return self._store.follow_up(id)

    def put_follow_up(self, follow_up: FollowUp) -> None:
        if follow_up.call not in self._store._without_words:
            self._put(self._store._follow_ups, follow_up.id, follow_up)

    def defer(self, job: NewJob) -> None:
        id = self._store._defer(job)
        if id is not None:
            self._undo.append(lambda: self._store._jobs.pop(id))

    def presence(self, people: Iterable[str], now: datetime) -> list[PersonPresence]:
        known = self._store._people
        return [present(known.get(person) or unknown(person), now) for person in people]

    def put_presence(self, person: PersonPresence) -> None:
        known = self._store._people.get(person.person) or person
        self._put(self._store._people, person.person, replace(person, missed=known.missed))

    def waiting_before(self, call: Call) -> int:
        mine = queue_position(call)
        others = [one for one in self._store._queue.values() if mine and one[:2] == mine[:2] and one.call != call.id]
        return sum(one.order() < mine.order() for one in others if mine)

    def ahead_in_line(self, call: Call) -> int:
        mine = queue_position(call)
        line = [one for one in self._store._queue.values() if mine and one.team == mine.team and one.call != call.id]
        return sum(one.order() < mine.order() for one in line if mine)
