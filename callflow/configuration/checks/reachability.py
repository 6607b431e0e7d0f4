"""Checks of the paths through a flow: every step can be reached, every path ends, and there are no endless loops."""

import re
from collections.abc import Iterable, Iterator

from callflow.configuration.checks.flows import NEXT_KEYS, VERBS, called_flows, every_step, prompts_of, verbs_of
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.shapes import ID, FlowFile, StepShape
from callflow.core.configuration import file_of
from callflow.core.emergency import ANYWHERE
from callflow.core.script_catalogue import SCRIPTS

CHECKS: list[Check] = []
check = collector(CHECKS)

KNOWN_IN_A_FLOW = frozenset({"org", "ref", "contact", "number", "reason"}) | ANYWHERE
"""Variables that are known before somebody answers; any other would be spoken as a gap."""


ALONE = frozenset({"say", "menu", "ask", "hours", "language", "lookup", "call_back", "forward", "flow"})
"""Verbs that connect the caller to nobody. A loop of only these leaves the caller alone."""
ARRIVES = frozenset({"connect", "voicemail", "call_back", "forward"})
"""Verbs that lead to a person, a message or a promised call back (rule 2)."""


def next_steps(step: StepShape) -> list[str]:
    """Every step that can follow this one."""
    choices = (choice.next for choice in (step.choices or {}).values())
    return [one for one in (*(getattr(step, key) for key in NEXT_KEYS), *choices) if one]


def by_itself(step: StepShape) -> str:
    """The step that follows if the caller does nothing and nobody answers; "" if the flow ends."""
    if step.ask or step.call_back:
        return step.otherwise or ""
    return step.next or step.otherwise or step.open or ""


def reached(flow: FlowFile, start: Iterable[str]) -> set[str]:
    found: set[str] = set()
    ahead = [step for step in start if step in flow.steps]
    while ahead:
        step = ahead.pop()
        if step not in found:
            found.add(step)
            ahead += [one for one in next_steps(flow.steps[step]) if one in flow.steps]
    return found


def circle(flow: FlowFile, start: str) -> list[str]:
    """The steps of the loop that is entered from here if nobody presses anything; empty if there is none."""
    path: list[str] = []
    step = start
    while step in flow.steps:
        if step in path:
            return path[path.index(step) :]
        path.append(step)
        step = by_itself(flow.steps[step])
    return []


def _whole(draft: ConfigurationDraft) -> Iterator[tuple[str, FlowFile]]:
    """Flows whose steps are all valid. In others, later problems would follow from the first ones."""
    for name, flow in draft.flows.items():
        targets = {flow.start, *(one for step in flow.steps.values() for one in next_steps(step))}
        if (
            targets <= set(flow.steps)
            and all(map(_complete, flow.steps.values()))
            and not draft.flow_sources[name].problems
        ):
            yield name, flow


def _complete(step: StepShape) -> bool:
    verbs = verbs_of(step)
    must = VERBS[verbs[0]].must - ({"next"} if verbs[0] in ("say", "flow") else set()) if verbs else set()
    return len(verbs) == 1 and all(getattr(step, key) for key in must)


def _circles(draft: ConfigurationDraft) -> Iterator[tuple[str, FlowFile, list[str]]]:
    for name, flow in _whole(draft):
        reported: set[frozenset[str]] = set()
        for start in flow.steps:
            steps = circle(flow, start)
            if steps and frozenset(steps) not in reported:
                reported.add(frozenset(steps))
                yield name, flow, steps


def _verbs(flow: FlowFile, steps: Iterable[str]) -> set[str]:
    return {verb for step in steps for verb in verbs_of(flow.steps[step])}


@check("CF130")
def steps_are_reached(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, flow in _whole(draft):
        found = reached(flow, [flow.start])
        for step in flow.steps:
            if step not in found:
                yield Found(draft.flow_sources[name], ("steps", step), f'nothing leads to the step "{step}"', key=True)


@check("CF131")
def no_way_is_endless(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, flow, steps in _circles(draft):
        if _verbs(flow, steps) <= ALONE:
            round_trip = " -> ".join([*steps, steps[0]])
            message = f"a caller who presses nothing never gets anywhere: {round_trip}"
            yield Found(draft.flow_sources[name], ("steps", steps[0]), message, key=True)


@check("CF138")
def waiting_has_an_end(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, flow, steps in _circles(draft):
        if "connect" in _verbs(flow, steps) and not _verbs(flow, steps) & {"voicemail", "call_back", "end"}:
            round_trip = " -> ".join([*steps, steps[0]])
            message = f"when nobody answers the caller waits for ever: {round_trip}; offer a voicemail"
            yield Found(draft.flow_sources[name], ("steps", steps[0]), message, key=True)


@check("CF132", needs=("callflow",))
def every_flow_has_a_number(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    routed = {one.flow for one in draft.callflow.numbers.values()} | called_flows(draft)
    routed |= {file_of(name) for name in routed}
    files = {**draft.flow_sources, **draft.templates}
    for name, source in files.items():
        near = any(did_you_mean(flow, [name]) for flow in routed - set(files))
        if re.match(ID, name) and name not in routed and not near:
            yield Found(source, (), f'no number in callflow.yaml leads to the flow "{name}"')


@check("CF134")
def flows_speak_what_they_know(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, _, step, loc in every_step(draft):
        for verb, id in prompts_of(step):
            if id in SCRIPTS and (unknown := SCRIPTS[id].variables - KNOWN_IN_A_FLOW):
                gaps = ", ".join(f"{{{one}}}" for one in sorted(unknown))
                message = f'"{id}" belongs to another moment of a call: nothing stands for {gaps} in a flow'
                yield Found(source, (*loc, verb), message)


@check("CF137")
def flows_arrive_somewhere(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, flow in _whole(draft):
        called = {step.flow for step in flow.steps.values() if step.flow}
        within = [draft.flows[one] for one in called if one in draft.flows]
        verbs = set().union(*(_verbs(one, reached(one, [one.start])) for one in (flow, *within)))
        if not verbs & ARRIVES and name not in called_flows(draft):
            message = f'nobody can be reached through "{name}", and no message can be left (policy rule 2)'
            yield Found(draft.flow_sources[name], ("start",), message, key=True)


@check("CF139")
def lines_have_one_purpose(draft: ConfigurationDraft) -> Iterator[Found]:
    first: dict[str, tuple[str, str]] = {}
    for source, name, step, loc in every_step(draft):
        for verb, id in prompts_of(step):
            before, where = first.setdefault(id, (verb, name))
            if "menu" in (before, verb) and before != verb:
                message = (
                    f'"{id}" is spoken by the "{before}" step "{where}", too: one of them asks for a key, one does not'
                )
                yield Found(source, (*loc, verb), message)
