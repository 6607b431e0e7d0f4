"""``flow``: through another flow, and back to where the first one goes on."""

from dataclasses import dataclass
from typing import ClassVar

from callflow.core.draft import DecisionDraft
from callflow.core.flow.next_step import NextStep
from callflow.core.flow_step import Step

DEEPEST = 5
"""Flows inside flows, the first one not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubFlowStep(Step):
    """Through ``flow`` (its name), then ``next``; without ``next``, back to the flow that called this one."""

    verb: ClassVar[str] = "flow"

    flow: str


def begin(draft: DecisionDraft, step: SubFlowStep) -> NextStep:
    """Too deep (the check forbids it) goes straight on."""
    if len(draft.call.returns) >= DEEPEST or step.flow not in draft.configuration.flows:
        return step.next
    back = f"{draft.call.flow}/{step.next}"
    draft.call = draft.call.but(flow=step.flow, returns=(*draft.call.returns, back))
    return draft.configuration.flows[step.flow].start


def come_back(draft: DecisionDraft) -> str:
    """The end of a flow that another one called: where that one goes on, "" if no other one does."""
    while draft.call.returns:
        *before, last = draft.call.returns
        flow, _, step = last.partition("/")
        draft.call = draft.call.but(flow=flow, returns=tuple(before))
        if step:
            return step
    return ""
