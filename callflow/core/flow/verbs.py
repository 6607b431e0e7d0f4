"""The verbs of a flow as one table: how a step begins, and what a key, words, or the end of its document mean in it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from callflow.core.configured import Step
from callflow.core.draft import Draft
from callflow.core.events import DigitPressed, LegEvent, WordsSpoken
from callflow.core.flow import asking, choosing, forwarding, looking_up, opening, promising
from callflow.core.flow.ways import Way, put
from callflow.core.stages import PlaceName


def say(draft: Draft, step: Step) -> Way:
    put(draft, step, step.script)
    return None


def goes_on(draft: Draft, step: Step, event: LegEvent) -> Way:
    """The line ran out, or was cut off by a key that means nothing."""
    return step.next


def nothing(draft: Draft, step: Step, event: LegEvent) -> Way:
    """Nothing of this kind was asked for."""
    return None


def voicemail(draft: Draft, step: Step) -> Way:
    draft.put("caller", PlaceName.MESSAGE, draft.line(step.script))
    return None


class Verb(NamedTuple):
    begin: Callable[[Draft, Step], Way]
    pressed: Callable[[Draft, Step, DigitPressed], Way] = goes_on
    spoken: Callable[[Draft, Step, WordsSpoken], Way] = nothing
    ended: Callable[[Draft, Step, LegEvent], Way] = goes_on


VERBS: Mapping[str, Verb] = MappingProxyType({
    "say": Verb(say),
    "menu": Verb(choosing.menu, choosing.menu_pressed, choosing.menu_spoken, choosing.menu_silent),
    "ask": Verb(asking.ask, asking.pressed, asking.spoken, asking.silent),
    "hours": Verb(opening.hours),
    "language": Verb(choosing.language, choosing.language_pressed, nothing, choosing.language_silent),
    "lookup": Verb(looking_up.lookup, looking_up.still, nothing, looking_up.still),
    "voicemail": Verb(voicemail),
    "call_back": Verb(promising.promise, promising.pressed, nothing, promising.silent),
    "forward": Verb(forwarding.forward, nothing, nothing, forwarding.lost),
})  # fmt: skip
"""Those that leave the flow, or change it (``connect``, ``flow``, ``end``), are in ``arriving``."""
