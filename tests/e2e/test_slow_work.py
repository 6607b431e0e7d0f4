"""`callflow serve` does slow work, too, unless it is told not to."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from callflow.bootstrap import system_clock
from callflow.service.jobs import JobState, NewJob
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.servers import ROOT, Server, running, until


def deferred(folder: Path) -> float:
    """Another process defers a job."""
    with closing(open_store(f"sqlite:///{folder / 'calls.db'}", SECRETS)) as store:
        store.transact(lambda tx: tx.defer(NewJob(kind="housekeeping", key="now", at=system_clock())))
    return time.monotonic()


def done(server: Server) -> Callable[[], bool]:
    line = b'callflow_jobs_total{kind="housekeeping",outcome="done"} 1.0'
    return lambda: line in server.get("/metrics", server.operations)[1]


def test_a_server_runs_a_job_within_a_second(tmp_path: Path) -> None:
    with running("serve", tmp_path) as server:
        until(lambda: server.get("/healthz")[0] == 200, server)
        began = deferred(tmp_path)
        until(done(server), server)
        assert time.monotonic() - began < 10  # a second on an idle machine
        assert "history_days is not set" in server.log.read_text()
    # It was stopped in order: SQLite removes this file when the last connection is closed.
    assert not (tmp_path / "calls.db-wal").exists()


@pytest.mark.long
def test_a_server_that_is_stopped_gives_back_its_job(tmp_path: Path) -> None:
    """It deletes the histories of 60,000 calls, which takes much longer than it has."""
    config, path = tmp_path / "config", tmp_path / "calls.db"
    shutil.copytree(ROOT / "config", config)
    with (config / "callflow.yaml").open("a") as file:
        file.write("\nhistory_days: 1\n")
    open_store(f"sqlite:///{path}", SECRETS).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [(row, f"c{row}", row, row) for row in range(1, 60_001)]
        connection.executemany("INSERT INTO calls (\"row\", id, stage, seq, entries, started_at, ended_at, state) "
                               "VALUES (?, ?, 'ended', 1, 0, ?, ?, '{}')", rows)  # fmt: skip
        connection.executemany("INSERT INTO history (call, body) VALUES (?, '')", [(row[0],) for row in rows])
    with running("serve", tmp_path, CALLFLOW_CONFIG=str(config)) as server:
        until(lambda: server.get("/healthz")[0] == 200, server)
        deferred(tmp_path)
        with closing(open_store(f"sqlite:///{path}", SECRETS)) as store:
            until(lambda: store.jobs(system_clock())[0].state is JobState.RUNNING, server)
    with closing(open_store(f"sqlite:///{path}", SECRETS)) as store:
        assert [(one.state, one.tries) for one in store.jobs(system_clock())] == [(JobState.WAITING, 0)]


@pytest.mark.long
def test_a_server_without_a_worker_leaves_it_to_others(tmp_path: Path) -> None:
    with running("callflow serve --no-worker --port {port}", tmp_path) as server:
        until(lambda: server.get("/healthz")[0] == 200, server)
        deferred(tmp_path)
        page = server.get("/metrics", server.operations)[1]
        assert b"callflow_jobs_waiting" in page
        assert not done(server)()
    with closing(open_store(f"sqlite:///{tmp_path / 'calls.db'}", SECRETS)) as store:
        assert [one.state for one in store.jobs(system_clock())] == [JobState.WAITING]
