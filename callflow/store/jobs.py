"""Jobs (``service.jobs``) of the stores that lease them: SQLite's table, and lists in memory."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from callflow.core.codec import from_micros, to_micros
from callflow.service.jobs import Job, JobFigures, JobState, NewJob
from callflow.store.transaction import SqlTransaction


class SqlJobs(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``. Implements ``JobList``."""

    @abstractmethod
    def _unit(self, work: Callable[[SqlTransaction], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def jobs(self, now: datetime) -> list[Job]:
        return [_job(*row) for row in self._rows("jobs", now=to_micros(now))]

    def job_figures(self, now: datetime) -> JobFigures:
        ((waiting, failed, oldest),) = self._rows("job_figures", now=to_micros(now))
        return JobFigures(waiting, failed, max(0.0, (to_micros(now) - oldest) / 1e6) if oldest is not None else 0.0)

    def retry_job(self, id: int, now: datetime) -> bool:
        return bool(self._unit(lambda unit: unit.rows("retry_job", {"id": id, "now": to_micros(now)})))

    def drop_job(self, id: int) -> bool:
        return bool(self._unit(lambda unit: unit.rows("drop_job", {"id": id})))


class SqlLeasedJobs(SqlJobs):
    """Implements ``LeasedJobs``."""

    def take_job(self, kinds: Collection[str], now: datetime, until: datetime) -> Job | None:
        values = {"kinds": json.dumps(sorted(kinds)), "now": to_micros(now), "until": to_micros(until)}
        if not self._rows("free_jobs", now=values["now"]):  # usually, and then no transaction is needed
            return None
        rows = self._unit(lambda unit: unit.rows("take_job", values))
        return _job(*rows[0]) if rows else None

    def keep_jobs(self, jobs: Collection[Job], until: datetime) -> None:
        some = [{"id": one.id, "tries": one.tries, "until": to_micros(until)} for one in jobs]
        self._unit(lambda unit: unit.run_each("keep_job", some))

    def job_done(self, job: Job) -> None:
        self._unit(lambda unit: unit.run("job_done", {"id": job.id, "tries": job.tries}))

    def job_again(self, job: Job, at: datetime, error: str) -> None:
        values = {"id": job.id, "tries": job.tries, "at": to_micros(at), "error": error}
        self._unit(lambda unit: unit.run("job_again", values))

    def job_back(self, job: Job) -> None:
        self._unit(lambda unit: unit.run("job_back", {"id": job.id, "tries": job.tries}))

    def job_given_up(self, job: Job, error: str) -> None:
        values = {"id": job.id, "tries": job.tries, "error": error}
        self._unit(lambda unit: unit.run("job_given_up", values))


def _job(id: int, kind: str, key: str, args: str, due: int, state: str, tries: int, error: str) -> Job:
    return Job(id=id, kind=kind, key=key, args=json.loads(args), due=from_micros(due), state=JobState(state),
               tries=tries, error=error)  # fmt: skip


class MemoryJobs:
    """Implements ``LeasedJobs``. Uses ``_lock`` and ``_check`` of the store."""

    _lock: RLock

    def __init__(self) -> None:
        super().__init__()
        self._jobs: dict[int, Job] = {}
        self._leases: dict[int, datetime] = {}
        self._last_job = 0

    def _check(self) -> None: ...

    def _defer(self, job: NewJob) -> int | None:
        """Add a job; its id, or None if another one waits for which it is not needed."""
        if job.once and any((one.kind, one.key, one.state) == (job.kind, job.key, JobState.WAITING)
                            for one in self.jobs(job.at)):  # fmt: skip
            return None
        self._last_job += 1
        self._jobs[self._last_job] = Job(id=self._last_job, kind=job.kind, key=job.key, args=dict(job.args),
                                         due=job.at + timedelta(seconds=job.wait_seconds),
                                         state=JobState.WAITING)  # fmt: skip
        return self._last_job

    def jobs(self, now: datetime) -> list[Job]:
        with self._lock:
            self._check()
            return [replace(one, state=self._state(one, now)) for one in self._jobs.values()]

    def _state(self, job: Job, now: datetime) -> JobState:
        if job.state is JobState.FAILED:
            return job.state
        return JobState.RUNNING if job.id in self._leases and self._leases[job.id] > now else JobState.WAITING

    def job_figures(self, now: datetime) -> JobFigures:
        found = self.jobs(now)
        due = [one.due for one in found if one.state is JobState.WAITING and one.due <= now]
        failed = sum(one.state is JobState.FAILED for one in found)
        return JobFigures(len(due), failed, (now - min(due)).total_seconds() if due else 0.0)

    def retry_job(self, id: int, now: datetime) -> bool:
        with self._lock:
            return self._failed(id) and self._put(id, state=JobState.WAITING, due=now, tries=0)

    def drop_job(self, id: int) -> bool:
        with self._lock:
            return self._failed(id) and bool(self._jobs.pop(id))

    def _failed(self, id: int) -> bool:
        self._check()
        return id in self._jobs and self._jobs[id].state is JobState.FAILED

    def take_job(self, kinds: Collection[str], now: datetime, until: datetime) -> Job | None:
        with self._lock:
            open_ones = [one for one in self.jobs(now) if one.state is not JobState.FAILED]
            held = {one.key for one in open_ones if one.state is JobState.RUNNING} - {""}
            first: dict[str, int] = {}
            for one in open_ones:
                first.setdefault(one.key, one.id)
            free = [one for one in open_ones if one.state is JobState.WAITING and one.due <= now and one.kind in kinds
                    and one.key not in held and (not one.key or first[one.key] == one.id)]  # fmt: skip
            if not free:
                return None
            job = min(free, key=lambda one: (one.due, one.id))
            self._leases[job.id] = until
            self._put(job.id, tries=job.tries + 1)
            return replace(self._jobs[job.id], state=JobState.RUNNING)

    def _put(self, id: int, **changed: Any) -> bool:
        self._jobs[id] = replace(self._jobs[id], **changed)
        return True

    def _mine(self, job: Job) -> bool:
        self._check()
        return job.id in self._jobs and self._jobs[job.id].tries == job.tries

    def keep_jobs(self, jobs: Collection[Job], until: datetime) -> None:
        with self._lock:
            self._leases.update({one.id: until for one in jobs if self._mine(one)})

    def job_done(self, job: Job) -> None:
        with self._lock:
            if self._mine(job):
                del self._jobs[job.id]

    def job_again(self, job: Job, at: datetime, error: str) -> None:
        self._end(job, due=at, error=error)

    def job_back(self, job: Job) -> None:
        self._end(job, tries=job.tries - 1)

    def job_given_up(self, job: Job, error: str) -> None:
        self._end(job, state=JobState.FAILED, error=error)

    def _end(self, job: Job, **changed: Any) -> None:
        with self._lock:
            if self._mine(job):
                self._leases.pop(job.id, None)
                self._put(job.id, **changed)
