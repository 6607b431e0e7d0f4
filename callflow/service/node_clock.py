"""The time by which a node decides: that of the database's clock if this has one of its own, else the provider's.

All nodes share the deadlines of calls, so a machine whose clock is wrong, or is set while it runs, must not decide by
it. Between two comparisons the time is counted with a monotonic clock. The machine's clock only counts until the first
comparison, and where there is nothing to compare with.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from callflow.service.statistics import HasStatistics

DATABASE: Final = "database"
PROVIDER: Final = "provider"
MACHINE: Final = "machine"
_WHOSE: Final = {DATABASE: "the database server's", PROVIDER: "the provider's"}
TOLD_SECONDS: Final = 2.0
"""As in `callflow doctor`."""
TOLERANCE: Final = {DATABASE: timedelta(milliseconds=100), PROVIDER: timedelta(seconds=TOLD_SECONDS)}
"""What is left as it is: the provider names whole seconds, and small corrections would only make time jump."""


class NodeClock:
    """A clock. ``machine`` is the machine's, UTC; ``monotonic`` counts seconds."""

    def __init__(self, machine: Callable[[], datetime], monotonic: Callable[[], float], *, by_database: bool) -> None:
        """``by_database``: the database's clock is followed, or else the provider's; the other is compared with."""
        self._machine, self._monotonic = machine, monotonic
        self._by = DATABASE if by_database else PROVIDER
        self._base = machine(), monotonic()
        self._ahead: dict[str, float] = {}

    def __call__(self) -> datetime:
        at, since = self._base
        return at + timedelta(seconds=self._monotonic() - since)

    def compare(self, whose: str, ask: Callable[[], datetime | None]) -> None:
        """Ask another clock for its time, and follow it if it is the one to be followed. None: it has no answer."""
        before = self._monotonic()
        theirs = ask()
        after = self._monotonic()
        if theirs is None:
            return
        # It was read at some moment in between.
        now, slack = theirs + timedelta(seconds=(after - before) / 2), timedelta(seconds=(after - before) / 2)
        ahead = (self._machine() - now).total_seconds()
        self._ahead[whose] = ahead if abs(ahead) > slack.total_seconds() + TOLD_SECONDS else 0.0
        if whose == self._by and abs(self() - now) > slack + TOLERANCE[whose]:
            self._base = now, after

    @property
    def source(self) -> str:
        """Whose time this is: "database" or "provider", or "machine" before the first comparison."""
        return self._by if self._by in self._ahead else MACHINE

    def offsets(self) -> dict[str, float]:
        """By whose clock it was compared with: how many seconds the machine's clock is ahead of it; 0 within 2 s."""
        return dict(self._ahead)

    def problem(self) -> str:
        """What is wrong with the machine's clock, for ops; "" if nothing is."""
        wrong = {whose: ahead for whose, ahead in self._ahead.items() if ahead}
        if not wrong:
            return ""
        told = " and ".join(f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {_WHOSE[whose]}"
                            for whose, ahead in wrong.items())  # fmt: skip
        goes_by = f"; calls go by {_WHOSE[self._by]}" if self._by in self._ahead else ""
        return f"this machine's clock is {told}{goes_by}: switch on time synchronisation"


def compare_with_database(clock: Callable[[], datetime], store: HasStatistics) -> None:
    """Raises StoreUnavailable."""
    if isinstance(clock, NodeClock):
        clock.compare(DATABASE, lambda: store.clock())  # a lambda, because a store that opens later has no clock yet


def source_of(clock: Callable[[], datetime]) -> str:
    """For the first entry of a call (rule 5); "" for a clock that is none of a node."""
    return clock.source if isinstance(clock, NodeClock) else ""


def problem_of(clock: Callable[[], datetime]) -> str:
    return clock.problem() if isinstance(clock, NodeClock) else ""


def offsets_of(clock: Callable[[], datetime]) -> dict[str, float]:
    return clock.offsets() if isinstance(clock, NodeClock) else {}
