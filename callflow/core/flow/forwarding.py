"""``forward``: on to a number outside. From there on the call is theirs: there are no keypad steps and no room."""

from callflow.core.configured import Step
from callflow.core.draft import Draft
from callflow.core.events import ForwardEnded, LegEvent
from callflow.core.flow.ways import Way, put

TALKED = ("completed", "answered")


def forward(draft: Draft, step: Step) -> Way:
    draft.note("forward", outcome="ringing", seconds=step.seconds)
    put(draft, step, step.script, "dial", number=step.number)
    return None


def ended(draft: Draft, step: Step, event: ForwardEnded) -> Way:
    """They have talked, and the other side has hung up: that is the end. Not reached: the flow's way out."""
    if event.status not in TALKED:
        draft.note("forward", outcome="not reached")
        return step.otherwise
    draft.note("forward", outcome="done")
    draft.call = draft.call.but(returns=())
    return ""


def lost(draft: Draft, step: Step, event: LegEvent) -> Way:
    """The document went on without telling us how the call ended; nobody is rung a second time for that."""
    draft.note("forward", outcome="not known")
    return step.otherwise
