"""Finds callers who wait in a room that the hosted document opened for them (``hosted_document``), by the REST API."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from callflow.telephony.numbers import as_configured
from callflow.telephony.statuses import is_over
from callflow.telephony.urls import Urls, room_name

MOST_ROOMS = 100


@dataclass(frozen=True, slots=True)
class ProviderCallers:
    """Implements ``service.lost_callers.WaitingCallers``. ``client`` returns the twilio.rest.Client."""

    client: Callable[[], Any]
    urls: Urls

    def alone(self) -> list[str]:
        """A room that nobody has joined after the first one has status "init" (twilio.md 3.8)."""
        from callflow.telephony.rest_client import gateway_failures  # takes 100 ms to import (see lazy_gateway)

        with gateway_failures("looking for waiting callers"):
            rooms = self.client().conferences.list(status="init", limit=MOST_ROOMS)
        prefix = room_name("")
        return [room.friendly_name.removeprefix(prefix) for room in rooms if room.friendly_name.startswith(prefix)]

    def take_up(self, sid: str, numbers: Collection[str]) -> bool:
        from callflow.telephony.rest_client import gateway_failures

        with gateway_failures("taking up a caller", leg=True):
            call = self.client().calls(sid).fetch()
            if is_over(call.status) or call.direction != "inbound" or len(as_configured(call.to, numbers)) != 1:
                return False
            to_us = {"url": self.urls.inbound(), "fallback_url": self.urls.fallback()}
            self.client().calls(sid).update(method="POST", fallback_method="POST", **to_us)
        return True
