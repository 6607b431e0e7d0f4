"""What a call was told, fact by fact with its time: enough to live it through again (``callflow replay``).

The journal says what was decided and why; it is the record of incidents and holds no more than that. The history says
what decided it: the events of ``core.events``, and the three things besides them that change a call (below). Each unit
of work keeps one ``Moment`` in its own transaction, with the stage and the places it led to, so that a past call can be
told even when its configuration is gone. About 100 bytes of JSON and 11 us (tests/bench/history_speed.py).

What may not be kept (policy rules 42 and 43): the caller's number, which stands in the call alone; digits that are no
answer to a question, and words, kept as question marks; what other systems said. As long as the call itself holds them
they are put back in (``restored``). Nothing refers to the history, so that it can be deleted before the journal is.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

from callflow.core import events
from callflow.core.call import ROOM, Call, Leg, LegStatus, Note, Role
from callflow.core.codec import from_micros, to_micros
from callflow.core.configuration import Configuration
from callflow.core.decide import decide, served
from callflow.core.events import CallStarted, DigitPressed, Event, LegEvent, LookupDone, TimerFired, WordsSpoken
from callflow.core.flow.ask import AskStep
from callflow.core.flow.language import LanguageStep
from callflow.core.flow.menu import HEDGES
from callflow.core.flow.speech import mentions, plain
from callflow.core.flow_step import Choice, Step, StepWithChoices
from callflow.core.stages import PlaceName
from callflow.core.table import ImpossibleEvent

VERSION: Final = 1
SETTLE: Final = timedelta(seconds=5)
"""What should have come about by then is looked at again: a deadline that stands, a leg without its document."""
HIDDEN: Final = "?"


class UnreadableHistory(ValueError):
    """The text is no moment of ours, or one of a later Callflow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(LegEvent):
    """The leg was given the document of its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingPlaced(LegEvent):
    """An order to ring was carried out: the leg has the provider's id ``sid``."""

    sid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRenewed(Event):
    """Somebody became free: the pause between two searches is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One unit of work: the facts it took, in order, and what changed. ``stage`` is "" where it stayed.

    ``places`` holds, for every leg that was moved, the name of its place and the ids of the lines spoken first.
    ``entries`` is how many entries of the journal it wrote.
    """

    at: datetime
    facts: tuple[Event, ...]
    stage: str = ""
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entries: int = 0


def opened(id: str, started: CallStarted, *, reference: str, flow: str, digest: str, language: str) -> Call:
    """A call at its very beginning: the caller is up, and nothing was decided."""
    at = started.at
    leg = Leg(id="caller", role=Role.CALLER, place=ROOM, sid=started.sid, status=LegStatus.UP, since=at, token=0)
    return Call(id=id, reference=reference, digest=digest, language=language, flow=flow, number=started.number,
                called=started.called, started_at=at, at=at, legs=(leg,))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lived:
    call: Call
    notes: tuple[Note, ...] = ()


def live(call: Call, fact: Event, configuration: Configuration) -> Lived:
    """The call after a fact, and what the journal says of it. Live calls and replayed ones come through here alike."""
    match fact:
        case Served():
            return Lived(served(call, fact.leg, fact.at))
        case RingPlaced():
            return Lived(_placed(call, fact))
        case SearchRenewed():
            return Lived(call.without_timer("search"))
        case _:
            return _decided(call, fact, configuration)


def _placed(call: Call, fact: RingPlaced) -> Call:
    leg = call.leg(fact.leg)
    ringing = call.changed(fact.leg, sid=fact.sid, status=LegStatus.RINGING)
    return ringing.moved(leg.id, leg.place) if leg and leg.at(PlaceName.GONE) else ringing


def _decided(call: Call, event: Event, configuration: Configuration) -> Lived:
    notes: tuple[Note, ...]
    try:
        decision = decide(call, event, configuration)
    except ImpossibleEvent as error:
        # Ours to mend, but the people on the line come first: it is written down and the call goes on.
        notes = (Note(kind="impossible_event", actor="callflow", outcome=str(error)),)
    else:
        call, notes = decision.call, decision.notes
    # A deadline that fired and still stands comes again later: else the call would be due at every moment.
    if isinstance(event, TimerFired) and event.name in call.deadlines and call.deadlines[event.name] <= event.at:
        call = call.timer(event.name, event.at + SETTLE)
    return Lived(call, notes)


def moment(before: Call | None, after: Call, facts: tuple[Event, ...], at: datetime, entries: int) -> Moment:
    """What a unit of work did to a call; of a new one, everything."""
    known = {leg.id: leg for leg in before.legs} if before else {}
    moved = {leg.id: spoken(leg) for leg in after.legs if leg.id not in known or known[leg.id].place != leg.place}
    stage = after.stage.value if before is None or before.stage is not after.stage else ""
    return Moment(at=at, facts=facts, stage=stage, places=moved, entries=entries)


