"""What ops see of slow work: figures that are read every few seconds, so that a page of metrics costs no query."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from callflow.service.jobs import JobFigures, JobList
from callflow.service.ports import StoreUnavailable

LATE_SECONDS: Final = 600


class JobWatch:
    """A server calls ``refresh`` again and again. While the store is away, what was read last stays."""

    def __init__(self, jobs: JobList, clock: Callable[[], datetime]) -> None:
        self._jobs, self._clock = jobs, clock
        self.figures = JobFigures()

    def refresh(self) -> None:
        with suppress(StoreUnavailable):
            self.figures = self._jobs.job_figures(self._clock())

    def gauges(self) -> dict[str, float]:
        """By the names of ``runtime.metrics``."""
        return {"jobs_waiting": self.figures.waiting, "jobs_failed_for_good": self.figures.failed,
                "jobs_oldest_waiting_seconds": self.figures.oldest_seconds}  # fmt: skip

    def warning(self) -> str:
        """What ops should see to, or ""."""
        now, said = self.figures, []
        if now.failed:
            said.append(f"{now.failed} failed for good: see `callflow jobs`")
        if now.oldest_seconds > LATE_SECONDS:
            said.append(
                f"{now.waiting} wait, the first one for {now.oldest_seconds / 60:.0f} minutes: does a worker run?"
            )
        return "; ".join(said)
