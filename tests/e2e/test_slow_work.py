"""`callflow serve` does slow work, too, unless it is told not to."""

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from callflow.bootstrap import system_clock
from callflow.service.jobs import JobState, NewJob
from callflow.store import open_store
from tests.e2e.servers import Server, running, until


def deferred(folder: Path) -> float:
    """Another process defers a job."""
    with closing(open_store(f"sqlite:///{folder / 'calls.db'}")) as store:
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


@pytest.mark.long
def test_a_server_without_a_worker_leaves_it_to_others(tmp_path: Path) -> None:
    with running("callflow serve --no-worker --port {port}", tmp_path) as server:
        until(lambda: server.get("/healthz")[0] == 200, server)
        deferred(tmp_path)
        page = server.get("/metrics", server.operations)[1]
        assert b"callflow_jobs_waiting" in page
        assert not done(server)()
    with closing(open_store(f"sqlite:///{tmp_path / 'calls.db'}")) as store:
        assert [one.state for one in store.jobs(system_clock())] == [JobState.WAITING]
