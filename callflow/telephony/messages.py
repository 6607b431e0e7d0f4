"""Text messages by the provider's REST API (Messages)."""

from collections.abc import Callable
from typing import Any


class ProviderMessages:
    """Implements ``service.receipts.SendsMessages``. ``client_of`` returns the client of a sub-account."""

    def __init__(self, client_of: Callable[[str], Any]) -> None:
        self._client_of = client_of

    def send(self, to: str, sender: str, body: str, account: str = "") -> None:
        """Ask for one message, once. Raises GatewayFailure, whose ``retry`` does not say that nothing was sent."""
        from callflow.telephony.rest_client import gateway_failures  # as in ``recordings``

        with gateway_failures("sending a message"):
            self._client_of(account).messages.create(to=to, from_=sender, body=body)
