"""The verbs of a flow as one table: how a step begins, and what a key, words, or the end of its document mean in it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from callflow.core.call import CALLER
from callflow.core.configuration import Step
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, WordsSpoken
from callflow.core.flow import asking, call_back_step, choosing, forwarding, looking_up, opening
from callflow.core.flow.next_step import NextStep, put
from callflow.core.stages import PlaceName


def say(draft: DecisionDraft, step: Step) -> NextStep:
    put(draft, step, step.script)
    return None


def goes_on(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """The line ran out, or was cut off by a key that means nothing."""
    return step.next


def nothing(draft: DecisionDraft, step: Step, event: LegEvent) -> NextStep:
    """Nothing of this kind was asked for."""
    return None


def voicemail(draft: DecisionDraft, step: Step) -> NextStep:
    draft.put(CALLER, PlaceName.MESSAGE, draft.prompt(step.script))
    return None


class Verb(NamedTuple):
    begin: Callable[[DecisionDraft, Step], NextStep]
    pressed: Callable[[DecisionDraft, Step, DigitPressed], NextStep] = goes_on
    spoken: Callable[[DecisionDraft, Step, WordsSpoken], NextStep] = nothing
    ended: Callable[[DecisionDraft, Step, LegEvent], NextStep] = goes_on


VERBS: Mapping[str, Verb] = MappingProxyType({
    "say": Verb(say),
    "menu": Verb(choosing.menu, choosing.menu_pressed, choosing.menu_spoken, choosing.menu_silent),
    "ask": Verb(asking.ask, asking.pressed, asking.spoken, asking.silent),
    "hours": Verb(opening.hours),
    "language": Verb(choosing.language, choosing.language_pressed, nothing, choosing.language_silent),
    "lookup": Verb(looking_up.lookup, looking_up.still, nothing, looking_up.still),
    "voicemail": Verb(voicemail),
    "call_back": Verb(call_back_step.promise, call_back_step.pressed, nothing, call_back_step.silent),
    "forward": Verb(forwarding.forward, nothing, nothing, forwarding.lost),
})  # fmt: skip
"""Those that leave the flow, or change it (``connect``, ``flow``, ``end``), are in ``arriving``."""
