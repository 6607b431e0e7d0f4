"""Which configuration a call goes by: its own for as long as it can be had, else the current one."""

from dataclasses import replace

from callflow.core.configuration import Configuration
from callflow.service.configurations import Configurations
from tests.core.example import CONFIGURATION

NEWER = replace(CONFIGURATION, digest="e" * 64)
OLDER = replace(CONFIGURATION, digest="a" * 64)


def test_a_call_keeps_the_one_it_began_with() -> None:
    known = Configurations(CONFIGURATION)
    known.adopt(NEWER)
    assert known.current is NEWER
    assert known.of(CONFIGURATION.digest) is CONFIGURATION
    assert set(known.known) == {CONFIGURATION.digest, NEWER.digest}


def test_one_that_is_not_in_memory_is_asked_for_once() -> None:
    asked: list[str] = []

    def find(digest: str) -> Configuration | None:
        asked.append(digest)
        return OLDER if digest == OLDER.digest else None

    known = Configurations(CONFIGURATION, find)
    assert [known.of(OLDER.digest), known.of(OLDER.digest)] == [OLDER, OLDER]
    assert [known.of("lost"), known.of("lost")] == [CONFIGURATION, CONFIGURATION]
    assert asked == [OLDER.digest, "lost"]


def test_without_a_finder_the_current_one_is_used() -> None:
    assert Configurations(CONFIGURATION).of("lost") is CONFIGURATION