def spoken(leg: Leg) -> tuple[str, ...]:
    """The name of the leg's place and the ids of its lines."""
    return (leg.place.name.value, *[line.script for line in leg.place.prompts])


# -- what may be kept

ANSWERS: Final = frozenset({
    PlaceName.HOLD, PlaceName.CONSULT_WAIT, PlaceName.CHECK_IN, PlaceName.HOLD_QUESTION, PlaceName.SUPERVISOR_QUESTION,
    PlaceName.CALL_BACK_QUESTION, PlaceName.CALL_BACK_CONFIRM,
})  # fmt: skip
"""Where a caller's key is an answer to us (rule 42)."""


def kept(call: Call, fact: Event, configuration: Configuration) -> Event:
    """The fact as it may be stored."""
    match fact:
        case CallStarted():
            return replace(fact, number="")
        case DigitPressed(leg="caller") if not _is_answer(call, fact.key, configuration):
            return replace(fact, key=HIDDEN * len(fact.key))
        case WordsSpoken():
            return replace(fact, words=_meant(fact.words, _step(call, configuration)))
        case LookupDone():
            return replace(fact, values=dict.fromkeys(fact.values, HIDDEN))
        case _:
            return fact


def _is_answer(call: Call, key: str, configuration: Configuration) -> bool:
    place = call.caller.place.name
    if place is PlaceName.STEP:
        step = _step(call, configuration)
        return key in _choices(step) or (isinstance(step, LanguageStep) and key in step.languages)
    return place in ANSWERS and len(key) == 1


def _meant(words: str, step: Step | None) -> str:
    """The choice that was meant, in the words of the flow; of anything else nothing is kept."""
    said = plain(words)
    phrases = [one.words for one in _choices(step).values() if mentions(said, one.words)]
    return phrases[0][0] if len(phrases) == 1 and not mentions(said, HEDGES) else HIDDEN


def _choices(step: Step | None) -> Mapping[str, Choice]:
    return step.choices if isinstance(step, StepWithChoices) else {}


def _step(call: Call, configuration: Configuration) -> Step | None:
    flow = configuration.flows.get(call.flow)
    return flow.steps.get(call.step) if flow else None


def restored(fact: Event, now: Call, last: Call, configuration: Configuration) -> Event:
    """The fact with what the call itself holds at its end (``last``): numbers, and what was asked and looked up."""
    match fact:
        case CallStarted():
            return replace(fact, number=last.number)
        case DigitPressed() if set(fact.key) == {HIDDEN}:
            given = _given(now, last, configuration)
            unknown = "0" * len(fact.key) if len(fact.key) > 1 else HIDDEN
            return replace(fact, key=given if len(given) == len(fact.key) else unknown)
        case WordsSpoken(words="?"):
            return replace(fact, words=_given(now, last, configuration) or HIDDEN)
        case LookupDone():
            return replace(fact, values={name: last.variables.get(name, HIDDEN) for name in fact.values})
        case _:
            return fact


def _given(now: Call, last: Call, configuration: Configuration) -> str:
    """What the caller gave where they were asked: a value for a step of the flow, or a number for a call back."""
    step = _step(now, configuration) if now.caller.at(PlaceName.STEP) else None
    if isinstance(step, AskStep):
        return last.variables.get(step.into, "")
    return last.call_back.number.lstrip("+") if last.call_back else ""


# -- as text

_FACTS: Final[tuple[type[Event], ...]] = (*events.ALL, Served, RingPlaced, SearchRenewed)
_CLASSES: Final[Mapping[str, Callable[..., Event]]] = MappingProxyType({one.__name__: one for one in _FACTS})
_NAMES: Final = {one: tuple(each.name for each in fields(one) if each.name != "at") for one in _FACTS}
_MICROSECOND: Final = timedelta(microseconds=1)
_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_getters: Final = {one: [attrgetter(name) for name in names] for one, names in _NAMES.items()}


def to_json(moment: Moment) -> str:
    """A list: version, time, facts (name, microseconds from that time, values), stage, places, entries."""
    at = moment.at
    facts = [
        [type(fact).__name__, 0 if fact.at == at else (fact.at - at) // _MICROSECOND,
         *[value(fact) for value in _getters[type(fact)]]]
        for fact in moment.facts
    ]  # fmt: skip
    return _dumps([VERSION, to_micros(at), facts, moment.stage, dict(moment.places), moment.entries])


def from_json(text: str) -> Moment:
    """The moment of ``to_json``. Raises UnreadableHistory."""
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
    named = zip(_NAMES[made], values, strict=True)  # type: ignore[index]
    given = {key: tuple(value) if isinstance(value, list) else value for key, value in named}
    return made(at=at + micros * _MICROSECOND, **given)
