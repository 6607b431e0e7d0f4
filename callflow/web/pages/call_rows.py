"""A call as a row of a list, without anything that identifies or quotes the caller."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from callflow.core.call import Call, Outcome
from callflow.core.configuration import Configuration
from callflow.core.incidents import people_on
from callflow.core.notes import NoteOutcome as N
from callflow.core.stages import Stage
from callflow.web.pages import durations, stage_words

OUTCOMES: Final = (
    N.CLOSED, N.CALLER_HUNG_UP, N.GOODBYE_SAID, N.CALLER_LEFT_DURING_THE_CLOSING, N.NO_RESPONSE, N.LINE_FAILED,
    N.NO_ANSWER, N.BUSY, N.NO_KEY, N.NOT_NOW,
)  # fmt: skip
"""How calls end, for the search."""
Mark = tuple[str, str]
"""A class of the style, and words."""


class CallRow(NamedTuple):
    id: str
    reference: str
    began: datetime
    lasted: str
    live: bool
    stage: str
    outcome: str
    people: list[str]
    about: str
    marks: list[Mark]


def row(call: Call, ended: datetime | None, configuration: Configuration, now: datetime) -> CallRow:
    live = call.stage is not Stage.ENDED
    return CallRow(
        id=call.id, reference=call.reference, began=call.started_at, live=live,
        lasted=durations.between(call.started_at, ended or now), stage=stage_words.stage(call.stage),
        outcome=call.outcome.replace("_", " "), people=[configuration.name_of(one) for one in people_on(call)],
        about=call.reason, marks=list(marks(call)),
    )  # fmt: skip


def marks(call: Call) -> Iterator[Mark]:
    """What somebody who looks for a call wants to see at once: locks, the ladder, its end."""
    yield from (("lock", one.value) for one in call.locks)
    if call.time_out is not Outcome.UNTRIED:
        yield _step("time out", call.time_out)
    if call.delegate_upwards is not Outcome.UNTRIED:
        yield _step("supervisor", call.delegate_upwards)
    heard = sum(one.heard_at is not None for one in call.warnings)
    if call.warnings:
        yield ("done" if heard else "no"), f"warnings heard in full: {heard} of {len(call.warnings)}"
    if call.outcome == N.CLOSED:
        yield "lock", "closed"
    if call.call_back:
        yield "now", "call back promised"


def _step(name: str, found: Outcome) -> Mark:
    return ("done" if found is Outcome.ACCEPTED else "no"), f"{name}: {found.replace('_', ' ')}"
