"""``ask``: digits or words into a variable. They may be sensitive, so the journal does not contain them, and the call
loses them when it is over (``kept``)."""

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from callflow.core.call import CALLER
from callflow.core.configuration import Configuration
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, WordsSpoken
from callflow.core.flow import speech
from callflow.core.flow.next_step import NextStep, otherwise, put, tried_again
from callflow.core.flow_step import ANSWER_SECONDS, ATTEMPTS, Step
from callflow.core.languages import AnswerWords
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.records import record

LONGEST_WORDS = 200
PASSING = frozenset({"PIN of the caller", "order of the caller"})
"""Variables of ``adjustments`` that are there for a moment only."""
JOINERS = "\u200c\u200d"
"""Invisible, but part of the spelling in Hindi and Persian."""


@record
class Digits:
    """How many digits are asked for, and the key that finishes the input."""

    least: int
    most: int
    finish: str = "#"


@record
class AskStep(Step):
    """Speaks ``script`` and puts the answer into the variable ``into``: ``digits``, or words if that is None.

    With ``words`` (value -> what callers say for it) only these values are answers, and the value is what is put there.
    ``attempts`` and ``seconds`` as in a menu. Then ``next``, or ``otherwise`` without an answer.
    """

    verb: ClassVar[str] = "ask"

    script: str
    into: str
    digits: Digits | None = None
    words: Mapping[str, speech.Words] = field(default_factory=dict)
    keep: bool = False
    """Whether the answer stays with the call when it is over."""
    attempts: int = ATTEMPTS
    seconds: int = ANSWER_SECONDS


def begin(draft: DecisionDraft, step: AskStep) -> NextStep:
    if step.digits:
        put(draft, step, step.script, "digits", seconds=step.seconds, most=step.digits.most, finish=step.digits.finish)
    else:
        hints = {"hints": speech.hints(step.words.values())} if step.words else {}
        put(draft, step, step.script, "speech", seconds=step.seconds, **hints)
    return None


def pressed(draft: DecisionDraft, step: AskStep, event: DigitPressed) -> NextStep:
    """Keep the digits. Where words are asked for, a key means that the caller does not want to speak (rule 44)."""
    if step.digits is None:
        return nothing_given(draft, step)
    right = event.key.isdecimal() and step.digits.least <= len(event.key) <= step.digits.most
    return given(draft, step, event.key) if right else silent(draft, step, event)


def spoken(draft: DecisionDraft, step: AskStep, event: WordsSpoken) -> NextStep:
    value = "" if step.digits else meant(step, event.words, draft.configuration.answers(draft.call.language))
    return given(draft, step, value) if value else silent(draft, step, event)


def meant(step: AskStep, words: str, answers: AnswerWords) -> str:
    """The value of these words: of a step with ``words``, the only one that was meant; else the words. "" for none."""
    if step.words:
        return speech.chosen(words, step.words, answers)
    said = "".join(one if one.isprintable() or one in JOINERS else " " for one in words)
    return " ".join(said.split())[:LONGEST_WORDS]


def given(draft: DecisionDraft, step: AskStep, value: str) -> NextStep:
    draft.call = draft.call.but(variables={**draft.call.variables, step.into: value})
    draft.note(NoteKind.ASKED, CALLER, outcome=NoteOutcome.GIVEN, variable=step.into)
    return step.next


def silent(draft: DecisionDraft, step: AskStep, event: LegEvent) -> NextStep:
    """No answer, or one that does not fit: ask again, then ``otherwise``."""
    return begin(draft, step) if tried_again(draft, step.attempts) else nothing_given(draft, step)


def nothing_given(draft: DecisionDraft, step: AskStep) -> NextStep:
    draft.note(NoteKind.ASKED, CALLER, outcome=NoteOutcome.NOT_GIVEN, variable=step.into)
    return otherwise(step)


def kept(configuration: Configuration, variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that stay with a call when it is over: all but those that a caller was asked for without ``keep``.

    A name means the same variable in every flow, so one step without ``keep`` is enough to erase it.
    """
    steps = [step for flow in configuration.flows.values() for step in flow.steps.values()] if variables else []
    asked = {step.into for step in steps if isinstance(step, AskStep) and not step.keep}
    return {name: value for name, value in variables.items() if name not in asked and name not in PASSING}
