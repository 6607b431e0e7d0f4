"""``menu``: a key, or a word if the choice has words, chooses the next step."""

from typing import ClassVar

from callflow.core.call import CALLER
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, WordsSpoken
from callflow.core.flow import speech
from callflow.core.flow.next_step import NextStep, otherwise, put, tried_again
from callflow.core.flow_step import ANSWER_SECONDS, ATTEMPTS, StepWithChoices
from callflow.core.notes import NoteKind, OutcomeText
from callflow.core.records import record


@record
class MenuStep(StepWithChoices):
    """Speaks ``script`` and asks for a key or a word of ``choices``; after ``attempts`` without one, ``otherwise``.

    ``seconds`` is the time to wait for a key after the prompt.
    """

    verb: ClassVar[str] = "menu"

    script: str
    attempts: int = ATTEMPTS
    seconds: int = ANSWER_SECONDS


def begin(draft: DecisionDraft, step: MenuStep) -> NextStep:
    hints = speech.hints(choice.words for choice in step.choices.values())
    if hints:
        put(draft, step, step.script, "words", seconds=step.seconds, hints=hints)
    else:
        put(draft, step, step.script, "keys", seconds=step.seconds)
    return None


def pressed(draft: DecisionDraft, step: MenuStep, event: DigitPressed) -> NextStep:
    return chosen(draft, step, event.key) if event.key in step.choices else silent(draft, step, event)


def spoken(draft: DecisionDraft, step: MenuStep, event: WordsSpoken) -> NextStep:
    """Words that mean exactly one choice choose it. Otherwise the menu asks again; it never guesses."""
    words = {key: choice.words for key, choice in step.choices.items()}
    key = speech.chosen(event.words, words, draft.configuration.answers(draft.call.language))
    return chosen(draft, step, key) if key else silent(draft, step, event)


def chosen(draft: DecisionDraft, step: MenuStep, key: str) -> NextStep:
    choice = step.choices[key]
    # Never a caller's digit, but in answer to a question (rule 42).
    draft.note(NoteKind.CHOSE, CALLER, outcome=OutcomeText(choice.next))
    draft.call = draft.call.but(reason=choice.reason or draft.call.reason)
    return choice.next


def silent(draft: DecisionDraft, step: MenuStep, event: LegEvent) -> NextStep:
    """No key, or one that is not offered: ask again, then ``otherwise``."""
    return begin(draft, step) if tried_again(draft, step.attempts) else otherwise(step)
