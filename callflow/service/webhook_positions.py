"""Up to where webhooks have been told of calls (``webhooks``)."""

from typing import Protocol


class WebhookPositions(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable."""

    def webhook_position(self, webhook: str, call: str) -> int:
        """The last entry of the call's journal of which this webhook has been told; 0 for none."""

    def put_webhook_position(self, webhook: str, call: str, entry: int) -> None: ...
