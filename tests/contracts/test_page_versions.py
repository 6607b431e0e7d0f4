"""What a page about live calls is told when it asks every second whether anything has changed."""

from collections.abc import Callable
from typing import Any

import pytest

from callflow.core.stages import Stage
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Store, StoreUnavailable
from callflow.store.page_versions import MOST_AGE_SECONDS, PostgresChanges
from tests.contracts.sample import NOW, a_call, event, note, save

Opened = Callable[[str], Store]


def heard(*stores: Store) -> None:
    """Each node has told the others, and has heard of their changes."""
    for store in (*stores, *stores):
        store.share_changes()


def new_call(store: Store, version: str) -> None:
    save(store, a_call(version))


def entry(store: Store, version: str) -> None:
    store.transact(lambda unit: event(unit, notes=(note(version),)))


def stage(store: Store, version: str) -> None:
    """Without an entry in the journal."""
    store.transact(lambda unit: event(unit))


def presence(store: Store, version: str) -> None:
    rung = PersonPresence(person="ana", presence=Presence.RUNG, call="c1", since=NOW)
    store.transact(lambda unit: event(unit, people=(rung,)))


def away(store: Store, version: str) -> None:
    store.set_away("ben", away=True)


def the_end(store: Store, version: str) -> None:
    call = store.read("c1")
    assert call
    save(store, call.but(stage=Stage.ENDED, seq=call.seq + 1), call)


CHANGES = [new_call, entry, stage, presence, away, the_end]


def test_every_change_is_another_version_and_nothing_else_is(store: Store) -> None:
    save(store, a_call())
    seen = [store.page_version()]
    for number, change in enumerate(CHANGES):
        assert store.page_version() == store.page_version() == seen[-1]
        change(store, f"new{number}")
        seen.append(store.page_version())
    assert len(set(seen)) == len(CHANGES) + 1


def test_every_node_hears_of_it_and_has_the_same_version(database_url: str, opened: Opened) -> None:
    here, there = opened(database_url), opened(database_url)
    save(here, a_call())
    heard(here, there)
    for number, change in enumerate(CHANGES):
        before = there.page_version()
        assert here.page_version() == before
        change(here, f"new{number}")
        heard(here, there)
        assert there.page_version() != before
    assert here.page_version() == there.page_version()


@pytest.mark.postgres
def test_while_nothing_changes_the_database_is_not_asked(postgres_url: str, opened: Opened) -> None:
    store: Any = opened(postgres_url)
    save(store, a_call())
    store.page_version()
    store._pool.close()
    assert store.page_version()


@pytest.mark.postgres
def test_a_change_whose_node_died_before_it_told_is_seen_two_seconds_later(postgres_url: str, opened: Opened) -> None:
    here, there = opened(postgres_url), opened(postgres_url)
    store: Any = there
    seconds = [0.0]
    store._changes = PostgresChanges(store._changes._connect, lambda: seconds[0])
    before = there.page_version()
    save(here, a_call())
    assert there.page_version() == before
    seconds[0] += MOST_AGE_SECONDS + 0.1
    assert there.page_version() != before


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_made_again(postgres_url: str, opened: Opened) -> None:
    here, there = opened(postgres_url), opened(postgres_url)
    store: Any = there
    seconds = [0.0]
    store._changes = PostgresChanges(store._changes._connect, lambda: seconds[0])
    heard(here, there)
    store._changes._connection.close()
    there.share_changes()
    seconds[0] += 10.0
    before = there.page_version()
    save(here, a_call())
    heard(here, there)
    assert there.page_version() != before


def test_a_database_that_is_away_says_so(database_url: str, opened: Opened) -> None:
    store = opened(database_url)
    store.close()
    with pytest.raises(StoreUnavailable):
        store.page_version()
