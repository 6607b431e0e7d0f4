"""``immutable``: a class of values that nobody changes. Only type checkers see to that, because the constructor of a
frozen dataclass sets each field with a call, which takes twice as long; a rehearsed call makes 500 of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(described: type[T]) -> type[T]:
    """Like `dataclass(frozen=True, slots=True)`."""
    return dataclass(slots=True, unsafe_hash=True)(described)
