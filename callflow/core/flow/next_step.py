"""What every verb shares: the way that follows, and asking again a bounded number of times."""

from callflow.core.call import CALLER
from callflow.core.configuration import Step
from callflow.core.draft import DecisionDraft
from callflow.core.stages import PlaceName

NextStep = str | None
"""A step's name, "" for the end of the flow, None to stay."""


def put(draft: DecisionDraft, step: Step, script: str, how: str = "", **details: str | int) -> None:
    """The caller's document of this step. ``how`` is what it asks or does after its line (``telephony.flow``)."""
    spoken = [draft.prompt(script)] if script else []
    details = {"step": step.name, "asks": 0 if how in ("", "music", "dial") else 1, "seconds": step.seconds, **details}
    draft.put(CALLER, PlaceName.STEP, *spoken, **(details | ({"how": how} if how not in ("", "keys") else {})))


def tried_again(draft: DecisionDraft, step: Step) -> bool:
    """One more attempt, if there is one left."""
    attempts = draft.call.attempts + 1
    draft.call = draft.call.but(attempts=attempts)
    return attempts < step.attempts


def otherwise(step: Step) -> str:
    """The way out of a step that came to nothing."""
    return step.otherwise or step.next
