"""Slow work of a server: the kinds of jobs, and the worker that fits the store."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, Protocol

from callflow import log_keeping
from callflow.keepers import Keepers
from callflow.runtime.metrics import Metrics
from callflow.runtime.periodic import PeriodicTask
from callflow.service import housekeeping, prompt_recordings, recognising, retention_keeper
from callflow.service.configurations import Configurations
from callflow.service.follow_ups import KEPT, SEND_RECEIPT
from callflow.service.job_watch import JobWatch
from callflow.service.jobs import JobKind, Kinds
from callflow.service.ports import Store
from callflow.service.promises import RING
from callflow.service.prompt_recordings import DROP, KEEP
from callflow.service.recorded_answers import RecordedAnswers
from callflow.service.recordings import (
    DROP_UNUSED,
    FETCH,
    RECOGNISE_ANSWER,
    TRANSCRIBE,
    AudioUnavailable,
    check_audio,
)
from callflow.service.retention import HOLD
from callflow.service.talk_over import MEASURE, TalkOver
from callflow.service.transcripts import WORK, Report, Transcribing
from callflow.service.webhooks import SEND, TRIES
from callflow.witness_settings import WitnessSettings

if TYPE_CHECKING:
    from callflow.log_keeping.keeper import LogKeeper
    from callflow.runtime.job_runner import JobRunner

log = logging.getLogger(__name__)
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


def kinds_of(transcribing: Transcribing, keepers: Keepers, log: Callable[[], "LogKeeper"], answers: RecordedAnswers,
             measuring: TalkOver) -> Kinds:  # fmt: skip
    """Every kind of job. One that was ever released stays here until no such job can be stored any more."""
    return {
        housekeeping.KIND: JobKind(run=keepers.ending.histories.run),
        retention_keeper.KIND: JobKind(run=keepers.ending.retention.run),
        retention_keeper.AGAIN: JobKind(run=keepers.ending.retention.run_again, tries=8),
        HOLD: JobKind(run=keepers.ending.holds.run, tries=8),
        recognising.KIND: JobKind(run=keepers.heads_ups.run),
        recognising.PROPOSAL: JobKind(run=keepers.proposals.run),
        FETCH: JobKind(run=keepers.recordings.run, tries=8),  # five hours: the provider may need a while, or be down
        DROP_UNUSED: JobKind(run=keepers.recordings.drop_unused, tries=8),
        # An hour of sound takes a small model about ten minutes, and 4 GB of addresses (300 MB of memory).
        TRANSCRIBE: JobKind(work=WORK, around=transcribing, seconds=3600, megabytes=4096),
        RECOGNISE_ANSWER: JobKind(work=WORK, around=answers, tries=8, seconds=30, megabytes=4096, urgent=True),
        MEASURE: JobKind(work=WORK, around=measuring, seconds=600, megabytes=4096),
        KEEP: JobKind(work=prompt_recordings.WORK, around=keepers.prompts, tries=8, seconds=120, megabytes=4096),
        DROP: JobKind(run=keepers.prompts.drop, tries=8),
        RING: JobKind(run=keepers.promises.run_ring),
        KEPT: JobKind(run=keepers.promises.run_kept),
        SEND_RECEIPT: JobKind(run=keepers.receipts.run, tries=TRIES),
        SEND: JobKind(run=keepers.webhooks.run, tries=TRIES),
        log_keeping.KIND: JobKind(run=lambda args: log().show(args), tries=log_keeping.TRIES),
    }


class SlowWork:
    """What a server has of slow work. Starts nothing. ``url`` is that of the store, ``report`` tells a call facts."""

    def __init__(self, url: str, store: Store, configurations: Configurations, clock: Callable[[], datetime],
                 metrics: Metrics, keepers: Keepers, log: WitnessSettings, report: Report) -> None:  # fmt: skip
        self._url, self._store, self._clock, self._metrics = url, store, clock, metrics
        self._witnesses, self._audio = log, keepers.recordings.files
        self._ending = keepers.ending
        transcribing = Transcribing(store, keepers.recordings.audio, configurations, clock)
        self._following = keepers.promises.keeper
        self.answers = RecordedAnswers(keepers.recordings, transcribing, report)
        measuring = TalkOver(store, transcribing, report)
        self._kinds = kinds_of(transcribing, keepers, lambda: self._log, self.answers, measuring)
        keepers.recordings.kinds = self._kinds
        self._watch = JobWatch(store, clock)
        self.warning = self._watch.warning
        metrics.gauges = self._watch.gauges

    def tasks(self, with_worker: bool) -> tuple[Task, ...]:
        watching = PeriodicTask(self._watch.refresh, LOOK_SECONDS, "job-figures")
        if not with_worker:
            return (watching,)
        planning = PeriodicTask(self._ending.plan, PLAN_SECONDS, "job-plans")
        following = PeriodicTask(self._following.look, FOLLOW_UP_SECONDS, "follow-ups")
        keeping = (
            () if self._url == "memory:" else (PeriodicTask(lambda: self._log.keep(), log_keeping.KEEP_SECONDS, "log"),)
        )
        return watching, planning, following, *keeping, LaterTask(self._worker)

    @cached_property
    def _log(self) -> "LogKeeper":
        from callflow.log_keeping.keeper import keeper_of  # with what a checkpoint is shown to

        return keeper_of(self._witnesses, self._store, self._clock)

    def _worker(self) -> Task:
        from callflow.runtime.job_runner import JobRunner

        try:
            check_audio(self._audio)
        except AudioUnavailable as error:  # what is recorded stays at the provider, and is fetched again and again
            log.error("recordings cannot be kept (CALLFLOW_RECORDINGS): %s", error)

        return worker(self._url, self._store, JobRunner(self._kinds, self._metrics), self._clock)


def worker(url: str, store: Any, runner: "JobRunner", clock: Callable[[], datetime]) -> Task:
    """The worker for a store: a lane of our own where the store leases jobs, else Procrastinate's. Not started."""
    if url.startswith(("sqlite:", "memory:")):
        from callflow.runtime.job_lane import JobLane

        return JobLane(store, runner, clock)
    from callflow.runtime.procrastinate_worker import ProcrastinateWorker
    from callflow.store.postgres import SILENCE

    return ProcrastinateWorker(f"postgresql:{url.partition(':')[2]}", store, runner, options=SILENCE)
