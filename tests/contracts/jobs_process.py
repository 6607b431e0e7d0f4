"""A worker in a process of its own, which a test kills: `python -m tests.contracts.jobs_process URL FOLDER`."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.service.jobs import JobKind, Kinds
from callflow.slow_work import worker
from callflow.store import open_store
from tests.contracts.jobs_bench import now
from tests.contracts.sample import SECRETS


def begins(args: Mapping[str, Any]) -> None:
    """Say that it has begun, and never end."""
    Path(args["name"]).write_text("begun")
    while True:
        time.sleep(1)


KINDS: Kinds = {"kills": JobKind(run=begins), "child": JobKind(work="tests.contracts.jobs_bench:forever")}


if __name__ == "__main__":
    url = sys.argv[1]
    worker(url, open_store(url, SECRETS), JobRunner(KINDS, Metrics()), now).start()
    while True:
        time.sleep(1)
