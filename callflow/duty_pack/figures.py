"""What a year's journals add up to. Whoever acted is never read: no figure can be about a person (rule 40).

The journals are read in batches of calls, in one read-only snapshot beside running servers. Memory holds one batch and
the counts. Erased calls count, because their entries stay; calls whose entries were reclaimed do not.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from callflow.core.codec import to_micros
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.store.snapshot import Snapshot, snapshot

BATCH: Final = 500
LONGEST_SECONDS: Final = 3600
"""Longer waits are counted as this one, so that the memory has a bound."""
ANSWERED_SECONDS: Final = 180
_CALLS: Final = f"""SELECT "row" FROM calls
WHERE "row" > ? AND started_at >= ? AND started_at < ? ORDER BY "row" LIMIT {BATCH}"""
_JOURNAL: Final = (
    """SELECT call, at, kind, outcome, details FROM journal WHERE call >= ? AND call <= ? ORDER BY call, seq"""
)
_TEAM: Final = 'SELECT state FROM calls WHERE "row" = ?'
_FOLLOW_UPS: Final = """SELECT kind, state, count(*) FROM follow_ups WHERE at >= ? AND at < ? GROUP BY kind, state"""
_RESTRICTIONS: Final = """SELECT caller_record_entries.kind, count(*) FROM caller_record_entries
JOIN caller_records ON caller_records.id = caller_record_entries.record
WHERE caller_records.kind = 'restriction' AND caller_record_entries.at >= ? AND caller_record_entries.at < ?
GROUP BY caller_record_entries.kind"""
FIRST_ROW: Final = -(1 << 63)
ONCE: Final[Mapping[tuple[str, str], str]] = {
    (NoteKind.CLOSING, NoteOutcome.DECIDED): "closings decided",
    (NoteKind.THREAT, NoteOutcome.ON): "threat",
    (NoteKind.SAFEGUARDING, NoteOutcome.ON): "safeguarding",
    (NoteKind.RELIEF, NoteOutcome.ON): "relief",
    (NoteKind.CALL_BACK, NoteOutcome.MISSED): "promises late",
    (NoteKind.CALL_BACK, NoteOutcome.KEPT): "promises kept",
    (NoteKind.CALL_BACK, NoteOutcome.WITHDRAWN): "promises withdrawn",
    (NoteKind.RECORDING, NoteOutcome.GIVEN): "recording notices",
    (NoteKind.RECORDING, NoteOutcome.YES): "recording agreed",
    (NoteKind.DELEGATE_UPWARDS, NoteOutcome.UNAVAILABLE): "supervisor not reached",
}
"""Counted once for each call that has such an entry."""
EACH: Final = frozenset({NoteKind.HOLD, NoteKind.WARNING, NoteKind.CALL_ENDED, "incident", "check_in"})
"""Counted by outcome, each entry."""
ASKED: Final = frozenset({NoteOutcome.ASKED, NoteOutcome.PAGED})


class Entry(NamedTuple):
    call: int
    at: int
    kind: str
    outcome: str
    details: str


@dataclass(slots=True)
class Figures:
    """Counts of a year, by names of ours. ``reached`` and ``answered``: seconds -> how often, for supervisors who were
    asked for and callers who waited. ``breaks``: (team, outcome) -> how often; a team is an id of people.yaml."""

    year: int
    calls: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    conduct: Counter[str] = field(default_factory=Counter)
    breaks: Counter[tuple[str, str]] = field(default_factory=Counter)
    reached: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    follow_ups: Counter[tuple[str, str]] = field(default_factory=Counter)
    restrictions: Counter[str] = field(default_factory=Counter)

    def of(self, kind: str, *outcomes: str) -> int:
        return sum(self.outcomes[kind, one] for one in outcomes)

    @property
    def closings(self) -> int:
        return self.of(NoteKind.CALL_ENDED, NoteOutcome.CLOSED)

    @property
    def holds(self) -> int:
        return self.of(NoteKind.HOLD, NoteOutcome.BEGUN)

    @property
    def holds_on_time(self) -> int:
        return self.holds - self.of(NoteKind.HOLD, NoteOutcome.OVERRUN)

    @property
    def answered_soon(self) -> int:
        return sum(count for seconds, count in self.answered.items() if seconds <= ANSWERED_SECONDS)

    @property
    def incidents(self) -> int:
        return sum(count for (kind, _), count in self.follow_ups.items() if kind == "incident")

    @property
    def answered_in_time(self) -> int:
        return self.follow_ups["incident", "answered"]


Progress = Callable[[Figures], object]


def counted(url: str, year: int, progress: Progress = lambda figures: None) -> Figures:
    """Count the calls that began in this year (UTC). ``progress`` is called after each batch. Raises StoreUnavailable,
    UnknownDatabase or WrongSchema."""
    begin, end = (to_micros(datetime(one, 1, 1, tzinfo=UTC)) for one in (year, year + 1))
    figures = Figures(year)
    with snapshot(url) as database:
        database.levels()
        for rows in _batches(database, begin, end):
            figures.calls += len(rows)
            _journals(database, rows, figures)
            progress(figures)
        for kind, state, count in database.rows(_FOLLOW_UPS, begin, end):
            figures.follow_ups[kind, state] += count
        if database.has_table("caller_record_entries"):
            figures.restrictions.update(dict(database.rows(_RESTRICTIONS, begin, end)))
    return figures


def _batches(database: Snapshot, begin: int, end: int) -> Iterator[list[int]]:
    after = FIRST_ROW
    while rows := [row for (row,) in database.rows(_CALLS, after, begin, end)]:
        yield rows
        after = rows[-1]


def _journals(database: Snapshot, rows: list[int], figures: Figures) -> None:
    wanted = frozenset(rows)
    entries = [Entry(*row) for row in database.rows(_JOURNAL, rows[0], rows[-1])]
    for call, found in groupby(entries, itemgetter(0)):
        if call in wanted:
            _call(database, call, list(found), figures)


def _call(database: Snapshot, call: int, entries: list[Entry], figures: Figures) -> None:
    once, conduct, team = set(), set(), ""
    for one in entries:
        if name := ONCE.get((one.kind, one.outcome)):
            once.add(name)
        if one.kind in EACH:
            figures.outcomes[one.kind, one.outcome] += 1
        if one.kind == NoteKind.WARNING and one.outcome == NoteOutcome.BEGUN:
            conduct.add(str(_details(one).get("conduct", "")))
        if one.kind == NoteKind.COOL_DOWN:
            team = team or _team(database, call)
            figures.breaks[team, one.outcome] += 1
    figures.counts.update(once)
    figures.conduct.update(conduct)
    figures.reached.update(_waits(entries, NoteKind.DELEGATE_UPWARDS, ASKED))
    figures.answered.update(list(_waits(entries, NoteKind.WAITING, None))[:1])


def _waits(entries: list[Entry], kind: NoteKind, outcomes: frozenset[NoteOutcome] | None) -> Iterator[int]:
    """Whole seconds from each such entry to the next acceptance of somebody who was rung."""
    since: int | None = None
    for one in entries:
        if one.kind == kind and (outcomes is None or one.outcome in outcomes):
            since = one.at if since is None else since
        elif one.kind == NoteKind.ACCEPTED and since is not None:
            yield min(LONGEST_SECONDS, (one.at - since) // 1_000_000)
            since = None
        elif one.kind == kind and one.outcome != NoteOutcome.PAGED_AGAIN:
            since = None


def _details(one: Entry) -> Mapping[str, Any]:
    return json.loads(one.details) if one.details else {}


def _team(database: Snapshot, call: int) -> str:
    ((state,),) = database.rows(_TEAM, call)
    found = json.loads(state)
    return str(found.get("team", "")) if isinstance(found, dict) else ""


def share(part: int, whole: int) -> str:
    """ "97.5 %", or "-" of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def quantile(seconds: Counter[int], part: float) -> int | None:
    """The number of seconds within which this part was reached; None of nothing."""
    rest = part * sum(seconds.values())
    for one in sorted(seconds):
        rest -= seconds[one]
        if rest <= 0:
            return one
    return None
