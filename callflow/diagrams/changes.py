"""The differences between two configurations as lines of text: + added, - removed, ~ changed."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from callflow.core.configuration import Configuration
from callflow.core.flow_step import Step

LEFT_OUT = frozenset({"digest"})
"""Left out because it always differs."""
Flat = dict[str, str]


def changes(old: Configuration, new: Configuration) -> list[str]:
    """What was added, removed and changed. Of a step, a person or a team that is new or gone, only what was written:
    values that nobody chose do not apply to the reader."""
    before, after = flat(old), flat(new)
    chosen = {*_chosen("", old), *_chosen("", new)}
    return [line for key in sorted({*before, *after}) if (key in before) == (key in after) or key in chosen
            if (line := _change(key, before.get(key), after.get(key)))]  # fmt: skip


def _chosen(path: str, value: Any) -> Iterator[str]:
    """The paths of values that differ from the default of their field."""
    if is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name not in LEFT_OUT and inner != _default(field):
                yield from _chosen(f"{path}.{field.name}" if path else field.name, inner)
        if isinstance(value, Step):
            yield f"{path}.verb"
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _chosen(f"{path}.{name}" if path else str(name), one)
    elif isinstance(value, tuple) and any(is_dataclass(one) for one in value):
        for number, one in enumerate(value, 1):
            yield from _chosen(f"{path}.{number}", one)
    else:
        yield path


def _default(field: "Field[Any]") -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _change(key: str, before: str | None, after: str | None) -> str:
    if before == after:
        return ""
    if before is None:
        return f"+ {key}: {after}"
    if after is None:
        return f"- {key}: {before}"
    return f"~ {key}: {before} -> {after}"


def flat(configuration: Configuration) -> Flat:
    """Every value by its dotted path, such as ``policy.time_out.seconds``."""
    return dict(_flat("", configuration))


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if is_dataclass(value):
        inside = {field.name: getattr(value, field.name) for field in fields(value)}
        inside |= {"verb": value.verb} if isinstance(value, Step) else {}
        named = {name: one for name, one in inside.items() if name not in LEFT_OUT}
        yield from _flat(path, named)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from _flat(f"{path}.{name}" if path else str(name), one)
    elif isinstance(value, tuple) and any(is_dataclass(one) for one in value):
        for number, one in enumerate(value, 1):
            yield from _flat(f"{path}.{number}", one)
    elif value not in ("", None, ()):
        shown = ", ".join(map(str, value)) if isinstance(value, tuple) else getattr(value, "value", value)
        yield path, str(shown)
