"""Slow work, the same on SQLite (a lane of our own) and on PostgreSQL (Procrastinate)."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from callflow.service.jobs import JobFigures, JobState, NewJob
from callflow.service.ports import Store, Transaction
from tests.contracts.jobs_bench import Bench, now, until


@pytest.fixture
def bench(store_url: str, opened: Callable[[str], Store]) -> Iterator[Bench]:
    made = Bench(store_url, opened(store_url))
    yield made
    made.close()


class TestJobs:
    def test_what_was_rolled_back_never_runs(self, bench: Bench) -> None:
        def fails(tx: Transaction) -> None:
            tx.defer(NewJob(kind="note", at=now(), args={"name": "ghost"}))
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            bench.store.transact(fails)
        bench.defer("note", "real")
        bench.worker()
        until(lambda: not bench.jobs())
        assert bench.ran == ["real"]
        assert bench.metrics.value("jobs", "note", "done") == 1

    def test_what_was_killed_in_the_middle_runs_elsewhere(self, bench: Bench) -> None:
        bench.defer("note", "once more", key="c1")
        bench.taken_by_a_process_that_died()
        bench.worker()
        until(lambda: bench.ran == ["once more"])
        until(lambda: not bench.jobs())

    def test_jobs_of_a_key_run_in_order_and_one_at_a_time(self, bench: Bench) -> None:
        names = [f"call 1, part {n}" for n in range(5)]
        for name in names:
            bench.defer("slow", name, key="call 1")
        bench.defer("note", "call 2", key="call 2")
        bench.worker()
        until(lambda: len(bench.ran) == 6)
        assert [one for one in bench.ran if one in names] == names
        assert bench.most == 1
        assert bench.ran[-1] != "call 2"  # it did not wait for the other call

    def test_a_job_runs_when_it_is_due(self, bench: Bench) -> None:
        bench.worker()
        began = now()
        bench.defer("note", "later", wait_seconds=0.4)
        bench.defer("note", "at once")
        until(lambda: len(bench.ran) == 2)
        assert bench.ran == ["at once", "later"]
        late = (bench.at["later"] - began).total_seconds() - 0.4
        assert 0 <= late < 1
        assert (bench.at["at once"] - began).total_seconds() < 1

    def test_a_job_that_keeps_failing_is_in_a_list_until_somebody_acts(self, bench: Bench) -> None:
        bench.defer("fails", "bad", key="c1")
        bench.defer("note", "next of the same call", key="c1")
        bench.worker()
        until(lambda: bench.store.job_figures(now()).failed)
        until(lambda: bench.ran == ["next of the same call"])  # what failed for good holds up nobody
        until(lambda: list(bench.jobs()) == ["bad"])
        (bad,) = bench.store.jobs(now())
        assert (bad.kind, bad.key, bad.state, bad.tries, bad.args) == (
            "fails",
            "c1",
            JobState.FAILED,
            1,
            {"name": "bad"},
        )
        assert "KeyError at jobs_bench.py" in bad.error
        assert "0199" not in bad.error
        bench.failing = False
        assert bench.store.retry_job(bad.id, now())
        until(lambda: "bad" in bench.ran)
        until(lambda: not bench.jobs())
        assert not bench.store.retry_job(bad.id, now())

    def test_a_failed_job_is_dropped_but_none_that_waits(self, bench: Bench) -> None:
        bench.defer("note", "waits", wait_seconds=60)
        bench.defer("fails", "bad")
        bench.worker()
        until(lambda: bench.store.job_figures(now()).failed)
        ids = {name: one.id for name, one in bench.jobs().items()}
        assert bench.store.drop_job(ids["bad"])
        assert not bench.store.drop_job(ids["waits"])
        assert list(bench.jobs()) == ["waits"]

    def test_a_job_that_fails_is_tried_again_after_a_pause(self, bench: Bench) -> None:
        bench.defer("fails_twice", "again")
        bench.worker()
        until(lambda: bench.jobs()["again"].error)
        until(lambda: bench.jobs()["again"].state is JobState.WAITING)
        again = bench.jobs()["again"]
        assert again.tries == 1
        assert 8 < (again.due - now()).total_seconds() < 11
        assert bench.metrics.value("jobs", "fails_twice", "failed") == 1

    def test_a_job_that_takes_its_process_with_it_each_time_is_given_up(self, bench: Bench) -> None:
        bench.defer("fails", "poison")
        bench.taken_by_a_process_that_died()
        bench.failing = False
        bench.worker()
        until(lambda: bench.jobs()["poison"].state is JobState.FAILED)
        assert "process ended" in bench.jobs()["poison"].error
        assert bench.ran == []

    def test_nothing_is_planned_twice(self, bench: Bench) -> None:
        for _ in range(3):
            bench.defer("note", "tonight", once=True, wait_seconds=60)
        bench.defer("note", "other key", key="k", once=True, wait_seconds=60)
        assert [one.args["name"] for one in bench.store.jobs(now())] == ["tonight", "other key"]

    def test_a_server_leaves_alone_what_it_does_not_know(self, bench: Bench) -> None:
        """In an upgrade, a server of the version before must not fail the jobs of the new one."""
        bench.defer("slow", "new kind")
        bench.defer("note", "known")
        bench.worker("note")
        until(lambda: bench.ran == ["known"])
        assert bench.jobs()["new kind"].state is JobState.WAITING
        assert bench.jobs()["new kind"].tries == 0

    def test_a_server_that_stops_lets_a_job_finish(self, bench: Bench) -> None:
        bench.defer("slow", "short")
        worker = bench.worker()
        until(lambda: bench.under_way or bench.ran)  # on a loaded machine it may be over before it is looked at
        worker.stop()
        assert bench.ran == ["short"]
        assert bench.jobs() == {}

    def test_a_server_that_stops_gives_back_what_takes_too_long(self, bench: Bench) -> None:
        bench.defer("blocks", "long")
        worker = bench.worker()
        until(lambda: bench.ran)
        worker.stop()
        assert (bench.jobs()["long"].state, bench.jobs()["long"].tries) == (JobState.WAITING, 0)
        bench.let_go.set()
        bench.worker()
        until(lambda: bench.ran == ["long", "long"])
        until(lambda: not bench.jobs())

    @pytest.mark.postgres
    def test_a_worker_goes_on_when_the_database_server_was_restarted(
        self, postgres_url: str, opened: Callable[[str], Store]
    ) -> None:
        bench = Bench(postgres_url, opened(postgres_url))
        bench.worker()
        bench.defer("note", "before")
        until(lambda: bench.ran == ["before"])
        until(lambda: not bench.jobs())  # cut before its end is stored, it would run again, as it should
        ours = "FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        bench.store._look(f"SELECT pg_terminate_backend(pid) {ours}")  # type: ignore[attr-defined]
        bench.defer("note", "after")
        until(lambda: bench.ran == ["before", "after"], within=30)
        bench.close()

    def test_what_ops_see(self, bench: Bench) -> None:
        assert bench.store.job_figures(now()) == JobFigures(0, 0, 0.0)
        bench.defer("note", "tonight", wait_seconds=60)
        bench.defer("note", "waits")
        figures = bench.store.job_figures(now() + timedelta(seconds=9))
        assert (figures.waiting, figures.failed) == (1, 0)
        assert 9 <= figures.oldest_seconds < 12


class TestChildProcess:
    @pytest.fixture
    def store_url(self, database_url: str) -> str:
        return database_url

    def test_it_runs_after_everything_else_on_the_machine(self, bench: Bench, tmp_path: Path) -> None:
        bench.defer("computes", str(tmp_path / "told"))
        bench.worker()
        until(lambda: not bench.jobs())
        pid, niceness = (tmp_path / "told").read_text().split()
        assert int(pid) != os.getpid()
        assert niceness == "19"

    def test_what_takes_too_long_or_too_much_memory_fails_alone(self, bench: Bench) -> None:
        bench.defer("too_long", "")
        bench.defer("too_large", "large")
        bench.worker()
        until(lambda: bench.store.job_figures(now()).failed == 2)
        errors = {one.kind: one.error for one in bench.store.jobs(now())}
        assert errors["too_long"] == "the child process took more than 1 seconds"
        assert "MemoryError" in errors["too_large"]

    def test_a_long_one_delays_no_short_job_and_ends_with_its_server(self, bench: Bench, tmp_path: Path) -> None:
        bench.defer("forever", str(tmp_path / "pid"))
        bench.defer("forever", str(tmp_path / "second"))
        worker = bench.worker()
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        bench.defer("note", "short")
        until(lambda: bench.ran == ["short"])
        assert not (tmp_path / "second").exists()  # one at a time
        worker.stop()
        pid = int((tmp_path / "pid").read_text())
        until(lambda: not Path(f"/proc/{pid}").exists())
        assert {one.state for one in bench.jobs().values()} == {JobState.WAITING}
