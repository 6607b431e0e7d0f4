"""The troubles of this process: a throttled line in the log each, and the list in the body of /readyz."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from callflow.service.troubles import StandingTrouble, Trouble, TroubleKind

log = logging.getLogger(__name__)
STANDS = timedelta(hours=1)
"""How long a trouble stands after it was last met. A line with few calls may meet it once in many minutes."""
LOG_EVERY = timedelta(minutes=1)
"""The time between two lines about one trouble."""
MOST_LINES = 5
"""The most lines in that time about troubles of one kind, so that a stranger cannot fill the log."""
MOST = 20
"""The most troubles that are kept. Then the one that was not met for the longest time is dropped."""


@dataclass(slots=True, repr=False, eq=False)
class _Kept:
    count: int
    first: datetime
    last: datetime
    logged: datetime


class TroubleLog:
    """Implements ``service.troubles.Troubles``. Shared by threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: dict[tuple[TroubleKind, str], tuple[Trouble, _Kept]] = {}
        self._lines: dict[TroubleKind, deque[datetime]] = {}

    def report(self, trouble: Trouble) -> None:
        at = self._clock()
        with self._lock:
            kept = self._met(trouble, at)
            due = (kept.count == 1 or at - kept.logged >= LOG_EVERY) and self._may_log(trouble.kind, at)
            if due:
                kept.logged = at
        if due:
            log.warning("%s: %s; %s (%d since %s)", trouble.kind, trouble.what, trouble.advice, kept.count,
                        kept.first.isoformat(timespec="seconds"))  # fmt: skip

    def _may_log(self, kind: TroubleKind, at: datetime) -> bool:
        lines = self._lines.setdefault(kind, deque(maxlen=MOST_LINES))
        if len(lines) == MOST_LINES and at - lines[0] < LOG_EVERY:
            return False
        lines.append(at)
        return True

    def _met(self, trouble: Trouble, at: datetime) -> _Kept:
        key = (trouble.kind, trouble.what)
        kept = self._kept.pop(key, (trouble, None))[1]  # put back at the end: the order is that of ``last``
        if kept is None or at - kept.last >= STANDS:
            kept = _Kept(0, at, at, at)
        kept.count, kept.last = kept.count + 1, at
        self._kept[key] = (trouble, kept)
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return kept

    def standing(self) -> list[StandingTrouble]:
        since = self._clock() - STANDS
        with self._lock:
            return [
                StandingTrouble(trouble=trouble, count=kept.count, first=kept.first, last=kept.last)
                for trouble, kept in reversed(self._kept.values())
                if kept.last > since
            ]
