"""What a page shows: an emulator with its phones, and what is known of the call beside them."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from callflow.core.configuration import Configuration
from callflow.emulator import Emulator, Person
from callflow.emulator.extensions import address
from callflow.service.ports import Entry
from callflow.simulator.transcript import MUSIC, SOUNDS, RecordedWords


class Stage(Protocol):
    """One rehearsal. ``state`` has what the page shows of it, as plain data."""

    @property
    def emulator(self) -> Emulator: ...
    def entries(self) -> Sequence[Entry]: ...
    def state(self) -> dict[str, Any]: ...
    def close(self) -> None: ...


def cast(configuration: Configuration, callers: Iterable[tuple[str, str]]) -> list[Person]:
    """Whose phones are shown: callers (name, number) left, agents in the centre, whoever helps them right."""
    found = [Person(number, name.capitalize(), "caller", "left") for name, number in callers]
    found += [Person(address(one.phone, one.extension), one.name, "agent", "centre")
              for one in configuration.agents.values()]  # fmt: skip
    found += [Person(address(one.phone, one.extension), one.name, one.role or "supervisor", "right")
              for one in configuration.supervisors.values()]  # fmt: skip
    one = configuration.security
    return [*found, Person(address(one.phone, one.extension), "Security", one.name, "right")]


class Captions:
    """The words of what is played, by its address."""

    def __init__(self, configuration: Configuration) -> None:
        self._recorded = RecordedWords(configuration)

    def of(self, url: str) -> str:
        if MUSIC in url:
            return "(music)"
        if SOUNDS in url:
            return "(a sound of waiting)"
        return self._recorded.of(url) or "(a recording)"


def rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """The journal as a page shows it."""
    return [
        {
            "number": number, "at": f"{entry.at:%H:%M:%S}", "actor": entry.note.actor,
            "kind": str(entry.note.kind).replace("_", " "), "key": entry.note.key, "script": entry.note.script,
            "outcome": str(entry.note.outcome),
            "details": ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in entry.note.details.items()),
        }
        for number, entry in enumerate(entries)
    ]  # fmt: skip
