"""Replays a past call with another configuration, by passing its recorded events through the core again.

People would have reacted to a different course of the call, so the comparison ends at the first difference in it.
Differences in words and numbers that do not change the course are listed as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, zip_longest

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.events import TimerFired
from callflow.core.notes import Note
from callflow.service.moments import Moment, moment_of
from callflow.service.ports import Entry
from callflow.simulator.replay import name
from callflow.simulator.replay_core import ReplayStep, replayed

LATE = timedelta(seconds=3)
"""Deadlines fire within a second of their time; one that is older than this would have fired."""
FAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Difference:
    at: datetime
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``first``: where the call would have gone differently. ``lesser``: differences in words and numbers before that.
    ``facts``: how many events were replayed. ``broken``: safety floors that would have been broken."""

    call: Call
    facts: int
    first: Difference | None
    lesser: tuple[str, ...]
    broken: tuple[str, ...]


def compare(end: Call, history: Sequence[Moment], journal: Sequence[Entry], other: Configuration,
            own: Configuration | None = None) -> Comparison:  # fmt: skip
    """Replay the call with ``other``. With ``own``, the call's own configuration, a deadline that is shorter in
    ``other`` can be distinguished from one that fired late because the server was down."""
    lesser: dict[str, None] = {}
    broken: dict[str, None] = {}
    facts = 0
    comparer = _Comparer(end, other, own, journal)
    try:
        for step, twin in zip_longest(replayed(end, history, other, other.digest), _own(end, history, own)):
            facts += 1
            broken |= dict.fromkeys(step.broken(other))
            first = comparer.difference(step, twin)
            lesser |= dict.fromkeys(comparer.lesser)
            if first:
                return Comparison(call=end, facts=facts, first=first, lesser=tuple(lesser), broken=tuple(broken))
    except LookupError as error:
        missing = Difference(comparer.at, (f"this configuration has no {error}, so the call cannot go on",))
        return Comparison(call=end, facts=facts, first=missing, lesser=tuple(lesser), broken=tuple(broken))
    return Comparison(call=end, facts=facts, first=None, lesser=tuple(lesser), broken=tuple(broken))


def _own(end: Call, history: Sequence[Moment], own: Configuration | None) -> Iterator[ReplayStep]:
    return replayed(end, history, own) if own and own.digest == end.digest else iter(())


class _Comparer:
    """Compares the call as it was recorded with the call as it would be."""

    def __init__(self, end: Call, other: Configuration, own: Configuration | None, journal: Sequence[Entry]) -> None:
        self._end, self._other, self._own = end, other, own
        self._journal = iter(journal)
        self._moment_began: Call | None = None
        self._notes: list[Note] = []
        self.lesser: list[str] = []
        self.at = end.started_at

    def difference(self, step: ReplayStep, twin: ReplayStep | None) -> Difference | None:
        """What would be different after this event, or None."""
        self.at, self.lesser = step.fact.at, []
        overdue = self._overdue(step, twin)
        if overdue:
            return overdue
        self._notes += step.notes
        if not step.last:
            return None
        would = moment_of(self._moment_began, step.after, step.moment.facts, step.moment.at, len(self._notes))
        was = step.moment
        what = [*self._journalled(was.entries), *self._stage(would, was), *self._places(would, was)]
        self._moment_began, self._notes = step.after, []
        return Difference(step.moment.at, tuple(what)) if what else None

    def _overdue(self, step: ReplayStep, twin: ReplayStep | None) -> Difference | None:
        """A deadline that would have fired before this event, but was later in the call's own configuration."""
        if self._own is not None and twin is None:
            return None
        before = step.before.deadlines
        late = {key: at for key, at in before.items() if at + LATE < step.fact.at}
        if twin:
            late = {key: at for key, at in late.items() if at + LATE < twin.before.deadlines.get(key, at + FAR)}
        for key, at in sorted(late.items(), key=lambda pair: pair[1]):
            acted = decide(step.before, TimerFired(at=at, name=key), self._other)
            if acted.call.stage is not step.before.stage:
                return Difference(at, (f"the time of {key} would be over, and the stage {acted.call.stage.value}",))
        return None

    def _journalled(self, entries: int) -> list[str]:
        """Journal entries of this moment that differ from those that were written."""
        written = [entry.note for entry in islice(self._journal, entries)]
        found = []
        for would, was in zip_longest(self._notes, written):
            if would is None or was is None or _outcome_fields(would) != _outcome_fields(was):
                found.append(f"journal: {_shown(would)}; it was {_shown(was)}")
            else:
                self.lesser += _lesser(was, would)
        return found

    def _stage(self, would: Moment, was: Moment) -> list[str]:
        if would.stage == was.stage:
            return []
        before = self._moment_began.stage.value if self._moment_began else ""
        return [f"stage: {would.stage or before}; it was {was.stage or 'no other'}"]

    def _places(self, would: Moment, was: Moment) -> list[str]:
        spoken = [script for _, *scripts in was.places.values() for script in scripts]
        self.lesser += [f"{script} in other words" for script in spoken if self._reworded(script)]
        return [
            f"{name(leg, self._end)}: {_where(would.places, leg)}; it was {_where(was.places, leg)}"
            for leg in {**was.places, **would.places}
            if would.places.get(leg) != was.places.get(leg)
        ]

    def _reworded(self, script: str) -> bool:
        own, language = self._own, self._end.language
        return own is not None and own.script(script, language) != self._other.script(script, language)


def _outcome_fields(note: Note) -> tuple[str, ...]:
    """The fields of an entry that the course of the call depends on."""
    return (note.kind, note.actor, note.key, note.script, note.outcome)


def _lesser(was: Note, would: Note) -> list[str]:
    """Differences in words or numbers."""
    found = [f"{would.script} in other words" for _ in [0] if was.version != would.version]
    changed = [key for key, value in would.details.items() if was.details.get(key) != value]
    return found + [f"{would.kind}: {key} {would.details[key]}, it was {was.details.get(key)}" for key in changed]


def _shown(note: Note | None) -> str:
    if note is None:
        return "nothing"
    return " ".join(part for part in (note.actor, note.kind, note.outcome or note.script) if part)


def _where(places: Mapping[str, tuple[str, ...]], leg: str) -> str:
    if leg not in places:
        return "stays"
    place, *scripts = places[leg]
    return f"to {place}" + (f" hearing {', '.join(scripts)}" if scripts else "")
