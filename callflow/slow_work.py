"""Slow work of a server: the kinds of jobs, and the worker that fits the store."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock, Timer
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from callflow.core.follow_ups import FollowUpKind
from callflow.runtime.metrics import Metrics
from callflow.runtime.periodic import PeriodicTask
from callflow.service import housekeeping, prompt_recordings
from callflow.service.configurations import Configurations
from callflow.service.follow_up_keeper import Decide, FollowUpKeeper
from callflow.service.housekeeping import Housekeeping
from callflow.service.incidents import check_in_due, incident_due
from callflow.service.job_watch import JobWatch
from callflow.service.jobs import JobKind, Kinds
from callflow.service.ports import Store
from callflow.service.prompt_keeper import PromptKeeper
from callflow.service.prompt_recordings import DROP, KEEP
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.recordings import FETCH, TRANSCRIBE
from callflow.service.transcripts import WORK, Transcribing

if TYPE_CHECKING:
    from callflow.runtime.job_runner import JobRunner

FOLLOW_UP_SECONDS = 5.0
"""The time between two looks for follow-ups whose time has come."""
PLAN_SECONDS = 60.0
"""The time between two looks whether the next night's work is deferred."""


LOOK_SECONDS = 5.0
"""The time between two looks at the figures of /metrics and /readyz."""
WARM_SECONDS = 1.0


class Task(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


class LaterTask:
    """Makes and starts a task on a thread of its own, a moment after the start of a server: it imports a lot."""

    def __init__(self, make: Callable[[], Task]) -> None:
        self._make = make
        self._made: Task | None = None
        self._lock, self._stopped = Lock(), False
        self._timer = Timer(WARM_SECONDS, self._begin)
        self._timer.daemon = True

    def start(self) -> None:
        self._timer.start()

    def _begin(self) -> None:
        with self._lock:
            if not self._stopped:
                self._made = self._make()
                self._made.start()

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._stopped = True
        if self._made:
            self._made.stop()


DUE: Mapping[FollowUpKind, Decide] = MappingProxyType({
    FollowUpKind.INCIDENT: incident_due, FollowUpKind.CHECK_IN: check_in_due,
})  # fmt: skip
"""By kind of follow-up, what happens when its time has come."""


def kinds_of(keeping: Housekeeping, recordings: RecordingKeeper, transcribing: Transcribing, prompts: PromptKeeper
             ) -> Kinds:  # fmt: skip
    """Every kind of job. One that was ever released stays here until no such job can be stored any more."""
    return {
        housekeeping.KIND: JobKind(run=keeping.run),
        FETCH: JobKind(run=recordings.run, tries=8),  # five hours: the provider may need a while, or be down
        # An hour of sound takes a small model about ten minutes, and 4 GB of addresses (300 MB of memory).
        TRANSCRIBE: JobKind(work=WORK, around=transcribing, seconds=3600, megabytes=4096),
        KEEP: JobKind(work=prompt_recordings.WORK, around=prompts, tries=8, seconds=120, megabytes=4096),
        DROP: JobKind(run=prompts.drop, tries=8),
    }


class SlowWork:
    """What a server has of slow work. Starts nothing. ``url`` is that of the store."""

    def __init__(self, url: str, store: Store, configurations: Configurations, clock: Callable[[], datetime],
                 metrics: Metrics, recordings: RecordingKeeper, prompts: PromptKeeper) -> None:  # fmt: skip
        self._url, self._store, self._clock, self._metrics = url, store, clock, metrics
        self._keeping = Housekeeping(store, configurations, clock)
        transcribing = Transcribing(store, recordings.audio, configurations, clock)
        self._following = FollowUpKeeper(store, configurations, clock, DUE)
        self._kinds = kinds_of(self._keeping, recordings, transcribing, prompts)
        recordings.kinds = self._kinds
        self._watch = JobWatch(store, clock)
        self.warning = self._watch.warning
        metrics.gauges = self._watch.gauges

    def tasks(self, with_worker: bool) -> tuple[Task, ...]:
        watching = PeriodicTask(self._watch.refresh, LOOK_SECONDS, "job-figures")
        if not with_worker:
            return (watching,)
        planning = PeriodicTask(self._keeping.plan, PLAN_SECONDS, "job-plans")
        following = PeriodicTask(self._following.look, FOLLOW_UP_SECONDS, "follow-ups")
        return watching, planning, following, LaterTask(self._worker)

    def _worker(self) -> Task:
        from callflow.runtime.job_runner import JobRunner

        return worker(self._url, self._store, JobRunner(self._kinds, self._metrics), self._clock)


def worker(url: str, store: Any, runner: "JobRunner", clock: Callable[[], datetime]) -> Task:
    """The worker for a store: a lane of our own where the store leases jobs, else Procrastinate's. Not started."""
    if url.startswith(("sqlite:", "memory:")):
        from callflow.runtime.job_lane import JobLane

        return JobLane(store, runner, clock)
    from callflow.runtime.procrastinate_worker import ProcrastinateWorker
    from callflow.store.postgres import SILENCE

    return ProcrastinateWorker(f"postgresql:{url.partition(':')[2]}", store, runner, options=SILENCE)
