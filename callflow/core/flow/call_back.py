"""``call_back``: promises the caller a call. The number is asked for if withheld, and its last digits are read back.

The promise has an owner and a due time from the beginning (rule 19), so it is kept if the caller hangs up half-way.
"""

from typing import ClassVar

from callflow.core import call_back
from callflow.core.call import CALLER, Word
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent
from callflow.core.flow.next_step import NextStep, otherwise, put, tried_again
from callflow.core.flow_step import ATTEMPTS, Step
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.records import record
from callflow.core.stages import PlaceName


@record
class CallBackStep(Step):
    """Promises a call from ``team`` (its id). Then ``next``, or ``otherwise`` after ``attempts`` without a yes."""

    verb: ClassVar[str] = "call_back"

    team: str
    attempts: int = ATTEMPTS


def begin(draft: DecisionDraft, step: CallBackStep) -> NextStep:
    draft.call = draft.call.but(team=step.team)
    promised = call_back.promised(draft)
    if not promised.number:
        return ask_number(draft, step)
    draft.call = draft.call.but(call_back=promised)
    return confirm(draft, step)


def ask_number(draft: DecisionDraft, step: CallBackStep, before: str = "") -> NextStep:
    put(draft, step, "call_back_number", "digits", before=before, most=call_back.LONGEST_NUMBER, finish="#",
        seconds=call_back.NUMBER_SECONDS)  # fmt: skip
    return None


def confirm(draft: DecisionDraft, step: CallBackStep) -> NextStep:
    draft.put(CALLER, PlaceName.STEP, *call_back.read_back(draft), step=step.name, asks=1, how="confirm",
              seconds=draft.answer_seconds)  # fmt: skip
    return None


def confirming(draft: DecisionDraft) -> bool:
    return draft.call.caller.place.details.get("how") == "confirm"


def pressed(draft: DecisionDraft, step: CallBackStep, event: DigitPressed) -> NextStep:
    if not confirming(draft):
        return typed(draft, step, event)
    match event.key:
        case "1":
            return keep(draft, step)
        case "2":
            return ask_number(draft, step) if tried_again(draft, step.attempts) else given_up(draft, step)
        case _:
            return silent(draft, step, event)


def typed(draft: DecisionDraft, step: CallBackStep, event: DigitPressed) -> NextStep:
    """Read the number back, or say that it cannot be called and ask again."""
    if call_back.typed(draft, event.key):
        return confirm(draft, step)
    if tried_again(draft, step.attempts):
        return ask_number(draft, step, "call_back_impossible")
    return given_up(draft, step)


def silent(draft: DecisionDraft, step: CallBackStep, event: LegEvent) -> NextStep:
    """No answer: ask the same question again, then ``otherwise``. A known number stays in the promise."""
    if not tried_again(draft, step.attempts):
        return given_up(draft, step)
    return confirm(draft, step) if confirming(draft) else ask_number(draft, step)


def given_up(draft: DecisionDraft, step: CallBackStep) -> NextStep:
    draft.note(NoteKind.CALL_BACK, CALLER, outcome=NoteOutcome.NOT_CONFIRMED)
    return otherwise(step)


def keep(draft: DecisionDraft, step: CallBackStep) -> NextStep:
    """The promise is confirmed. If the flow ends here, ``end`` repeats it."""
    call_back.confirmed(draft)
    return step.next


def goodbye(draft: DecisionDraft) -> tuple[str, dict[str, Word]]:
    """The script that ends a flow after a promise, and its variables."""
    assert draft.call.call_back
    owner, time = call_back.spoken(draft, draft.call.call_back)
    return "call_back_kept", {"owner": owner, "time": time}
