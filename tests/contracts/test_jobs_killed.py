"""Slow work whose process is killed, with the times of a real server."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.service.jobs import JobKind, NewJob
from callflow.service.ports import Store
from callflow.slow_work import worker
from tests.contracts.jobs_bench import now, until
from tests.e2e.servers import environment, running

ROOT = Path(__file__).parents[2]
START_SECONDS = 30


@contextmanager
def killed(url: str, begun: Path) -> Iterator[None]:
    """A process that runs a job, which has ``begun``; it is killed after the block."""
    argv = [sys.executable, "-m", "tests.contracts.jobs_process", url]
    process = subprocess.Popen(argv, cwd=ROOT)
    try:
        until(lambda: begun.exists() and begun.read_text(), START_SECONDS)
        yield
    finally:
        process.kill()
        process.wait()


def _told(ran: list[str], name: str, args: object) -> None:
    ran.append(name)


@pytest.mark.long
def test_what_a_killed_process_had_begun_runs_elsewhere_within_half_a_minute(
    database_url: str, opened: Callable[[str], Store], tmp_path: Path
) -> None:
    store, begun = opened(database_url), tmp_path / "begun"
    store.transact(lambda tx: tx.defer(NewJob(kind="kills", key="c1", at=now(), args={"name": str(begun)})))
    store.transact(lambda tx: tx.defer(NewJob(kind="note", key="c1", at=now())))
    ran: list[str] = []
    kinds = {kind: JobKind(run=partial(_told, ran, name)) for kind, name in (("kills", "again"), ("note", "next"))}
    other = worker(database_url, store, JobRunner(kinds, Metrics()), now)
    with killed(database_url, begun):
        if database_url.startswith("postgresql"):  # another node; with SQLite it is the restarted server
            other.start()
            time.sleep(3)
        assert ran == []
    if database_url.startswith("sqlite"):
        other.start()
    began = time.monotonic()
    until(lambda: ran == ["again", "next"], within=30)
    sys.stderr.write(f"{database_url.partition(':')[0]}: ran again after {time.monotonic() - began:.1f} s\n")
    other.stop()
    assert store.jobs(now()) == []


@pytest.mark.long
@pytest.mark.postgres
def test_callflow_work_does_the_slow_work_of_a_server_without_a_worker(
    postgres_url: str, opened: Callable[[str], Store], tmp_path: Path
) -> None:
    store, database = opened(postgres_url), {"CALLFLOW_DATABASE_URL": postgres_url}
    with running("callflow serve --no-worker --port {port}", tmp_path, **database) as server:
        store.transact(lambda tx: tx.defer(NewJob(kind="housekeeping", at=now())))
        time.sleep(3)
        assert len(store.jobs(now())) == 1
        for_work = environment(tmp_path, server.port, CALLFLOW_OPERATIONS="off", **database)
        process = subprocess.Popen([sys.executable, "-m", "callflow", "work"], cwd=ROOT, env=for_work)
        try:
            until(lambda: store.jobs(now()) == [], START_SECONDS)
        finally:
            process.terminate()
            assert process.wait(20) == 0


def test_a_child_process_ends_with_a_server_that_is_killed(
    sqlite_url: str, opened: Callable[[str], Store], tmp_path: Path
) -> None:
    store, pid = opened(sqlite_url), tmp_path / "pid"
    store.transact(lambda tx: tx.defer(NewJob(kind="child", at=now(), args={"name": str(pid)})))
    with killed(sqlite_url, pid):
        child = Path("/proc", pid.read_text())
        assert child.exists()
    until(lambda: not child.exists())
