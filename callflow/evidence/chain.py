"""A chain over the journal of one call: each entry is hashed together with everything before it.

What is hashed is the row as it is stored, with what identifies people still sealed. So a chain can be verified without
any key, and it still verifies when the key was deleted and nobody can read the sealed fields any more.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from zlib import crc32

FIELDS = ("seq", "at", "kind", "actor", "key", "script", "version", "language", "outcome", "details")
"""The columns of a row that are hashed, in this order. ``seq`` and ``at`` are whole numbers, the others texts."""
Row = Sequence[int | str]
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Link:
    """What is stored with an entry. ``digest`` is the head of the chain with this entry, in hex. ``marks`` are 4 hex
    digits for each field, which name the field that was changed; they are hashed as well."""

    digest: str
    marks: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where a chain does not hold: the number of the entry, and what is wrong, in words."""

    seq: int
    what: str


def beginning(call: str, configuration: str) -> str:
    """The head of a chain without entries: it binds the chain to its call, and to the configuration that it began
    with (its digest)."""
    return sha256(f"callflow journal 1\n{call}\n{configuration}".encode()).hexdigest()


def link(head: str, row: Row) -> Link:
    """The link of the next row after ``head``."""
    marks = "".join([f"{crc32(_encode(one).encode()) & 0xFFFF:04x}" for one in row])
    return Link(sha256(f"{head}{_encode([*row, marks])}".encode()).hexdigest(), marks)


def linked(head: str, rows: Iterable[Row]) -> Iterator[Link]:
    for row in rows:
        found = link(head, row)
        head = found.digest
        yield found


def verify(beginning: str, rows: Sequence[tuple[Row, Link]], head: str, entries: int) -> Broken | None:
    """The first break of a chain, or None. ``head`` and ``entries`` are what the call itself says about its journal."""
    before = beginning
    for number, (row, stored) in enumerate(rows, 1):
        if row[0] != number:
            return Broken(number, _order(number, row, rows))
        found = link(before, row)
        if found != stored:
            return Broken(number, _changed(before, row, stored, found))
        before = stored.digest
    if len(rows) > entries:
        return Broken(entries + 1, f"was added: the call has {entries} entries")
    if len(rows) < entries:
        return Broken(len(rows) + 1, f"was removed: the call has {entries} entries, and {len(rows)} are there")
    if before != head:
        return Broken(len(rows), "the head of the chain in the call was changed")
    return None


def _order(number: int, row: Row, rows: Sequence[tuple[Row, Link]]) -> str:
    if any(one[0] == number for one, _ in rows[number:]):
        return f"was reordered: entry {row[0]} stands in its place"
    if isinstance(row[0], int) and row[0] < number:
        return f"was added: there are two entries {row[0]}"
    return f"was removed: entry {row[0]} follows"


def _changed(before: str, row: Row, stored: Link, found: Link) -> str:
    """Why a link does not fit its row. The marks are those of the row as it was when they were hashed."""
    fields = [
        name for at, name in enumerate(FIELDS) if stored.marks[4 * at : 4 * at + 4] != found.marks[4 * at : 4 * at + 4]
    ]
    if fields:
        return f"was changed in {' and '.join(fields)}"
    if stored.marks != found.marks:
        return "was changed in marks"
    again = sha256(f"{before}{_encode([*row, stored.marks])}".encode()).hexdigest()
    return "was changed, or its digest" if again != stored.digest else "does not follow the entry before it"
