"""The worker on PostgreSQL: Procrastinate's, on an event loop of its own. Jobs run on threads, or in a child process.

A kind is a task with its own queue, so a server of an earlier version leaves alone what it does not know. Procrastinate
rescues nothing by itself and ends when the database is away: ``_rescue`` and ``_serve`` see to both. Its log is off,
because it quotes arguments and exceptions; ``JobRunner`` logs.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from threading import Event as Flag
from threading import Thread
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

import procrastinate
from procrastinate.jobs import DeleteJobCondition
from procrastinate.jobs import Job as StoredJob

from callflow.core.records import immutable
from callflow.runtime.job_runner import Failed, JobRunner
from callflow.runtime.worker_pool import guarded
from callflow.service.jobs import Job, JobKind

T = TypeVar("T")
THREADS: Final = 2
LOOK_SECONDS: Final = 0.2
CONNECTIONS: Final = 4
CONNECT_SECONDS: Final = 3
WAIT_SECONDS: Final = 5  # for a connection; then everything begins anew


@immutable
class Pace:
    """In seconds. A job of a process that dies runs elsewhere after ``silent`` and ``rescue``."""

    poll: float = 0.5
    heartbeat: float = 3.0
    silent: float = 12.0
    rescue: float = 2.0
    grace: float = 4.0
    """How long a server that stops waits for its jobs; then it gives them back."""
    after_trouble: float = 2.0


PACE: Final = Pace()


class ProcrastinatedJobs(Protocol):
    """Of ``store.postgres``."""

    def job_error(self, id: int, error: str) -> None: ...

    def job_uncounted(self, id: int) -> None: ...

    def rescue_jobs(self, silent_seconds: float) -> None: ...


class _Failure(Exception):
    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.error)
        self.failed = failed


class _Again(procrastinate.BaseRetryStrategy):
    """When a failed job is tried again: one that was given back (the task was cancelled) at once."""

    def __init__(self, kind: JobKind) -> None:
        self._kind = kind

    def get_retry_decision(self, *, exception: BaseException, job: StoredJob) -> procrastinate.RetryDecision | None:
        if isinstance(exception, _Failure) and exception.failed.last:
            return None
        seconds = self._kind.pause(job.attempts + 1).seconds if isinstance(exception, _Failure) else 0
        return procrastinate.RetryDecision(retry_in={"seconds": seconds})


class ProcrastinateWorker:
    """``url`` is that of the database, ``options`` those of its connections (libpq)."""

    def __init__(self, url: str, jobs: ProcrastinatedJobs, runner: JobRunner, pace: Pace = PACE,
                 options: Mapping[str, Any] = MappingProxyType({})) -> None:  # fmt: skip
        self._url, self._jobs, self._runner, self._pace, self._options = url, jobs, runner, pace, options
        self._stopped = Flag()
        self._thread = Thread(target=self._serve, name="callflow-jobs", daemon=True)

    def start(self) -> None:
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL + 1)
        self._thread.start()

    def stop(self) -> None:
        """Take no more jobs. Those that run may finish within ``Pace.grace``, then they are given back."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(self._pace.grace + 2)
        self._runner.stop()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            guarded(lambda: asyncio.run(self._work()))
            self._stopped.wait(self._pace.after_trouble)

    async def _work(self) -> None:
        """Work until ``stop``, or until a part of it fails, which is raised."""
        app = self._app()
        async with app.open_async():
            parts = [self._worker(app, kinds, many) for kinds, many in self._shares() if kinds]
            tasks = [asyncio.ensure_future(one) for one in (*parts, self._rescue(), self._until_stopped())]
            done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            for task in done:
                task.result()

    async def _until_stopped(self) -> None:
        while not self._stopped.is_set():
            await asyncio.sleep(LOOK_SECONDS)

    def _shares(self) -> list[tuple[list[str], int]]:
        """The kinds that share threads: what needs a child process never delays the others, nor what is urgent."""
        kinds = self._runner.kinds
        return [([name for name, kind in kinds.items() if kind.run], THREADS),
                ([name for name, kind in kinds.items() if not kind.run and not kind.urgent], 1),
                ([name for name, kind in kinds.items() if kind.urgent], 1)]  # fmt: skip

    def _worker(self, app: procrastinate.App, kinds: list[str], many: int) -> Coroutine[Any, Any, None]:
        pace = self._pace
        return app.run_worker_async(
            queues=kinds, concurrency=many, fetch_job_polling_interval=pace.poll, install_signal_handlers=False,
            delete_jobs=DeleteJobCondition.SUCCESSFUL, update_heartbeat_interval=pace.heartbeat,
            stalled_worker_timeout=pace.silent, shutdown_graceful_timeout=pace.grace,
        )  # fmt: skip

    async def _rescue(self) -> None:
        while True:
            await _on_thread(partial(guarded, partial(self._jobs.rescue_jobs, self._pace.silent)))
            await asyncio.sleep(self._pace.rescue)

    def _app(self) -> procrastinate.App:
        options = {"connect_timeout": CONNECT_SECONDS, **self._options}
        connector = procrastinate.PsycopgConnector(
            conninfo=self._url, kwargs=options, min_size=1, max_size=CONNECTIONS, timeout=WAIT_SECONDS
        )
        app = procrastinate.App(connector=connector)
        for name, kind in self._runner.kinds.items():
            app.task(name=name, queue=name, pass_context=True, retry=_Again(kind))(self._run)
        return app

    async def _run(self, context: procrastinate.JobContext, args: dict[str, Any], at: int, error: str = "") -> None:
        stored = context.job
        assert stored.id is not None
        job = Job(id=stored.id, kind=stored.task_name, key=stored.lock or "", args=args, tries=stored.attempts + 1,
                  due=datetime.fromtimestamp(at / 1_000_000, UTC), error=error)  # fmt: skip
        try:
            failed = await _on_thread(partial(self._attempt, job))
        except asyncio.CancelledError:  # it is given back, which Procrastinate counts as a try
            await _on_thread(partial(guarded, partial(self._jobs.job_uncounted, job.id)))
            raise
        if failed:
            raise _Failure(failed)

    def _attempt(self, job: Job) -> Failed | None:
        failed = self._runner.attempt(job)
        if failed:
            guarded(partial(self._jobs.job_error, job.id, failed.error))
        return failed


async def _on_thread(work: Callable[[], T]) -> T:
    """Not asyncio's own threads: a process that ends would wait for them. ``work`` must not raise."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[T] = loop.create_future()

    def tell(result: T) -> None:
        if not told.done():  # it was given back
            told.set_result(result)

    def run() -> None:
        result = work()
        with suppress(RuntimeError):  # the loop is over
            loop.call_soon_threadsafe(tell, result)

    Thread(target=run, name="callflow-job", daemon=True).start()
    return await told
