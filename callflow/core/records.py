"""``record`` and ``immutable``: frozen dataclasses that are made in a sixth of the time.

``dataclass`` compiles six methods for each class, and a server has two hundred classes: a third of what it takes longer
to start than bare Flask (tests/bench, G7). Here ``__init__`` and ``__eq__`` are compiled when they are first called,
once for all classes with as many fields, and then only get other names; the others do what those of ``dataclass`` do
(``tests/core/test_records.py``). Only mypy refuses assignments, not the running program, so values are created faster,
too: a frozen dataclass sets each field with a call.
"""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from operator import attrgetter
from types import CodeType, FunctionType
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
NOT_GIVEN = object()
"""Stands for a value that its factory makes."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(described: type[T]) -> type[T]:
    """Like ``dataclass(frozen=True, slots=True, kw_only=True)``. Its bases must be records as well."""
    return _made(described, slots=True, kw_only=True)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record_with_dict(described: type[T]) -> type[T]:
    """The same without slots. Values are compared by their dictionaries, which Python does without bytecode."""
    described.__eq__ = _alike  # type: ignore[method-assign]
    return _made(described, kw_only=True)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(described: type[T]) -> type[T]:
    """Like ``dataclass(frozen=True, slots=True)``."""
    return _made(described, slots=True)


def _made(described: type[T], slots: bool = False, kw_only: bool = False) -> type[T]:
    described.__doc__ = described.__doc__ or described.__name__  # else dataclass writes the signature, in 0.1 ms
    made: Any = dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(described)
    made.__init__ = _at_first("__init__", made, lambda: _init_of(made, kw_only))
    if "__eq__" not in vars(made):
        made.__eq__ = _at_first("__eq__", made, lambda: _named(_equal(len(fields(made))), made, {}))
    values = _values([one.name for one in fields(made)])
    made.__hash__, made.__repr__ = lambda self: hash(values(self)), _repr
    return made  # type: ignore[no-any-return]


def _at_first(name: str, made: type, method_of: Callable[[], FunctionType]) -> Callable[..., Any]:
    """A method that is made when it is first called: a start makes values of a few classes, and compares hardly any."""

    def first(*given: Any, **named: Any) -> Any:
        method = method_of()
        setattr(made, name, method)
        return method(*given, **named)

    return first


def _init_of(made: type, kw_only: bool) -> FunctionType:
    known = fields(made)
    factories = {f"make{n}": one.default_factory for n, one in enumerate(known) if one.default_factory is not MISSING}
    shape = _init(tuple([f"make{n}" in factories for n in range(len(known))]), kw_only)
    init = _named(shape, made, {"NOT_GIVEN": NOT_GIVEN, **factories})
    defaults = {one.name: one.default for one in known if one.default is not MISSING}
    defaults |= dict.fromkeys([one.name for one in known if one.default_factory is not MISSING], NOT_GIVEN)
    if kw_only:
        init.__kwdefaults__ = defaults
    else:
        init.__defaults__ = tuple([defaults[one.name] for one in known if one.name in defaults])
    return init


def _named(shape: CodeType, made: type, space: dict[str, Any]) -> FunctionType:
    """The method of the class ``made`` that has this shape."""
    names = {f"field{n}": one.name for n, one in enumerate(fields(made))}
    code = shape.replace(
        co_varnames=tuple([names.get(name, name) for name in shape.co_varnames]),
        co_names=tuple([names.get(name, name) for name in shape.co_names]),
        co_qualname=f"{made.__qualname__}.{shape.co_name}",
    )
    return FunctionType(code, space)


@cache
def _init(by_factory: tuple[bool, ...], kw_only: bool) -> CodeType:
    """``__init__`` of a class with field0, field1 and so on, of which some may be made by a factory."""
    sets = [
        f"self.field{n} = make{n}() if field{n} is NOT_GIVEN else field{n}" if made else f"self.field{n} = field{n}"
        for n, made in enumerate(by_factory)
    ]
    taken = [f"field{n}" for n in range(len(by_factory))]
    return _compiled("__init__", ["self", *(["*"] if kw_only and taken else []), *taken], sets)


@cache
def _equal(count: int) -> CodeType:
    """``__eq__`` of a class with so many fields."""
    mine, others = ["".join([f"{one}.field{n}, " for n in range(count)]) for one in ("self", "other")]
    return _compiled("__eq__", ["self", "other"], [
        "if other.__class__ is not self.__class__: return NotImplemented", f"return ({mine}) == ({others})",
    ])  # fmt: skip


def _compiled(name: str, taken: list[str], lines: list[str]) -> CodeType:
    space: dict[str, Any] = {}
    exec(f"def {name}({', '.join(taken)}):\n " + "\n ".join([*lines, "pass"]), space)
    return space[name].__code__  # type: ignore[no-any-return]


def _alike(self: object, other: object) -> bool:
    return self.__dict__ == other.__dict__ if other.__class__ is self.__class__ else NotImplemented


def _values(names: list[str]) -> Callable[[Any], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda one: tuple([getattr(one, name) for name in names])


def _repr(self: Any) -> str:
    shown = [f"{known.name}={getattr(self, known.name)!r}" for known in fields(self) if known.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"
