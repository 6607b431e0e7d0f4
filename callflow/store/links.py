"""The chain over the journal of a call, as it is stored: a link with each entry, and the head with the call.

Entries of servers of schema version 14 have no link. The next unit of a newer server that writes to the call folds them
in: it computes their links, and keeps them with the call, because the journal is append-only.
"""

import json
import socket
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from callflow.core.call import Call
from callflow.evidence import leaves
from callflow.evidence.chain import DIGEST_BYTES, FIELDS, Head, Link, Row, beginning, head_of, link, linked
from callflow.store.prepared import Values

if TYPE_CHECKING:
    from callflow.store.transaction import Loaded, SqlTransaction

NODE: Final = socket.gethostname()
_row: Final = itemgetter(*FIELDS)
BATCH: Final = 50


def origin_of(call: Call) -> str:
    """What the chain of a new call begins with: the configuration in force, and the node that took the call."""
    return f"{call.digest} {NODE}"


def first_head(call: str, origin: str, entries: Sequence[dict[str, Any]]) -> Head:
    """Link the first entries of a call (values of ``add_entry``). Returns the head after them."""
    return _extended(Head(0, beginning(call, origin)), entries)


def next_head(unit: "SqlTransaction", known: "Loaded", entries: Sequence[dict[str, Any]]) -> Head | None:
    """The same for a stored call. Entries of servers of before are folded in first."""
    if not entries:
        return known.head
    head = known.head
    if head is None or head.entries != known.entries:
        head = _folded(unit, known.row, known.call.id, head)
    return _extended(head, entries)


def _extended(head: Head, entries: Sequence[dict[str, Any]]) -> Head:
    digest = head.digest
    for values in entries:
        values["link"] = found = link(digest, _row(values))
        digest = found[:DIGEST_BYTES]
    return Head(head.entries + len(entries), digest)


def _folded(unit: "SqlTransaction", row: int, id: str, head: Head | None) -> Head:
    head = head or Head(0, beginning(id, ""))
    rows = unit.rows("not_linked", {"the_row": row, "after": head.entries})
    ((before,),) = unit.rows("folded", {"the_row": row})
    links = folded_links(before)
    for entry, found in zip(rows, linked(head.digest, rows), strict=True):
        links[entry[0]] = found
        head = Head(entry[0], found[:DIGEST_BYTES])
    text = json.dumps({number: found.hex() for number, found in links.items()}) if links else None
    unit.run("fold", {"the_row": row, "head": head.text(), "folded": text})
    return head


def folded_links(text: str | None) -> dict[int, Link]:
    """The links of entries that were folded in, by number. Raises ValueError for a text that is changed."""
    found = json.loads(text) if text else {}
    return {int(number): bytes.fromhex(one) for number, one in found.items()}


def rows_with_links(entries: Iterable[Sequence[Any]], folded: dict[int, Link]) -> list[tuple[Row, Link | None]]:
    """From rows of the journal whose last column is the link."""
    return [
        (row[:-1], bytes(row[-1]) if row[-1] is not None else folded.get(row[0]) if folded else None) for row in entries
    ]


def fold_all(store: Any) -> int:
    """Fold in all entries of servers of before, when none is left, and have calls logged again on which such servers
    went on after their end. Returns the number of calls that were folded."""
    done = after = 0
    while rows := store._rows("not_folded", after=after, limit=BATCH):
        done += store._unit(lambda unit, rows=rows: sum(_fold(unit, *row) for row in rows))
        after = rows[-1][0]
    after = 0
    while rows := store._rows("logged_calls", after=after, limit=BATCH):
        again = [{"the_row": row, "seq": seq} for row, seq, body in rows if (leaves.read(body) or {}).get("seq") != seq]
        store._unit(lambda unit, again=again: unit.run_each("log_again", again))
        after = rows[-1][0]
    return done


def _fold(unit: "SqlTransaction", row: int, id: str) -> int:
    found: Values = {"id": id}
    ((_, entries, *_, head),) = unit.rows("load", found)  # locks the call
    before = head_of(head)
    if before and before.entries == entries:
        return 0
    _folded(unit, row, id, before)
    return 1
