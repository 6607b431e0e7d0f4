"""Past calls as a file without personal data, and replaying them: ``callflow replay --export``, ``tests/histories``.

The file has what a replay needs: the events, and the stage, places and journal entries that they led to. Of an event's
fields only those in ``KEPT`` are written; every other text is replaced by a stand-in, so a new field is hidden until
somebody decides otherwise. Typed digits become zeros, as many as there were, because their number decides. Ids of staff
are kept: they are names in the configuration. Times are kept, because opening hours depend on them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import ALL, Acted, DigitPressed, Event
from callflow.core.notes import Note, OutcomeText
from callflow.service.moments import Moment
from callflow.service.ports import Entry
from callflow.service.redaction import HIDDEN
from callflow.simulator.replay import happened
from callflow.simulator.replay_against import compare
from callflow.simulator.replay_core import replayed

VERSION: Final = 1
KEPT: Final = frozenset({
    "leg", "key", "how", "status", "token", "people", "ahead", "lookup", "reason", "name", "seconds", "words", "values",
    "late_seconds", "lost_token", "request", "code", "lasting", "closed", "missed", "agent", "team", "told",
    "meaning", "engine", "warning", "ago", "recognised", "kind", "outcome", "act", "what", "reachable",
    "place", "offer", "clock",
})  # fmt: skip
"""Fields of events that are written as the store has them, which is after ``service.redaction``."""
_CLASSES: Final = {one.__name__: one for one in ALL}
_MICROSECOND: Final = timedelta(microseconds=1)


class HistoryError(ValueError):
    """The call cannot be exported, or the file cannot be read. The text says why."""


@dataclass(frozen=True, slots=True)
class RecordedHistory:
    """A past call. ``call`` is a stand-in with what a replay reads of the stored call: the flow and the language at the
    beginning, the digest of the configuration, and a number of as many digits as the caller's, "" if withheld."""

    call: Call
    moments: tuple[Moment, ...]
    journal: tuple[Entry, ...]


def without_personal_data(
    call: Call, moments: Sequence[Moment], journal: Sequence[Entry], configuration: Configuration
) -> RecordedHistory:
    """The history of a stored call. Raises HistoryError if it has none, or began with another configuration."""
    if call.digest != configuration.digest:
        raise HistoryError(f"call {call.reference} began with another configuration: give that one with --config")
    steps = list(replayed(call, moments, configuration))
    if not steps or len(steps) < sum(len(one.facts) for one in moments):
        raise HistoryError(f"call {call.reference} has no history, or one that cannot be replayed from its beginning")
    if len(journal) != sum(one.entries for one in moments):
        raise HistoryError(f"call {call.reference} has journal entries that no moment of its history wrote")
    stand_ins = _StandIns()
    facts = (stand_ins.event(step.fact) for step in steps)
    hidden = tuple(
        replace(one, facts=tuple([_as_recorded(recorded, next(facts)) for recorded in one.facts])) for one in moments
    )
    end = _stand_in(steps[0].before.flow, steps[0].before.language, call.digest, zeros(call.number), call.started_at)
    notes = [stand_ins.note(one.note) for one in journal]
    return RecordedHistory(end, hidden, _entries(hidden, notes))


def _entries(moments: Iterable[Moment], notes: Sequence[Note]) -> tuple[Entry, ...]:
    """The notes as entries, with the times of their moments."""
    times = [one.at for one in moments for _ in range(one.entries)]
    return tuple([Entry(seq=seq, at=at, note=note) for seq, (at, note) in enumerate(zip(times, notes, strict=True), 1)])


def zeros(digits: str) -> str:
    """The same number of digits, all of them 0."""
    return "".join("0" if one.isdecimal() else one for one in digits)


def _as_recorded(recorded: Event, restored: Event) -> Event:
    """What the store has, with the stand-ins of ``restored``. Keys that the store hides become zeros if the replay
    knows that digits were typed."""
    if isinstance(recorded, DigitPressed) and isinstance(restored, DigitPressed) and HIDDEN in recorded.key:
        return replace(restored, key=zeros(restored.key))
    given: dict[str, Any] = {one.name: getattr(recorded, one.name) for one in fields(recorded) if one.name in KEPT}
    return replace(restored, **given)


def _stand_in(flow: str, language: str, digest: str, number: str, at: datetime) -> Call:
    return Call(id="history", reference="000000", digest=digest, language=language, flow=flow, number=number, called="",
                started_at=at, at=at)  # fmt: skip


