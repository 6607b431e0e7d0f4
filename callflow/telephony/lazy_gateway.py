"""Imports the provider's client when it is first needed, so that it does not delay the start.

``requests`` and the twilio package take 100 ms to import (tests/bench, G7), and webhooks do not need them.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from callflow.service.ports import LegReport, LegRequest

if TYPE_CHECKING:
    from callflow.telephony.gateway import TwilioGateway


class LazyGateway:
    """Implements ``ports.Gateway`` by delegating to the gateway that ``make()`` returns. Thread-safe."""

    def __init__(self, make: "Callable[[], TwilioGateway]") -> None:
        self._make = make
        self._lock = Lock()
        self._made: TwilioGateway | None = None

    def _gateway(self) -> "TwilioGateway":
        if self._made is None:
            with self._lock:
                self._made = self._made or self._make()
        return self._made

    def send(self, order: LegRequest) -> str:
        return self._gateway().send(order)

    def look_up(self, sid: str, room: str, account: str = "") -> LegReport:
        return self._gateway().look_up(sid, room, account)

    def client_of(self, account: str) -> Any:
        """The twilio.rest.Client for requests about a sub-account; "" is the main account."""
        return self._gateway().client_of(account)

    def ping(self) -> datetime | None:
        return self._gateway().ping()

    def warm(self) -> None:
        """Import everything now. Sends nothing."""
        self._gateway().warm()
