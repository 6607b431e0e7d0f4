"""Writes what happened in a recording session as a scenario file, in the style of the shipped ones."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from callflow.core.notes import NoteKind
from callflow.service.ports import Entry
from callflow.simulator.scenario import REACTION_SECONDS, Answer

OK = Answer().status
SLACK_SECONDS = 0.6
"""A pause up to this long is not recorded."""
RECORDED_KINDS = frozenset({
    NoteKind.ACCEPTED, NoteKind.CALL_BACK, NoteKind.CALL_ENDED, NoteKind.CLOSING, NoteKind.CONSENT, NoteKind.DECLINED,
    NoteKind.HANDOVER, NoteKind.HOLD, NoteKind.LEAD_LOST, NoteKind.MESSAGE_LEFT, NoteKind.OUTCOME, NoteKind.REFUSED,
    NoteKind.RELIEF, NoteKind.SAFEGUARDING, NoteKind.THREAT, NoteKind.UNLOCKED, NoteKind.WARNING,
})  # fmt: skip
"""Kinds of journal entries that a recorded scenario expects."""
NOTHING: Mapping[str, Any] = MappingProxyType({})
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ .']*")
WORDS = ("true", "false", "null", "on", "off", "yes", "no", "y", "n")


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happened ``at`` this clock second."""

    at: float


@dataclass(frozen=True, slots=True)
class Heard(Item):
    """A prompt was heard to its end (``whole``), or began and was cut."""

    who: str
    prompt: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Met(Item):
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Left(Item):
    """Callflow ended somebody's call."""

    who: str


@dataclass(frozen=True, slots=True)
class Action(Item):
    who: str
    action: str
    value: str


@dataclass(frozen=True, slots=True)
class Waited(Item):
    """The recording waited until this moment."""


def scenario_text(name: str, callers: Mapping[str, str], items: Sequence[Item], journal: Iterable[Entry],
                  answers: Mapping[str, Sequence[Answer]], people: Mapping[str, str] = NOTHING,
                  settings: Mapping[str, Any] = NOTHING) -> str:  # fmt: skip
    """The text of a scenario file. ``people``: how their phones behave. ``settings``: changes of deescalation.yaml."""
    head = ["version: 1", f"name: {_text(name)}"]
    head += [f"people: {_flow(people)}"] if people else []
    head += [f"settings: {json.dumps(settings)}"] if settings else []
    head += ["answers:"] if answers else []
    head += [f"  {lookup}: [{', '.join(map(_answer, some))}]" for lookup, some in answers.items()]
    if callers:
        head.append(f"callers: {_flow({who: _number(number) for who, number in callers.items()})}")
    entries = [f"  - {_flow(_wanted(entry))}" for entry in journal if entry.note.kind in RECORDED_KINDS]
    return "\n".join([*head, "steps:", *_steps(items), *(["journal:", *entries] if entries else []), ""])


def _answer(answer: Answer) -> str:
    """As a scenario says it; a body that is no JSON is text."""
    if answer.fails:
        return answer.fails
    given: dict[str, object] = {"after": answer.after} if answer.after else {}
    given |= {"status": answer.status} if answer.status != OK else {}
    try:
        given |= {"body": json.loads(answer.body)} if answer.body else {}
    except ValueError:
        given |= {"text": answer.body.decode()}
    return json.dumps(given or {"status": OK}, ensure_ascii=False)


def _number(number: str) -> str:
    return "withheld" if number == "anonymous" else number


def _wanted(entry: Entry) -> dict[str, str]:
    note = entry.note
    found = {"kind": note.kind, "actor": note.actor, "key": note.key, "script": note.script, "outcome": note.outcome}
    return {key: value for key, value in found.items() if value and value != "callflow"}


def _steps(items: Sequence[Item]) -> list[str]:
    """One step per item. A longer pause becomes the ``after`` of an action, or a step of its own."""
    steps: list[str] = []
    before, last = 0.0, None
    for item in items:
        pause = item.at - before
        match item:
            case Heard():
                steps.append(f"  - {item.who}: hears {'' if item.whole else 'start '}{item.prompt}")
            case Met():
                steps.append(f"  - together: [{', '.join(item.people)}]")
            case Left():
                steps.append(f"  - {item.who}: is gone")
            case Action():
                steps.append(_action(item, pause))
                if isinstance(last, Heard) and last.who == item.who and last.whole:
                    steps[-2:] = [_heard_and_done(last, item, pause)]
            case Waited() if pause > SLACK_SECONDS:
                steps.append(f"  - after: {pause:g}" if pause == int(pause) else f"  - after: {pause:.1f}")
        before, last = max(before, item.at), item
    return steps


def _long(pause: float) -> bool:
    return pause > REACTION_SECONDS + SLACK_SECONDS


def _heard_and_done(heard: Heard, item: Action, pause: float) -> str:
    value = json.dumps(item.value) if item.value else "true"
    after = f", after: {round(pause, 1):g}" if _long(pause) else ""
    return f"  - {item.who}: {{hears: {heard.prompt}, {item.action.replace(' ', '_')}: {value}{after}}}"


def _action(item: Action, pause: float) -> str:
    if item.who == "server":
        return f"  - server: {item.action}"
    if not _long(pause):
        short = f"{item.action} {item.value}".strip()
        return f"  - {item.who}: {json.dumps(short) if '#' in short or ': ' in short else short}"
    value = json.dumps(item.value) if item.value else "true"
    return f"  - {item.who}: {{{item.action.replace(' ', '_')}: {value}, after: {round(pause, 1):g}}}"


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_text(value)}" for key, value in values.items()) + "}"


def _text(text: str) -> str:
    """Unquoted if YAML reads it back as the same text."""
    plain = PLAIN.fullmatch(text) and text.lower() not in WORDS and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)