class _StandIns:
    """Replaces texts, the same text always by the same stand-in: two ids that differed still do."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def event(self, fact: Event) -> Event:
        kept = {*KEPT, "person"} if isinstance(fact, Acted) else KEPT  # one of the staff
        names = [one.name for one in fields(fact) if one.name not in kept and one.name != "at"]
        hidden: dict[str, Any] = {name: self._for(name, getattr(fact, name)) for name in names}
        return replace(fact, **hidden)

    def _for(self, name: str, value: object) -> Any:
        if isinstance(value, Mapping):  # details of a follow-up: a replay compares none
            return {}
        if value == "" or name in ("number", "called"):  # a replay takes the number from the call, and needs no other
            return ""
        return self._known.setdefault(str(value), f"{name} {len(self._known) + 1}")

    def note(self, note: Note) -> Note:
        """What a replay compares of a journal entry; the outcome of a message is the id of its recording."""
        return Note(kind=note.kind, actor=note.actor, key=note.key, script=note.script,
                    outcome=OutcomeText(self._known.get(note.outcome, note.outcome)))  # fmt: skip


def to_text(histories: Iterable[RecordedHistory]) -> str:
    """JSON, one line for each moment."""
    return f'{{"version": {VERSION}, "calls": [\n' + ",\n".join(map(_call_text, histories)) + "\n]}\n"


def _call_text(history: RecordedHistory) -> str:
    call = history.call
    head = {"configuration": call.digest, "flow": call.flow, "language": call.language, "number": call.number,
            "started_at": call.started_at.isoformat()}  # fmt: skip
    journal = iter(history.journal)
    lines = [json.dumps(_moment_out(one, call.started_at, journal)) for one in history.moments]
    return json.dumps(head)[:-1] + ', "moments": [\n' + ",\n".join(lines) + "\n]}"


def _moment_out(moment: Moment, start: datetime, journal: Iterator[Entry]) -> dict[str, Any]:
    notes = [next(journal).note for _ in range(moment.entries)]
    found = {
        "at": (moment.at - start) / timedelta(seconds=1),
        "facts": [_fact_out(one, moment.at) for one in moment.facts],
        "stage": moment.stage,
        "places": {leg: list(place) for leg, place in moment.places.items()},
        "journal": [[one.kind, one.actor, one.key, one.script, one.outcome] for one in notes],
    }
    return {key: value for key, value in found.items() if value or key == "at"}


def _fact_out(fact: Event, at: datetime) -> list[Any]:
    """The name of the event and its values; then, if it is not the time of the moment, microseconds from that."""
    values = {one.name: getattr(fact, one.name) for one in fields(fact) if one.name != "at"}
    for name in ("late_seconds", "lost_token", "closed", "missed"):
        if not values.get(name):
            values.pop(name, None)
    later = (fact.at - at) // _MICROSECOND
    return [type(fact).__name__, values, *([later] if later else [])]


def from_text(text: str) -> list[RecordedHistory]:
    """The calls of ``to_text``. Raises HistoryError."""
    try:
        found = json.loads(text)
        if found["version"] != VERSION:
            raise HistoryError(f"written in layout {found['version']}; this Callflow reads {VERSION}")
        return [_call_in(one) for one in found["calls"]]
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, HistoryError):
            raise
        raise HistoryError(f"no exported history, {type(error).__name__}: {error}") from error


def _call_in(found: Mapping[str, Any]) -> RecordedHistory:
    start = datetime.fromisoformat(found["started_at"])
    moments = [_moment_in(one, start) for one in found["moments"]]
    notes = [
        Note(kind=kind, actor=actor, key=key, script=script, outcome=outcome)
        for one in found["moments"]
        for kind, actor, key, script, outcome in one.get("journal", ())
    ]
    end = _stand_in(found["flow"], found["language"], found["configuration"], found["number"], start)
    return RecordedHistory(end, tuple(moments), _entries(moments, notes))


def _moment_in(found: Mapping[str, Any], start: datetime) -> Moment:
    at = start + round(found["at"] * 1_000_000) * _MICROSECOND
    places = {leg: tuple(place) for leg, place in found.get("places", {}).items()}
    return Moment(at=at, facts=tuple([_fact_in(at, *one) for one in found.get("facts", ())]),
                  stage=found.get("stage", ""), places=places, entries=len(found.get("journal", ())))  # fmt: skip


def _fact_in(at: datetime, name: str, values: Mapping[str, Any], later: int = 0) -> Event:
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return _CLASSES[name](at=at + later * _MICROSECOND, **given)


def another_way(history: RecordedHistory, configuration: Configuration) -> list[str]:
    """Replay the call: what goes another way than it was recorded, and at which event; empty if nothing does.

    The first line says whether only the core can be the cause, or the configuration as well.
    """
    now = replace(history.call, digest=configuration.digest)
    first = compare(now, history.moments, history.journal, configuration, configuration).first
    if first is None:
        return []
    seconds = (first.at - now.started_at).total_seconds()
    number, moment = next((pair for pair in enumerate(history.moments, 1) if pair[1].at >= first.at),
                          (len(history.moments), history.moments[-1]))  # fmt: skip
    facts = [f"{type(fact).__name__} ({said})" if (said := " ".join(happened(fact, now).split())) else
             type(fact).__name__ for fact in moment.facts]  # fmt: skip
    cause = (
        "the core treats a past call differently"
        if history.call.digest == configuration.digest
        else "the core treats a past call differently, or the configuration does, which has changed since"
    )
    return [cause, f"at {seconds:.3f} s, moment {number} of {len(history.moments)}: {', '.join(facts)}",
            *(f"  {line}" for line in first.what)]  # fmt: skip
