"""The history of a call: one ``Moment`` per unit of work, as a value and as JSON. ``callflow replay`` reads it.

The journal is the record of what was decided and why. The history has the events of ``core.events`` that caused it,
redacted (``service.redaction``). Each moment is stored in the transaction of its unit of work, with the stage and the
places that followed, so that a past call can be shown even without its configuration. It takes about 100 bytes and
11 us (tests/bench/history_speed.py). Nothing refers to the history, so it can be deleted before the journal.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from datetime import datetime, timedelta
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from callflow.core import events
from callflow.core.call import Call, Leg
from callflow.core.codec import from_micros, to_micros
from callflow.core.events import Event
from callflow.core.records import record

VERSION: Final = 1


class UnreadableHistory(ValueError):
    """The text is not a moment, or was written by a newer Callflow."""


@record
class Moment:
    """One unit of work: its events in order, and what they changed. ``stage`` is "" if it stayed the same.

    ``places`` has for every leg that was moved the name of its place and the ids of the scripts spoken first.
    ``entries`` is the number of journal entries.
    """

    at: datetime
    facts: tuple[Event, ...]
    stage: str = ""
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entries: int = 0


def moment_of(before: Call | None, after: Call, facts: tuple[Event, ...], at: datetime, entries: int) -> Moment:
    """The moment for a unit of work. ``before`` is None for a new call."""
    known = {leg.id: leg for leg in before.legs} if before else {}
    moved = {leg.id: spoken(leg) for leg in after.legs if (then := known.get(leg.id)) is None or _moved(then, leg)}
    stage = after.stage.value if before is None or before.stage is not after.stage else ""
    return Moment(at=at, facts=facts, stage=stage, places=moved, entries=entries)


def _moved(then: Leg, now: Leg) -> bool:
    return then.place is not now.place and then.place != now.place  # usually the same object: four times as fast


def spoken(leg: Leg) -> tuple[str, ...]:
    """The name of the leg's place and the ids of its scripts."""
    return (leg.place.name.value, *[prompt.script for prompt in leg.place.prompts])


_CLASSES: Final[Mapping[str, Callable[..., Event]]] = MappingProxyType({one.__name__: one for one in events.ALL})
_NAMES: Final = {one: tuple(each.name for each in fields(one) if each.name != "at") for one in events.ALL}
_MICROSECOND: Final = timedelta(microseconds=1)
_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_getters: Final = {one: [attrgetter(name) for name in names] for one, names in _NAMES.items()}


def to_json(moment: Moment) -> str:
    """The moment as JSON: version, time, facts (name, microseconds from that time, values), stage, places, entries."""
    at = moment.at
    facts = [
        [type(fact).__name__, 0 if fact.at == at else (fact.at - at) // _MICROSECOND,
         *[value(fact) for value in _getters[type(fact)]]]
        for fact in moment.facts
    ]  # fmt: skip
    return _dumps([VERSION, to_micros(at), facts, moment.stage, dict(moment.places), moment.entries])


def from_json(text: str) -> Moment:
    """The moment that ``to_json`` converted. Raises UnreadableHistory."""
    try:
        version, *rest = json.loads(text)
        if version != VERSION:
            raise UnreadableHistory(f"history in layout {version}; this Callflow reads {VERSION}")
        micros, facts, stage, places, entries = rest
        at = from_micros(micros)
        return Moment(at=at, facts=tuple([_fact(at, *one) for one in facts]), stage=stage,
                      places={leg: tuple(place) for leg, place in places.items()}, entries=entries)  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, UnreadableHistory):
            raise
        raise UnreadableHistory(f"stored history cannot be read: {type(error).__name__}") from error


def _fact(at: datetime, name: str, micros: int, *values: Any) -> Event:
    made = _CLASSES[name]
    if len(values) > len(_NAMES[made]):  # type: ignore[index]
        raise UnreadableHistory(f"{name} has values that this Callflow does not know")
    named = zip(_NAMES[made], values, strict=False)  # type: ignore[index]  # fields added since have their default
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in named}
    return made(at=at + micros * _MICROSECOND, **given)
