"""Reads the ``answers`` of a scenario file: what other systems answer to the lookups of flows."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from pydantic import Field, ValidationError

from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.messages import say
from callflow.configuration.reading.shapes import Shape
from callflow.configuration.reading.source import Loc
from callflow.core.configuration import Configuration
from callflow.core.flow.lookup import LookupStep
from callflow.simulator.scenario import NO_REQUEST, TIMEOUT, Answer

FAILURES = (TIMEOUT, *NO_REQUEST)
POSSIBLE = f"{', '.join(FAILURES)}, {{body: ...}}, {{text: ...}}, {{status: 503}}"


class AnswerShape(Shape):
    body: Any = Field(default=None, description="sent as JSON")
    text: str | None = Field(default=None, description="sent as it is, to be no JSON")
    status: int = Field(default=200, ge=200, le=599, description="of HTTP")
    after: float = Field(default=0.0, ge=0, le=30, description="seconds until it answers")


class Report(Protocol):
    """Adds a problem to the source of the file."""

    def __call__(self, loc: Loc, code: str, message: str, *, key: bool = False) -> None: ...


def read_answers(
    given: Mapping[str, Any], configuration: Configuration, report: Report
) -> Iterator[tuple[str, tuple[Answer, ...]]]:
    """The answers by flow and step (``Scenario.answers``). Mistakes are reported."""
    lookups = [
        f"{flow.name}.{step.name}"
        for flow in configuration.flows.values()
        for step in flow.steps.values()
        if isinstance(step, LookupStep)
    ]
    for name, value in given.items():
        found = [one for one in lookups if name in (one, one.partition(".")[2])]
        if len(found) != 1:
            report(("answers", name), "CF015", _not_one(name, found, lookups), key=True)
        values = value if isinstance(value, list) else [value]
        locs: list[Loc] = [("answers", name, *([number] if value is values else [])) for number in range(len(values))]
        if not values:
            report(("answers", name), "CF012", f'"{name}" needs an answer')
        answers = [_answer(one, loc, report) for one, loc in zip(values, locs, strict=True)]
        if len(found) == 1 and answers:
            yield found[0], tuple(one for one in answers if one)


def _not_one(name: str, found: list[str], lookups: list[str]) -> str:
    if found:
        return f'several flows have a lookup "{name}": write {" or ".join(found)}'
    known = [*lookups, *(one.partition(".")[2] for one in lookups)]
    return f'no flow has a lookup "{name}"{did_you_mean(name, known)}'


def _answer(value: Any, loc: Loc, report: Report) -> Answer | None:
    if isinstance(value, str):
        if value not in FAILURES:
            report(loc, "CF015", f'"{value}" is no answer; it can be: {POSSIBLE}')
            return None
        return Answer(fails=value)
    if not isinstance(value, Mapping):
        report(loc, "CF012", f"an answer can be: {POSSIBLE}")
        return None
    try:
        shape = AnswerShape.model_validate(value)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            code, message = say(AnswerShape, one["loc"], one)
            report((*loc, *one["loc"]), code, message, key=code == "CF010")
        return None
    if {"body", "text"} <= shape.model_fields_set:
        report((*loc, "text"), "CF015", 'an answer has a "body" or a "text"', key=True)
    sent = json.dumps(shape.body) if "body" in shape.model_fields_set else shape.text or ""
    return Answer(status=shape.status, body=sent.encode(), after=shape.after)
