"""The provider's client, loaded when it is first needed and not before the first webhook can be answered.

``requests`` and the twilio package take 100 ms of a start (tests/bench, G7), and no webhook needs them.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from callflow.service.ports import LegReport, LegRequest

if TYPE_CHECKING:
    from callflow.telephony.gateway import TwilioGateway


class LazyGateway:
    """ports.Gateway over the one that ``make`` makes, once. Shared by threads."""

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

    def look_up(self, sid: str, room: str) -> LegReport:
        return self._gateway().look_up(sid, room)

    def ping(self) -> None:
        self._gateway().ping()

    def warm(self) -> None:
        """Load everything now. Sends nothing."""
        self._gateway().warm()
