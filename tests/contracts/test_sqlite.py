"""What only the SQLite store can do wrong."""

import fcntl
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from callflow.service.ports import Store, StoreUnavailable, Transaction
from callflow.store import open_store
from callflow.store.errors import WrongSchema
from callflow.store.prepared import SCHEMA_VERSION
from tests.contracts.sample import SECRETS, a_call, event, note, save, together


@pytest.fixture
def store(sqlite_url: str, opened: Callable[[str], Store]) -> Store:
    return opened(sqlite_url)


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


def shell(file: Path, statement: str) -> list[tuple[object, ...]]:
    """What the sqlite3 program would do."""
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("statement", ["UPDATE journal SET kind = 'x'", "DELETE FROM journal"])
def test_the_database_refuses_to_change_the_journal(store: Store, file: Path, statement: str) -> None:
    save(store, a_call(), notes=[note()])
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        shell(file, statement)
    assert len(store.journal("c1")) == 1


def test_what_another_program_wrote_is_seen(store: Store, file: Path) -> None:
    save(store, a_call())
    store.transact(event)
    shell(file, """UPDATE calls SET state = replace(state, '"seq":1', '"seq":1,"team":"desk"')""")
    assert store.transact(lambda unit: unit.load("c1")) == a_call(seq=1, attempts=1, team="desk")


def test_a_failed_unit_is_forgotten(store: Store) -> None:
    save(store, a_call())

    def work(unit: Transaction) -> None:
        event(unit)
        raise KeyError

    with pytest.raises(KeyError):
        store.transact(work)
    assert store.transact(event).seq == 1


def test_a_removed_file_is_noticed(store: Store, file: Path) -> None:
    save(store, a_call())
    moved = file.rename(file.with_name("moved.db"))
    for use in (store.ping, lambda: store.transact(event)):
        with pytest.raises(StoreUnavailable, match="removed"):
            use()
    moved.rename(file)
    store.ping()
    assert store.transact(event).seq == 1


def test_a_file_that_is_no_database_is_unavailable(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("no database at all, but long enough to be looked at " * 40)
    with pytest.raises(StoreUnavailable):
        open_store(f"sqlite:///{file}", SECRETS)


@pytest.mark.parametrize(("statement", "said"), [
    ("UPDATE meta SET value = '99'", f"this Callflow needs {SCHEMA_VERSION}: run the newer Callflow"),
    ("DROP TABLE meta", "not one of Callflow's"),
])  # fmt: skip
def test_another_schema_is_refused(file: Path, statement: str, said: str) -> None:
    open_store(f"sqlite:///{file}", SECRETS).close()
    shell(file, statement)
    with pytest.raises(WrongSchema, match=said):
        open_store(f"sqlite:///{file}", SECRETS)


def test_a_writer_elsewhere_only_delays(store: Store, file: Path) -> None:
    save(store, a_call())
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    def work(number: int) -> None:
        if number == 0:
            time.sleep(0.3)
            other.execute("COMMIT")
        else:
            store.transact(event)

    together(9, work)
    other.close()
    assert store.transact(lambda unit: unit.load("c1")) == a_call(seq=8, attempts=8)


def test_a_stuck_writer_makes_the_others_go_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider waits 15 seconds at most, so waiting threads give up. The stuck one finishes later."""
    monkeypatch.setattr("callflow.store.writer.WAIT_SECONDS", 0.2)
    save(store, a_call())
    inside, go_on = Event(), Event()

    def work(number: int) -> None:
        if number == 0:
            store.transact(lambda unit: (inside.set(), go_on.wait(5), event(unit)))
            return
        inside.wait(5)
        with pytest.raises(StoreUnavailable, match="within"):
            store.transact(event)
        if number == 1:
            time.sleep(0.2)  # until all the others have given up
            go_on.set()

    together(4, work)
    assert store.transact(event).seq == 2


def test_another_process_that_keeps_the_lock_is_not_waited_for(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callflow.store.filelock.WAIT_SECONDS", 0.05)
    save(store, a_call())
    with file.with_name(f"{file.name}-lock").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StoreUnavailable):
            store.transact(event)
    assert store.transact(event).seq == 1


def test_waiting_threads_are_served_when_the_store_is_closed(store: Store) -> None:
    save(store, a_call())
    inside, waiting = Event(), Event()

    def work(number: int) -> None:
        if number == 0:
            store.transact(lambda unit: (inside.set(), waiting.wait(5), time.sleep(0.1), event(unit)))
        elif number == 1:
            inside.wait(5)
            waiting.set()
            store.transact(event)
        else:
            inside.wait(5)
            time.sleep(0.05)
            store.close()

    together(3, work)
    with pytest.raises(StoreUnavailable):
        store.transact(event)


def test_a_thread_that_is_stopped_lets_the_next_one_write(store: Store) -> None:
    """Ctrl-C can stop a thread anywhere. The writer must not stay in the state WRITING."""
    save(store, a_call())

    def stopped(unit: Transaction) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.transact(stopped)
    assert store.transact(event).seq == 1


def test_the_log_does_not_grow_without_end(
    opened: Callable[[str], Store], sqlite_url: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callflow.store.sqlite.LONG_WAL_PAGES", 200)
    monkeypatch.setattr("callflow.store.sqlite.CHECKPOINT_SECONDS", 0.05)
    store = opened(sqlite_url)
    save(store, a_call())
    log = file.with_name(f"{file.name}-wal")
    sizes = []
    end = time.monotonic() + 2
    while time.monotonic() < end:
        store.transact(lambda unit: event(unit, notes=[note() for _ in range(20)]))
        sizes.append(log.stat().st_size)
    # The file does not grow when the log starts over. Without that it is eight times as large at the end.
    assert sizes[-1] < 3 * sizes[len(sizes) // 8]


def test_a_killed_process_loses_no_answered_unit(file: Path) -> None:
    script = """
import os, sys
from callflow.store import open_store
from tests.contracts.sample import SECRETS, a_call, event, save
store = open_store(sys.argv[1], SECRETS)
save(store, a_call())
while True:
    print(store.transact(event).seq, flush=True)
"""
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-c", script, f"sqlite:///{file}"], cwd=root, stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(100):
        answered = int(process.stdout.readline())
    process.kill()
    answered = int((process.stdout.read().split() or [answered])[-1])
    process.wait()
    process.stdout.close()
    store = open_store(f"sqlite:///{file}", SECRETS)
    call = store.read("c1")
    store.close()
    assert call is not None
    assert call.seq in (answered, answered + 1)


@pytest.mark.parametrize("size", [4096, 600_000], ids=["not a byte", "not a megabyte"])
def test_a_disk_that_is_full_is_noticed(store: Store, size: int) -> None:
    save(store, a_call())
    store.ping()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(StoreUnavailable):
            store.ping()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    store.ping()
