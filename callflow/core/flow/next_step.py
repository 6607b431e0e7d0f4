"""What the handlers of every verb share: the way that follows, and asking again a bounded number of times."""

from callflow.core.call import CALLER
from callflow.core.draft import DecisionDraft
from callflow.core.events import LegEvent
from callflow.core.flow_step import ANSWER_SECONDS, Step
from callflow.core.stages import PlaceName

NextStep = str | None
"""A step's name, "" for the end of the flow, None to stay."""


def put(draft: DecisionDraft, step: Step, script: str, how: str = "", **details: str | int) -> None:
    """The caller's document of this step. ``how`` is what it asks or does after its line (``telephony.flow_documents``)."""
    spoken = [draft.prompt(script)] if script else []
    details = {"step": step.name, "asks": 0 if how in ("", "music", "dial") else 1, "seconds": ANSWER_SECONDS,
               **details}  # fmt: skip
    draft.put(CALLER, PlaceName.STEP, *spoken, **(details | ({"how": how} if how not in ("", "keys") else {})))


def tried_again(draft: DecisionDraft, most: int) -> bool:
    """One more attempt, if there is one left of ``most``."""
    attempts = draft.call.attempts + 1
    draft.call = draft.call.but(attempts=attempts)
    return attempts < most


def otherwise(step: Step) -> str:
    """The way out of a step that came to nothing."""
    return step.otherwise or step.next


def goes_on(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """The line ran out, or was cut off by a key that means nothing."""
    return step.next


def nothing(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """Nothing of this kind was asked for."""
    return None


def again(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """The step from its beginning."""
    return step.name
