"""A record is a frozen dataclass in everything but what it costs to make the class."""

import pickle
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, fields, replace

import pytest

from callflow.core.records import immutable, record, record_with_dict


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
    """A copy, because ``dataclass`` notes in a field whether it is a keyword."""
    return {name: copy(value) for name, value in vars(described).items() if name not in ("__dict__", "__weakref__")}


@record
class Pickled:
    """Of this module, as pickle needs it."""

    at: int
    names: tuple[str, ...] = ()


KINDS: list[tuple[Callable[[type], type], dict[str, bool]]] = [
    (record, {"slots": True, "kw_only": True}), (record_with_dict, {"kw_only": True}), (immutable, {"slots": True}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "settings"), KINDS)
def test_a_record_behaves_like_a_frozen_dataclass(kind: Callable[[type], type], settings: dict[str, bool]) -> None:
    by_library = made(dataclass(frozen=True, **settings))
    ours = made(kind)
    for library, own in zip(by_library, ours, strict=True):
        given = {"at": 1} | ({"leg": "a1", "key": "2", "token": "secret"} if own is ours[1] else {})
        one, other = library(**given), own(**given)
        assert repr(one) == repr(other)
        assert "secret" not in repr(other)
        assert [found.name for found in fields(one)] == [found.name for found in fields(other)]
        assert vars(library).get("__slots__") == vars(own).get("__slots__")
        assert hasattr(other, "__dict__") == hasattr(one, "__dict__")
        assert other == own(**given)
        assert other != replace(other, at=2)
        assert other != one
        if "kw_only" in settings:
            with pytest.raises(TypeError):
                own(1)
        else:
            assert own(*given.values()) == other
    assert ours[0](at=1) != ours[1](at=1, leg="a1")


def test_records_can_be_kept_and_put_in_sets() -> None:
    one = Pickled(at=1, names=("a",))
    assert pickle.loads(pickle.dumps(one)) == one
    assert len({one, Pickled(at=1, names=("a",)), Pickled(at=2)}) == 2


def test_a_method_is_compiled_when_it_is_first_called() -> None:
    used, unused = made(record)
    assert used(at=1) == used(at=1)
    assert [method.__qualname__ for method in (used.__init__, used.__eq__)] == ["Base.__init__", "Base.__eq__"]
    assert "first" in unused.__init__.__qualname__
