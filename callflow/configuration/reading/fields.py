"""Finds the field of a shape that a place in a file belongs to."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from callflow.configuration.reading.source import Loc


def field_at(model: type[BaseModel], loc: Loc) -> FieldInfo | None:
    """The field at this place; for an entry of a list or mapping, the field of the list or mapping."""
    found = None
    for info, _ in _steps(model, loc):
        found = info or found
    return found


def keys_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that are allowed at this place; empty where ops choose them (ids, numbers)."""
    kind: Any = model
    for _, after in _steps(model, loc):
        kind = after
    return [one.alias or name for name, one in kind.model_fields.items()] if _is_model(kind) else []


def possible_values(info: FieldInfo | None) -> list[Any]:
    """The values of a ``Literal``, or of a list of them, or of the field that a shape can be written as; else none."""
    kind: Any = _bare(info.annotation) if info else None
    if _is_model(kind):
        return possible_values(kind.model_fields.get(getattr(kind, "WRITTEN_AS", "")))
    if get_origin(kind) is list:
        kind = _bare(get_args(kind)[0])
    return list(get_args(kind))


def _steps(model: type[BaseModel], loc: Loc) -> Iterator[tuple[FieldInfo | None, Any]]:
    """For each part of the path: the field (None for an entry of a list or mapping), and the type at that place."""
    kind: Any = model
    for part in loc:
        info = kind.model_fields.get(str(part)) if _is_model(kind) else None
        inner = get_args(kind)[-1:]
        kind = _bare(info.annotation if info else inner[0] if inner else Any)
        yield info, kind


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _bare(annotation: Any) -> Any:
    """The type without ``Annotated`` and ``| None``."""
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        annotation = get_args(annotation)[0]
    return annotation
