"""The worker of a store that leases jobs (SQLite: the only server of a file).

Two threads take jobs, one of them only those that need no child process: so a long one never delays a short one. A
third takes those that a caller waits for.
"""

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from threading import Event as Flag
from threading import Thread
from typing import Final

from callflow.core.records import immutable
from callflow.runtime.job_runner import JobRunner
from callflow.runtime.worker_pool import guarded
from callflow.service.jobs import Job, LeasedJobs


@immutable
class Pace:
    """In seconds. A job of a process that dies runs elsewhere after ``lease``, which a living one extends."""

    poll: float = 0.5
    lease: float = 20.0
    grace: float = 4.0
    """How long a server that stops waits for its jobs; then it gives them back."""
    after_trouble: float = 2.0


PACE: Final = Pace()


class JobLane:
    def __init__(self, jobs: LeasedJobs, runner: JobRunner, clock: Callable[[], datetime], pace: Pace = PACE) -> None:
        self._jobs, self._runner, self._clock, self._pace = jobs, runner, clock, pace
        self._running: dict[int, Job] = {}
        self._stopped = Flag()
        urgent = frozenset(name for name, kind in runner.kinds.items() if kind.urgent)
        light = frozenset(name for name, kind in runner.kinds.items() if kind.run)
        targets = [lambda: self._work(frozenset(runner.kinds) - urgent), lambda: self._work(light),
                   lambda: self._work(urgent), self._keep]  # fmt: skip
        self._threads = [Thread(target=one, name=f"callflow-job-{n}", daemon=True) for n, one in enumerate(targets)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no more jobs. Those that run may finish within ``Pace.grace``, then they are given back."""
        self._stopped.set()
        until = time.monotonic() + self._pace.grace
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        for id in list(self._running):
            if job := self._running.pop(id, None):
                guarded(lambda job=job: self._jobs.job_back(job))  # type: ignore[misc]
        self._runner.stop()

    def step(self, kinds: Collection[str] | None = None) -> bool:
        """Take a job and run it on this thread. False if there was none. Raises StoreUnavailable."""
        now = self._clock()
        job = self._jobs.take_job(self._runner.kinds if kinds is None else kinds, now, self._until(now))
        if job is None:
            return False
        self._running[job.id] = job
        failed = self._runner.attempt(job)
        if self._running.pop(job.id, None) is None:
            return True  # it was given back meanwhile
        if failed is None:
            self._jobs.job_done(job)
        elif failed.last:
            self._jobs.job_given_up(job, failed.error)
        else:
            wait = self._runner.kinds[job.kind].pause(job.tries)
            self._jobs.job_again(job, self._clock() + wait, failed.error)
        return True

    def _until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self._pace.lease)

    def _work(self, kinds: Collection[str]) -> None:
        if not kinds:
            return
        while not self._stopped.is_set():
            found: list[bool] = []
            if not guarded(lambda found=found: found.append(self.step(kinds))):  # type: ignore[misc]
                self._stopped.wait(self._pace.after_trouble)
            elif not found[0]:
                self._stopped.wait(self._pace.poll)

    def _keep(self) -> None:
        while not self._stopped.wait(self._pace.lease / 4):
            self.keep()

    def keep(self) -> None:
        """Extend the leases of what runs."""
        if running := list(self._running.values()):
            guarded(lambda: self._jobs.keep_jobs(running, self._until(self._clock())))
