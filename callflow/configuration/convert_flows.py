"""Converts the steps of a flow to the core's. The values of the verbs go into a few common fields."""

from callflow.configuration.checks.flows import verbs_of
from callflow.configuration.reading.shapes import FlowFile, HoursShape, StepShape
from callflow.core.configuration import Choice, Digits, Flow, Hours, Lookup, Step

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPEAKING = ("say", "menu", "ask", "voicemail", "end")
"""Verbs whose value is a script id."""
OTHER_NAMES = {"connect": "team", "call_back": "team", "forward": "number", "flow": "flow"}
"""The field for the value of other verbs."""


def flow_of(name: str, flow: FlowFile, timezone: str) -> Flow:
    return Flow(
        name=name,
        start=flow.start,
        steps={step: step_of(step, shape, timezone) for step, shape in flow.steps.items()},
        variables={id: one.default for id, one in flow.variables.items()},
    )


def step_of(name: str, shape: StepShape, timezone: str) -> Step:
    verb = verbs_of(shape)[0]
    given = {
        "next": shape.open if verb == "hours" else shape.next,
        "otherwise": {"hours": shape.closed, "lookup": shape.failed}.get(verb, shape.otherwise),
        "attempts": shape.attempts,
        "seconds": shape.ring_seconds or shape.seconds,
        **{key: getattr(shape, key) for key in ("wait_seconds", "priority", "progress_seconds", "offer", "into")},
        "languages": shape.languages,
        **_of_verb(verb, shape, timezone),
    }
    return Step(
        name=name,
        verb=verb,
        choices={
            key: Choice(next=one.next, reason=one.reason, words=tuple(one.words))
            for key, one in (shape.choices or {}).items()
        },
        digits=Digits(**shape.digits.model_dump()) if shape.digits else None,
        **{key: value for key, value in given.items() if value is not None},
    )


def _of_verb(verb: str, shape: StepShape, timezone: str) -> dict[str, object]:
    value = getattr(shape, verb)
    if verb in SPEAKING:
        return {"script": value}
    if verb in OTHER_NAMES:
        return {OTHER_NAMES[verb]: value, "script": shape.wait}
    if verb == "hours":
        return {"hours": hours_of(value, timezone)}
    if verb == "language":
        return {"script": value} if shape.languages else {"language": value}
    return {"script": shape.wait, "lookup": lookup_of(shape)}


def hours_of(shape: HoursShape, timezone: str) -> Hours:
    weekly = {day: tuple(map(minutes, ranges)) for day, ranges in shape.weekly.items()}
    return Hours(
        timezone=shape.timezone or timezone,
        weekly=tuple(weekly.get(day, ()) for day in DAYS),  # type: ignore[call-overload]
        holidays=frozenset(shape.holidays),
    )


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
