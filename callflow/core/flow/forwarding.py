"""``forward``: on to a number outside. From there on the call is theirs: there are no keypad steps and no room."""

from callflow.core.configuration import Step
from callflow.core.draft import DecisionDraft
from callflow.core.events import ForwardEnded, LegEvent
from callflow.core.flow.next_step import NextStep, put

TALKED = ("completed", "answered")


def forward(draft: DecisionDraft, step: Step) -> NextStep:
    draft.note("forward", outcome="ringing", seconds=step.seconds)
    put(draft, step, step.script, "dial", number=step.number)
    return None


def ended(draft: DecisionDraft, step: Step, event: ForwardEnded) -> NextStep:
    """They have talked, and the other side has hung up: that is the end. Not reached: the flow's way out."""
    if event.status not in TALKED:
        draft.note("forward", outcome="not reached")
        return step.otherwise
    draft.note("forward", outcome="done")
    draft.call = draft.call.but(returns=())
    return ""


def lost(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """The document went on without telling us how the call ended; nobody is rung a second time for that."""
    draft.note("forward", outcome="not known")
    return step.otherwise
