"""Flows that people have closed by hand (``callflow close``), as the store has them for every node."""

from datetime import datetime
from typing import Protocol

from callflow.core.records import record


@record
class FlowClosing:
    """A flow is closed from ``at`` until ``until``. ``by`` is a person. Opened again: ``until`` is ``at``."""

    flow: str
    at: datetime
    until: datetime
    by: str


class FlowClosings(Protocol):
    def close_flow(self, closing: FlowClosing) -> None:
        """Record it. The last one of a flow counts. Raises StoreUnavailable."""

    def closed_flows(self, now: datetime) -> list[FlowClosing]:
        """The flows that are closed at ``now``, by name. Raises StoreUnavailable."""
