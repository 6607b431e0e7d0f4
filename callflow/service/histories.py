"""The histories of calls that are over, as the store deletes them (``moments``)."""

from datetime import datetime
from typing import Protocol


class Histories(Protocol):
    def delete_histories(self, before: datetime, after: int, limit: int) -> int | None:
        """Delete the histories of calls that were over before that time, in one short transaction.

        Looks at ``limit`` calls, in the order of their start, after the one with the number ``after`` (0: from the
        first one). Returns the number of the last one, None if no later one can be old enough. Raises StoreUnavailable.
        """
