"""Runs one job: calls its handler, or has a child process work, and says what is to become of it."""

import logging
from typing import Final

from callflow.core.records import immutable
from callflow.runtime.child_process import ChildProcess
from callflow.runtime.worker_pool import guarded
from callflow.service.faults import described
from callflow.service.jobs import Job, JobFailure, JobKind, Kinds
from callflow.service.ports import Counters

log = logging.getLogger(__name__)
KILLED: Final = "its process ended each time while it ran"


@immutable
class Failed:
    """``last``: it is not tried again."""

    error: str
    last: bool


class JobRunner:
    """Shared by threads. ``kinds`` by name."""

    def __init__(self, kinds: Kinds, counters: Counters) -> None:
        self.kinds, self.counters = kinds, counters
        self.child, self.urgent_child = ChildProcess(), ChildProcess()

    def stop(self) -> None:
        """End the children, and every later one."""
        self.child.stop()
        self.urgent_child.stop()

    def attempt(self, job: Job) -> Failed | None:
        """None if the job is done. Never raises an Exception."""
        kind = self.kinds[job.kind]
        if job.tries > kind.tries:  # a handler that takes the whole process with it
            return self._failed(job, kind, KILLED)
        try:
            self._run(kind, job)
        except JobFailure as failure:
            return self._failed(job, kind, str(failure))
        except Exception as error:
            return self._failed(job, kind, described(error))
        self.counters.count("jobs", job.kind, "done")
        return None

    def _run(self, kind: JobKind, job: Job) -> None:
        child = self.urgent_child if kind.urgent else self.child
        if kind.run:
            kind.run(job.args)
        elif not kind.around:
            child.run(kind.work, job.args, kind.seconds, kind.megabytes)
        elif (order := kind.around.order(job.args)) is not None:
            kind.around.done(job.args, child.run(kind.work, order, kind.seconds, kind.megabytes))

    def _failed(self, job: Job, kind: JobKind, error: str) -> Failed:
        last = job.tries >= kind.tries
        if around := kind.around:
            guarded(lambda: around.failed(job.args))
        self.counters.count("jobs", job.kind, "given_up" if last else "failed")
        then = "given up; see `callflow jobs`" if last else "tried again"
        log.warning("job %d (%s) failed, try %d of %d, %s: %s", job.id, job.kind, job.tries, kind.tries, then, error)
        return Failed(error, last)
