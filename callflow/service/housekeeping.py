"""Deletes what is not to be kept any longer, every night: the histories of calls that are over for ``history_days``,
and what expired heads-ups have of callers.

Journals stay. It is a job that any server runs, and doing it twice does no harm.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from callflow.service.configurations import Configurations
from callflow.service.jobs import Args, NewJob
from callflow.service.ports import Store

log = logging.getLogger(__name__)
KIND: Final = "housekeeping"
HOUR: Final = 3
"""In UTC. The hour does not matter: each step is short."""
STEP: Final = 100
"""Calls in one transaction, so that no webhook waits for more than a few milliseconds."""
PAUSE_SECONDS: Final = 0.02


class Housekeeping:
    def __init__(
        self,
        store: Store,
        configurations: Configurations,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store, self._configurations, self._clock, self._sleep = store, configurations, clock, sleep

    def plan(self) -> None:
        """Defer the next night's job, unless it waits already."""
        now = self._clock()
        job = NewJob(kind=KIND, at=now, wait_seconds=(next_night(now) - now).total_seconds(), once=True)
        self._store.transact(lambda tx: tx.defer(job))

    def run(self, args: Args) -> None:
        """Delete, in short steps, by the present configuration. The log has what was done."""
        self._store.erase_expired_heads_ups(self._clock())
        days = self._configurations.current.history_days
        if days is None:
            return log.info("housekeeping: histories are kept for ever (history_days is not set)")
        before, steps = self._clock() - timedelta(days=days), 0
        after: int | None = 0
        while after is not None:
            after = self._store.delete_histories(before, after, STEP)
            steps += 1
            self._sleep(PAUSE_SECONDS)
        return log.info("housekeeping: histories of calls older than %d days are deleted (%d steps)", days, steps)


def next_night(now: datetime) -> datetime:
    tonight = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)
