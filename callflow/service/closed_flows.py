"""What this process knows of the flows that are closed by hand, and how a call in such a flow learns of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from callflow.core.call import Call
from callflow.core.events import Event, FlowsClosed
from callflow.core.stages import Stage
from callflow.service.flow_closings import FlowClosing, FlowClosings
from callflow.service.ports import StoreUnavailable

IN_FLOW: Final = (Stage.ARRIVING, Stage.WAITING)
"""The stages in which a caller may come to an ``hours`` step."""


def none_closed(now: datetime) -> tuple[str, ...]:
    return ()


@dataclass(slots=True, repr=False, eq=False)
class ClosedFlows:
    """A server calls ``refresh`` again and again, so that no webhook waits for the store because of this.

    While the store is away, what was read last stays valid.
    """

    closings: FlowClosings
    clock: Callable[[], datetime]
    _known: Sequence[FlowClosing] = ()

    def refresh(self) -> None:
        try:  # noqa: SIM105 (with a store in memory before every decision; ``suppress`` calls three methods)
            self._known = self.closings.closed_flows(self.clock())
        except StoreUnavailable:
            pass

    def at(self, now: datetime) -> tuple[str, ...]:
        """The names of the flows that are closed, as far as is known."""
        return tuple([one.flow for one in self._known if now < one.until])

    def read(self, now: datetime) -> tuple[str, ...]:
        """The same, read just now: for a store in memory."""
        self.refresh()
        return self.at(now)


def with_closings(facts: Callable[[Call], Sequence[Event]], closed: tuple[str, ...], at: datetime
                  ) -> Callable[[Call], Sequence[Event]]:  # fmt: skip
    """The same events of a call, after the news that other flows are closed than the call knows."""

    def events(call: Call) -> Sequence[Event]:
        found = facts(call)
        changed = found and call.stage in IN_FLOW and call.closed != closed
        return [FlowsClosed(at=at, closed=closed), *found] if changed else found

    return events
