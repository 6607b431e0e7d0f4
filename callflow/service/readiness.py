"""Can this process serve calls? Load balancers ask every few seconds, so the provider is not asked each time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from callflow.service.node_clock import PROVIDER, NodeClock
from callflow.service.ports import Gateway, GatewayFailure, Store, StoreUnavailable

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(seconds=30)
BAD_FOR = timedelta(seconds=5)
WRITTEN_FOR = timedelta(seconds=2)
"""How long a successful write to the database counts, so that frequent probes cost no disk flush each."""


class Readiness:
    """Finds out what cannot be used, and why. ``configuration`` returns what is wrong with it, or ""."""

    def __init__(self, store: Store, gateway: Gateway, clock: Callable[[], datetime],
                 configuration: Callable[[], str]) -> None:  # fmt: skip
        self._store, self._gateway, self._clock, self._configuration = store, gateway, clock, configuration
        self._asking = Lock()
        self._answer = ""
        self._until: datetime | None = None
        self._written_until: datetime | None = None

    def faults(self) -> dict[str, str]:
        """The reason by the name of each part that cannot be used; empty if all of them can."""
        found = {"database": self._database(), "configuration": self._configuration(), "gateway": self._provider()}
        return {name: fault for name, fault in found.items() if fault}

    def _database(self) -> str:
        if self._written_until and self._clock() < self._written_until:
            return ""
        try:
            self._store.ping()
        except StoreUnavailable as error:
            log.error("not ready: %s", error)
            return "cannot be used; the log has the reason"
        self._written_until = self._clock() + WRITTEN_FOR
        return ""

    def _provider(self) -> str:
        """The provider's last answer, if it is recent. Only one probe at a time asks again; the others do not wait."""
        if self._until and self._clock() < self._until:
            return self._answer
        if not self._asking.acquire(blocking=self._until is None):
            return self._answer
        try:
            if not self._until or self._clock() >= self._until:
                self._answer = self._asked()
                self._until = self._clock() + (BAD_FOR if self._answer else GOOD_FOR)
            return self._answer
        finally:
            self._asking.release()

    def _asked(self) -> str:
        ask = self._gateway.ping
        try:
            if isinstance(self._clock, NodeClock):
                self._clock.compare(PROVIDER, ask)
            else:
                ask()
        except GatewayFailure as failure:
            return "; ".join(filter(None, (str(failure), failure.advice)))
        return ""
