"""Finding calls (``service.call_search``), for the SQL stores and the memory store."""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from callflow.core.call import Call
from callflow.core.codec import from_micros, to_micros
from callflow.core.notes import NoteKind
from callflow.core.stages import Stage
from callflow.service.call_search import PAGE, CallQuery, Found, FoundCall, Mark, terms_of
from callflow.service.ports import Entry
from callflow.store.transaction import SqlTransaction

log = logging.getLogger(__name__)
FEW: Final = 2000
"""Of two terms that are asked for, the one with fewer calls is read; it is counted up to here."""
LIVE: Final = 5000
FIRST: Final = -(1 << 62)
LAST: Final = Mark(1 << 62, 1 << 62)


class SqlCallSearch(ABC):
    """Uses ``_rows`` and ``_readable`` of ``sql.SqlStore``."""

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    @abstractmethod
    def _readable(self, id: str, wrapped: str | None, state: str) -> Call | None: ...

    def search_calls(self, query: CallQuery, after: Mark | None = None, limit: int = PAGE) -> Found:
        each = [replace(query, teams=(one,)) for one in query.teams] or [query]  # a call has one team
        few = self._rows("calls_not_found_by_term", limit=LIVE)
        found = sorted((one for part in each for one in self._found(part, after, limit + 1, few)), reverse=True,
                       key=itemgetter(0))  # fmt: skip
        page = found[:limit]
        return Found([call for _, call in page], page[-1][0] if len(found) > limit else None, len(few) == LIVE)

    def _found(self, query: CallQuery, after: Mark | None, limit: int, few: list[Any]) -> list[tuple[Mark, FoundCall]]:
        """The next ones of the index, merged with the calls that are not in it yet."""
        begin, found = after or LAST, dict[str, tuple[Mark, FoundCall]]()
        for row in few:
            self._take(found, query, row, begin)
        at, whole = begin, query.only_live
        # Of what began before the last row that was read, not everything is known yet.
        while not whole and sum(mark >= at for mark, _ in found.values()) < limit:
            rows = self._page(query, at, limit)
            for row in rows:
                self._take(found, query, row, begin)
            whole = len(rows) < limit
            at = Mark(*rows[-1][:2]) if rows else at
        known = [one for one in found.values() if whole or one[0] >= at]
        return sorted(known, reverse=True, key=itemgetter(0))[:limit]

    def _take(self, found: dict[str, tuple[Mark, FoundCall]], query: CallQuery, row: Any, begin: Mark) -> None:
        started_at, number, id, wrapped, state, ended_at = row
        mark = Mark(started_at, number)
        if mark < begin and id not in found:
            call = self._readable(id, wrapped, state)
            if call and query.finds(call):
                found[id] = mark, FoundCall(call, None if ended_at is None else from_micros(ended_at))

    def _page(self, query: CallQuery, before: Mark, limit: int) -> list[Any]:
        """The next calls of the index, or all calls where no term is asked for."""
        bounds = {"since": _micros(query.since, FIRST),
                  "before_at": min(before.started_at, _micros(query.until, LAST[0])),
                  "before_at_again": before.started_at, "before_row": before.row, "limit": limit}  # fmt: skip
        if query.reference:
            return self._rows("calls_by_reference", reference=query.reference, **bounds)
        terms = [f"{name} {one}" for name, one in (("person", query.person), ("outcome", query.outcome),
                                                    ("team", "".join(query.teams))) if one]  # fmt: skip
        if not terms:
            return self._rows("calls_page", **bounds)
        first, *others = sorted(terms, key=self._count)
        second, third, *_ = [*others, "", ""]
        return self._rows("calls_by_term", term=first, second=second, second_again=second, third=third,
                          third_again=third, **bounds)  # fmt: skip

    def _count(self, term: str) -> int:
        ((count,),) = self._rows("count_term", term=term, limit=FEW)
        return int(count)


def _micros(at: datetime | None, otherwise: int) -> int:
    return otherwise if at is None else to_micros(at)


def index(unit: SqlTransaction, rows: Iterable[Any]) -> None:
    """Write what these finished calls (``leaves.COLUMNS`` by name) are found by. Again changes nothing."""
    unit.run_each("add_call_term", [
        {"term": term, "started_at": call["started_at"], "the_row": call["row"]}
        for call in rows for term in dict.fromkeys(_terms(call["state"]))
    ])  # fmt: skip


def _terms(state: str) -> Iterator[str]:
    try:
        yield from terms_of(json.loads(state))
    except (ValueError, LookupError, TypeError, AttributeError):
        log.error("a finished call is not found by its terms: its state has another layout")


class MemoryCallSearch:
    """Uses ``_calls`` and ``_journal`` of the store. The order of the calls numbers them."""

    _calls: dict[str, Call]
    _journal: dict[str, list[Entry]]

    def search_calls(self, query: CallQuery, after: Mark | None = None, limit: int = PAGE) -> Found:
        marked = [(Mark(to_micros(one.started_at), row), one) for row, one in enumerate(list(self._calls.values()), 1)]
        found = sorted(((at, one) for at, one in marked if at < (after or LAST) and query.finds(one)), reverse=True,
                       key=itemgetter(0))  # fmt: skip
        page = found[:limit]
        return Found([FoundCall(one, self._ended(one)) for _, one in page], page[-1][0] if len(found) > limit else None)

    def _ended(self, call: Call) -> datetime | None:
        over = (one.at for one in self._journal.get(call.id, ()) if one.note.kind == NoteKind.ENDED)
        return next(over, call.at) if call.stage is Stage.ENDED else None
