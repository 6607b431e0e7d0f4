"""Records about callers (``service.caller_records``), for the SQL stores and the memory store."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from callflow.core.call import Call
from callflow.core.codec import from_micros, to_micros
from callflow.service.caller_records import ERASED, CallerRecord, RecordEntry, RecordKind, Step

if TYPE_CHECKING:  # a memory store needs nothing of them
    from callflow.store.keys import Keys
    from callflow.store.sealing import CallKey
    from callflow.store.transaction import SqlTransaction

BODY = "body"


def name_of(id: str) -> str:
    """What the key of a record belongs to: never the same as the id of a call."""
    return f"caller record {id}"


def opened_record(keys: "Keys", row: Any) -> CallerRecord:
    id, kind, state, at, until, wrapped, body = row
    found = keys.wrapper.key(name_of(id), wrapped).open(body, BODY)
    return CallerRecord(id=id, kind=RecordKind(kind), state=state, at=from_micros(at),
                        until=None if until is None else from_micros(until),
                        body=json.loads(found) if found else {})  # fmt: skip


class SqlCallerRecordUnit:
    """Mixed into ``SqlTransaction``."""

    def recognise(self: Any, call: str, number: str, at: datetime) -> tuple[Call | None, Collection[CallerRecord]]:
        if not number or self.loaded(call):
            return self.load(call), ()
        values = {"id": call, "now": to_micros(at), "callers": self.keys.recognised_ever(self, number)}
        rows = self.rows("recognise", values)
        if rows and rows[0][0] == "call":
            return self.load(call), ()
        return None, [opened_record(self.keys, (id, kind, *rest)) for kind, id, *rest in rows]

    def add_caller_record_entry(self: Any, id: str, entry: RecordEntry) -> None:
        found = self.rows("caller_record_locked", {"id": id})
        if found:
            _add_entry(self, id, self.keys.wrapper.key(name_of(id), found[0][5]), entry)


def _add_entry(unit: "SqlTransaction", id: str, key: "CallKey", entry: RecordEntry) -> None:
    ((length,),) = unit.rows("count_caller_record_entries", {"id": id})
    seq = int(length) + 1
    reason = key.seal(entry.reason, f"reason of entry {seq}") if entry.reason else ""
    unit.run("add_caller_record_entry", {"record": id, "seq": seq, "at": to_micros(entry.at), "kind": entry.kind,
                                         "actor": entry.actor, "reason": reason})  # fmt: skip


class SqlCallerRecords(ABC):
    """Uses ``_unit``, ``_rows`` and ``_keys`` of ``sql.SqlStore``."""

    _keys: "Keys"

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def add_caller_record(self, new: CallerRecord, number: str, entry: RecordEntry) -> None:
        def work(unit: "SqlTransaction") -> None:
            if unit.rows("caller_record_locked", {"id": new.id}):
                return
            key = unit.keys.wrapper.new_key(name_of(new.id))
            unit.run("add_caller_record", {
                "id": new.id, "kind": new.kind.value, "at": to_micros(new.at), "key": key.stored,
                "caller": unit.keys.recognised(unit, number, new.at.year), **_changing(new, key),
            })  # fmt: skip
            _add_entry(unit, new.id, key, entry)

        self._unit(work)

    def change_caller_record(self, id: str, step: Step) -> CallerRecord | None:
        def work(unit: "SqlTransaction") -> CallerRecord | None:
            found = unit.rows("caller_record_locked", {"id": id})
            if not found or found[0][5] is None:
                return None
            changed, entry = step(opened_record(unit.keys, found[0]))
            key = unit.keys.wrapper.key(name_of(id), found[0][5])
            unit.run("change_caller_record", {"id": id, **_changing(changed, key)})
            _add_entry(unit, id, key, entry)
            return changed

        done: CallerRecord | None = self._unit(work)
        return done

    def caller_record(self, id: str) -> CallerRecord | None:
        rows = self._rows("caller_record", id=id)
        return opened_record(self._keys, rows[0]) if rows else None

    def caller_records(self, kind: RecordKind) -> list[CallerRecord]:
        return [opened_record(self._keys, row) for row in self._rows("caller_records", kind=kind.value)]

    def records_of(self, number: str) -> list[CallerRecord]:
        def work(unit: "SqlTransaction") -> list[Any]:
            return unit.rows("caller_records_of", {"callers": unit.keys.recognised_ever(unit, number)})

        return [opened_record(self._keys, row) for row in self._unit(work)]

    def caller_record_entries(self, id: str) -> list[RecordEntry]:
        return [
            RecordEntry(at=from_micros(at), kind=kind, actor=actor,
                        reason=self._keys.wrapper.key(name_of(id), wrapped).open(reason, f"reason of entry {seq}"))
            for seq, at, kind, actor, reason, wrapped in self._rows("caller_record_entries", id=id)
        ]  # fmt: skip

    def erase_caller_record(self, id: str, entry: RecordEntry) -> bool:
        def work(unit: "SqlTransaction") -> bool:
            found = unit.rows("caller_record_locked", {"id": id})
            if not found or found[0][5] is None:
                return False
            _add_entry(unit, id, unit.keys.wrapper.key(name_of(id), found[0][5]), entry)
            unit.run("erase_caller_record", {"id": id})
            return True

        return bool(self._unit(work))

    def erase_expired_heads_ups(self, now: datetime) -> int:
        over = RecordEntry(at=now, kind=ERASED, actor="callflow")
        found = self._rows("expired_heads_ups", now=to_micros(now))
        return sum(self.erase_caller_record(id, over) for (id,) in found)


def _changing(one: CallerRecord, key: "CallKey") -> dict[str, Any]:
    return {"state": one.state, "until": None if one.until is None else to_micros(one.until),
            BODY: key.seal(json.dumps(dict(one.body)), BODY)}  # fmt: skip


class MemoryCallerRecords:
    """Uses dictionaries under the store's lock. Nothing is sealed; the numbers are gone with the process."""

    def __init__(self) -> None:
        super().__init__()
        self._caller_records: dict[str, tuple[CallerRecord, str]] = {}
        self._caller_entries: dict[str, list[RecordEntry]] = {}

    def add_caller_record(self: Any, new: CallerRecord, number: str, entry: RecordEntry) -> None:
        with self._lock:
            self._check()
            if new.id not in self._caller_records:
                self._caller_records[new.id] = (new, number)
                self._caller_entries[new.id] = [entry]

    def change_caller_record(self: Any, id: str, step: Step) -> CallerRecord | None:
        with self._lock:
            self._check()
            known, number = self._caller_records.get(id, (None, ""))
            if known is None or known.state == ERASED:
                return None
            changed, entry = step(known)
            self._caller_records[id] = (changed, number)
            self._caller_entries[id].append(entry)
            return changed

    def caller_record(self, id: str) -> CallerRecord | None:
        return self._caller_records.get(id, (None, ""))[0]

    def caller_records(self, kind: RecordKind) -> list[CallerRecord]:
        return self._found(lambda one, _: one.kind is kind)

    def records_of(self, number: str) -> list[CallerRecord]:
        return self._found(lambda _, of: bool(number) and of == number)

    def _found(self, fits: Callable[[CallerRecord, str], bool]) -> list[CallerRecord]:
        found = [one for one, number in list(self._caller_records.values()) if fits(one, number)]
        return sorted(found, key=lambda one: (one.at, one.id))

    def caller_record_entries(self, id: str) -> list[RecordEntry]:
        return list(self._caller_entries.get(id, ()))

    def erase_caller_record(self: Any, id: str, entry: RecordEntry) -> bool:
        with self._lock:
            self._check()
            known, _ = self._caller_records.get(id, (None, ""))
            if known is None or known.state == ERASED:
                return False
            self._caller_records[id] = (replace(known, state=ERASED, body={}), "")
            self._caller_entries[id] = [replace(one, reason="") for one in (*self._caller_entries[id], entry)]
            return True

    def erase_expired_heads_ups(self, now: datetime) -> int:
        over = RecordEntry(at=now, kind=ERASED, actor="callflow")
        found = [one.id for one in self.caller_records(RecordKind.HEADS_UP) if one.until and one.until <= now]
        return sum(self.erase_caller_record(id, over) for id in found)


class MemoryCallerRecordUnit:
    """Mixed into ``MemoryTransaction``."""

    def recognise(self: Any, call: str, number: str, at: datetime) -> tuple[Call | None, Collection[CallerRecord]]:
        known = self.load(call)
        return known, () if known else [one for one in self._store.records_of(number) if one.effective(at)]

    def add_caller_record_entry(self: Any, id: str, entry: RecordEntry) -> None:
        if entries := self._store._caller_entries.get(id):
            entries.append(entry)
            self._undo.append(entries.pop)
