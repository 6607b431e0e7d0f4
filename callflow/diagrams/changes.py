"""The differences between two configurations as lines of text: + added, - removed, ~ changed."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, NamedTuple

from callflow.core.configuration import Configuration
from callflow.core.flow_step import Step

LEFT_OUT = frozenset({"digest"})
"""Left out because it always differs."""


class Value(NamedTuple):
    """``chosen``: it differs from the default of its field, and so do all that it is part of."""

    shown: str
    chosen: bool


def changes(old: Configuration, new: Configuration) -> list[str]:
    """What was added, removed and changed. Of a step, a person or a team that is new or gone, only what was written:
    values that nobody chose do not apply to the reader."""
    before, after = dict(_values("", old, True)), dict(_values("", new, True))
    told = (_change(key, before.get(key), after.get(key)) for key in sorted({*before, *after}))
    return [line for line in told if line]


def _change(key: str, before: Value | None, after: Value | None) -> str:
    if before and after:
        return "" if before.shown == after.shown else f"~ {key}: {before.shown} -> {after.shown}"
    if after:
        return f"+ {key}: {after.shown}" if after.chosen else ""
    return f"- {key}: {before.shown}" if before and before.chosen else ""


def _values(path: str, value: Any, chosen: bool) -> Iterator[tuple[str, Value]]:
    """Every value by its dotted path, such as ``policy.time_out.seconds``."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name not in LEFT_OUT:
                inner = getattr(value, field.name)
                yield from _values(_path(path, field.name), inner, chosen and inner != _default(field))
        if isinstance(value, Step):
            yield _path(path, "verb"), Value(value.verb, chosen)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _values(_path(path, name), one, chosen)
    elif isinstance(value, tuple) and any(is_dataclass(one) for one in value):
        for number, one in enumerate(value, 1):
            yield from _values(_path(path, number), one, chosen)
    elif value not in ("", None, ()):
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else getattr(value, "value", value)
        yield path, Value(str(shown), chosen)


def _path(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _default(field: "Field[Any]") -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default
