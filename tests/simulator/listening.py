"""What everybody heard in the shipped scenarios, and in which stage and place of the call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from callflow.cli.simulate import composer
from callflow.core.call import Call
from callflow.emulator.hearing import Span, heard_by
from callflow.simulator.replay_core import replayed
from callflow.simulator.scenario import Scenario
from callflow.simulator.scenario_phones import ScenarioPhones
from callflow.simulator.scenario_run import ScenarioRunner
from tests.simulator.suite import AUDIO, shipped_scenarios

JUST_AFTER = 0.01
"""A sound begins just after the decision that caused it."""


@dataclass(frozen=True, slots=True)
class Listened:
    """A span of one person. ``role``, ``stage`` and ``place`` are those of the leg when it began."""

    scenario: str
    faultless: bool
    role: str
    stage: str
    place: str
    span: Span


@cache
def everything_heard() -> tuple[Listened, ...]:
    """All spans of all legs in all shipped scenarios."""
    return tuple(one for scenario in shipped_scenarios().values() for one in heard_in(scenario))


def heard_in(scenario: Scenario) -> Iterator[Listened]:
    phones = ScenarioPhones(scenario, composer(AUDIO))
    runner = ScenarioRunner(phones)
    for step in scenario.steps:
        runner.play(step)
    runner.end()
    moments = list(_moments(phones))
    for leg in phones.world.emulator.legs.values():
        known = [(at, call) for at, call in moments if any(one.sid == leg.sid for one in call.legs)]
        for span in heard_by(leg, phones.now) if known else ():
            call = _at(known, span.begins)
            found = next(one for one in call.legs if one.sid == leg.sid)
            yield Listened(scenario.id, scenario.faultless, found.role, call.stage, found.place.name, span)


def _moments(phones: ScenarioPhones) -> Iterator[tuple[float, Call]]:
    """Every state of every call, and when it began in clock seconds."""
    now = phones.world.clock.now()
    for call in phones.store.calls(live=False):
        for step in replayed(call, phones.store.history(call.id), phones.scenario.configuration):
            yield phones.now - (now - step.fact.at).total_seconds(), step.after


def _at(known: Sequence[tuple[float, Call]], moment: float) -> Call:
    earlier = [call for at, call in known if at <= moment + JUST_AFTER]
    return earlier[-1] if earlier else known[0][1]
