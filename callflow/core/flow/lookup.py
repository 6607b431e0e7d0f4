"""``lookup``: another system is asked after the commit, while the caller hears a line and music; the answer is a fact.

The step has an end of its own, whatever becomes of the order: a deadline a little after the request's own (F4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from callflow.core.draft import DecisionDraft
from callflow.core.events import LegEvent, LookupDone, LookupFailed
from callflow.core.flow.next_step import NextStep, put
from callflow.core.flow_step import Step
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.timer_names import Timer

MARGIN_SECONDS = 3
"""From the request's own end to ours: for the order to be sent and its answer to be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A question to another system. ``url`` and ``body`` are templates of variables, ``headers`` names of environment
    variables by header, ``values`` the way to each variable in the answer. ``seconds`` bounds all tries together.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    seconds: int = 5
    retries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupStep(Step):
    """Speaks ``script`` while ``lookup`` is asked. ``next`` with the answer, ``otherwise`` (``failed``) without."""

    verb: ClassVar[str] = "lookup"

    script: str
    lookup: Lookup


def begin(draft: DecisionDraft, step: LookupStep) -> NextStep:
    """``Call.lookup`` is new each time, so the answer to an earlier one is recognised as late (F7)."""
    draft.call = draft.call.but(lookup=f"{step.name}.{draft.call.seq}")
    draft.timer(Timer.LOOKUP, bound(step))
    put(draft, step, step.script, "music", seconds=bound(step))
    return None


def bound(step: LookupStep) -> int:
    """Seconds until the step ends, whatever becomes of the order."""
    return step.lookup.seconds + MARGIN_SECONDS


def still(draft: DecisionDraft, step: LookupStep, event: LegEvent) -> NextStep:
    """The document came to its end before the answer: more music. The deadline stands."""
    put(draft, step, "", "music", seconds=bound(step))
    return None


def fell_back(draft: DecisionDraft, step: LookupStep, event: LegEvent) -> NextStep:
    """While it is under way nobody is asked a second time."""
    return still(draft, step, event) if draft.call.lookup else step.name


def done(draft: DecisionDraft, step: LookupStep, event: LookupDone) -> NextStep:
    """Only what the flow declared and the step asked for is kept."""
    found = {name: value for name, value in event.values.items() if name in step.lookup.values}
    draft.call = draft.call.but(variables={**draft.call.variables, **found})
    draft.note(NoteKind.LOOKUP, outcome=NoteOutcome.DONE, found=len(found))
    return step.next


def failed(draft: DecisionDraft, step: Step, reason: str) -> NextStep:
    draft.note(NoteKind.LOOKUP, outcome=OutcomeText(f"failed: {reason}"))
    return step.otherwise


def awaited(draft: DecisionDraft, event: LookupDone | LookupFailed) -> bool:
    """The answer to what this call waits for now."""
    return bool(draft.call.lookup) and event.lookup == draft.call.lookup
