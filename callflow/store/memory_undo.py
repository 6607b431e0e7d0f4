"""What a unit of work of the memory store wrote, so that it can be taken back."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Undoable:
    """Every write is noted with its opposite."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    def undo(self) -> None:
        """Undo everything that this unit wrote, in reverse order."""
        for step in reversed(self._undo):
            step()

    def _put(self, table: dict[K, V], key: K, value: V) -> None:
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.__setitem__(key, before))
        else:
            self._undo.append(lambda: table.pop(key, None))
        table[key] = value

    def _drop(self, table: dict[K, V], key: K) -> None:
        if key in table:
            before = table.pop(key)
            self._undo.append(lambda: table.__setitem__(key, before))

    def _put_or_drop(self, table: dict[K, V], key: K, value: V | None) -> None:
        if value is None:
            self._drop(table, key)
        else:
            self._put(table, key, value)
