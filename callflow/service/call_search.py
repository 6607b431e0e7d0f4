"""Finding calls, newest first and page by page, however many there are.

A call that is over is found by its team, its outcome and whoever was on it by key, through an index that is written
when it enters the log of finished calls (``store.log``), never in a webhook. Live calls, and those that are over but
not in the log yet, are few: they are looked through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from callflow.core.call import Call
from callflow.core.incidents import people_on
from callflow.core.records import record
from callflow.core.stages import Stage

PAGE: Final = 50


class Mark(NamedTuple):
    """Where a page ended: the last call's start (microseconds) and its row. The next page goes on after it."""

    started_at: int
    row: int

    def __str__(self) -> str:
        return f"{self.started_at}-{self.row}"


def mark_of(text: str) -> Mark | None:
    """The mark as it was written; None for any other text."""
    started_at, _, row = text.partition("-")
    known = started_at.isdecimal() and row.isdecimal() and len(text) < 40
    return Mark(int(started_at), int(row)) if known else None


@record
class CallQuery:
    """What is looked for; what is empty is not asked for. ``since`` and ``until`` bound the start, the end excluded.

    ``reference``: as it was spoken; several calls can have the same. ``stages``: any of them; ``ENDED`` for calls that
    are over. ``teams``: any of them, at most a few.
    """

    reference: str = ""
    person: str = ""
    outcome: str = ""
    teams: tuple[str, ...] = ()
    stages: frozenset[Stage] = field(default_factory=frozenset)
    since: datetime | None = None
    until: datetime | None = None

    def finds(self, call: Call) -> bool:
        """Whether the call is like that. Who was only rung was not on it."""
        begun = call.started_at
        return (
            (self.since is None or begun >= self.since)
            and (self.until is None or begun < self.until)
            and self.reference in ("", call.reference)
            and (not self.person or self.person in people_on(call))
            and self.outcome in ("", call.outcome)
            and (not self.teams or call.team in self.teams)
            and (not self.stages or call.stage in self.stages)
        )

    @property
    def only_live(self) -> bool:
        return bool(self.stages) and Stage.ENDED not in self.stages


class FoundCall(NamedTuple):
    """``ended``: when it was over; what is done about it afterwards changes ``Call.at``."""

    call: Call
    ended: datetime | None


class Found(NamedTuple):
    """A page, newest first. ``more``: where the next one begins, None for the last page. ``partly``: more calls than
    are looked through are not in the log yet, so some may be missing."""

    calls: Sequence[FoundCall]
    more: Mark | None
    partly: bool = False


class CallSearch(Protocol):
    """Implemented by ``ports.Store``. Raises StoreUnavailable."""

    def search_calls(self, query: CallQuery, after: Mark | None = None, limit: int = PAGE) -> Found: ...


def terms_of(call: Any) -> Iterator[str]:
    """What a finished call is found by, from its stored state (``core.codec``) as JSON values."""
    yield from (f"person {leg[2]}" for leg in call["legs"] if leg[2] and len(leg) > 10 and leg[10].get("accepted"))
    if team := call.get("team"):
        yield f"team {team}"
    if outcome := call.get("outcome"):
        yield f"outcome {outcome}"
