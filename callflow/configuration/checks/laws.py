"""Checks of the laws in `duty`: what they ask must have an answer before the first call. A lawyer decides.

Only what the configuration can show is tested. Years and sources of the laws are in ``configuration.laws``.
"""

from collections.abc import Iterable, Iterator

from callflow.configuration.checks.reachability import by_itself, next_steps
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.laws import LAWS
from callflow.configuration.reading.shapes import FlowFile, StepShape
from callflow.configuration.reading.source import Source

CHECKS: list[Check] = []
check = collector(CHECKS)

LEAST_BREAK_MINUTES = 10
"""No law has the number: ten minutes is the default of policy rule 38, and what a Korean centre gives (policy 4.4)."""
ANSWERED_SECONDS = 180
"""Spain: 95 % of calls are to be answered within three minutes on average."""
LEAST_DAYS = 365
LEAST_MONTHS = 12
JAPAN, KOREA, BRITAIN, SPAIN = LAWS


def _law(draft: ConfigurationDraft, *wanted: str) -> str:
    """The first of these laws that `duty` names, in words; "" if it names none of them."""
    assert draft.callflow
    return next((LAWS[one] for one in draft.callflow.duty if one in wanted), "")


def _called(draft: ConfigurationDraft) -> list[str]:
    """The flows that a called number begins with, and whose start is there."""
    assert draft.callflow
    named = dict.fromkeys(one.flow for one in draft.callflow.numbers.values())
    return [flow for flow in named if flow in draft.flows and draft.flows[flow].start in draft.flows[flow].steps]


def _every_step(draft: ConfigurationDraft) -> Iterator[tuple[Source, FlowFile, str, StepShape]]:
    for name, flow in draft.flows.items():
        for step, shape in flow.steps.items():
            yield draft.flow_sources[name], flow, step, shape


