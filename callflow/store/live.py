"""``service.live_rows`` for the SQL stores and the memory store."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from callflow.core.codec import from_micros
from callflow.core.follow_ups import FollowUp
from callflow.service.live_rows import HELP, URGENT, LastHelp
from callflow.service.ports import CannotOpen
from callflow.store.follow_ups import follow_up_of, without_body

if TYPE_CHECKING:  # a memory store needs nothing of them
    from callflow.store.keys import Keys

log = logging.getLogger(__name__)
LOOKED_BACK: Final = 20_000
"""So many entries of journals are looked at when a node asks first."""
OVERLAP: Final = 500
"""Entries of other nodes may be committed later than entries with a higher row."""


class SqlLive(ABC):
    """Uses ``_rows`` and ``_keys`` of ``sql.SqlStore``."""

    _keys: "Keys"

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def live_versions(self) -> Mapping[str, int]:
        return dict(self._rows("live_versions"))

    def urgent_follow_ups(self, limit: int = 500) -> Sequence[FollowUp]:
        raised, late = URGENT
        return [self._urgent(row) for row in self._rows("urgent_follow_ups", raised=raised, late=late, limit=limit)]

    def _urgent(self, row: Any) -> FollowUp:
        try:
            return follow_up_of(row, self._keys)
        except CannotOpen as error:
            log.error("the board shows a follow-up without its words: %s", error)
            return without_body(row)

    def last_help(self, known: LastHelp) -> LastHelp:
        newest = known.row or self._rows("newest_entry")[0][0]
        ((row, at),) = self._rows("last_help", after=newest - (OVERLAP if known.row else LOOKED_BACK))
        found = None if at is None else from_micros(at)
        return LastHelp(max(row or 0, known.row), max((one for one in (found, known.at) if one), default=None))


class MemoryLive:
    """Uses the calls and journals of ``memory.MemoryStore``."""

    def live_versions(self: Any) -> Mapping[str, int]:
        with self._lock:
            self._check()
            return {id: self._calls[id].seq for id in self._live}

    def urgent_follow_ups(self: Any, limit: int = 500) -> Sequence[FollowUp]:
        with self._lock:
            self._check()
            found = [one for one in self._follow_ups.values() if one.state in URGENT and not one.closed]
        return sorted(found, key=lambda one: (one.at, one.id))[:limit]

    def last_help(self: Any, known: LastHelp) -> LastHelp:
        with self._lock:
            self._check()
            times = [entry.at for journal in self._journal.values() for entry in journal
                     if (entry.note.kind, entry.note.outcome) in HELP]  # fmt: skip
        return LastHelp(1, max(times, default=None))
