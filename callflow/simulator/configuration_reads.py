"""Which settings decided: a copy of a configuration that notes each setting when the core reads it.

Only replays use such a copy, so a live call pays nothing. Its values are instances of subclasses of the core's own
classes, and behave like the originals. What is spoken (scripts, names, words) is not noted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, partial
from typing import Any, Final

from callflow.core.configuration import Configuration, file_of
from callflow.core.flow_step import Step
from callflow.core.policy import Conduct, Menu

SPOKEN: Final = frozenset({
    "id", "into", "key", "name", "offer", "reason", "script", "variables", "words", "url", "method",
    "headers", "body", "values",
})  # fmt: skip
"""Fields that are spoken or passed on and decide nothing."""
KEYS: Final[Mapping[tuple[str, str], str]] = {
    ("hours", "next"): "open",
    ("hours", "otherwise"): "closed",
    ("hours", "calendar"): "hours",
    ("lookup", "otherwise"): "failed",
    ("lookup", "lookup"): "",
    ("lookup", "seconds"): "timeout_seconds",
    ("connect", "team"): "connect",
    ("call_back", "team"): "call_back",
    ("forward", "number"): "forward",
}
"""(verb, field of a step) -> its key in the file, where that is another; "" where its fields are keys of the step."""
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_Note = Callable[[str, object], None]
"""Called with the key and the value of a setting."""


@dataclass(frozen=True, slots=True)
class Read:
    """A setting that was read: its file, its key there ("time_out.seconds"), and its value as YAML has it."""

    file: str
    key: str
    value: str


def by_file(reads: Iterable[Read]) -> list[str]:
    """One line for each file: "deescalation.yaml: time_out.seconds = 30, time_out.asks = 2"."""
    lines: dict[str, list[str]] = {}
    for one in reads:
        lines.setdefault(one.file, []).append(f"{one.key} = {one.value}")
    return [f"{file}: {', '.join(values)}" for file, values in lines.items()]


def noting(configuration: Configuration, reads: list[Read]) -> Configuration:
    """The same configuration, which appends each setting to ``reads`` when it is read."""

    def note(file: str, key: str, value: object) -> None:
        reads.append(Read(file, key, _shown(value)))

    flows = {
        name: _noted(one, "", "", partial(note, f"flows/{file_of(name)}.yaml"))
        for name, one in configuration.flows.items()
    }
    return replace(
        configuration,
        numbers=_noted(configuration.numbers, "numbers.", "", partial(note, "callflow.yaml")),
        policy=_noted(configuration.policy, "", "", partial(note, "deescalation.yaml")),
        teams=_noted(configuration.teams, "teams.", "", partial(note, "people.yaml")),
        flows=flows,
        calendars=_noted(configuration.calendars, "calendars.", "", partial(note, "calendars.yaml")),
    )


def _noted(value: Any, prefix: str, verb: str, note: _Note) -> Any:
    """A copy of a group of settings whose keys begin with ``prefix``. ``verb`` is that of the step it belongs to."""
    if isinstance(value, Mapping):
        if any(is_dataclass(one) for one in value.values()):
            return {key: _noted(one, f"{prefix}{_quoted(key)}.", verb, note) for key, one in value.items()}
        return _NotedEntries(value, {key: partial(note, prefix + _quoted(key), one) for key, one in value.items()})
    if isinstance(value, tuple):
        return tuple([_noted(one, f"{prefix}{_quoted(one.key)}.", verb, note) for one in value])
    return _copy(value, prefix, value.verb if isinstance(value, Step) else verb, note)


def _copy(value: Any, prefix: str, verb: str, note: _Note) -> Any:
    kind: Any = type(value)
    made: Any = object.__new__(_noting_class(kind))
    noted: dict[str, Callable[[], None]] = {}
    for one in fields(value):
        found, key = getattr(value, one.name), prefix + KEYS.get((verb, one.name), one.name)
        if one.name not in SPOKEN and _is_group(found):
            found = _noted(found, f"{key}." if key != prefix else prefix, verb, note)
        elif one.name not in SPOKEN and _is_set(found):
            noted[one.name] = partial(note, key, found)
        object.__setattr__(made, one.name, found)
    object.__setattr__(made, "_noted", noted)
    return made


def _is_group(value: object) -> bool:
    """Whether a value has settings of its own."""
    conduct = isinstance(value, tuple) and any(isinstance(one, Conduct) for one in value)
    return conduct or is_dataclass(value) or isinstance(value, Mapping)


def _is_set(value: object) -> bool:
    """Whether a file would have the value: nobody writes a text, a list or a number that stands for nothing."""
    return isinstance(value, bool) or bool(value)


@cache
def _noting_class(made: type) -> type:
    """A subclass whose instances note the fields in their ``_noted``."""
    own: dict[str, Any] = {"__getattribute__": _read}
    if made is Menu:
        own["choice"] = _menu_choice
    return type(f"Noting{made.__name__}", (made,), own)


def _read(self: Any, name: str) -> Any:
    noted = object.__getattribute__(self, "_noted").get(name)
    if noted:
        noted()
    return object.__getattribute__(self, name)


def _menu_choice(self: Any, key: str) -> str | None:
    """``Menu.choice``, which looks through all keys: only the one that was pressed decided."""
    found = Menu.choice(self, key)
    if found:
        self.keys[found]
    return found


class _NotedEntries(dict[str, str]):
    """Entries that are noted when they are looked up, but not when all of them are looked through."""

    def __init__(self, entries: Mapping[str, str], noted: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(entries)
        self._noted = noted

    def __getitem__(self, key: str) -> str:
        self._noted[key]()
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        if key in self:
            self._noted[key]()
        return super().get(key, default)


def _quoted(key: str) -> str:
    return key if key.isidentifier() else f'"{key}"'


def _shown(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _quoted(value)
        case tuple() if len(value) == len(DAYS) and all(isinstance(one, tuple) for one in value):
            return _week(value)
        case tuple() if value and all(isinstance(one, tuple) for one in value):
            return f"[{', '.join(map(_range, value))}]"
        case tuple() | frozenset():
            return f"[{', '.join(sorted(value) if isinstance(value, frozenset) else value)}]"
        case _:
            return str(value)


def _week(weekly: Sequence[Sequence[tuple[int, int]]]) -> str:
    """Opening hours as the file has them."""
    days = [f"{day}: [{', '.join(map(_range, ranges))}]" for day, ranges in zip(DAYS, weekly, strict=True) if ranges]
    return f"{{{', '.join(days)}}}"


def _range(minutes: tuple[int, int]) -> str:
    return "-".join(f"{one // 60:02d}:{one % 60:02d}" for one in minutes)
