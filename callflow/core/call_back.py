"""The promise of a call back: an owner, a due time and, if the caller gave one, a number (rule 19).

Flows and step 2 use the same functions to ask for a number, read back its last digits and confirm it.
"""

from dataclasses import replace

from callflow.core import duty, prompts
from callflow.core.call import CALLER, Prompt, Word
from callflow.core.draft import DecisionDraft
from callflow.core.evidence import CallBack
from callflow.core.notes import NoteKind, NoteOutcome

SHORTEST_NUMBER = 7
LONGEST_NUMBER = 15
"""The most digits of a number that may be dialled (E.164)."""
NUMBER_SECONDS = 10
"""Silence after which a typed number counts as complete."""


def promised(draft: DecisionDraft) -> CallBack:
    """A new promise, owned by the team's first supervisor (or agent) on duty, to the caller's number if it was shown.

    Its time counts in the hours in which the owner is on duty, so that it is never due while nobody is there.
    """
    team = draft.configuration.teams.get(draft.call.team) or next(iter(draft.configuration.teams.values()))
    people = (*team.supervisors, *team.agents)
    owner, begins = duty.first_on_duty(draft.configuration, people, draft.at)
    due = duty.minutes_on_duty(draft.configuration, owner, begins, draft.policy.delegate_upwards.call_back_minutes)
    return CallBack(owner=owner, due=due, number=draft.call.number)


def promised_by(draft: DecisionDraft, person: str) -> None:
    """Record a promise that ``person`` made: they own it, and it goes to the caller's number if it was shown."""
    if draft.call.call_back:
        return
    promise = replace(promised(draft), owner=person)
    outcome = NoteOutcome.PROMISED if promise.number else NoteOutcome.NO_NUMBER
    draft.note(NoteKind.CALL_BACK, person, key="2", outcome=outcome, owner=person)
    if promise.number:
        draft.call = draft.call.but(call_back=promise)


def spoken(draft: DecisionDraft, promise: CallBack) -> tuple[str, Word]:
    """The owner's name and the due time, as spoken."""
    time = prompts.due_time(draft.configuration, draft.call.language, promise.due, draft.at)
    return draft.configuration.person(promise.owner).name, time


def of(draft: DecisionDraft) -> CallBack:
    """The call's promise, or a new one."""
    return draft.call.call_back or promised(draft)


def typed(draft: DecisionDraft, keys: str) -> bool:
    """Put a typed number into the promise. False if it cannot be dialled, so that it must be asked for again.

    Whether a number of the right length may be dialled is decided before (``events.DigitPressed``).
    """
    digits = "".join(one for one in keys if one in "0123456789")
    if not SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER:
        return False
    draft.call = draft.call.but(call_back=replace(of(draft), number=f"+{digits}"))
    return True


def read_back(draft: DecisionDraft) -> tuple[Prompt, Prompt]:
    """The prompts that read out owner, due time and last digits, and ask for the key for right or wrong."""
    promise = of(draft)
    owner, time = spoken(draft, promise)
    read = draft.prompt("callback_confirm", owner=owner, last3=" ".join(promise.number[-3:]), time=time)
    return read, draft.prompt("call_back_keys")


def confirmed(draft: DecisionDraft) -> CallBack:
    """Mark the promise as confirmed by the caller, and return it."""
    promise = replace(of(draft), confirmed=True)
    draft.call = draft.call.but(call_back=promise)
    draft.note(NoteKind.CALL_BACK, CALLER, script="callback_confirm", outcome=NoteOutcome.CONFIRMED,
               owner=promise.owner)  # fmt: skip
    return promise
