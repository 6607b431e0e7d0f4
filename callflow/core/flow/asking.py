"""``ask``: digits or words into a variable. What was given may be sensitive, so the journal says only that it was."""

from callflow.core.call import CALLER
from callflow.core.configuration import Step
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, WordsSpoken
from callflow.core.flow.next_step import NextStep, otherwise, put, tried_again

LONGEST_WORDS = 200


def ask(draft: DecisionDraft, step: Step) -> NextStep:
    if step.digits:
        put(draft, step, step.script, "digits", most=step.digits.most, finish=step.digits.finish)
    else:
        put(draft, step, step.script, "speech")
    return None


def pressed(draft: DecisionDraft, step: Step, event: DigitPressed) -> NextStep:
    """Where words are asked for, a key is for those who would rather not speak (rule 44)."""
    if step.digits is None:
        return nothing_given(draft, step)
    right = event.key.isdecimal() and step.digits.least <= len(event.key) <= step.digits.most
    return given(draft, step, event.key) if right else silent(draft, step, event)


def spoken(draft: DecisionDraft, step: Step, event: WordsSpoken) -> NextStep:
    words = " ".join("".join(one if one.isprintable() else " " for one in event.words).split())
    return silent(draft, step, event) if step.digits or not words else given(draft, step, words[:LONGEST_WORDS])


def given(draft: DecisionDraft, step: Step, value: str) -> NextStep:
    draft.call = draft.call.but(variables={**draft.call.variables, step.into: value})
    draft.note("asked", CALLER, outcome="given", variable=step.into)
    return step.next


def silent(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """Silence, or an answer of another shape."""
    return ask(draft, step) if tried_again(draft, step) else nothing_given(draft, step)


def nothing_given(draft: DecisionDraft, step: Step) -> NextStep:
    draft.note("asked", CALLER, outcome="not given", variable=step.into)
    return otherwise(step)
