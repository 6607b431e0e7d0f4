"""Checks of the steps of flows: verbs, keys and references. ``reachability`` checks how they are connected."""

from collections.abc import Iterator
from typing import NamedTuple

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.shapes import StepShape
from callflow.configuration.reading.source import Loc, Source

CHECKS: list[Check] = []
check = collector(CHECKS)


class Keys(NamedTuple):
    must: frozenset[str]
    may: frozenset[str] = frozenset()


def _keys(must: str, may: str = "") -> Keys:
    return Keys(frozenset(must.split()), frozenset(may.split()))


VERBS = {
    "say": _keys("next"),
    "menu": _keys("choices otherwise", "attempts seconds"),
    "ask": _keys("into next otherwise", "digits words keep attempts seconds"),
    "hours": _keys("open closed"),
    "language": _keys("next", "languages otherwise attempts seconds"),
    "lookup": _keys("wait next failed", "method headers body values timeout_seconds retries"),
    "connect": _keys("otherwise", "wait_seconds priority progress_seconds choices offer"),
    "adjustments": _keys("next", "attempts"),
    "voicemail": _keys("", "next"),
    "call_back": _keys("otherwise", "next attempts"),
    "forward": _keys("otherwise", "wait ring_seconds"),
    "flow": _keys("", "next"),
    "end": _keys(""),
}
"""Required and optional keys of each verb. With ``otherwise`` a step has an exit if nobody answers (rule 45)."""


def verbs_of(step: StepShape) -> list[str]:
    return [verb for verb in VERBS if verb in step.model_fields_set]


NEXT_KEYS = ("next", "otherwise", "open", "closed", "failed")
"""Keys that name a step of the same flow."""
PROMPT_KEYS = ("say", "menu", "ask", "adjustments", "voicemail", "end", "wait", "offer")


def prompts_of(step: StepShape) -> list[tuple[str, str]]:
    """(key, script id) of every prompt that a step speaks."""
    keys = (*PROMPT_KEYS, "language") if step.languages else PROMPT_KEYS
    return [(key, id) for key in keys if (id := getattr(step, key))]


def called_flows(draft: ConfigurationDraft) -> set[str]:
    """Flows that other flows call. They return at a step without `next`."""
    return {step.flow for flow in draft.flows.values() for step in flow.steps.values() if step.flow}


def every_step(draft: ConfigurationDraft) -> Iterator[tuple[Source, str, StepShape, Loc]]:
    for name, flow in draft.flows.items():
        for step, shape in flow.steps.items():
            yield draft.flow_sources[name], step, shape, ("steps", step)


@check("CF030")
def steps_have_one_verb(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, name, step, loc in every_step(draft):
        verbs = verbs_of(step)
        if not verbs:
            yield Found(source, loc, f'the step "{name}" has no verb; give it one of {", ".join(VERBS)}', key=True)
        if len(verbs) > 1:
            yield Found(
                source, (*loc, verbs[1]), f'the step "{name}" has {len(verbs)} verbs: {", ".join(verbs)}', key=True
            )


@check("CF032")
def steps_have_no_idle_keys(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, _, step, loc in every_step(draft):
        verbs = verbs_of(step)
        if len(verbs) == 1:
            keys = VERBS[verbs[0]]
            for idle in sorted(step.model_fields_set - keys.must - keys.may - {verbs[0]}):
                yield Found(source, (*loc, idle), f'"{idle}" means nothing to a "{verbs[0]}" step', key=True)


@check("CF033")
def steps_have_what_their_verb_needs(draft: ConfigurationDraft) -> Iterator[Found]:
    sources = {id(draft.flow_sources[flow]) for flow in called_flows(draft) if flow in draft.flow_sources}
    for source, name, step, loc in every_step(draft):
        for verb in verbs_of(step)[:1]:
            comes_back = {"next"} if verb == "say" and id(source) in sources else set()
            for key in sorted({*VERBS[verb].must, verb} - comes_back):
                if not getattr(step, key):
                    yield Found(source, (*loc, key), f'the "{verb}" step "{name}" needs "{key}"')


@check("CF031")
def steps_lead_somewhere(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, flow in draft.flows.items():
        source = draft.flow_sources[name]
        for loc, step in _references(flow.start, flow.steps):
            if step not in flow.steps:
                yield Found(source, loc, f'there is no step "{step}"{did_you_mean(step, flow.steps)}')


def _references(start: str, steps: dict[str, StepShape]) -> Iterator[tuple[Loc, str]]:
    yield ("start",), start
    for name, step in steps.items():
        for key in NEXT_KEYS:
            if target := getattr(step, key):
                yield ("steps", name, key), target
        for digit, choice in (step.choices or {}).items():
            yield ("steps", name, "choices", digit, "next"), choice.next


@check("CF023", needs=("people",))
def flows_connect_to_teams(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    for source, _, step, loc in every_step(draft):
        for key in ("connect", "call_back"):
            team = getattr(step, key)
            if team and team not in draft.people.teams:
                message = f'there is no team "{team}"{did_you_mean(team, draft.people.teams)}'
                yield Found(source, (*loc, key), message)
