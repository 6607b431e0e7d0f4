"""The table of verbs: by the class of a step, the handlers that begin it and handle events in it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, LegJoined, WordsSpoken
from callflow.core.flow import (
    adjustments,
    ask,
    call_back,
    connect,
    end,
    forward,
    hours,
    language,
    lookup,
    menu,
    say,
    sub_flow,
    voicemail,
)
from callflow.core.flow.next_step import NextStep, again, goes_on, nothing
from callflow.core.flow_step import Step

S = TypeVar("S", bound=Step)


class Verb(NamedTuple, Generic[S]):
    """The handlers of a verb. ``begin`` gives the caller a document or returns the next step; others handle events."""

    step: type[S]
    begin: Callable[[DecisionDraft, S], NextStep]
    pressed: Callable[[DecisionDraft, S, DigitPressed], NextStep] = goes_on
    spoken: Callable[[DecisionDraft, S, WordsSpoken], NextStep] = nothing
    ended: Callable[[DecisionDraft, S, LegEvent], NextStep] = goes_on
    """The document has ended."""
    fell_back: Callable[[DecisionDraft, S, LegJoined], NextStep] = again
    """A stateless fallback brought the caller into the empty room."""


_TABLE = (
    Verb(say.SayStep, say.begin),
    Verb(menu.MenuStep, menu.begin, menu.pressed, menu.spoken, menu.silent),
    Verb(ask.AskStep, ask.begin, ask.pressed, ask.spoken, ask.silent),
    Verb(hours.HoursStep, hours.begin),
    Verb(language.LanguageStep, language.begin, language.pressed, nothing, language.silent),
    Verb(lookup.LookupStep, lookup.begin, lookup.still, nothing, lookup.still, lookup.fell_back),
    Verb(connect.ConnectStep, connect.begin, connect.pressed, connect.spoken, connect.heard),
    Verb(
        adjustments.AdjustmentsStep,
        adjustments.begin,
        adjustments.pressed,
        nothing,
        adjustments.silent,
        adjustments.fell_back,
    ),
    Verb(voicemail.VoicemailStep, voicemail.begin),
    Verb(call_back.CallBackStep, call_back.begin, call_back.pressed, nothing, call_back.silent),
    Verb(forward.ForwardStep, forward.begin, nothing, nothing, forward.lost, forward.lost),
    Verb(sub_flow.SubFlowStep, sub_flow.begin, nothing, nothing, nothing),
    Verb(end.EndStep, end.begin, nothing, nothing, nothing),
)
VERBS: Mapping[str, Verb[Any]] = MappingProxyType({one.step.verb: one for one in _TABLE})
