"""Step 2 if no supervisor can be reached: a call back, or carrying on with the lead (rule 19)."""

from dataclasses import replace

from callflow.core import call_back, question
from callflow.core.adjustments import patience
from callflow.core.call import CALLER, Prompt
from callflow.core.draft import DecisionDraft
from callflow.core.events import ConsentGiven, ConsentRefused, DigitPressed
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer

CHOICE_SECONDS = 60
"""Limit of a question about the number, typing included. Its document ends long before."""


def offer(draft: DecisionDraft) -> None:
    """Ask the caller to choose between a call back and carrying on with the lead."""
    draft.call = draft.call.but(search=None)
    _, time = call_back.spoken(draft, call_back.promised(draft))
    question.put(draft, question.CALL_BACK, time=time)


def ask_from_hold(draft: DecisionDraft) -> None:
    """``3`` at a check-in: the caller prefers a call back to waiting."""
    draft.stage(Stage.OFFERING_CALL_BACK, search=None, consent=None)
    draft.note(NoteKind.CALL_BACK, CALLER, key="3", script="hold_checkin", outcome=NoteOutcome.WANTED)
    _promise(draft)


def agreed(draft: DecisionDraft, event: ConsentGiven) -> None:
    """A yes to a call back, or to the number that was read out."""
    if draft.call.caller.at(PlaceName.CALL_BACK_CONFIRM):
        return _keep(draft)
    draft.note(NoteKind.CALL_BACK, CALLER, key=event.how, script="no_supervisor", outcome=NoteOutcome.WANTED)
    return _promise(draft)


def _promise(draft: DecisionDraft) -> None:
    """Read out the number of the promise, or ask for one. A confirmed promise stays until another one is confirmed."""
    known = draft.call.call_back
    draft.call = draft.call.but(call_back=known if known and known.confirmed else call_back.promised(draft))
    _confirm(draft) if draft.call.number else _ask_number(draft)


def _go_on(draft: DecisionDraft) -> None:
    """Another question follows: the lead, who has waited for the one before, waits for it, too."""
    draft.timer(Timer.CALL_BACK_QUESTION, CHOICE_SECONDS)
    lead = draft.call.lead_leg
    if lead and (lead.in_room or lead.at(PlaceName.STANDBY)):
        draft.put(lead.id, PlaceName.STANDBY, draft.prompt("call_back_choice"), seconds=CHOICE_SECONDS)


def _ask_number(draft: DecisionDraft, *before: Prompt) -> None:
    _go_on(draft)
    asks = *before, draft.prompt("call_back_number"), draft.prompt("carry_on")
    draft.put(CALLER, PlaceName.CALL_BACK_NUMBER, *asks, seconds=call_back.NUMBER_SECONDS * patience(draft.call))


def _confirm(draft: DecisionDraft) -> None:
    _go_on(draft)
    asks = *call_back.read_back(draft), question.invitation(draft), draft.prompt(question.CALL_BACK.unclear.to_caller)
    draft.put(CALLER, PlaceName.CALL_BACK_CONFIRM, *asks, seconds=draft.answer_seconds)


def typed(draft: DecisionDraft, event: DigitPressed) -> None:
    """Read the number back, or say that it cannot be called and ask again."""
    _confirm(draft) if call_back.typed(draft, event.key) else _ask_number(draft, draft.prompt("call_back_impossible"))


def refused(draft: DecisionDraft, event: ConsentRefused) -> None:
    """A no to a call back, or to the number read out. That number is removed from the promise, and asked for."""
    if not draft.call.caller.at(PlaceName.CALL_BACK_CONFIRM):
        return question.refused(draft, event)
    draft.call = draft.call.but(call_back=replace(call_back.of(draft), number="", confirmed=False))
    return _ask_number(draft)


def _keep(draft: DecisionDraft) -> None:
    promise = call_back.confirmed(draft)
    owner, time = call_back.spoken(draft, promise)
    draft.stage(Stage.TALKING)
    draft.room(CALLER, draft.prompt("call_back_kept", owner=owner, time=time))
    draft.room(draft.call.lead, draft.prompt("call_back_promised", time=time))
