"""`callflow jobs`, as ops type it beside a running server."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.bootstrap import system_clock
from callflow.cli import program
from callflow.service.jobs import NewJob
from callflow.store import open_store
from tests.contracts.sample import SECRETS


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database with one job that waits and two that have failed for good."""
    made = f"sqlite:///{tmp_path}/callflow.db"
    store, now = open_store(made, SECRETS), system_clock()
    for kind, key in (("housekeeping", ""), ("report", "c1"), ("report", "c2")):
        job = NewJob(kind=kind, key=key, at=now, args={"call": key})
        store.transact(lambda tx, job=job: tx.defer(job))  # type: ignore[misc]
    for _ in range(2):
        taken = store.take_job(["report"], system_clock(), system_clock())  # type: ignore[attr-defined]
        store.job_given_up(taken, "no printer")  # type: ignore[attr-defined]
    store.close()
    return made


def types(url: str, *words: str) -> Result:
    return CliRunner().invoke(
        program, ["jobs", *words], env={"CALLFLOW_DATABASE_URL": url, "CALLFLOW_SECRET_KEY": SECRETS[0]}
    )


def test_ops_see_what_waits_and_what_failed_and_why(url: str) -> None:
    lines = types(url).output.splitlines()
    assert len(lines) == 3
    assert "housekeeping  waiting" in lines[0]
    assert "report for c1" in lines[1].replace("  for", " for")
    assert lines[1].endswith("tries 1  no printer")
    assert len(types(url, "list", "--failed").output.splitlines()) == 2
    (first, *_) = json.loads(types(url, "list", "--failed", "--json").output)
    assert (first["id"], first["kind"], first["key"], first["state"]) == (2, "report", "c1", "failed")
    assert (first["args"], first["tries"], first["error"]) == ({"call": "c1"}, 1, "no printer")


def test_ops_retry_and_drop_what_failed(url: str) -> None:
    assert types(url, "retry", "2").output == "job 2 is tried again\n"
    assert "report  for c1  waiting" in types(url).output
    assert types(url, "drop", "--all").output == "job 3 is dropped\n"
    assert types(url, "list", "--failed").output == "no jobs have failed for good\n"


def test_what_did_not_fail_is_left_alone(url: str) -> None:
    refused = types(url, "drop", "1", "9")
    assert refused.exit_code == 1
    assert "no job 1, 9 has failed for good" in refused.output
    assert "say which" in types(url, "retry").output
    assert len(types(url).output.splitlines()) == 3
