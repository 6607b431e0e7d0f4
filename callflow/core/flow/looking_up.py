"""``lookup``: another system is asked after the commit, while the caller hears a line and music; the answer is a fact.

The step has an end of its own, whatever becomes of the order: a deadline a little after the request's own (F4).
"""

from collections.abc import Mapping

from callflow.core.configuration import Step
from callflow.core.draft import DecisionDraft
from callflow.core.events import LegEvent, LookupDone, LookupFailed
from callflow.core.flow.next_step import NextStep, put

MARGIN_SECONDS = 3
"""From the request's own end to ours: for the order to be sent and its answer to be taken."""


def lookup(draft: DecisionDraft, step: Step) -> NextStep:
    """``Call.lookup`` is new each time, so the answer to an earlier one is recognised as late (F7)."""
    if step.lookup is None:
        return step.otherwise
    draft.call = draft.call.but(lookup=f"{step.name}.{draft.call.seq}")
    draft.timer("lookup", bound(step))
    put(draft, step, step.script, "music", seconds=bound(step))
    return None


def bound(step: Step) -> int:
    return (step.lookup.seconds if step.lookup else 0) + MARGIN_SECONDS


def still(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """The document came to its end before the answer: more music. The deadline stands."""
    put(draft, step, "", "music", seconds=bound(step))
    return None


def done(draft: DecisionDraft, step: Step, event: LookupDone) -> NextStep:
    """Only what the flow declared and the step asked for is kept."""
    wanted: Mapping[str, str] = step.lookup.values if step.lookup else {}
    found = {name: value for name, value in event.values.items() if name in wanted}
    draft.call = draft.call.but(variables={**draft.call.variables, **found})
    draft.note("lookup", outcome="done", found=len(found))
    return step.next


def failed(draft: DecisionDraft, step: Step, reason: str) -> NextStep:
    draft.note("lookup", outcome=f"failed: {reason}")
    return step.otherwise


def awaited(draft: DecisionDraft, event: LookupDone | LookupFailed) -> bool:
    """The answer to what this call waits for now."""
    return bool(draft.call.lookup) and event.lookup == draft.call.lookup
