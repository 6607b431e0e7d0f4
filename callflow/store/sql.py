"""What the SQLite and the PostgreSQL store share: everything except how a unit of work runs and is committed."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar

from callflow.core.call import Call
from callflow.core.codec import from_micros, to_micros
from callflow.core.later_fields import NewerCall, UnreadableCall
from callflow.core.notes import Note
from callflow.core.tries import AWAY_AFTER
from callflow.service.moments import Moment, from_json
from callflow.service.people import PersonPresence
from callflow.service.ports import CannotOpen, Due, Entry, Transaction
from callflow.store.accounts import SqlAccounts
from callflow.store.call_search import SqlCallSearch
from callflow.store.caller_records import SqlCallerRecords
from callflow.store.errors import WrongSecret
from callflow.store.flow_closings import SqlFlowClosings
from callflow.store.follow_ups import SqlFollowUps
from callflow.store.histories import SqlHistories
from callflow.store.keys import Keys
from callflow.store.live import SqlLive
from callflow.store.nodes import SqlNodes
from callflow.store.page_versions import SqlPageVersions
from callflow.store.prepared import Statement
from callflow.store.prompt_recordings import SqlPromptRecordings
from callflow.store.recordings import SqlRecordings
from callflow.store.retention import SqlRetention
from callflow.store.rows import LONG_AGO, details_from_json, order_from_json, person_presence, present
from callflow.store.sealed_rows import opened_moment, opened_note
from callflow.store.sealing import ERASED, CallKey
from callflow.store.staff_line import SqlStaffLine
from callflow.store.statistics import SqlStatistics
from callflow.store.transaction import SqlTransaction, opened
from callflow.store.transcripts import SqlTranscripts
from callflow.store.versions import SqlVersions
from callflow.store.webhooks import SqlWebhooks

T = TypeVar("T")
log = logging.getLogger(__name__)


class SqlStore(SqlVersions, SqlFlowClosings, SqlHistories, SqlRecordings, SqlTranscripts, SqlStatistics,
               SqlPageVersions, SqlStaffLine, SqlPromptRecordings, SqlFollowUps, SqlWebhooks,
               SqlCallerRecords, SqlCallSearch, SqlNodes, SqlRetention, SqlAccounts, SqlLive, ABC):  # fmt: skip
    """Implements ``ports.Store`` with two methods of a subclass: ``_unit`` (a transaction) and ``_rows`` (a query)."""

    def __init__(self, statements: Mapping[str, Statement], keys: Keys) -> None:
        super().__init__()
        self._sql = statements
        self._keys = keys

    @abstractmethod
    def _unit(self, work: Callable[[SqlTransaction], T]) -> T:
        """Run ``work`` in one transaction and return after the commit. Raises StoreUnavailable."""

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]:
        """All rows of a statement, as last committed. Raises StoreUnavailable."""

    @abstractmethod
    def ping(self) -> None: ...

    @abstractmethod
    def share_changes(self) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    def transact(self, work: Callable[[Transaction], T]) -> T:
        return self._unit(work)

    def read(self, call: str) -> Call | None:
        rows = self._rows("read", id=call)
        return self._call(*rows[0]) if rows else None

    def _call(self, id: str, wrapped: str | None, state: str) -> Call:
        return opened(state, self._keys.key(id, wrapped))

    def recent(self, call: str) -> Call | None:
        return self.read(call)

    def journal(self, call: str) -> list[Entry]:
        rows = self._rows("journal", id=call)
        key = self._keys.key(call, rows[0][-1]) if rows else ERASED
        return [_entry(row, key) for row in rows]

    def history(self, call: str) -> list[Moment]:
        rows = self._rows("history", id=call)
        key = self._keys.key(call, rows[0][-1]) if rows else ERASED
        return [opened_moment(from_json(body), key) for body, _ in rows]

    def calls(self, live: bool = True, limit: int = 1000) -> list[Call]:
        rows = self._rows("live" if live else "all", limit=limit)
        return [call for row in rows if (call := self._readable(*row))]

    def _readable(self, id: str, wrapped: str | None, state: str) -> Call | None:
        """The call; None for one of a newer Callflow, whose nodes look after it, and for one that is damaged: all
        others must go on."""
        try:
            return self._call(id, wrapped, state)
        except NewerCall as error:
            log.warning("a call was left out: %s", error)
        except (UnreadableCall, CannotOpen) as error:
            log.error("a call was left out, which cannot be read: %s", type(error).__name__)
        return None

    def find(self, reference: str) -> Call | None:
        if not reference.isalnum():  # a wildcard of LIKE
            return None
        rows = self._rows("find", reference=reference)
        rows = rows or self._rows("find_in_state", part=f'%"reference":"{reference}"%')
        return self._call(*rows[0]) if rows else None

    def due_calls(self, now: datetime, limit: int = 100) -> list[str]:
        return [row[0] for row in self._rows("due", now=to_micros(now), limit=limit)]

    def next_due(self, after: datetime | None = None) -> datetime | None:
        (row,) = self._rows("next_due", after=to_micros(after or LONG_AGO))
        return None if row[0] is None else from_micros(row[0])

    def lease_orders(self, now: datetime, until: datetime, limit: int = 50) -> list[Due]:
        values = {"now": to_micros(now), "until": to_micros(until), "limit": limit}
        # A query first, because usually nothing is due and no transaction is needed.
        if not self._rows("free_orders", now=values["now"]):
            return []
        # RETURNING does not guarantee an order.
        rows = sorted(self._unit(lambda unit: unit.rows("lease", values)))
        return [due for row in rows if (due := self._due(*row))]

    def _due(self, row: int, id: str, body: str, tries: int, call: str, wrapped: str | None) -> Due | None:
        try:
            body = self._keys.key(call, wrapped).open(body, f"order {id}")
        except CannotOpen as error:
            # The others are sent all the same; this one is tried again when its lease is over.
            log.error("a stored request was left: %s", error)
            return None
        order = order_from_json(body) if body else None
        return Due(row=row, order=order, tries=tries) if order else None

    def orders_done(self, ids: Collection[str]) -> None:
        self._unit(lambda unit: unit.run_each("order_done", [{"order": id} for id in ids]))

    def order_again(self, id: str, at: datetime) -> None:
        self._unit(lambda unit: unit.run("order_again", {"order": id, "at": to_micros(at)}))

    def waiting(self, team: str | None = None) -> list[str]:
        rows = self._rows("queue") if team is None else self._rows("queue_of_team", team=team)
        return [row[0] for row in rows]

    def people(self, now: datetime) -> list[PersonPresence]:
        return [present(person_presence(row), now) for row in self._rows("people")]

    def set_away(self, person: str, away: bool) -> None:
        self._unit(lambda unit: unit.run("set_missed", {"person": person, "missed": AWAY_AFTER if away else 0}))

    def erase(self, call: str) -> bool:
        return self._unit(lambda unit: unit.erase(call))

    def check_secret(self) -> None:
        """Raise WrongSecret if this database was sealed with another secret."""
        try:
            for year, pepper in self._rows("peppers"):
                self._keys.wrapper.unwrapped(pepper, f"year {year}")
            for id, wrapped in self._rows("newest_key"):
                self._keys.key(id, wrapped)
        except CannotOpen as error:
            raise WrongSecret(f"the database cannot be read: {error}") from None


def _entry(row: Any, key: CallKey) -> Entry:
    seq, at, kind, actor, digit, script, version, language, outcome, details, _ = row
    note = Note(kind=kind, actor=actor, key=digit, script=script, version=version, language=language, outcome=outcome,
                details=details_from_json(details))  # fmt: skip
    return Entry(seq=seq, at=from_micros(at), note=opened_note(note, seq, key))
