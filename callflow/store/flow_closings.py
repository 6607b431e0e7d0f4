"""Flows that are closed by hand (``service.flow_closings``), for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from callflow.core.codec import from_micros, to_micros
from callflow.service.flow_closings import FlowClosing

if TYPE_CHECKING:  # a memory store needs nothing of it
    from callflow.store.transaction import SqlTransaction


class SqlFlowClosings(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``."""

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def close_flow(self, closing: FlowClosing) -> None:
        values = {"flow": closing.flow, "at": to_micros(closing.at), "until": to_micros(closing.until),
                  "by": closing.by}  # fmt: skip
        self._unit(lambda unit: unit.run("add_flow_closing", values))

    def closed_flows(self, now: datetime) -> list[FlowClosing]:
        return [
            FlowClosing(flow=flow, at=from_micros(at), until=from_micros(until), by=by)
            for flow, at, until, by in self._rows("closed_flows", now=to_micros(now))
        ]


class MemoryFlowClosings:
    """Uses a dictionary, whose single operations are atomic. Only the last closing of a flow is kept."""

    def __init__(self) -> None:
        self._closings: dict[str, FlowClosing] = {}

    def close_flow(self, closing: FlowClosing) -> None:
        self._closings[closing.flow] = closing

    def closed_flows(self, now: datetime) -> list[FlowClosing]:
        closings = list(self._closings.values())
        return sorted([one for one in closings if one.until > now], key=lambda one: one.flow) if closings else closings
