"""Edits of a database by somebody who can do anything in it, except making hashes anew: one value, row or call at a
time. Each says what it touched, so that whatever else is accused was accused wrongly."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, NamedTuple

from callflow.evidence.faults import Fault
from callflow.store.snapshot import Snapshot, _Postgresql, _Sqlite

JOURNAL = ("call", "seq", "at", "kind", "actor", "key", "script", "version", "language", "outcome", "details", "link")
FINISHED = ("id", "reference", "started_at", "ended_at", "stage", "seq", "entries", "head", "origin", "sid", "due",
            "queue", "team", "priority", "since", "state", "logged")  # fmt: skip
LIVE = ("id", "entries", "head", "origin")
LEAVES = ("number", "call", "body", "nodes")
CHECKPOINTS = ("number", "size", "at", "note")
KEYS = {"journal": "row", "calls": "row", "log_leaves": "number", "checkpoints": "number"}


class Edit(NamedTuple):
    """What was done, to which ``field`` ("" for whole rows), and whether a fault is about it."""

    what: str
    field: str
    about: Callable[[Fault], bool]


class Nothing(Exception):
    """There is nothing to be edited like that, or the database refused it."""


class Editor:
    """``run`` runs a statement with values for its ``?``."""

    def __init__(self, database: Snapshot, run: Callable[..., Any], seed: int) -> None:
        self.rows, self.run = database.rows, run
        self.database = database
        self.dice = random.Random(seed)

    def edit(self) -> Edit:
        """Do one. Raises Nothing."""
        return self.dice.choice([
            self.change_entry, self.change_entry, self.change_entry, self.remove_entry, self.add_entry,
            self.swap_entries, self.change_call, self.change_call, self.remove_call, self.add_call, self.change_leaf,
            self.remove_leaf, self.add_leaf, self.swap_leaves, self.change_checkpoint, self.remove_checkpoint,
            self.add_checkpoint,
        ])()  # fmt: skip

    # -- the journal

    def change_entry(self) -> Edit:
        number, call, seq = self._entry()
        field = self.dice.choice(JOURNAL)
        new = self._change("journal", "row", number, field)
        touched = {(call, seq), (new if field == "call" else call, new if field == "seq" else seq)}
        return Edit(f"change {field} of entry {seq} of call {call}", field, self._entries(touched))

    def remove_entry(self) -> Edit:
        number, call, seq = self._entry()
        self.run('DELETE FROM journal WHERE "row" = ?', number)
        return Edit(f"remove entry {seq} of call {call}", "", self._entries({(call, seq)}))

    def add_entry(self) -> Edit:
        """A copy of an entry, in its own or another call, at the end, at the beginning, or far behind."""
        number, *_ = self._entry()
        call = self._one('SELECT "row" FROM calls', self.dice)[0]
        ((last,),) = self.rows("SELECT coalesce(max(seq), 0) FROM journal WHERE call = ?", call)
        seq = last + 1 if last == 0 else self.dice.choice([0, last + 1, last + 7])
        names = ", ".join(f'"{name}"' for name in JOURNAL[2:])
        copy = f'SELECT CAST(? AS BIGINT), CAST(? AS BIGINT), {names} FROM journal WHERE "row" = ?'
        self.run(f"INSERT INTO journal (call, seq, {names}) {copy}", call, seq, number)
        # Behind a gap, what is missing is named.
        touched = {(call, seq), *([(call, last + 1)] if seq > last else [])}
        return Edit(f"add entry {seq} to call {call}", "", self._entries(touched))

    def swap_entries(self) -> Edit:
        number, call, seq = self._entry()
        others = self.rows('SELECT "row", seq FROM journal WHERE call = ? AND "row" <> ?', call, number)
        if not others:
            raise Nothing
        other, its = self.dice.choice(others)
        for row, place in ((number, -9), (other, seq), (number, its)):
            self.run('UPDATE journal SET seq = ? WHERE "row" = ?', place, row)
        return Edit(f"swap entries {seq} and {its} of call {call}", "", self._entries({(call, seq), (call, its)}))

    def _entries(self, touched: set[tuple[int, int]]) -> Callable[[Fault], bool]:
        folded = {call for call, _ in touched}
        return lambda fault: (
            (fault.table == "journal" and (fault.row, fault.entry) in touched)
            or (fault.table == "calls" and fault.field == "folded" and fault.row in folded)
        )

    def _entry(self) -> tuple[int, int, int]:
        found: tuple[int, int, int] = self._one('SELECT "row", call, seq FROM journal', self.dice)
        return found

    # -- calls

    def change_call(self) -> Edit:
        number, ended, folded = self._one('SELECT "row", logged IS NOT NULL, folded IS NOT NULL FROM calls', self.dice)
        field = self.dice.choice([*(FINISHED if ended else LIVE), *(["folded"] if folded else [])])
        self._change("calls", "row", number, field)

        def about(fault: Fault) -> bool:
            gone = field == "logged" and fault.table == "log_leaves" and fault.what.startswith("was removed")
            return (fault.table, fault.row) == ("calls", number) or gone  # both look the same from the other side

        return Edit(f"change {field} of call {number}", field, about)

    def remove_call(self) -> Edit:
        number, id = self._one('SELECT "row", id FROM calls WHERE logged IS NOT NULL OR entries > 0', self.dice)
        if self.dice.random() < 0.7 and self.rows("SELECT 1 FROM log_leaves WHERE call = ?", number):
            self.run("DELETE FROM journal WHERE call = ?", number)
        elif self.rows("SELECT 1 FROM reclaimed WHERE call = ?", number):
            raise Nothing
        self.run('DELETE FROM calls WHERE "row" = ?', number)
        return Edit(f"remove call {number} {id}", "", lambda fault: fault.table in ("calls", "journal")
                    and fault.row == number)  # fmt: skip

    def add_call(self) -> Edit:
        """A copy of a call, with another id, and with its journal or without."""
        number, id = self._one('SELECT "row", id FROM calls WHERE head IS NOT NULL', self.dice)
        names = [name for name in (*FINISHED, "key", "caller", "folded") if name not in ("id", "sid", "logged")]
        columns = ", ".join(f'"{name}"' for name in names)
        self.run(f'INSERT INTO calls (id, {columns}) SELECT ?, {columns} FROM calls WHERE "row" = ?', f"{id}x", number)
        ((new,),) = self.rows('SELECT "row" FROM calls WHERE id = ?', f"{id}x")
        if self.dice.random() < 0.5:
            self.run(f"""INSERT INTO journal (call, {", ".join(f'"{name}"' for name in JOURNAL[1:])})
                     SELECT CAST(? AS BIGINT), {", ".join(f'"{name}"' for name in JOURNAL[1:])} FROM journal
                     WHERE call = ?""", new, number)  # fmt: skip
        return Edit(f"add call {new} like {number}", "", lambda fault: fault.table in ("calls", "journal")
                    and fault.row == new)  # fmt: skip

    # -- the log

    def change_leaf(self) -> Edit:
        (number,) = self._one("SELECT number FROM log_leaves", self.dice)
        field = self.dice.choice(LEAVES)
        new = self._change("log_leaves", "number", number, field)
        return Edit(f"change {field} of leaf {number}", field,
                    self._of("log_leaves", number, *([new] if field == "number" else [])))  # fmt: skip

    def remove_leaf(self) -> Edit:
        (number,) = self._one("SELECT number FROM log_leaves", self.dice)
        self.run("DELETE FROM log_leaves WHERE number = ?", number)
        return Edit(f"remove leaf {number}", "", self._of("log_leaves", number))

    def add_leaf(self) -> Edit:
        (number,) = self._one("SELECT number FROM log_leaves", self.dice)
        ((size,),) = self.rows("SELECT max(number) + 1 FROM log_leaves")
        new = self.dice.choice([size, size + 3, -1])
        self.run("INSERT INTO log_leaves SELECT CAST(? AS BIGINT), call, body, nodes FROM log_leaves WHERE number = ?",
                 new, number)  # fmt: skip
        return Edit(f"add leaf {new} like {number}", "", self._of("log_leaves", *range(min(size, new), new + 1)))

    def swap_leaves(self) -> Edit:
        (one,), (other,) = (self._one("SELECT number FROM log_leaves", self.dice) for _ in range(2))
        self._swap("log_leaves", one, other)
        return Edit(f"swap leaves {one} and {other}", "", self._of("log_leaves", one, other))

    def change_checkpoint(self) -> Edit:
        (number,) = self._one("SELECT number FROM checkpoints", self.dice)
        field = self.dice.choice(CHECKPOINTS)
        new = self._change("checkpoints", "number", number, field)
        return Edit(f"change {field} of checkpoint {number}", field,
                    self._of("checkpoints", number, *([new] if field == "number" else [])))  # fmt: skip

    def remove_checkpoint(self) -> Edit:
        (number,) = self._one("SELECT number FROM checkpoints", self.dice)
        self.run("DELETE FROM checkpoints WHERE number = ?", number)
        return Edit(f"remove checkpoint {number}", "", self._of("checkpoints", number))

    def add_checkpoint(self) -> Edit:
        (number,) = self._one("SELECT number FROM checkpoints", self.dice)
        ((new,),) = self.rows("SELECT max(number) + 1 FROM checkpoints")
        self.run("INSERT INTO checkpoints SELECT CAST(? AS BIGINT), size, at, note FROM checkpoints WHERE number = ?",
                 new, number)  # fmt: skip
        return Edit(f"add checkpoint {new} like {number}", "", self._of("checkpoints", new))

    def _of(self, table: str, *numbers: int) -> Callable[[Fault], bool]:
        return lambda fault: fault.table == table and fault.row in numbers

    # -- values

    def _change(self, table: str, key: str, number: int, field: str) -> Any:
        """Change one value of a row; returns the new one."""
        ((old,),) = self.rows(f'SELECT "{field}" FROM {table} WHERE "{key}" = ?', number)
        new = self._other(old, field)
        self.run(f'UPDATE {table} SET "{field}" = ? WHERE "{key}" = ?', new, number)
        where = new if field == key else number
        if self.rows(f'SELECT 1 FROM {table} WHERE "{key}" = ? AND "{field}" IS NOT DISTINCT FROM ?', where, old):
            raise Nothing
        return new

    def _other(self, old: Any, field: str) -> Any:
        if old is None:
            return b"x" if field == "link" else 7 if field in NUMBERS else "x"
        if isinstance(old, int):
            return old + self.dice.choice([-1000, -1, 1, 7, 10**6])
        if isinstance(old, bytes | memoryview):
            raw = bytearray(old)
            raw[self.dice.randrange(len(raw))] ^= 1 << self.dice.randrange(8)
            return bytes(raw) if self.dice.random() < 0.9 else bytes(raw[:-1])
        return self._text(old)

    def _text(self, old: str) -> str:
        at, letter = self.dice.randrange(len(old) + 1), self.dice.choice('x1 "é\n:,')
        return self.dice.choice(
            [old[:at] + letter + old[at:], old[:at] + letter + old[at + 1 :], old[:at] + old[at + 1 :]]
        )

    def _swap(self, table: str, one: int, other: int) -> None:
        if one == other:
            raise Nothing
        for number, place in ((one, -9), (other, one), (-9, other)):
            self.run(f"UPDATE {table} SET number = ? WHERE number = ?", place, number)

    def _one(self, query: str, dice: random.Random) -> Any:
        rows = self.rows(query)
        if not rows:
            raise Nothing
        return dice.choice(sorted(rows))


NUMBERS = frozenset({"due", "priority", "since", "logged", "started_at", "ended_at"})


@contextmanager
def editor(url: str, seed: int) -> Iterator[tuple[Editor, Callable[[], None], Callable[[], None]]]:
    """An editor without the triggers that refuse edits, and how to begin and to undo."""
    if url.startswith("sqlite:"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        with closing(connection):
            hand = Editor(_Sqlite(connection), lambda text, *values: connection.execute(text, values), seed)
            yield hand, partial(_run, connection, "BEGIN"), partial(_run, connection, "ROLLBACK")
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as link:
        link.execute("SET session_replication_role = replica")

        def run(text: str, *values: Any) -> Any:
            try:
                return link.execute(text.replace("?", "%s").encode(), values)
            except (psycopg.IntegrityError, psycopg.DataError) as error:
                raise Nothing from error

        yield Editor(_Postgresql(link), run, seed), partial(_run, link, "BEGIN"), partial(_run, link, "ROLLBACK")


def _run(connection: Any, statement: str) -> None:
    connection.execute(statement)
