"""Up to where webhooks have been told of calls (``service.webhooks``), for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a memory store needs nothing of it
    from callflow.store.transaction import SqlTransaction


class SqlWebhooks(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``."""

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def webhook_position(self, webhook: str, call: str) -> int:
        rows = self._rows("webhook_position", webhook=webhook, call=call)
        return int(rows[0][0]) if rows else 0

    def put_webhook_position(self, webhook: str, call: str, entry: int) -> None:
        values = {"webhook": webhook, "call": call, "entry": entry}
        self._unit(lambda unit: unit.run("put_webhook_position", values))


class MemoryWebhooks:
    """Uses a dictionary, whose single operations are atomic."""

    def __init__(self) -> None:
        super().__init__()
        self._webhook_positions: dict[tuple[str, str], int] = {}

    def webhook_position(self, webhook: str, call: str) -> int:
        return self._webhook_positions.get((webhook, call), 0)

    def put_webhook_position(self, webhook: str, call: str, entry: int) -> None:
        self._webhook_positions[webhook, call] = entry
