"""A past or live call as a timeline: its journal in words, and who was where from when to when.

The journal is kept for long; where people were comes from the history, which is deleted earlier (``history_days``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from callflow.core.call import CALLER, Call, Role
from callflow.core.configuration import Configuration
from callflow.core.draft import SYSTEM
from callflow.core.notes import NoteKind
from callflow.core.stages import Stage
from callflow.service.moments import Moment
from callflow.service.ports import Entry
from callflow.web.pages import journal_words
from callflow.web.pages.stage_words import Band, band_of, stage

MOST_ROWS: Final = 6
"""Of people in the drawing: those who were on the call come first. The table has everybody."""


class Row(NamedTuple):
    """An entry. ``seconds``: since the call began."""

    seq: int
    at: datetime
    seconds: float
    who: str
    what: str
    key: str
    outcome: str
    script: str


class Stretch(NamedTuple):
    """From when to when, in seconds since the call began. ``mark`` is the class of the style."""

    begin: float
    end: float
    mark: str
    said: str


class Person(NamedTuple):
    name: str
    stretches: Sequence[Stretch]


class Timeline(NamedTuple):
    """``people``: the caller, and those of ours, in the order in which they came; ``others``: how many are not drawn.

    ``seconds``: the length. Without a history there are rows only.
    """

    rows: Sequence[Row]
    stages: Sequence[Stretch]
    people: Sequence[Person]
    others: int
    seconds: float


def timeline(call: Call, journal: Sequence[Entry], history: Sequence[Moment], configuration: Configuration,
             now: datetime) -> Timeline:  # fmt: skip
    rows = list(_rows(call, journal, configuration))
    began = call.started_at
    end = max(1.0, ((ended_at(call, journal) or now) - began).total_seconds())
    stages = _stretches([(at, *_staged(one)) for at, one in _stages(history, began)], end)
    places = _places(history, began)
    drawn = _chosen(call, places)
    people = [Person(_name(call, leg, configuration), _stretches([(at, *_placed(place)) for at, place in places[leg]],
                                                                 end)) for leg in drawn]  # fmt: skip
    return Timeline(rows, stages, people, len(places) - len(drawn), end)


def ended_at(call: Call, journal: Iterable[Entry]) -> datetime | None:
    """When it was over; None for a live call. ``Call.at`` goes on with what is done about it afterwards."""
    if call.stage is not Stage.ENDED:
        return None
    return next((one.at for one in journal if one.note.kind == NoteKind.ENDED), call.at)


def _rows(call: Call, journal: Sequence[Entry], configuration: Configuration) -> Iterator[Row]:
    for entry in journal:
        note = entry.note
        yield Row(
            seq=entry.seq, at=entry.at, seconds=(entry.at - call.started_at).total_seconds(),
            who=who(note.actor, configuration), what=journal_words.what(note), key=note.key,
            outcome=journal_words.outcome(entry.at, note),
            script=f"{note.script} {note.version[:8]} {note.language}".strip() if note.script else "",
        )  # fmt: skip


def who(actor: str, configuration: Configuration) -> str:
    return {CALLER: "Caller", SYSTEM: "Callflow", "security": configuration.security.name}.get(
        actor, configuration.name_of(actor)
    )


def _stages(history: Iterable[Moment], began: datetime) -> Iterator[tuple[float, str]]:
    return (((one.at - began).total_seconds(), one.stage) for one in history if one.stage)


def _staged(value: str) -> tuple[str, str]:
    return ("" if value == "ended" else "stage"), stage(value)


def _placed(place: str) -> tuple[str, str]:
    band, said = band_of(place)
    return ("" if band is Band.GONE else band.value), said


def _places(history: Iterable[Moment], began: datetime) -> Mapping[str, list[tuple[float, str]]]:
    """By leg, in the order in which they came: from when it was where."""
    found: dict[str, list[tuple[float, str]]] = {}
    for one in history:
        for leg, (place, *_) in one.places.items():
            found.setdefault(leg, []).append(((one.at - began).total_seconds(), place))
    return found


def _chosen(call: Call, places: Mapping[str, object]) -> list[str]:
    """The legs that are drawn: the caller and whoever was on the call first, then those who were rung."""
    on = {leg.id for leg in call.legs if leg.accepted or leg.role is Role.CALLER}
    first = sorted(places, key=lambda leg: leg not in on)[:MOST_ROWS]
    return [leg for leg in places if leg in first]


def _name(call: Call, leg: str, configuration: Configuration) -> str:
    found = call.leg(leg)
    return who((found.person or CALLER) if found else leg, configuration)


def _stretches(found: Sequence[tuple[float, str, str]], end: float) -> list[Stretch]:
    """Neighbours of the same kind are one; what has no mark is left out."""
    joined: list[Stretch] = []
    for (begin, mark, said), following in zip(found, [*found[1:], None], strict=False):
        until = following[0] if following else end
        if joined and joined[-1][1:] == (begin, mark, said):
            joined[-1] = joined[-1]._replace(end=until)
        else:
            joined.append(Stretch(begin, until, mark, said))
    return [one for one in joined if one.mark and one.end > one.begin]
