"""What the handlers of all verbs share: the next step, and asking again a limited number of times."""

from callflow.core.adjustments import patience
from callflow.core.call import CALLER
from callflow.core.draft import DecisionDraft
from callflow.core.events import LegEvent
from callflow.core.flow_step import ANSWER_SECONDS, Step
from callflow.core.stages import PlaceName

NextStep = str | None
"""The name of the next step, "" for the end of the flow, None to stay."""


def put(draft: DecisionDraft, step: Step, script: str, how: str = "", *, before: str = "",
        **details: str | int) -> None:  # fmt: skip
    """Give the caller the document of this step. ``how`` follows ``script`` in it (``telephony.flow_documents``), and
    ``before`` is the id of another script before it."""
    spoken = [draft.prompt(one) for one in (before, script) if one]
    details = {"step": step.name, "asks": 0 if how in ("", "music", "dial") else 1, "seconds": ANSWER_SECONDS,
               **details}  # fmt: skip
    if details["asks"]:
        details["seconds"] = int(details["seconds"]) * patience(draft.call)
    draft.put(CALLER, PlaceName.STEP, *spoken, **(details | ({"how": how} if how not in ("", "keys") else {})))


def tried_again(draft: DecisionDraft, most: int) -> bool:
    """Count an attempt. False if none of ``most`` is left."""
    attempts = draft.call.attempts + 1
    draft.call = draft.call.but(attempts=attempts)
    return attempts < most


def otherwise(step: Step) -> str:
    """The step that follows this one without success."""
    return step.otherwise or step.next


def goes_on(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """The prompt has ended, or was interrupted by a key without a meaning."""
    return step.next


def nothing(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """Ignore an event that the step did not ask for."""
    return None


def again(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """Begin the step again."""
    return step.name
