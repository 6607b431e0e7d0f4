"""Which ``connect`` steps behave alike. One of each kind is explored and stands for the others.

More people, and ringing all at once, only add possibilities: everything that can happen with a smaller team can
happen with a larger one, because nobody being free is always tried as well. So a kind that another one includes is
not explored.
"""

from dataclasses import replace
from typing import NamedTuple

from callflow.core.configuration import Configuration, Flow, Ring
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.core.flow_step import Step, StepWithChoices

MOST_AGENTS = 2
"""The lead, and one who is rung instead; a third would add nothing."""
MOST_SUPERVISORS = 3
"""A supervisor as lead, one as helper, and one more who is rung."""


class Kind(NamedTuple):
    agents: int
    supervisors: int
    together: bool
    way_out: bool
    """Whether the step has ``otherwise``. Without it the core takes a message."""
    keys: bool
    """Whether a waiting caller can press a key to leave the queue."""
    announced: bool
    """Whether the position in the queue is announced."""

    def includes(self, other: "Kind") -> bool:
        more = self.agents >= other.agents and self.supervisors >= other.supervisors
        alike = self.way_out == other.way_out and self.keys == other.keys and self.announced == other.announced
        return more and alike and self.together >= other.together


def always_on_duty(configuration: Configuration) -> Configuration:
    """The same with people who are on duty at any time, and two people for one who is agent and supervisor.

    So more people can be rung than in reality. That nobody can be rung is tried anyway.
    """
    both = configuration.agents.keys() & configuration.supervisors.keys()
    names = {id: f"{id} (supervisor)" if id in both else id for id in configuration.supervisors}
    agents = {id: replace(one, on_duty=None) for id, one in configuration.agents.items()}
    supervisors = {names[id]: replace(one, id=names[id], on_duty=None) for id, one in configuration.supervisors.items()}
    teams = {
        id: replace(one, supervisors=tuple(names[person] for person in one.supervisors))
        for id, one in configuration.teams.items()
    }
    return replace(configuration, agents=agents, supervisors=supervisors, teams=teams)


def kinds(configuration: Configuration) -> dict[Kind, tuple[str, str]]:
    """Kind -> (flow, step) of one such step, without kinds that another one includes."""
    found: dict[Kind, tuple[str, str]] = {}
    for name, flow in configuration.flows.items():
        for step in flow.steps.values():
            if isinstance(step, ConnectStep):
                found.setdefault(kind(configuration, step), (name, step.name))
    return {
        one: place for one, place in found.items()
        if not any(other != one and other.includes(one) for other in found)
    }  # fmt: skip


def kind(configuration: Configuration, step: ConnectStep) -> Kind:
    team = configuration.teams[step.team]
    agents, supervisors = min(len(team.agents), MOST_AGENTS), min(len(team.supervisors), MOST_SUPERVISORS)
    return Kind(agents, supervisors, team.ring is Ring.ALL, bool(step.otherwise), bool(step.choices),
                step.progress_seconds > 0)  # fmt: skip


def beginning_at(configuration: Configuration, flow: str, step: str) -> Configuration:
    """The configuration with this flow starting at this step, and with a telephone for everybody.

    That telephones are shared only takes possibilities away.
    """
    changed = replace(configuration.flows[flow], start=step)
    return replace(configuration, flows={**configuration.flows, flow: changed}, shared_telephones={})


def can_come_back(flow: Flow, step: str) -> bool:
    """Whether the flow can connect the caller again after this step."""
    met: set[str] = set()
    ahead = [flow.steps[step].otherwise, *_by_key(flow.steps[step])]
    while ahead:
        name = ahead.pop()
        if name in met or name not in flow.steps:
            continue
        met.add(name)
        one = flow.steps[name]
        if isinstance(one, ConnectStep | SubFlowStep):
            return True  # a flow may lead anywhere; to look once more costs little
        ahead += [one.next, one.otherwise, *_by_key(one)]
    return False


def _by_key(step: Step) -> list[str]:
    return [choice.next for choice in step.choices.values()] if isinstance(step, StepWithChoices) else []
