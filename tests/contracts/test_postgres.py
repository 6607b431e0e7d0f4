"""What only the PostgreSQL store can do wrong."""

import logging
from collections.abc import Callable, Iterator

import pytest

from callflow.service.ports import Store, StoreUnavailable
from callflow.store import open_store
from callflow.store.errors import WrongSchema
from callflow.store.prepared import SCHEMA_VERSION
from tests.contracts.sample import SECRETS, a_call, event, note, save

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres


@pytest.fixture
def store(postgres_url: str, opened: Callable[[str], Store]) -> Store:
    return opened(postgres_url)


@pytest.fixture
def shell(postgres_server: str, postgres_url: str) -> Iterator[Callable[[str], None]]:
    """Runs a statement beside the store; ``{name}`` is the store's database."""
    name = postgres_url.rpartition("?")[0].rpartition("/")[2]

    def run(statement: str, url: str = postgres_url) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.format(name=name))

    yield run
    run("ALTER DATABASE {name} ALLOW_CONNECTIONS true", postgres_server)


@pytest.mark.parametrize("statement", ["UPDATE journal SET kind = 'x'", "DELETE FROM journal", "TRUNCATE journal"])
def test_the_database_refuses_to_change_the_journal(store: Store, shell: Callable[[str], None], statement: str) -> None:
    save(store, a_call(), notes=[note()])
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        shell(statement)
    assert len(store.journal("c1")) == 1


def test_a_server_that_restarted_is_not_noticed(
    store: Store, shell: Callable[..., None], postgres_server: str
) -> None:  # as idle connections are dead after it
    save(store, a_call())
    for use in (lambda: store.transact(event), store.next_due, store.ping):
        shell(CUT, postgres_server)
        use()
    assert store.read("c1") == a_call(seq=1, attempts=1)


def test_a_database_that_goes_away_and_comes_back(
    store: Store, shell: Callable[..., None], postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    save(store, a_call())
    shell("ALTER DATABASE {name} ALLOW_CONNECTIONS false", postgres_server)
    shell(CUT, postgres_server)
    monkeypatch.setattr(store._pool, "timeout", 0.3)  # type: ignore[attr-defined]
    for use in (store.ping, lambda: store.transact(event), lambda: store.read("c1")):
        with pytest.raises(StoreUnavailable):
            use()
    shell("ALTER DATABASE {name} ALLOW_CONNECTIONS true", postgres_server)
    monkeypatch.setattr(store._pool, "timeout", 10)  # type: ignore[attr-defined]
    assert store.transact(event).seq == 1
    store.ping()


CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"""


@pytest.mark.parametrize(("statement", "said"), [
    ("UPDATE meta SET value = '99'", f"this Callflow needs {SCHEMA_VERSION}: run the newer Callflow"),
    ("DROP TABLE meta", "not one of Callflow's"),
])  # fmt: skip
def test_another_schema_is_refused(postgres_url: str, shell: Callable[[str], None], statement: str, said: str) -> None:
    open_store(postgres_url, SECRETS).close()
    shell(statement)
    with pytest.raises(WrongSchema, match=said):
        open_store(postgres_url, SECRETS)


def test_a_server_that_is_not_there_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    monkeypatch.setattr("callflow.store.postgres.WAIT_SECONDS", 1)
    with pytest.raises(StoreUnavailable) as caught:
        open_store("postgresql://user:secret@127.0.0.1:1/none", SECRETS)
    assert "secret" not in str(caught.value)
