"""A record is a frozen dataclass in everything but what it costs to make the class."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace

import pytest

from callflow.core.records import record


class Described:
    """A base."""

    at: int


class More:
    """With a default, a factory and a secret."""

    leg: str
    key: str = "1"
    token: str = field(default="", repr=False)
    values: Mapping[str, str] = field(default_factory=dict)


def made(decorated: Callable[[type], type]) -> tuple[type, type]:
    base = decorated(type("Base", (), {**vars_of(Described)}))
    return base, decorated(type("Derived", (base,), {**vars_of(More)}))


def vars_of(described: type) -> dict[str, object]:
    return {name: value for name, value in vars(described).items() if name not in ("__dict__", "__weakref__")}


@record
class Pickled:
    """Of this module, as pickle needs it."""

    at: int
    names: tuple[str, ...] = ()


def test_a_record_behaves_like_a_frozen_dataclass() -> None:
    by_library = made(dataclass(frozen=True, slots=True, kw_only=True))
    ours = made(record)
    for library, own in zip(by_library, ours, strict=True):
        given = {"at": 1} | ({"leg": "a1", "token": "secret"} if own is ours[1] else {})
        one, other = library(**given), own(**given)
        assert repr(one) == repr(other)
        assert "secret" not in repr(other)
        assert [found.name for found in fields(one)] == [found.name for found in fields(other)]
        assert vars(library)["__slots__"] == vars(own)["__slots__"]
        assert not hasattr(other, "__dict__")
        assert other == own(**given)
        assert other != replace(other, at=2)
        assert other != one
        with pytest.raises(TypeError):
            own(1)
    assert ours[0](at=1) != ours[1](at=1, leg="a1")


def test_records_can_be_kept_and_put_in_sets() -> None:
    one = Pickled(at=1, names=("a",))
    assert pickle.loads(pickle.dumps(one)) == one
    assert len({one, Pickled(at=1, names=("a",)), Pickled(at=2)}) == 2
