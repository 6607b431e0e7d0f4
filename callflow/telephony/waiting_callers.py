"""Finds callers who wait in a room that the hosted document opened for them (``hosted_document``), by the REST API."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import field
from typing import Any

from callflow.core.records import immutable
from callflow.telephony.numbers import as_configured
from callflow.telephony.statuses import is_over
from callflow.telephony.urls import Urls, room_name

MOST_ROOMS = 100


@immutable
class ProviderCallers:
    """Implements ``service.lost_callers.WaitingCallers``. ``client`` returns the twilio.rest.Client of an account."""

    client: Callable[[str], Any]
    urls: Urls
    sub_accounts: Sequence[str] = ()
    _account_of: dict[str, str] = field(default_factory=dict)
    """The account of each caller who was found."""

    def alone(self) -> list[str]:
        """A room that nobody has joined after the first one has status "init" (twilio.md 3.8)."""
        found: dict[str, str] = {}
        for account in ("", *self.sub_accounts):
            found |= dict.fromkeys(self._alone_in(account), account)
        self._account_of.clear()
        self._account_of.update(found)
        return list(found)

    def _alone_in(self, account: str) -> list[str]:
        from callflow.telephony.rest_client import gateway_failures  # takes 100 ms to import (see lazy_gateway)

        with gateway_failures("looking for waiting callers"):
            rooms = self.client(account).conferences.list(status="init", limit=MOST_ROOMS)
        prefix = room_name("")
        return [room.friendly_name.removeprefix(prefix) for room in rooms if room.friendly_name.startswith(prefix)]

    def take_up(self, sid: str, numbers: Collection[str]) -> bool:
        from callflow.telephony.rest_client import gateway_failures

        client = self.client(self._account_of.get(sid, ""))
        with gateway_failures("taking up a caller", leg=True):
            call = client.calls(sid).fetch()
            if is_over(call.status) or call.direction != "inbound" or len(as_configured(call.to, numbers)) != 1:
                return False
            to_us = {"url": self.urls.inbound(), "fallback_url": self.urls.fallback()}
            client.calls(sid).update(method="POST", fallback_method="POST", **to_us)
        return True
