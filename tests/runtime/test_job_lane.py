"""The lane of jobs on a virtual clock: when what is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import pytest

from callflow.runtime.job_lane import PACE, JobLane
from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.runtime.procrastinate_worker import PACE as PACE_ON_POSTGRESQL
from callflow.service.jobs import Args, JobFailure, JobKind, JobState, NewJob
from callflow.store.memory import MemoryStore

BEGIN = datetime(2026, 11, 30, 12, tzinfo=UTC)


class Clock:
    now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lane_of(clock: Clock, run: object, store: MemoryStore, metrics: Metrics | None = None) -> JobLane:
    kinds = {"report": JobKind(run=run)}  # type: ignore[arg-type]
    return JobLane(store, JobRunner(kinds, metrics or Metrics()), clock)


def deferred(store: MemoryStore, **more: object) -> None:
    store.transact(lambda tx: tx.defer(NewJob(kind="report", at=BEGIN, **more)))  # type: ignore[arg-type]


def test_a_failing_job_is_tried_five_times_in_three_quarters_of_an_hour(clock: Clock) -> None:
    store, metrics, tried = MemoryStore(), Metrics(), []

    def fails(args: Args) -> None:
        tried.append((clock() - BEGIN).total_seconds())
        raise JobFailure("no printer")

    lane = lane_of(clock, fails, store, metrics)
    deferred(store)
    while store.jobs(clock())[0].state is not JobState.FAILED:
        lane.step()
        clock.later(1)
    assert tried == [0, 10, 70, 430, 2590]
    assert store.jobs(clock())[0].error == "no printer"
    assert [metrics.value("jobs", "report", one) for one in ("done", "failed", "given_up")] == [0, 4, 1]
    clock.later(10_000)
    assert not lane.step()


def test_a_job_that_takes_long_is_not_taken_by_another(clock: Clock) -> None:
    store, ran = MemoryStore(), []

    def takes_a_minute(args: Args) -> None:
        ran.append("begun")
        for _ in range(12):
            clock.later(5)
            here.keep()
            assert not there.step()

    here, there = (lane_of(clock, takes_a_minute, store) for _ in range(2))
    deferred(store)
    assert here.step()
    assert (ran, store.jobs(clock())) == (["begun"], [])


def test_a_process_that_was_only_slow_does_no_harm(clock: Clock) -> None:
    """Its lease was over, and another one has the job. What it tells about the job is not believed."""
    store, ran = MemoryStore(), []

    def frozen_for_an_hour(args: Args) -> None:
        ran.append("here")
        clock.later(3600)
        taken.append(store.take_job(["report"], clock(), clock() + timedelta(seconds=20)))

    taken: list[object] = []
    deferred(store)
    assert lane_of(clock, frozen_for_an_hour, store).step()
    assert taken
    (job,) = store.jobs(clock())
    assert (job.state, job.tries) == (JobState.RUNNING, 2)


def test_what_a_dead_process_had_runs_within_half_a_minute() -> None:
    assert PACE.lease + PACE.poll < 30
    assert PACE_ON_POSTGRESQL.silent + PACE_ON_POSTGRESQL.rescue + PACE_ON_POSTGRESQL.poll < 30
