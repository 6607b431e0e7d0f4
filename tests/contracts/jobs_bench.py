"""Workers for the contract of jobs: kinds that note what they did, and workers with short times on both databases."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any

from callflow.runtime import job_lane
from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.service.jobs import Job, JobKind, JobState, NewJob
from callflow.service.ports import Store
from callflow.slow_work import Task

WITHIN = 10.0
"""Seconds that a loaded machine may take for what takes a tenth of one."""


def now() -> datetime:
    return datetime.now(UTC)


def until(so: Callable[[], object], within: float = WITHIN) -> None:
    end = time.monotonic() + within
    while not so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


class Bench:
    """A store with kinds of jobs. ``ran`` are the names of the jobs that ran, in order, ``at`` when each began."""

    def __init__(self, url: str, store: Store) -> None:
        self.url, self.store, self.metrics = url, store, Metrics()
        self.ran: list[str] = []
        self.at: dict[str, datetime] = {}
        self.under_way, self.most = 0, 0
        self.failing, self.let_go = True, Event()
        self._lock = Lock()
        self._workers: list[Task] = []
        self.kinds = {
            "note": JobKind(run=self.note),
            "slow": JobKind(run=self.slow),
            "fails": JobKind(run=self.fails, tries=1),
            "fails_twice": JobKind(run=self.fails, tries=2),
            "blocks": JobKind(run=self.blocks),
            "computes": JobKind(work="tests.contracts.jobs_bench:computes", seconds=20),
            "too_long": JobKind(work="tests.contracts.jobs_bench:forever", seconds=1, tries=1),
            "too_large": JobKind(work="tests.contracts.jobs_bench:too_large", megabytes=200, tries=1),
            "forever": JobKind(work="tests.contracts.jobs_bench:forever"),
        }

    def note(self, args: Mapping[str, Any]) -> None:
        with self._lock:
            self.ran.append(args["name"])
            self.at[args["name"]] = now()

    def slow(self, args: Mapping[str, Any]) -> None:
        with self._lock:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        time.sleep(0.03)
        with self._lock:
            self.under_way -= 1
        self.note(args)

    def fails(self, args: Mapping[str, Any]) -> None:
        if self.failing:
            raise KeyError("+15550100199")
        self.note(args)

    def blocks(self, args: Mapping[str, Any]) -> None:
        self.note(args)
        self.let_go.wait(WITHIN)

    def defer(self, kind: str, name: str = "", **more: Any) -> None:
        job = NewJob(kind=kind, at=now(), args={"name": name}, **more)
        self.store.transact(lambda tx: tx.defer(job))

    def jobs(self) -> dict[str, Job]:
        return {one.args["name"]: one for one in self.store.jobs(now())}

    def worker(self, *kinds: str) -> Task:
        """A worker in this process, of all kinds or of these."""
        chosen = {name: kind for name, kind in self.kinds.items() if not kinds or name in kinds}
        self._workers.append(made(self.url, self.store, JobRunner(chosen, self.metrics)))
        self._workers[-1].start()
        return self._workers[-1]

    def taken_by_a_process_that_died(self) -> None:
        """Take the next job as a worker does that is killed while it runs it."""
        if self.url.startswith("postgresql"):
            self.store._look("DELETE FROM procrastinate_workers RETURNING 1")  # type: ignore[attr-defined]
            self.store._look("SELECT (procrastinate_fetch_job_v2(NULL, NULL)).id")  # type: ignore[attr-defined]
        else:
            taken = self.store.take_job(self.kinds, now(), now() + timedelta(seconds=0.4))  # type: ignore[attr-defined]
            assert taken
        assert [one.state for one in self.store.jobs(now())] == [JobState.RUNNING]

    def close(self) -> None:
        self.let_go.set()
        for one in self._workers:
            one.stop()


def made(url: str, store: Any, runner: JobRunner, pace: float = 1.0) -> Task:
    """The worker for a store, with short times (``pace`` times as long)."""
    if not url.startswith("postgresql"):
        short = job_lane.Pace(poll=0.02 * pace, lease=0.4 * pace, grace=0.3, after_trouble=0.1)
        return job_lane.JobLane(store, runner, now, short)
    from callflow.runtime import procrastinate_worker

    fast = procrastinate_worker.Pace(poll=0.05, heartbeat=0.1 * pace, silent=0.5 * pace, rescue=0.1, grace=0.3,
                                     after_trouble=0.1)  # fmt: skip
    return procrastinate_worker.ProcrastinateWorker(url, store, runner, fast)


def computes(args: Mapping[str, Any]) -> None:
    """In the child process: write down how it runs."""
    sys.stdout.write("this is no answer")
    Path(args["name"]).write_text(f"{os.getpid()} {os.nice(0)}")


def too_large(args: Mapping[str, Any]) -> None:
    len(bytearray(400 << 20))


def forever(args: Mapping[str, Any]) -> None:
    if args.get("name"):
        Path(args["name"]).write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)
