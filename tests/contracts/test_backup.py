"""A backup that is made while calls go on, put back, is the database of that moment, and a server takes it."""

import os
import shutil
import stat
import subprocess
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from callflow.service.ports import Store, StoreUnavailable
from callflow.store import open_store
from callflow.store.backup import backup
from callflow.store.errors import UnknownDatabase
from callflow.store.upgrades import opened
from tests.cli.test_commands import callflow, environment
from tests.conftest import skip_or_fail
from tests.contracts.sample import SECRETS, a_call, event, note, order, save


def filled(store: Store) -> None:
    save(store, a_call("c1"), notes=[note(), note("asked")], orders=[order("o1")])
    save(store, a_call("c2", reference="9Z9Z"))


def content(store: Store) -> tuple[object, ...]:
    calls = sorted(store.calls(live=False), key=lambda call: call.id)
    return calls, [store.journal(call.id) for call in calls], store.find("9Z9Z")


def test_an_sqlite_database_is_copied_while_calls_go_on(sqlite_url: str, tmp_path: Path) -> None:
    store, stop = open_store(sqlite_url, SECRETS), Event()
    filled(store)

    def calls_go_on() -> None:
        while not stop.is_set():
            store.transact(event)

    busy = Thread(target=calls_go_on)
    busy.start()
    try:
        assert backup(sqlite_url, tmp_path / "b" / "copy.db") == 2
    finally:
        stop.set()
        busy.join()
        store.close()
    copied = open_store(f"sqlite:///{tmp_path}/b/copy.db", SECRETS)
    (first, *_) = copied.calls(live=False, limit=9)[::-1]
    assert [entry.note.kind for entry in copied.journal(first.id)] == ["told", "asked"]
    copied.close()


def test_what_is_put_back_is_what_was_there(sqlite_url: str, tmp_path: Path) -> None:
    file, copy = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db"
    store = open_store(sqlite_url, SECRETS)
    filled(store)
    before = content(store)
    made = callflow("db", "backup", str(copy), env=environment(CALLFLOW_DATABASE_URL=sqlite_url))
    assert (made.returncode, made.stdout) == (0, f"{copy}: 2 calls\n"), made.stderr
    save(store, a_call("c3"))
    store.close()
    shutil.rmtree(file.parent)  # the disk is lost
    file.parent.mkdir()
    shutil.copy(copy, file)  # as docs/operations.md says
    with opened(sqlite_url) as tables:
        assert tables.levels()
    restored = open_store(sqlite_url, SECRETS)
    assert content(restored) == before
    restored.close()


def test_a_copy_is_private_and_overwrites_nothing(sqlite_url: str, tmp_path: Path) -> None:
    open_store(sqlite_url, SECRETS).close()
    target = tmp_path / "copy.db"
    assert backup(sqlite_url, target) == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(one.name for one in tmp_path.glob("copy.db*")) == ["copy.db"]
    with pytest.raises(FileExistsError, match="choose another name"):
        backup(sqlite_url, target)


def test_what_cannot_be_copied_is_told(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="there is no database at"):
        backup(sqlite_url, tmp_path / "copy.db")
    with pytest.raises(UnknownDatabase, match="use pg_dump"):
        backup("postgresql://host/name", tmp_path / "copy.db")
    Path(sqlite_url.removeprefix("sqlite:///")).parent.mkdir()
    Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"not a database " * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        backup(sqlite_url, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def tool(name: str, url: str) -> str:
    """A tool beside the server's own programs, because pg_dump refuses a newer server."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchone()
    beside = Path(row[0] if row else "") / name
    return str(beside) if beside.exists() else skip_or_fail(f"{name} is not beside the PostgreSQL server")


@pytest.mark.postgres
def test_a_postgresql_database_is_dumped_and_restored(postgres_url: str, tmp_path: Path) -> None:
    store = open_store(postgres_url, SECRETS)
    filled(store)
    before, dump = content(store), tmp_path / "callflow.dump"
    quiet = {**os.environ, "PGOPTIONS": ""}
    subprocess.run(
        [tool("pg_dump", postgres_url), "-Fc", "-f", str(dump), postgres_url], check=True, env=quiet, timeout=60
    )
    save(store, a_call("c3"))
    store.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    restore = [tool("pg_restore", postgres_url), "--no-owner", "--clean", "--if-exists", "-d", postgres_url, str(dump)]
    subprocess.run(restore, check=True, env=quiet, timeout=60)
    restored = open_store(postgres_url, SECRETS)
    assert content(restored) == before
    restored.close()
    with psycopg.connect(postgres_url) as connection, pytest.raises(psycopg.Error, match="append-only"):
        connection.execute("DELETE FROM journal")
