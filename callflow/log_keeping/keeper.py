"""Appends finished calls to the log, signs a checkpoint every hour and after an incident, and has it shown to others.

Every server with a worker does it; the database lets one at a time. What fails is done the next time.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from callflow.evidence.keys import SigningKey, signing_key
from callflow.log_keeping import KIND
from callflow.log_keeping.witnesses import Cosigner, Mailbox, StampAuthority, Witness
from callflow.service.jobs import Args, NewJob
from callflow.store.log import STEP, CallLog, Kept, Seen
from callflow.witness_settings import WitnessSettings

log = logging.getLogger(__name__)
PAUSE_SECONDS: Final = 0.02
"""Between two steps, so that webhooks come in between."""
EVERY: Final = timedelta(hours=1)
MOST_STEPS: Final = 100
"""In one go, so that the first log of a large database does not keep the others from their turn."""


def keeper_of(settings: WitnessSettings, store: object, clock: Callable[[], datetime]) -> "LogKeeper":
    """The keeper of the settings. Sends nothing yet."""
    witnesses: list[Witness] = [Cosigner(url, key) for key, url in settings.witnesses]
    if settings.mailbox:
        witnesses.append(Mailbox(settings.mailbox, settings.mailbox_hours))
    if settings.stamp:
        witnesses.append(StampAuthority(settings.stamp))
    return LogKeeper(store, signing_key(settings.key) if settings.key else None, witnesses, clock)


class LogKeeper:
    """``key`` None: the log is kept, without checkpoints."""

    def __init__(self, store: object, key: SigningKey | None, witnesses: Sequence[Witness],
                 clock: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep) -> None:  # fmt: skip
        self.log = CallLog(store)
        self._key, self._clock, self._sleep = key, clock, sleep
        self._witnesses = {one.name: one for one in witnesses}

    def keep(self) -> None:
        """Append what is over, and sign a checkpoint if it is time. Raises StoreUnavailable."""
        self.checkpoint(at_once=self.append())

    def append(self) -> bool:
        """Append what is over. Returns whether a call with an incident is among it."""
        incident = False
        for _ in range(MOST_STEPS):
            appended = self.log.append()
            incident = incident or appended.incident
            if appended.leaves < STEP:
                break
            self._sleep(PAUSE_SECONDS)
        return incident

    def checkpoint(self, *, at_once: bool = True) -> Kept | None:
        """Sign what the log is now, and have it shown. None if there is no key, or nothing new to sign.

        ``at_once``: also if the last one is not an hour old.
        """
        if self._key is None:
            return None
        now, last = self._clock(), self.log.last_checkpoint()
        if last and not (at_once or last.at + EVERY <= now):
            return None
        return self.log.checkpoint(self._key, now, self._then(now), since=None if at_once else now - EVERY)

    def _then(self, now: datetime) -> list[NewJob]:
        """The jobs that follow from a checkpoint."""
        seen = self.log.last_seen()
        due = [name for name, one in self._witnesses.items()
               if name not in seen or seen[name][1] + timedelta(hours=one.pause_hours) <= now]  # fmt: skip
        # One waits for each witness: while it is away, the next checkpoint takes the place of this one.
        return [NewJob(kind=KIND, at=now, key=name, args={"witness": name}, once=True) for name in due]

    def show(self, args: Args) -> None:
        """The job: show the last checkpoint to a witness. Raises JobFailure."""
        witness, point = self._witnesses.get(args["witness"]), self.log.last_checkpoint()
        if witness is None or point is None:
            return log.info("a witness that is not set any more is not shown a checkpoint")
        if any(one.witness == witness.name for one in self.log.seen(point.number)):
            return None
        proof = witness.show(point, self.log)
        return self.log.keep_seen(point.number, Seen(witness.name, self._clock(), proof))

    def pending(self) -> list[str]:
        """The witnesses that have not seen the last checkpoint, though it is time."""
        last = self.log.last_checkpoint()
        if last is None:
            return []
        seen = self.log.last_seen()
        return [name for name, one in self._witnesses.items()
                if name not in seen or (seen[name][0] < last.number
                                        and seen[name][1] + timedelta(hours=one.pause_hours) <= last.at)]  # fmt: skip
