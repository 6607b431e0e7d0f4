"""Houses of different kinds, each a whole configuration directory: checked, rehearsed, and called.

A directory needs nothing but what ops would write. In each language that a caller can have, one of its scenarios ends
with the caller and an agent together: from there a time out is pressed here, and every word that anybody hears is
compared with the scripts of that language.
"""

import re
from collections.abc import Collection
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import pytest

from callflow.cli.proof import proved
from callflow.cli.simulate import composer, play_all
from callflow.configuration.loading import Examined, examine
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.flow.language import LanguageStep
from callflow.simulator import scenario as s
from callflow.simulator.expectations import is_said
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_phones import ScenarioPhones
from callflow.simulator.scenario_run import ScenarioRunner

HERE = Path(__file__).parent
AUDIO = HERE / "audio"
"""Only hold music: the lines are said by voices."""
NAMES = sorted(path.parent.name for path in HERE.glob("*/callflow.yaml"))
TODAY = date(2026, 11, 30)
ENOUGH = 10
PERMITTED_SECONDS = 5.0
"""A caller may be back before the promised second, and never after it."""
ASKED = ("hold_request", "hold_choices", "hold_start", "hold_return")
"""What a caller hears of a time out who presses 1 as soon as it counts."""


class House(NamedTuple):
    examined: Examined
    scenarios: dict[str, s.Scenario]

    @property
    def configuration(self) -> Configuration:
        assert self.examined.configuration, "\n".join(map(str, self.examined.problems))
        return self.examined.configuration


@cache
def house(name: str) -> House:
    """The configuration of this directory, checked once."""
    found = examine(HERE / name, AUDIO, today=TODAY)
    scenarios = read_scenarios(HERE / name, found.configuration) if found.configuration else []
    return House(found, {one.id: one for one in scenarios})


def test_all_kinds_of_house_are_here() -> None:
    assert {"city_hall", "council", "dentists", "hospital", "shop", "utility"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_check_has_nothing_to_say(name: str) -> None:
    assert not house(name).examined.problems, "\n".join(map(str, house(name).examined.problems))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_safety_rules_are_proved(name: str) -> None:
    assert not proved(house(name).configuration).violations


@pytest.mark.parametrize("name", NAMES)
def test_calls_go_as_written(name: str) -> None:
    scenarios = house(name).scenarios
    assert len(scenarios) >= ENOUGH
    outcomes = play_all(scenarios.values(), composer(AUDIO), transcripts=False)  # prints those that fail
    assert [one.scenario.id for one, _ in outcomes if one.failure] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_caller_waits_half_a_minute_and_understands_every_word(name: str) -> None:
    """Calls through the emulator and the real app, one in each language: star and 1, and the caller agrees by key."""
    configuration, left = house(name).configuration, _languages_of_callers(house(name).configuration)
    for scenario in house(name).scenarios.values():
        together = _together_at_the_end(scenario)
        if not together or not left:
            continue
        runner = ScenarioRunner(ScenarioPhones(scenario, composer(AUDIO)))
        for step in scenario.steps:
            runner.play(step)
        phones, (caller, lead) = runner.phones, together
        here = phones.phone(caller).leg
        [call] = [one for one in phones.store.calls() if here and one.caller.sid == here.sid]
        if call.language not in left:
            continue
        left.remove(call.language)
        before = len(phones.phone(caller).heard)
        _take_time_out(runner, caller, lead)
        heard = [sound for sound in phones.phone(caller).heard[before:] if is_said(sound)]
        assert [one.text_or_url for one in heard] == [_expected(configuration, call, id) for id in ASKED]
        assert [one.complete for one in heard] == [True, False, True, True]
        _knows_every_word(phones, call.language, caller, pickers=_pickers(configuration))
        _knows_every_word(phones, configuration.language_of(lead), lead)
        runner.end()
        assert not phones.world.emulator.errors
    assert not left, f"no scenario ends with a caller and an agent together in {left}"


def _languages_of_callers(configuration: Configuration) -> set[str]:
    steps = [step for flow in configuration.flows.values() for step in flow.steps.values()]
    chosen = [
        one for step in steps if isinstance(step, LanguageStep) for one in (step.language, *step.languages.values())
    ]
    return {configuration.language, *chosen} - {""}


def _pickers(configuration: Configuration) -> Collection[str]:
    """The lines that offer languages. Each language has its own words."""
    steps = [step for flow in configuration.flows.values() for step in flow.steps.values()]
    return {step.script for step in steps if isinstance(step, LanguageStep)}


def _together_at_the_end(scenario: s.Scenario) -> tuple[str, str] | None:
    """Caller and agent, if these two talk when the scenario is over, and nobody has pressed star."""
    stars = [step for step in scenario.steps if isinstance(step, s.Acts) and step.value.startswith("*")]
    last = [step for step in scenario.steps if not isinstance(step, s.Passes)][-1]
    if stars or not isinstance(last, s.Together) or len(last.people) != len(("caller", "agent")):
        return None
    caller, lead = sorted(last.people, key=lambda one: one not in scenario.callers)
    return (caller, lead) if caller in scenario.callers and lead in scenario.configuration.agents else None


def _take_time_out(runner: ScenarioRunner, caller: str, lead: str) -> None:
    """Star and the key for a time out; the caller presses 1, and is back in time."""
    policy = runner.phones.scenario.configuration.policy
    request, choices, start, back = (s.Prompt(id, True) for id in ASKED)
    in_time = s.Times(within=policy.time_out.seconds, at_least=policy.time_out.seconds - PERMITTED_SECONDS,
                      since=s.Since(caller, start))  # fmt: skip
    step = partial(s.Acts, at="", written="")
    for one in (
        step(who=lead, action="presses", value=f"*{policy.menu.keys['time_out']}"),
        step(who=caller, hears=(request,)),
        step(who=caller, hears_start=(choices,), action="presses", value="1"),
        step(who=caller, hears=(start, back)),
        s.Together(at="", written="", people=(caller, lead), times=in_time),
    ):
        runner.play(one)


def _expected(configuration: Configuration, call: Call, id: str) -> str:
    """The line in the caller's language."""
    rules, lead, language = configuration.policy.time_out, call.lead_leg, configuration.languages[call.language]
    assert lead
    agent, reason = configuration.agents[lead.person].name, rules.reason
    return language.scripts[id].text.format(
        agent=language.names.get(agent, agent), n=rules.seconds, reason=language.names.get(reason, reason)
    )


def _knows_every_word(phones: ScenarioPhones, language: str, who: str, pickers: Collection[str] = ()) -> None:
    """Whatever the person heard is a line in this language, or one of ``pickers``."""
    lines = phones.scenario.configuration.languages[language].scripts
    for sound in phones.phone(who).heard:
        if is_said(sound) and phones.prompts.id(sound) not in pickers:
            fits = [id for id, line in lines.items() if re.fullmatch(_any_values(line.text), sound.text_or_url)]
            assert fits, f"{who} heard no line in {language}: {sound.text_or_url}"


def _any_values(text: str) -> str:
    """A pattern for a line, whatever its variables are."""
    return "".join(".*" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", text))
