"""What part of an event may be stored (policy rules 42 and 43), and what a replay can restore.

Not stored are the caller's number, which is only in the call; digits that are not an answer to a question, and words,
which become question marks; and the answers of other systems. ``restored`` takes them from the call as long as it has
them, or puts as many zeros where digits were asked for. A choice made in words is stored in the words of the flow.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from callflow.core.call import CALLER, Call
from callflow.core.configuration import Configuration
from callflow.core.events import CallStarted, DigitPressed, Event, LookupDone, OutgoingStarted, WordsSpoken
from callflow.core.flow import recording_notice, speech
from callflow.core.flow.adjustments import NEED_KEYS, AdjustmentsStep, Part
from callflow.core.flow.ask import AskStep, meant
from callflow.core.flow.call_back import CallBackStep
from callflow.core.flow.language import LanguageStep
from callflow.core.flow_step import Choice, Step, StepWithChoices
from callflow.core.places import ANSWERS, FINISH, REPEAT
from callflow.core.stages import PlaceName

HIDDEN: Final = "?"
ANY_PIN: Final = "271828182845"
"""Stands for the PIN of a caller, which is nowhere."""


def redacted(call: Call, fact: Event, configuration: Configuration) -> Event:
    """The event as it may be stored. ``call`` is the call before it: a key's meaning depends on the question."""
    match fact:
        case CallStarted() | OutgoingStarted():
            return replace(fact, number="")
        case DigitPressed() if fact.leg == CALLER and not _is_answer(call, fact.key, configuration):
            return replace(fact, key=HIDDEN * len(fact.key))
        case WordsSpoken():
            return replace(fact, words=_meant(fact.words, call, configuration))
        case LookupDone():
            return replace(fact, values=dict.fromkeys(fact.values, HIDDEN))
        case _:
            return fact


def _is_answer(call: Call, key: str, configuration: Configuration) -> bool:
    place, step = call.caller.place.name, _step(call, configuration)
    match place:
        case PlaceName.QUEUE:
            return key in _choices(step)
        case PlaceName.STEP:
            return _answers_step(call, key, step)
        case _:
            return place in ANSWERS and len(key) == 1


def _answers_step(call: Call, key: str, step: Step | None) -> bool:
    how = call.caller.place.details.get("how")
    if key in (REPEAT, FINISH):
        return how != "digits"
    if isinstance(step, CallBackStep):
        return key in ("1", "2") and how == "confirm"  # else it is part of a number
    if isinstance(step, AdjustmentsStep):
        return how != "digits" and not _is_need(call, key)
    if recording_notice.asked(call):
        return key in recording_notice.KEYS
    return key in _choices(step) or (isinstance(step, LanguageStep) and key in step.languages)


def _is_need(call: Call, key: str) -> bool:
    """Whether the key says what the caller needs, which is nobody's business but the caller's."""
    return call.caller.place.details.get("part") == Part.MENU and key in NEED_KEYS


def _meant(words: str, call: Call, configuration: Configuration) -> str:
    """The choice that was meant, in the words of the flow, or question marks; or yes or no to being recorded.

    Of an answer only whether it was one: it is erased from the call, so the history must not have it either.
    """
    step, answers = _step(call, configuration), configuration.answers(call.language)
    if recording_notice.asked(call):
        return {"yes": answers.yes[0], "no": answers.no[0]}.get(speech.answer(answers, words), HIDDEN)
    if isinstance(step, AskStep):
        return HIDDEN if meant(step, words, answers) else ""
    phrases = {key: choice.words for key, choice in _choices(step).items()}
    key = speech.chosen(words, phrases, answers)
    return phrases[key][0] if key else HIDDEN


def _choices(step: Step | None) -> Mapping[str, Choice]:
    return step.choices if isinstance(step, StepWithChoices) else {}


def _step(call: Call, configuration: Configuration) -> Step | None:
    flow = configuration.flows.get(call.flow)
    return flow.steps.get(call.step) if flow else None


def restored(fact: Event, now: Call, last: Call, configuration: Configuration) -> Event:
    """The event with values taken from the call at its end (``last``): numbers, and what was entered or looked up."""
    match fact:
        case CallStarted() | OutgoingStarted():
            return replace(fact, number=last.number)
        case DigitPressed() if set(fact.key) == {HIDDEN}:
            given, step = _given(now, last, configuration), _step(now, configuration)
            if isinstance(step, AdjustmentsStep) and not given:
                return replace(fact, key=ANY_PIN[: len(fact.key)] if len(fact.key) > 1 else HIDDEN)
            typed = len(fact.key) > 1 or (isinstance(step, AskStep) and step.digits is not None)
            unknown = "0" * len(fact.key) if typed else HIDDEN
            return replace(fact, key=given if len(given) == len(fact.key) else unknown)
        case WordsSpoken(words="?"):
            return replace(fact, words=_given(now, last, configuration) or HIDDEN)
        case LookupDone():
            return replace(fact, values={name: last.variables.get(name, HIDDEN) for name in fact.values})
        case _:
            return fact


def _said_for(step: AskStep, value: str) -> str:
    """Words that mean this value, or any other one if it is erased: all of them lead to the same step."""
    return (step.words.get(value) or next(iter(step.words.values())))[0]


def _need_given(now: Call, last: Call) -> str:
    """The key of the next need that the call had at its end; "" for a PIN, or if it is erased."""
    if now.caller.place.details.get("part") != Part.MENU:
        return ""
    left = (key for key, need in NEED_KEYS.items() if need in last.adjustments and need not in now.adjustments)
    return next(left, "")


def _given(now: Call, last: Call, configuration: Configuration) -> str:
    """What the caller entered: the value for a step of the flow, or the number for a call back."""
    step = _step(now, configuration) if now.caller.at(PlaceName.STEP) else None
    if isinstance(step, AdjustmentsStep):
        return _need_given(now, last)
    if isinstance(step, AskStep):
        value = last.variables.get(step.into, "")
        return _said_for(step, value) if step.words else value
    return last.call_back.number.lstrip("+") if last.call_back else ""
