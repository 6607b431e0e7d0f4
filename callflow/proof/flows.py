"""Explores the flows that ops wrote: every step, with every key, with silence, and with nobody free to answer.

A flow is followed until somebody answers. What can happen from then on does not depend on the step but on the kind of
team that is rung: ``teams`` finds the kinds, and ``prove`` explores each of them once.
"""

from collections.abc import Iterator

from callflow.core.call import CALLER, ROOM, Call, Leg, LegStatus, Role
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.events import Acted, CallStarted, OutgoingStarted, PeopleFound
from callflow.core.evidence import Recorded
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.hours import HoursStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.core.outgoing import new_outgoing
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.proof import alphabet, canonical, step_answers
from callflow.proof.alphabet import Trial
from callflow.proof.exploring import Broken, Explored
from callflow.proof.teams import beginning_at

ASKING = (SayStep, MenuStep)
DEAD_END = "A flow ends where ops wrote an end, never at a line or a menu that was given no way on."


def begun(configuration: Configuration, flow: str, recording: Recorded = Recorded.OFF) -> Call:
    """A caller has just reached this flow; OFF: and has not been told or asked about a recording yet."""
    caller = Leg(id=CALLER, role=Role.CALLER, place=ROOM, sid="CA", status=LegStatus.UP, since=canonical.NOW, token=0)
    call = Call(
        id="c",
        reference="R1",
        digest=configuration.digest,
        language=configuration.language,
        flow=flow,
        number=canonical.NUMBER,
        called=configuration.caller_id,
        started_at=canonical.NOW,
        at=canonical.NOW,
        legs=(caller,),
        recording=recording,
    )
    return decide(call, CallStarted(at=canonical.NOW, sid="CA", number=canonical.NUMBER, called=""), configuration).call


def called_out(configuration: Configuration, flow: str, step: str) -> Call:
    """An agent of the team of this ``connect`` step is rung for a call to a customer."""
    found = configuration.flows[flow].steps[step]
    assert isinstance(found, ConnectStep)
    started = OutgoingStarted(at=canonical.NOW, agent=configuration.teams[found.team].agents[0], team=found.team,
                              number=canonical.NUMBER, called=configuration.caller_id)  # fmt: skip
    call = new_outgoing(
        "c", started, configuration, reference="R1", language=configuration.language, flow=flow, step=step
    )
    return decide(call, started, configuration).call


def explored(configuration: Configuration, flow: str) -> Explored:
    """Every state of this flow. With opening hours, both outcomes are explored."""
    found = Explored(configuration)
    found.begin(begun(configuration, flow))
    for step in configuration.flows[flow].steps.values():
        if isinstance(step, HoursStep):
            for way in filter(None, (step.next, step.otherwise)):
                found.begin(begun(beginning_at(configuration, flow, way), flow))
    found.run(over, _nobody_answers)
    return found


def over(call: Call) -> bool:
    return call.stage in (S.AFTERCARE, S.ENDED)


def _nobody_answers(call: Call, configuration: Configuration) -> Iterator[Trial]:
    return (one for one in alphabet.trials(call, configuration) if not isinstance(one.event, PeopleFound | Acted))


def dead_ends(found: Explored) -> Iterator[Broken]:
    """Where the caller is let go although ops wrote no end there. One within another ends where it comes back."""
    every = (step for flow in found.configuration.flows.values() for step in flow.steps.values())
    within = {step.flow for step in every if isinstance(step, SubFlowStep)}
    for number, call in enumerate(found.calls):
        if call.stage is not S.ARRIVING or not call.caller.at(P.GONE):
            continue
        step = step_answers.step_of(call, found.configuration)
        if isinstance(step, ASKING) and call.flow not in within:
            yield Broken("way on", DEAD_END, number, None, call)
