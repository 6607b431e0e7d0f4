"""``flow``: runs another flow, and then goes on in this one."""

from typing import ClassVar

from callflow.core.draft import DecisionDraft
from callflow.core.flow.next_step import NextStep
from callflow.core.flow_step import Step
from callflow.core.records import record

DEEPEST = 5
"""The most flows inside each other, without the first one."""


@record
class SubFlowStep(Step):
    """Runs ``flow`` (its name), then ``next``; without ``next``, returns to the flow that called this one."""

    verb: ClassVar[str] = "flow"

    flow: str


def begin(draft: DecisionDraft, step: SubFlowStep) -> NextStep:
    """Begin the other flow. If that is too deep, which the check of the configuration forbids, go on instead."""
    if len(draft.call.returns) >= DEEPEST or step.flow not in draft.configuration.flows:
        return step.next
    back = f"{draft.call.flow}/{step.next}"
    draft.call = draft.call.but(flow=step.flow, returns=(*draft.call.returns, back))
    return draft.configuration.flows[step.flow].start


def come_back(draft: DecisionDraft) -> str:
    """Return from a flow to the one that called it: its next step, or "" if there is none."""
    while draft.call.returns:
        *before, last = draft.call.returns
        flow, _, step = last.partition("/")
        draft.call = draft.call.but(flow=flow, returns=tuple(before))
        if step:
            return step
    return ""
