"""``record``: a frozen dataclass with keywords and slots that is made in a third of the time.

``dataclass`` compiles six methods for each class, and a server has more than a hundred classes: a third of what it
takes longer to start than bare Flask (tests/bench, G7). Here only ``__init__`` is compiled; the others are shared, and
do what those of ``dataclass`` do (``tests/core/test_records.py``). Only mypy refuses assignments to a record, not the
running program, so values are created faster, too.
"""

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(described: type[T]) -> type[T]:
    """Like ``dataclass(frozen=True, slots=True, kw_only=True)``. Its bases must be records as well."""
    made: Any = dataclass(slots=True, kw_only=True, repr=False, eq=False)(described)
    made.__eq__, made.__hash__, made.__repr__ = _equal, _hash, _repr
    return made  # type: ignore[no-any-return]


def _values(one: Any) -> tuple[object, ...]:
    return tuple([getattr(one, known.name) for known in fields(one)])


def _equal(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if other.__class__ is self.__class__ else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = [f"{known.name}={getattr(self, known.name)!r}" for known in fields(self) if known.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"
