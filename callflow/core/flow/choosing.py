"""``menu``: a key or, where ops gave words, a word chooses the way. ``language``: a key chooses the language."""

from callflow.core.call import CALLER
from callflow.core.configuration import Step
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, WordsSpoken
from callflow.core.flow.next_step import NextStep, otherwise, put, tried_again
from callflow.core.flow.speech import mentions, plain

HEDGES = ("not", "no", "neither")
"""Beside these a word does not choose: "not a bill" is no bill."""
MOST_HINTS = 500
"""As many phrases as the provider takes (twilio.md 3.4)."""


def menu(draft: DecisionDraft, step: Step) -> NextStep:
    words = [word for choice in step.choices.values() for word in choice.words]
    if words:
        put(draft, step, step.script, "words", hints=",".join(words[:MOST_HINTS]))
    else:
        put(draft, step, step.script, "keys")
    return None


def menu_pressed(draft: DecisionDraft, step: Step, event: DigitPressed) -> NextStep:
    return chosen(draft, step, event.key) if event.key in step.choices else menu_silent(draft, step, event)


def menu_spoken(draft: DecisionDraft, step: Step, event: WordsSpoken) -> NextStep:
    """Words choose when they mean exactly one thing; anything else is asked again, never guessed."""
    said = plain(event.words)
    meant = [key for key, choice in step.choices.items() if mentions(said, choice.words)]
    if len(meant) != 1 or mentions(said, HEDGES):
        return menu_silent(draft, step, event)
    return chosen(draft, step, meant[0])


def chosen(draft: DecisionDraft, step: Step, key: str) -> NextStep:
    choice = step.choices[key]
    draft.note("chose", CALLER, outcome=choice.next)  # never a caller's digit, but in answer to a question (rule 42)
    draft.call = draft.call.but(reason=choice.reason or draft.call.reason)
    return choice.next


def menu_silent(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """No key, or one that is not offered: asked again, then the way for those who cannot press."""
    return menu(draft, step) if tried_again(draft, step) else otherwise(step)


def language(draft: DecisionDraft, step: Step) -> NextStep:
    """Sets the language, or offers several: the line is spoken in each of them, so everybody understands their own."""
    if not step.languages:
        return speak(draft, step, step.language)
    put(draft, step, step.script, "languages", languages=" ".join(step.languages.values()))
    return None


def language_pressed(draft: DecisionDraft, step: Step, event: DigitPressed) -> NextStep:
    code = step.languages.get(event.key)
    return speak(draft, step, code) if code else language_silent(draft, step, event)


def language_silent(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """Nobody is kept for not choosing: the call goes on in the language it has."""
    return language(draft, step) if tried_again(draft, step) else otherwise(step)


def speak(draft: DecisionDraft, step: Step, code: str) -> NextStep:
    if code in draft.configuration.languages:
        draft.call = draft.call.but(language=code)
    draft.note("language", CALLER if step.languages else "callflow", outcome=draft.call.language)
    return step.next
