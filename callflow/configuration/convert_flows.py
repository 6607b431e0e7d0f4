"""From the shapes of a flow's steps to the core's, one class a verb."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from types import MappingProxyType

from callflow.configuration.checks.flows import verbs_of
from callflow.configuration.reading.hours import CalendarShape
from callflow.configuration.reading.shapes import FlowFile, StepShape
from callflow.core.configuration import Flow
from callflow.core.flow.adjustments import AdjustmentsStep
from callflow.core.flow.ask import AskStep, Digits
from callflow.core.flow.call_back import CallBackStep
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.end import EndStep
from callflow.core.flow.forward import ForwardStep
from callflow.core.flow.hours import HoursStep
from callflow.core.flow.language import LanguageStep
from callflow.core.flow.lookup import Lookup, LookupStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.flow_step import Choice, Step
from callflow.core.opening_hours import Hours, Ranges

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Values = dict[str, object]


def flow_of(name: str, flow: FlowFile, timezone: str) -> Flow:
    return Flow(
        name=name,
        start=flow.start,
        steps={step: step_of(step, shape, timezone) for step, shape in flow.steps.items()},
        variables={id: one.default for id, one in flow.variables.items()},
    )


def step_of(name: str, shape: StepShape, timezone: str) -> Step:
    """A key that is called as the field goes there by itself; what nobody gave keeps the default of the class."""
    made, own = STEPS[verbs_of(shape)[0]]
    called_alike: Values = {one.name: getattr(shape, one.name, None) for one in fields(made)}
    given = called_alike | own(shape, timezone) | {"name": name}
    return made(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]


def own_hours(shape: StepShape, timezone: str) -> Values:
    assert shape.hours
    if shape.hours.calendar:
        return {"hours": None, "calendar": shape.hours.calendar}
    return {"hours": hours_of(shape.hours, timezone)}


def hours_of(shape: CalendarShape, timezone: str) -> Hours:
    return Hours(
        timezone=shape.timezone or timezone,
        weekly=tuple(ranges_of(shape.weekly.get(day, [])) for day in DAYS),  # type: ignore[call-overload]
        holidays=frozenset(shape.holidays),
        special_hours={dates: ranges_of(ranges) for dates, ranges in shape.special_hours.items()},
    )


def ranges_of(texts: Iterable[str]) -> Ranges:
    return tuple(map(minutes, texts))


def minutes(text: str) -> tuple[int, int]:
    """Parse "09:00-17:30" into minutes since midnight."""
    begin, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return begin, end


def lookup_of(shape: StepShape) -> Lookup:
    given = {"method": shape.method, "body": shape.body, "values": shape.values, "retries": shape.retries,
             "seconds": shape.timeout_seconds}  # fmt: skip
    return Lookup(
        url=shape.lookup or "",
        headers={name: secret.removeprefix("$") for name, secret in (shape.headers or {}).items()},
        **{key: value for key, value in given.items() if value is not None},  # type: ignore[arg-type]
    )


def choices_of(shape: StepShape) -> dict[str, Choice]:
    return {
        key: Choice(next=one.next, reason=one.reason, words=tuple(one.words))
        for key, one in (shape.choices or {}).items()
    }


def words_of(shape: StepShape) -> dict[str, tuple[str, ...]] | None:
    return {value: tuple(phrases) for value, phrases in shape.words.items()} if shape.words else None


def digits_of(shape: StepShape) -> Digits | None:
    return Digits(**shape.digits.model_dump()) if shape.digits else None


STEPS: Mapping[str, tuple[type[Step], Callable[[StepShape, str], Values]]] = MappingProxyType({
    "say": (SayStep, lambda shape, _: {"script": shape.say}),
    "menu": (MenuStep, lambda shape, _: {"script": shape.menu, "choices": choices_of(shape)}),
    "ask": (AskStep, lambda shape, _: {
        "script": shape.ask, "digits": digits_of(shape), "words": words_of(shape)}),
    "hours": (HoursStep, lambda shape, timezone: {
        **own_hours(shape, timezone), "next": shape.open, "otherwise": shape.closed}),
    "language": (LanguageStep, lambda shape, _: (
        {"script": shape.language, "language": None} if shape.languages else {})),
    "lookup": (LookupStep, lambda shape, _: {
        "script": shape.wait, "lookup": lookup_of(shape), "otherwise": shape.failed}),
    "connect": (ConnectStep, lambda shape, _: {"team": shape.connect, "choices": choices_of(shape)}),
    "adjustments": (AdjustmentsStep, lambda shape, _: {"script": shape.adjustments}),
    "voicemail": (VoicemailStep, lambda shape, _: {"script": shape.voicemail}),
    "call_back": (CallBackStep, lambda shape, _: {"team": shape.call_back}),
    "forward": (ForwardStep, lambda shape, _: {"number": shape.forward, "script": shape.wait}),
    "flow": (SubFlowStep, lambda shape, _: {}),
    "end": (EndStep, lambda shape, _: {"script": shape.end}),
})  # fmt: skip
"""Verb -> the class of its steps, and the fields whose keys are called otherwise or need a conversion."""
