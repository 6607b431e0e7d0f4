"""``language``: sets the language of a call, or lets the caller choose it by key."""

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from callflow.core.call import CALLER
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent
from callflow.core.flow.next_step import NextStep, otherwise, put, tried_again
from callflow.core.flow_step import ANSWER_SECONDS, ATTEMPTS, Step
from callflow.core.notes import NoteKind, OutcomeText
from callflow.core.records import record


@record
class LanguageStep(Step):
    """Sets ``language`` (a code), or speaks ``script`` and asks for a key of ``languages`` (key -> code).

    ``attempts`` and ``seconds`` as in a menu. Then ``next``; without a choice ``otherwise`` if there is one.
    """

    verb: ClassVar[str] = "language"

    language: str = ""
    script: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)
    attempts: int = ATTEMPTS
    seconds: int = ANSWER_SECONDS


def begin(draft: DecisionDraft, step: LanguageStep) -> NextStep:
    """Set the language, or speak the script in each of the languages offered."""
    if not step.languages:
        return speak(draft, step, step.language)
    put(draft, step, step.script, "languages", seconds=step.seconds, languages=" ".join(step.languages.values()))
    return None


def pressed(draft: DecisionDraft, step: LanguageStep, event: DigitPressed) -> NextStep:
    code = step.languages.get(event.key)
    return speak(draft, step, code) if code else silent(draft, step, event)


def silent(draft: DecisionDraft, step: LanguageStep, event: LegEvent) -> NextStep:
    """No key: ask again, then go on in the language that the call has."""
    return begin(draft, step) if tried_again(draft, step.attempts) else otherwise(step)


def speak(draft: DecisionDraft, step: LanguageStep, code: str) -> NextStep:
    if code in draft.configuration.languages:
        draft.call = draft.call.but(language=code)
    draft.note(NoteKind.LANGUAGE, CALLER if step.languages else "callflow", outcome=OutcomeText(draft.call.language))
    return step.next
