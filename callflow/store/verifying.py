"""Verifies a database: the journals of its calls, the log of finished calls, and its checkpoints, at one moment.

It needs no key of a call, because what is sealed is verified as it is stored.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from callflow.evidence import leaves, stored_log
from callflow.evidence.checkpoint import Checkpoint, NotACheckpoint, PublicKey, Verify, opened
from callflow.evidence.faults import Fault
from callflow.evidence.stored_calls import StoredCall, StoredLeaf, faults
from callflow.evidence.stored_log import StoredCheckpoint, Tree
from callflow.store.links import folded_links, rows_with_links
from callflow.store.prepared import SCHEMA_VERSION
from callflow.store.snapshot import Snapshot, snapshot

BATCH: Final = 500
LINKED_SINCE: Final = 16
"""Servers of schema versions before this one write entries without a link."""
_COLUMNS: Final = (*leaves.COLUMNS, "logged", "folded")
_CALLS: Final = f"""SELECT {", ".join(f'"{name}"' for name in _COLUMNS)} FROM calls
WHERE "row" > ? ORDER BY "row" LIMIT {BATCH}"""
_JOURNAL: Final = """SELECT call, seq, at, kind, actor, "key", script, version, language, outcome, details, link
FROM journal WHERE call > ? AND call <= ? ORDER BY call, seq"""
_LEAVES_OF: Final = """SELECT number, call, body, nodes FROM log_leaves
WHERE call > ? AND call <= ? ORDER BY call, number"""
_RECLAIMED: Final = "SELECT call, entries FROM reclaimed WHERE call > ? AND call <= ?"
_LEAF: Final = "SELECT number, call, body, nodes FROM log_leaves WHERE number = ?"
_LEAVES: Final = f"""SELECT number, call, body, nodes, (SELECT id FROM calls WHERE calls."row" = log_leaves.call)
FROM log_leaves WHERE number > ? ORDER BY number LIMIT {BATCH}"""
_CHECKPOINTS: Final = "SELECT number, size, at, note FROM checkpoints ORDER BY number"
_COUNT: Final = "SELECT value FROM meta WHERE name = 'checkpoints'"
_WITNESSED: Final = "SELECT checkpoint, witness, proof FROM witnessed ORDER BY checkpoint, witness"
_ENDS: Final = (-(1 << 63), (1 << 63) - 1)


@dataclass(slots=True)
class Report:
    """``faults`` in the order: calls, log, checkpoints. ``unlinked``: calls with entries of servers of before that are
    not folded in yet. ``waiting``: finished calls that are not in the log yet. ``unsigned``: no key of the log is
    known, so signatures were not verified. ``unwitnessed``: leaves after the last checkpoint that somebody has seen."""

    faults: list[Fault] = field(default_factory=list)
    calls: int = 0
    entries: int = 0
    reclaimed: int = 0
    unlinked: int = 0
    waiting: int = 0
    leaves: int = 0
    checkpoints: int = 0
    witnessed: int = 0
    unsigned: bool = False
    unwitnessed: int = 0


Progress = Callable[[Report], object]
Keys = Mapping[PublicKey, Verify]


class Outside(NamedTuple):
    """What is known from elsewhere: the keys of the log and of its witnesses, whose signatures are verified, and
    checkpoints that somebody else has kept, by name, which the log must contain."""

    log: Keys = MappingProxyType({})
    witnesses: Keys = MappingProxyType({})
    copies: Mapping[str, Checkpoint] = MappingProxyType({})


NOTHING: Final = Outside()


def verify(url: str, outside: Outside = NOTHING, progress: Progress = lambda report: None) -> Report:
    """``progress`` is called again and again. Raises StoreUnavailable or WrongSchema."""
    with snapshot(url) as database:
        return verified(database, outside, progress)


def verified(database: Snapshot, outside: Outside = NOTHING, progress: Progress = lambda report: None) -> Report:
    report = Report(unsigned=not outside.log)
    unlinked = database.levels().oldest < LINKED_SINCE <= SCHEMA_VERSION
    report.faults += _calls(database, report, progress, unlinked=unlinked)
    report.faults += _log(database, report, progress, outside)
    report.faults += _witnessed(database, report, outside.witnesses)
    return report


def _calls(database: Snapshot, report: Report, progress: Progress, *, unlinked: bool) -> Iterator[Fault]:
    after = _ENDS[0]
    while True:
        rows = database.rows(_CALLS, after)
        last = rows[-1][0] if len(rows) == BATCH else _ENDS[1]
        yield from _batch(database, report, rows, (after, last), unlinked=unlinked)
        progress(report)
        if last == _ENDS[1]:
            return
        after = last


def _batch(database: Snapshot, report: Report, rows: Sequence[Any], between: tuple[int, int], *, unlinked: bool
           ) -> Iterator[Fault]:  # fmt: skip
    journals = _by_call(database.rows(_JOURNAL, *between), 0)
    logged = _by_call(database.rows(_LEAVES_OF, *between), 1)
    reclaimed = dict(database.rows(_RECLAIMED, *between))
    for row in rows:
        columns = dict(zip(_COLUMNS, row, strict=True))
        number = columns["row"]
        entries = journals.pop(number, [])
        report.calls += 1
        report.entries += len(entries)
        report.reclaimed += number in reclaimed
        found = [_leaf(one) for one in logged.get(number, [])]
        yield from _call(database, report, columns, entries, found, reclaimed.get(number), unlinked=unlinked)
    for number, entries in journals.items():
        yield Fault("journal", number, "call", "is missing, but its entries are there: it was removed, or they were "
                                               "added", entry=entries[0][1])  # fmt: skip


def _call(database: Snapshot, report: Report, columns: Mapping[str, Any], entries: Sequence[Any],
          found: Sequence[StoredLeaf], reclaimed: int | None, *, unlinked: bool) -> Iterator[Fault]:  # fmt: skip
    call = StoredCall(columns, (), found, reclaimed=reclaimed, unlinked=unlinked)
    try:
        links = _folded(columns["folded"])
    except (ValueError, AttributeError, TypeError):
        yield call.fault("folded", "was changed in folded: it is not what was written")
        return
    twice = next((row[1] for row in entries if row[-1] is not None and row[1] in links), None)
    if twice is not None:
        yield call.fault("link", "was changed in link: it had none, because it was folded in", twice)
        return
    call = call._replace(entries=rows_with_links([row[1:] for row in entries], links), folded=frozenset(links))
    report.waiting += call.waits
    report.unlinked += unlinked and not (columns["head"] or "").startswith(f"{columns['entries']}:")
    yield from faults(call, lambda number: next(map(_leaf, database.rows(_LEAF, number)), None))


def _folded(text: str | None) -> dict[int, bytes]:
    """The links that were folded in. Raises ValueError for a text that is not as it was written."""
    links = folded_links(text)
    again = json.dumps({number: one.hex() for number, one in links.items()}) if links else None
    if again != text:
        raise ValueError
    return links


def _log(database: Snapshot, report: Report, progress: Progress, outside: Outside) -> Iterator[Fault]:
    points = [StoredCheckpoint(*row) for row in database.rows(_CHECKPOINTS)]
    tree = Tree({*(one.size for one in points), *(one.size for one in outside.copies.values())})
    after = -1
    yield from _before_the_first(database)
    while rows := database.rows(_LEAVES, after):
        found = [_leaf(row) for row in rows]
        for leaf, following, row in zip(found, [*found[1:], None], rows, strict=True):
            yield from tree.take(leaf, following)
            yield from _of_another(database, leaf, row[-1])
        after = rows[-1][0]
        report.leaves += len(rows)
        progress(report)
    ((count,),) = database.rows(_COUNT)
    report.checkpoints = len(points)
    yield from stored_log.checkpoints(points, int(count), tree, outside.log)
    for name, point in outside.copies.items():
        yield from stored_log.compared(point, tree, name)


def _before_the_first(database: Snapshot) -> Iterator[Fault]:
    for (number,) in database.rows("SELECT number FROM log_leaves WHERE number < 0 ORDER BY number"):
        yield Fault("log_leaves", number, "number", "was added, or changed in number")


def _of_another(database: Snapshot, leaf: StoredLeaf, id: str | None) -> Iterator[Fault]:
    """A leaf of a call that is not in its row. ``id``: of the call that is."""
    body = leaves.read(leaf.body) if leaf.whole else None
    if body is None or body["id"] == id:
        return
    name = body["reference"] or body["id"]
    if database.rows("SELECT 1 FROM calls WHERE id = ?", body["id"]):
        yield Fault("log_leaves", leaf.number, "call", "was changed in call: it is of another one")
    elif id is None:
        yield Fault("calls", leaf.call, "", f"was removed: leaf {leaf.number} is of it", name)
    else:
        yield Fault("calls", leaf.call, "id", f"was changed in id: leaf {leaf.number} has another", name)


def _witnessed(database: Snapshot, report: Report, keys: Keys) -> Iterator[Fault]:
    points = {row[0]: StoredCheckpoint(*row) for row in database.rows(_CHECKPOINTS)}
    report.unwitnessed = report.leaves
    for number, witness, proof in database.rows(_WITNESSED):
        report.witnessed += 1
        known = {key: verify for key, verify in keys.items() if key.name == witness}
        if number not in points:
            yield Fault("witnessed", number, "checkpoint", f"was added: there is no checkpoint {number}")
            continue
        report.unwitnessed = min(report.unwitnessed, report.leaves - points[number].size)
        if not known:
            continue
        try:
            _, signers = opened(points[number].note.partition("\n\n")[0] + "\n\n" + proof, known)
        except NotACheckpoint as error:
            yield Fault("witnessed", number, "proof", f"was changed in proof, or in its checkpoint: it {error}")
            continue
        if not signers:
            yield Fault("witnessed", number, "proof", f"was changed in proof: it is not signed by {witness}")


def _by_call(rows: Sequence[Any], column: int) -> dict[int, list[Any]]:
    return {call: list(found) for call, found in groupby(rows, itemgetter(column))}


def _leaf(row: Any) -> StoredLeaf:
    number, call, body, nodes = row[:4]
    return StoredLeaf(number, call, body, bytes(nodes))
