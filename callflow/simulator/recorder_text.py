"""From what happened in a recording to the text of a scenario file, in the style of those that are shipped."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from callflow.service.ports import Entry
from callflow.simulator.scenario import REACTION_SECONDS

SLACK_SECONDS = 0.6
"""A pause up to this is nobody's intention."""
TOLD = frozenset({
    "accepted", "call_back", "call_ended", "closing", "consent", "declined", "handover", "hold", "lead_lost",
    "message_left", "outcome", "refused", "relief", "safeguarding", "threat", "unlocked", "warning",
})  # fmt: skip
"""Kinds of journal entries that a scenario is about; the others are on the way."""
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ .']*")
WORDS = ("true", "false", "null", "on", "off", "yes", "no", "y", "n")


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happened, ``at`` clock seconds."""

    at: float


@dataclass(frozen=True, slots=True)
class Heard(Item):
    """A line was heard to its end, or has begun and was cut."""

    who: str
    line: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Met(Item):
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Left(Item):
    """Somebody's line was ended by Callflow."""

    who: str


@dataclass(frozen=True, slots=True)
class Deed(Item):
    who: str
    deed: str
    value: str


@dataclass(frozen=True, slots=True)
class Waited(Item):
    """Up to here time was to pass."""


def scenario_text(name: str, callers: Mapping[str, str], items: Sequence[Item], journal: Iterable[Entry]) -> str:
    """The whole file."""
    head = ["version: 1", f"name: {_text(name)}"]
    if callers:
        head.append(f"callers: {_flow({who: _number(number) for who, number in callers.items()})}")
    entries = [f"  - {_flow(_wanted(entry))}" for entry in journal if entry.note.kind in TOLD]
    return "\n".join([*head, "steps:", *_steps(items), *(["journal:", *entries] if entries else []), ""])


def _number(number: str) -> str:
    return "withheld" if number == "anonymous" else number


def _wanted(entry: Entry) -> dict[str, str]:
    note = entry.note
    found = {"kind": note.kind, "actor": note.actor, "key": note.key, "script": note.script, "outcome": note.outcome}
    return {key: value for key, value in found.items() if value and value != "callflow"}


def _steps(items: Sequence[Item]) -> list[str]:
    """One step for each item. A pause that somebody wanted is kept: before a deed with it, else as a step."""
    steps: list[str] = []
    before, last = 0.0, None
    for item in items:
        pause = item.at - before
        match item:
            case Heard():
                steps.append(f"  - {item.who}: hears {'' if item.whole else 'start '}{item.line}")
            case Met():
                steps.append(f"  - together: [{', '.join(item.people)}]")
            case Left():
                steps.append(f"  - {item.who}: is gone")
            case Deed():
                steps.append(_deed(item, pause))
                if isinstance(last, Heard) and last.who == item.who and last.whole:
                    steps[-2:] = [_heard_and_done(last, item, pause)]
            case Waited() if pause > SLACK_SECONDS:
                steps.append(f"  - after: {pause:g}" if pause == int(pause) else f"  - after: {pause:.1f}")
        before, last = max(before, item.at), item
    return steps


def _long(pause: float) -> bool:
    return pause > REACTION_SECONDS + SLACK_SECONDS


def _heard_and_done(heard: Heard, item: Deed, pause: float) -> str:
    value = json.dumps(item.value) if item.value else "true"
    after = f", after: {round(pause, 1):g}" if _long(pause) else ""
    return f"  - {item.who}: {{hears: {heard.line}, {item.deed.replace(' ', '_')}: {value}{after}}}"


def _deed(item: Deed, pause: float) -> str:
    if item.who == "server":
        return f"  - server: {item.deed}"
    if not _long(pause):
        short = f"{item.deed} {item.value}".strip()
        return f"  - {item.who}: {json.dumps(short) if '#' in short or ': ' in short else short}"
    value = json.dumps(item.value) if item.value else "true"
    return f"  - {item.who}: {{{item.deed.replace(' ', '_')}: {value}, after: {round(pause, 1):g}}}"


def _flow(values: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {_text(value)}" for key, value in values.items()) + "}"


def _text(text: str) -> str:
    """Plain where YAML reads it back as this text."""
    plain = PLAIN.fullmatch(text) and text.lower() not in WORDS and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)
