"""A chain over the journal of one call: each entry is hashed together with everything before it.

What is hashed is the row as it is stored, with what identifies people still sealed. So a chain can be verified without
any key, and it still verifies when the key was deleted and nobody can read the sealed fields any more.

The digest of an entry is SHA-256 of the digest before it (32 bytes) and of ``canonical`` of the entry.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from json.encoder import encode_basestring_ascii as quoted
from struct import Struct
from typing import Final, NamedTuple
from zlib import crc32

FIELDS: Final = ("seq", "at", "kind", "actor", "key", "script", "version", "language", "outcome", "details")
"""The columns of a row that are hashed, in this order. ``seq`` and ``at`` are whole numbers, the others texts."""
Row = Sequence[int | str]
Link = bytes
"""What is stored with an entry: the digest (32 bytes), and the CRC-32 of each field as it stands in ``canonical``.
These name the field that was changed; nothing depends on them."""
DIGEST_BYTES: Final = 32
_marks: Final = Struct(f">{len(FIELDS)}I").pack


class Broken(NamedTuple):
    """The first place where a chain does not hold: the number of the entry (None is the row of the call itself), the
    field or "", and what is wrong, in words."""

    seq: int | None
    field: str
    what: str


class Head(NamedTuple):
    """Of a chain: how many entries are in it, and the digest of the last one."""

    entries: int
    digest: bytes

    def text(self) -> str:
        """As it is stored in the row of the call."""
        return f"{self.entries}:{self.digest.hex()}"


def head_of(text: str | None) -> Head | None:
    """Undo ``Head.text``; None for anything else."""
    count, _, digest = (text or "").partition(":")
    if not count.isdecimal() or len(digest) != 2 * DIGEST_BYTES:
        return None
    try:
        found = Head(int(count), bytes.fromhex(digest))
    except ValueError:
        return None
    return found if found.text() == text else None


def beginning(call: str, origin: str) -> bytes:
    """The digest before the first entry. ``origin``: the digest of the configuration that the call began with, and the
    node that took it."""
    return sha256(f"callflow journal 1\n{call}\n{origin}".encode()).digest()


def canonical(row: Row) -> bytes:
    """A row as it is hashed: a JSON list of texts without spaces, in ASCII."""
    return b"[%b]" % b",".join([one.encode() for one in map(quoted, map(str, row))])


def link(digest: bytes, row: Row) -> Link:
    """The link of the next row after ``digest``. It costs 2.3 us."""
    fields = [*map(str.encode, map(quoted, map(str, row)))]
    return sha256(b"%b[%b]" % (digest, b",".join(fields))).digest() + _marks(*map(crc32, fields))


def linked(digest: bytes, rows: Iterable[Row]) -> Iterator[Link]:
    for row in rows:
        found = link(digest, row)
        digest = found[:DIGEST_BYTES]
        yield found


def verify(before: bytes, rows: Sequence[tuple[Row, Link | None]], head: Head, entries: int) -> Broken | None:
    """The first break of a chain, or None. ``head`` and ``entries`` are what the call itself says about its journal."""
    digest = before
    for number, (row, stored) in enumerate(rows, 1):
        if number > max(entries, head.entries):
            return Broken(int(row[0]), "", f"was added: the call has {entries} entries")
        if row[0] != number:
            return _order(number, row, rows)
        found = link(digest, row)
        if found != stored:
            return _changed(rows, number, found, stored, head)
        digest = found[:DIGEST_BYTES]
    return _counted(len(rows), digest, head, entries)


def _counted(rows: int, digest: bytes, head: Head, entries: int) -> Broken | None:
    if rows < min(entries, head.entries):
        return Broken(rows + 1, "", f"was removed: the call has {entries} entries, and {rows} are there")
    if entries != rows:
        return Broken(None, "entries", f"was changed in entries: {rows} are there")
    if head.entries != rows:
        return Broken(None, "head", "was changed in head: it has another number of entries")
    if digest != head.digest:
        what = "was changed in head" if rows else "was changed in head, id or origin"
        return Broken(None, "head", f"{what}: the chain ends with another digest")
    return None


def _order(number: int, row: Row, rows: Sequence[tuple[Row, Link | None]]) -> Broken:
    if isinstance(row[0], int) and row[0] < number:
        return Broken(row[0], "", "was added")
    if any(one[0] == number for one, _ in islice(rows, number, None)):
        return Broken(number, "seq", f"was reordered: entry {row[0]} stands in its place")
    return Broken(number, "", f"was removed: entry {row[0]} follows")


def _changed(rows: Sequence[tuple[Row, Link | None]], number: int, found: Link, stored: Link | None, head: Head
             ) -> Broken:  # fmt: skip
    """Why a link does not fit its row."""
    if stored is None or len(stored) != len(found):
        return Broken(number, "link", "was changed in link: it is missing, or cut")
    fields = [name for at, name in enumerate(FIELDS) if _mark(stored, at) != _mark(found, at)]
    same = found[:DIGEST_BYTES] == stored[:DIGEST_BYTES]
    if same:
        return Broken(number, "link", f"was changed in link: in the mark of {' and '.join(fields)}")
    if fields:
        return Broken(number, fields[0], f"was changed in {' and '.join(fields)}")
    following = [*rows[number : number + 1]]
    if _follows(stored[:DIGEST_BYTES], following, head):
        if number == 1:
            return Broken(None, "id", "was changed in id or origin: its first entry does not follow from them")
        return Broken(number, "", "was changed, and its mark too")
    return Broken(number, "link", "was changed in link: in the digest")


def _follows(digest: bytes, following: Sequence[tuple[Row, Link | None]], head: Head) -> bool:
    """Whether what comes after an entry was made with this digest of it."""
    for row, stored in following:
        return stored is not None and link(digest, row)[:DIGEST_BYTES] == stored[:DIGEST_BYTES]
    return digest == head.digest


def _mark(link: Link, field: int) -> bytes:
    return link[DIGEST_BYTES + 4 * field : DIGEST_BYTES + 4 * field + 4]
