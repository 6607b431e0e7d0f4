"""``lookup``: asks another system, after the commit, while the caller hears a prompt and music. The answer is an event.

The step has a deadline of its own (F4), a little after that of the request, in case no answer arrives.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from callflow.core.draft import DecisionDraft
from callflow.core.events import LegEvent, LookupDone, LookupFailed
from callflow.core.flow.next_step import NextStep, put
from callflow.core.flow_step import Step
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.records import record
from callflow.core.timer_names import Timer

MARGIN_SECONDS = 3
"""Between the time limit of the request and the deadline of the step: for sending it and applying its answer."""


@record
class Lookup:
    """A request to another system. ``url`` and ``body`` are templates with variables. ``headers`` are the names of
    environment variables by header, ``values`` the path in the JSON answer by variable. ``seconds`` limits all tries
    together.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    seconds: int = 5
    retries: int = 1


@record
class LookupStep(Step):
    """Speaks ``script`` during ``lookup``. Then ``next``, or ``otherwise`` (``failed`` in YAML) without an answer."""

    verb: ClassVar[str] = "lookup"

    script: str
    lookup: Lookup


def begin(draft: DecisionDraft, step: LookupStep) -> NextStep:
    """Begin the lookup. ``Call.lookup`` is new each time, so a late answer to an earlier one is recognised (F7)."""
    draft.call = draft.call.but(lookup=f"{step.name}.{draft.call.seq}")
    draft.timer(Timer.LOOKUP, bound(step))
    put(draft, step, step.script, "music", seconds=bound(step))
    return None


def bound(step: LookupStep) -> int:
    """Seconds until the step ends without an answer."""
    return step.lookup.seconds + MARGIN_SECONDS


def still(draft: DecisionDraft, step: LookupStep, event: LegEvent) -> NextStep:
    """The document ended before the answer: more music. The deadline stays the same."""
    put(draft, step, "", "music", seconds=bound(step))
    return None


def fell_back(draft: DecisionDraft, step: LookupStep, event: LegEvent) -> NextStep:
    """A fallback brought the caller into the room: play music again, but do not send the request again."""
    return still(draft, step, event) if draft.call.lookup else step.name


def done(draft: DecisionDraft, step: LookupStep, event: LookupDone) -> NextStep:
    """Keep the values of variables that the flow declares and the step asks for."""
    found = {name: value for name, value in event.values.items() if name in step.lookup.values}
    draft.call = draft.call.but(variables={**draft.call.variables, **found})
    draft.note(NoteKind.LOOKUP, outcome=NoteOutcome.DONE, found=len(found))
    return step.next


def failed(draft: DecisionDraft, step: Step, reason: str) -> NextStep:
    draft.note(NoteKind.LOOKUP, outcome=OutcomeText(f"failed: {reason}"))
    return step.otherwise


def awaited(draft: DecisionDraft, event: LookupDone | LookupFailed) -> bool:
    """Whether this is the answer to the lookup that the call is waiting for."""
    return bool(draft.call.lookup) and event.lookup == draft.call.lookup
