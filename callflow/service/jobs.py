"""Slow work that must not get lost: a job is deferred in the transaction of what it follows from, and run by a worker.

A job that was committed runs, on any server, and one that was rolled back never does. It may run twice, because a
process can die between the work and the record of it: handlers are written so that this does no harm. Requests to the
provider and the deadlines of calls are no jobs (``unit_of_work``).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

from callflow.core.records import record

Args = Mapping[str, Any]
"""JSON values: ids of calls and settings, never numbers or words of people, because ops see them in lists."""
FIRST_PAUSE_SECONDS: Final = 10
LONGEST_PAUSE_SECONDS: Final = 3600


@record
class NewJob:
    """A job to be deferred now (``at``), and to be run ``wait_seconds`` later.

    Jobs with the same ``key`` run in the order in which they were deferred, one at a time; those without one in any
    order. ``once``: nothing is deferred while another job of this kind and key waits.
    """

    kind: str
    at: datetime
    key: str = ""
    args: Args = field(default_factory=dict)
    wait_seconds: float = 0.0
    once: bool = False


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    FAILED = "failed"
    """It was given up. It stays until somebody retries or drops it, and holds up no other job of its key."""


@record
class Job:
    """A stored job. ``tries`` counts the one under way, ``error`` is about the last one that failed."""

    id: int
    kind: str
    key: str
    args: Args
    due: datetime
    state: JobState = JobState.RUNNING
    tries: int = 0
    error: str = ""


class JobFailure(Exception):
    """A job failed for a reason that the message says, in words that quote nobody."""


class AroundWork(Protocol):
    """What the server does before and after a child process works, which has no database."""

    def order(self, args: Args) -> Args | None:
        """What the child is to be called with; None if there is nothing to do any more. Raises JobFailure."""

    def done(self, args: Args, answer: str) -> None:
        """Store what the function of the child returned. May be called twice."""

    def failed(self, args: Args) -> None:
        """Mark that an attempt failed."""


@record
class JobKind:
    """What a worker knows of a kind of jobs. Either ``run`` is called, on a thread of the server, or ``work`` names a
    function ("module:name") that a child process calls with ``args``, or with those of ``around``: for what takes the
    processor for long. What the function returns, a text, is for ``around``.

    It is given up after ``tries``. A child may take ``seconds``, and ``megabytes`` of memory.
    ``urgent``: a caller waits for it, so it has a thread and a child of its own, and is tried again after a second.
    """

    run: Callable[[Args], object] | None = None
    work: str = ""
    around: AroundWork | None = None
    tries: int = 5
    seconds: int = 600
    megabytes: int = 1024
    urgent: bool = False

    def pause(self, tries: int) -> timedelta:
        """How long to wait after so many tries."""
        return timedelta(seconds=1) if self.urgent else pause(tries)


Kinds = Mapping[str, JobKind]


class JobFigures(NamedTuple):
    """Jobs that are due and do not run yet, jobs that were given up, and for how long the first one has been due."""

    waiting: int = 0
    failed: int = 0
    oldest_seconds: float = 0.0


class Jobs(Protocol):
    """Implemented by ``ports.Transaction``."""

    def defer(self, job: NewJob) -> None:
        """Have this job run after the commit. Without a commit it never runs."""


class JobList(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable."""

    def jobs(self, now: datetime) -> list[Job]:
        """All jobs that are not done, in the order in which they were deferred."""

    def job_figures(self, now: datetime) -> JobFigures: ...

    def retry_job(self, id: int, now: datetime) -> bool:
        """Have a job that was given up run now, with all its tries. False if there is none with this id."""

    def drop_job(self, id: int) -> bool:
        """Delete a job that was given up. False if there is none with this id."""


class LeasedJobs(JobList, Protocol):
    """A store whose jobs are taken with a lease. If the process that has one dies, another takes it afterwards.

    What is told about a job is ignored once another process has taken it (then its ``tries`` differ).
    """

    def take_job(self, kinds: Collection[str], now: datetime, until: datetime) -> Job | None:
        """Take the first job of these kinds that is due and whose turn it is, until then; counts one try."""

    def keep_jobs(self, jobs: Collection[Job], until: datetime) -> None:
        """Extend the leases of jobs that still run."""

    def job_done(self, job: Job) -> None: ...

    def job_again(self, job: Job, at: datetime, error: str) -> None:
        """It failed; try again at that time."""

    def job_back(self, job: Job) -> None:
        """Give it back, as if it had not been taken."""

    def job_given_up(self, job: Job, error: str) -> None: ...


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: 10 seconds, a minute, 6 minutes, 36 minutes, an hour."""
    return timedelta(seconds=min(FIRST_PAUSE_SECONDS * 6 ** (tries - 1), LONGEST_PAUSE_SECONDS))
