"""``record`` and ``immutable``: frozen dataclasses that are made in a third of the time.

``dataclass`` compiles six methods for each class, and a server has more than a hundred classes: a third of what it
takes longer to start than bare Flask (tests/bench, G7). Here ``__init__`` is compiled, and ``__eq__`` where it matters;
the others do what those of ``dataclass`` do (``tests/core/test_records.py``). Only mypy refuses assignments, not the
running program, so values are created faster, too: a frozen dataclass sets each field with a call.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(described: type[T]) -> type[T]:
    """Like ``dataclass(frozen=True, slots=True, kw_only=True)``. Its bases must be records as well."""
    return _with_methods(dataclass(slots=True, kw_only=True, repr=False, eq=False)(described))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record_with_dict(described: type[T]) -> type[T]:
    """The same without slots, and faster to compare."""
    return _with_methods(dataclass(kw_only=True, repr=False)(described))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(described: type[T]) -> type[T]:
    """Like ``dataclass(frozen=True, slots=True)``, as fast to compare."""
    return _with_methods(dataclass(slots=True, repr=False)(described))


def _with_methods(described: type[T]) -> type[T]:
    made: Any = described
    values = _values([known.name for known in fields(made)])

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    if "__eq__" not in vars(made):
        made.__eq__ = equal
    made.__hash__, made.__repr__ = lambda self: hash(values(self)), _repr
    return described


def _values(names: list[str]) -> Callable[[Any], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple([getattr(one, name) for name in names])


def _repr(self: Any) -> str:
    shown = [f"{known.name}={getattr(self, known.name)!r}" for known in fields(self) if known.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"
