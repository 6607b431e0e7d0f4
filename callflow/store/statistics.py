"""The counts of ``service.statistics``, for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from callflow.core.call import Call
from callflow.core.codec import from_micros, to_micros
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.service.statistics import Statistics


class SqlStatistics(ABC):
    """Uses ``_rows`` of ``sql.SqlStore``."""

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def statistics(self, now: datetime) -> Statistics:
        stages = {stage: count for stage, count in self._rows("live_by_stage")}
        ((orders, oldest),) = self._rows("stored_orders")
        ((promised, overdue),) = self._rows("open_promises", now=to_micros(now))
        free_since = now if oldest is None else from_micros(oldest)
        return Statistics(
            calls=stages,
            orders=orders,
            overdue_seconds=_since(free_since, now),
            call_backs=promised - overdue,
            call_backs_overdue=overdue,
            incidents=dict(self._rows("incidents_by_state", since=to_micros(_new_year(now)), open=False)),
        )

    def clock(self) -> datetime | None:
        return None


class MemoryStatistics(ABC):
    """Uses what ``memory.MemoryStore`` has."""

    _orders: dict[str, Any]

    @abstractmethod
    def calls(self, live: bool = True, limit: int = 1000) -> list[Call]: ...

    @abstractmethod
    def follow_ups(self, kind: FollowUpKind | None = None, *, call: str = "", person: str = "", closed: bool = False,
                   limit: int = 1000) -> list[FollowUp]: ...  # fmt: skip

    def statistics(self, now: datetime) -> Statistics:
        promises, orders = self.follow_ups(FollowUpKind.PROMISE, limit=1_000_000), list(self._orders.values())
        overdue = sum(one.state == "late" or (one.state == "reminded" and one.due is not None and one.due <= now)
                      for one in promises)  # fmt: skip
        incidents = self.follow_ups(FollowUpKind.INCIDENT, closed=True, limit=1_000_000)
        return Statistics(
            calls=Counter(call.stage for call in self.calls(limit=1_000_000)),
            orders=len(orders),
            overdue_seconds=_since(min((one.lease_until for one in orders), default=now), now),
            call_backs=len(promises) - overdue,
            call_backs_overdue=overdue,
            incidents=Counter(one.state for one in incidents if not one.closed or one.at >= _new_year(now)),
        )

    def clock(self) -> datetime | None:
        return None


def _new_year(now: datetime) -> datetime:
    return now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _since(at: datetime, now: datetime) -> float:
    return max(timedelta(), now - at).total_seconds()