@check("CF300", needs=("callflow",))
def somebody_can_be_consulted(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    law = _law(draft, JAPAN, KOREA)
    if law and not draft.callflow.organisation.consultation.strip():
        message = f'"consultation" is missing: whom staff may ask for help after abuse ({law})'
        yield Found(draft.callflow_source, ("organisation",), message, key=True)


@check("CF301", needs=("callflow", "all_flows"))
def callers_are_given_notice(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    law, line = _law(draft, JAPAN, KOREA, BRITAIN), draft.callflow.organisation.conduct_notice
    if not law or draft.callflow.recording.mode != "off":
        return
    if not line:
        message = f'no notice before somebody answers: set "recording" to notice or ask, or "conduct_notice" ({law})'
        yield Found(draft.callflow_source, ("organisation",), message, key=True)
        return
    for flow in _called(draft):
        if step := _connected_without(draft.flows[flow], line):
            message = f'callers can be connected before they have heard "{line}" ({law})'
            yield Found(draft.flow_sources[flow], ("steps", step, "connect"), message, key=True)


def _connected_without(flow: FlowFile, line: str) -> str:
    """A step that connects a caller who has not heard this line in the flow itself; "" if there is none."""
    met: set[str] = set()
    ahead = [flow.start]
    while ahead:
        name = ahead.pop()
        step = flow.steps.get(name)
        if step is None or name in met or line in (step.say, step.menu):
            continue
        met.add(name)
        if step.connect:
            return name
        ahead += next_steps(step)
    return ""


@check("CF302", needs=("callflow", "people"))
def reports_have_somebody_who_answers(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    law = _law(draft, JAPAN, BRITAIN)
    able = {*draft.people.supervisors, *draft.people.reviewers}
    if law and len(able) < 2:
        who = f'only "{min(able)}"' if able else "nobody"
        message = f"{who} can answer reports of calls: it must be somebody who was not on the call ({law})"
        yield Found(draft.people_source, ("supervisors",), message, key=True)


@check("CF303", needs=("callflow", "all_flows"))
def nobody_is_cut_off_for_waiting(draft: ConfigurationDraft) -> Iterator[Found]:
    if law := _law(draft, SPAIN):
        for source, flow, name, step in _every_step(draft):
            end = _end_after(flow, step.otherwise or "") if step.connect else ""
            if end:
                message = f'who has waited for "{name}" is cut off by "{end}": a wait never ends a call ({law})'
                yield Found(source, ("steps", name, "otherwise"), message)


def _end_after(flow: FlowFile, name: str) -> str:
    """The step `end` that a caller comes to who does nothing, without a person, a message or a promise before it."""
    met: set[str] = set()
    while name in flow.steps and name not in met:
        met.add(name)
        step = flow.steps[name]
        if step.end:
            return name
        if step.connect or step.voicemail or step.call_back or step.forward:
            return ""
        name = by_itself(step)
    return ""


@check("CF304", needs=("callflow", "all_flows"))
def waits_are_short_or_offer_a_way(draft: ConfigurationDraft) -> Iterator[Found]:
    if law := _law(draft, SPAIN):
        for source, _, name, step in _every_step(draft):
            long = step.connect and step.wait_seconds and step.wait_seconds > ANSWERED_SECONDS
            if long and not (step.offer and step.choices):
                message = f"callers wait longer than {ANSWERED_SECONDS} seconds and are offered nothing else ({law})"
                yield Found(source, ("steps", name, "wait_seconds"), message)


@check("CF305", needs=("callflow", "all_flows"))
def first_menus_lead_to_a_person(draft: ConfigurationDraft) -> Iterator[Found]:
    if law := _law(draft, SPAIN):
        for flow in _called(draft):
            for menu in _first_menus(draft.flows[flow]):
                steps = draft.flows[flow].steps
                ways = [*(one.next for one in (steps[menu].choices or {}).values()), steps[menu].otherwise or ""]
                if not any(_person_after(draft.flows[flow], one) for one in ways):
                    message = f"no key of the first menu leads to a person without another menu ({law})"
                    yield Found(draft.flow_sources[flow], ("steps", menu, "menu"), message, key=True)


def _first_menus(flow: FlowFile) -> Iterable[str]:
    met: dict[str, None] = {}
    ahead = [flow.start]
    while ahead:
        name = ahead.pop()
        if name in met or name not in flow.steps:
            continue
        met[name] = None
        step = flow.steps[name]
        if not (step.menu or step.connect):
            ahead += next_steps(step)
    return [one for one in met if flow.steps[one].menu]


def _person_after(flow: FlowFile, name: str) -> bool:
    """Whether a person is called for on some way from here, with no further menu before."""
    met: set[str] = set()
    ahead = [name]
    while ahead:
        one = ahead.pop()
        step = flow.steps.get(one)
        if step is None or one in met or step.menu:
            continue
        if step.connect or step.forward:
            return True
        met.add(one)
        ahead += next_steps(step)
    return False


@check("CF306", needs=("callflow", "deescalation"))
def breaks_are_long_enough(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    minutes, law = draft.deescalation.aftercare.cool_down_minutes, _law(draft, KOREA)
    if law and minutes < LEAST_BREAK_MINUTES:
        message = f"a break of {minutes} minutes after abuse; {LEAST_BREAK_MINUTES} are the least here ({law})"
        yield Found(draft.deescalation_source, ("aftercare", "cool_down_minutes"), message)


@check("CF307", needs=("callflow",))
def evidence_lasts_a_year(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    law, days = _law(draft, JAPAN, KOREA, BRITAIN), draft.callflow.history_days
    if law and days is not None and days < LEAST_DAYS:
        message = f"after {days} days a call cannot be replayed for the worker who asks for evidence ({law})"
        yield Found(draft.callflow_source, ("history_days",), message)
    months = getattr(getattr(draft.callflow, "retention", None), "incidents_months", None)
    if law and months is not None and months < LEAST_MONTHS:
        message = f"after {months} months what was said on a call is gone when the worker asks for evidence ({law})"
        yield Found(draft.callflow_source, ("retention", "incidents_months"), message)


@check("CF308", needs=("callflow", "people"))
def nobody_is_left_alone(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    if law := _law(draft, JAPAN, KOREA):
        for team, shape in draft.people.teams.items():
            if not shape.supervisors:
                message = f'nobody can help or take over in "{team}": it needs a supervisor ({law})'
                yield Found(draft.people_source, ("teams", team), message, key=True)
