"""Deletes histories of calls that are over (``service.histories``), for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from threading import RLock
from typing import Any

from callflow.core.call import Call
from callflow.core.codec import to_micros
from callflow.core.stages import Stage
from callflow.service.moments import Moment
from callflow.service.retention import LegalHold
from callflow.store.transaction import SqlTransaction


class SqlHistories(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``."""

    @abstractmethod
    def _unit(self, work: Callable[[SqlTransaction], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def delete_histories(self, before: datetime, after: int, limit: int) -> int | None:
        found = self._rows("old_calls", after=after, before=to_micros(before), limit=limit)
        if old := [{"call": row} for row, _, over in found if over]:
            self._unit(lambda unit: unit.run_each("delete_history", old))
        return int(found[-1][0]) if found and found[-1][1] else None


class MemoryHistories:
    """Uses ``_lock``, ``_calls``, ``_history`` and ``holds`` of the store."""

    _lock: RLock
    _calls: dict[str, Call]
    _history: dict[str, list[Moment]]
    holds: Callable[[str], list[LegalHold]]

    def delete_histories(self, before: datetime, after: int, limit: int) -> int | None:
        with self._lock:
            found = [(n, call) for n, call in enumerate(self._calls.values(), 1) if call.id in self._history]
            page = [(n, call) for n, call in found if n > after][:limit]
            for _, call in page:
                if call.stage is Stage.ENDED and call.at < before and not self.holds(call.id):
                    del self._history[call.id]
            return page[-1][0] if page and page[-1][1].started_at < before else None
