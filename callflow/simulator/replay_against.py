"""What another configuration would have made of a past call: its recorded facts through the pure core again.

People did what they did; so the comparison is good up to the first moment that would have gone another way, which is
what is told. Other words and other numbers that do not change the way are told too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, zip_longest

from callflow.core.call import Call, Note
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.events import TimerFired
from callflow.service.moments import Moment, moment_of
from callflow.service.ports import Entry
from callflow.simulator.replay import name
from callflow.simulator.replay_core import ReplayStep, replayed

LATE = timedelta(seconds=3)
"""A deadline is looked after within a second; one that is so much older would have acted."""
FAR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Difference:
    at: datetime
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """``first``: where the call would have gone another way. ``lesser``: other words and numbers on the same way."""

    call: Call
    facts: int
    first: Difference | None
    lesser: tuple[str, ...]
    broken: tuple[str, ...]


def compare(end: Call, history: Sequence[Moment], journal: Sequence[Entry], other: Configuration,
            own: Configuration | None = None) -> Comparison:  # fmt: skip
    """Live the call again in ``other``. ``own``, the call's own configuration, tells a shorter deadline from a server
    that was away."""
    lesser: dict[str, None] = {}
    broken: dict[str, None] = {}
    facts = 0
    walk = _Walk(end, other, own, journal)
    try:
        for step, twin in zip_longest(replayed(end, history, other, other.digest), _own(end, history, own)):
            facts += 1
            broken |= dict.fromkeys(step.broken(other))
            first = walk.difference(step, twin)
            lesser |= dict.fromkeys(walk.lesser)
            if first:
                return Comparison(call=end, facts=facts, first=first, lesser=tuple(lesser), broken=tuple(broken))
    except LookupError as error:
        missing = Difference(walk.at, (f"this configuration has no {error}, so the call cannot go on",))
        return Comparison(call=end, facts=facts, first=missing, lesser=tuple(lesser), broken=tuple(broken))
    return Comparison(call=end, facts=facts, first=None, lesser=tuple(lesser), broken=tuple(broken))


def _own(end: Call, history: Sequence[Moment], own: Configuration | None) -> Iterator[ReplayStep]:
    return replayed(end, history, own) if own and own.digest == end.digest else iter(())


class _Walk:
    """Beside each other: the call as it was written down, and as it would be."""

    def __init__(self, end: Call, other: Configuration, own: Configuration | None, journal: Sequence[Entry]) -> None:
        self._end, self._other, self._own = end, other, own
        self._journal = iter(journal)
        self._moment_began: Call | None = None
        self._notes: list[Note] = []
        self.lesser: list[str] = []
        self.at = end.started_at

    def difference(self, step: ReplayStep, twin: ReplayStep | None) -> Difference | None:
        """What would be another way after this fact, if anything."""
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
        """A deadline that would have acted before this fact, and did not, as it was later in the call's own time."""
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
        """Entries of this moment that are not those that were written."""
        written = [entry.note for entry in islice(self._journal, entries)]
        found = []
        for would, was in zip_longest(self._notes, written):
            if would is None or was is None or _way(would) != _way(was):
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


def _way(note: Note) -> tuple[str, ...]:
    """What of an entry the call's way depends on."""
    return (note.kind, note.actor, note.key, note.script, note.outcome)


def _lesser(was: Note, would: Note) -> list[str]:
    """Other words or numbers."""
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
