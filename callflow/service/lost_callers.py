"""Callers of whom we know nothing: they called while no server of ours answered, and wait alone in a room that the
provider's own document opened for them. They are taken up: sent to us as if they had just called (rule 2)."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from callflow.service.configurations import Configurations
from callflow.service.faults import described
from callflow.service.ports import Counters, GatewayFailure, Store

log = logging.getLogger(__name__)
LOOK_EVERY = timedelta(seconds=60)
"""A report that such a caller has joined may be lost, and the provider does not repeat it."""

NEVER = datetime.max.replace(tzinfo=UTC)


class WaitingCallers(Protocol):
    """What the provider knows of callers. Raises GatewayFailure."""

    def alone(self) -> list[str]:
        """The provider ids of callers alone in a room named after them, whom nobody has joined yet."""

    def take_up(self, sid: str, numbers: Collection[str]) -> bool:
        """Send this caller to us as if they had just called. False if they are gone or called none of ``numbers``."""


@dataclass(slots=True, repr=False, eq=False)
class LostCallers:
    """Looks for them at the start, and when somebody is reported in the room of a call that is not known: the
    provider's document or another node has opened it, or the database has lost the call. ``regularly``: every
    ``LOOK_EVERY`` as well.
    """

    store: Store
    callers: WaitingCallers
    clock: Callable[[], datetime]
    configurations: Configurations
    counters: Counters
    remind: Callable[[datetime], None]
    regularly: bool = True
    _due: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def reported(self) -> None:
        """Somebody joined the room of a call that is not known: look soon."""
        self._due = self.clock()
        self.remind(self._due)

    def due(self) -> bool:
        """Whether it is time to look. If so, it is not again before ``LOOK_EVERY``."""
        if self.clock() < self._due:
            return False
        self._due = self.clock() + LOOK_EVERY if self.regularly else NEVER
        return True

    def look(self) -> None:
        """Ask the provider who waits alone, and take up those whose call is not known. Takes seconds."""
        try:
            for sid in self.callers.alone():
                if not self.store.read(sid):
                    self._take_up(sid)
        except GatewayFailure:
            self.counters.count("lost_callers", "failed")

    def _take_up(self, sid: str) -> None:
        try:
            taken = self.callers.take_up(sid, self.configurations.current.called_numbers)
        except GatewayFailure as failure:
            if not failure.gone:
                self.counters.count("lost_callers", "failed")
                log.warning("a waiting caller could not be taken up: %s", described(failure))
            return
        if taken:
            self.counters.count("lost_callers", "taken_up")
