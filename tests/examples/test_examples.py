"""Houses of different kinds, each a whole configuration directory: checked, rehearsed, and called.

A directory needs nothing but what ops would write. `scenarios/connected.yaml`, which most scenarios continue, leads a
caller to an agent; further beginnings, in other languages or to other numbers, are called `connected_...`. From there a
time out is pressed here, and every word that is heard is compared with the scripts of the language that it is heard in.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from callflow.cli.proof import proved
from callflow.cli.simulate import composer, play_all
from callflow.configuration.loading import Examined, examine
from callflow.core.call import Call, Role
from callflow.core.configuration import Configuration
from callflow.core.flow.language import LanguageStep
from callflow.emulator.legs import Heard
from callflow.simulator import scenario as s
from callflow.simulator.expectations import is_said
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_phones import ScenarioPhones
from callflow.simulator.scenario_run import ScenarioRunner
from tests.simulator.suite import AUDIO

HERE = Path(__file__).parent
NAMES = sorted(path.parent.name for path in HERE.glob("*/callflow.yaml"))
BEGINNING = "connected"
BEGINNINGS = sorted((path.parents[1].name, path.stem) for path in HERE.glob(f"*/scenarios/{BEGINNING}*.yaml"))
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
def music() -> Path:
    """An audio folder without recordings: a directory has its own, or voices."""
    folder = Path(tempfile.mkdtemp(prefix="callflow-examples-"))
    shutil.copy(AUDIO / "hold_music.wav", folder)
    return folder


@pytest.fixture(scope="module", autouse=True)
def removed() -> Iterator[None]:
    yield
    shutil.rmtree(music(), ignore_errors=True)


@cache
def house(name: str) -> House:
    """The configuration of this directory, checked once."""
    found = examine(HERE / name, music(), today=TODAY)
    scenarios = read_scenarios(HERE / name, found.configuration) if found.configuration else []
    return House(found, {one.id: one for one in scenarios})


def test_all_kinds_of_house_are_here() -> None:
    assert {"city_hall", "hospital", "utility"} <= set(NAMES)
    assert {name for name, _ in BEGINNINGS} == set(NAMES)


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
    outcomes = play_all(scenarios.values(), composer(music()), transcripts=False)  # prints those that fail
    assert [one.scenario.id for one, _ in outcomes if one.failure] == []


@pytest.mark.parametrize(("name", "beginning"), BEGINNINGS)
def test_a_caller_waits_half_a_minute_and_understands_every_word(name: str, beginning: str) -> None:
    """A call through the emulator and the real app: the agent presses star and 1, the caller agrees by key."""
    scenario = house(name).scenarios[beginning]
    runner = ScenarioRunner(ScenarioPhones(scenario, composer(music())))
    for step in scenario.steps:
        runner.play(step)
    phones, call = runner.phones, runner.phones.store.calls()[0]
    lead = call.leg(call.lead).person
    before = len(phones.phone("caller").heard)
    _take_time_out(runner, lead, call)

    heard = [sound for sound in phones.phone("caller").heard[before:] if is_said(sound)]
    assert [one.text_or_url for one in heard] == [_expected(scenario.configuration, call, id) for id in ASKED]
    assert [one.complete for one in heard] == [True, False, True, True]
    for leg in call.legs:
        _knows_every_word(phones, call, leg.person or "caller", caller=leg.role is Role.CALLER)
    runner.end()
    assert not phones.world.emulator.errors


def _take_time_out(runner: ScenarioRunner, lead: str, call: Call) -> None:
    """Star and the key for a time out; the caller presses 1, and is back in time."""
    key = runner.phones.scenario.configuration.policy.menu.keys["time_out"]
    seconds = runner.phones.scenario.configuration.policy.time_out.seconds
    start = s.Prompt("hold_start", True)
    since = s.Since(who="caller", prompt=start)
    for step in (
        s.Acts(at="", written="", who=lead, action="presses", value=f"*{key}"),
        s.Acts(at="", written="", who="caller", hears=(s.Prompt("hold_request", True),)),
        s.Acts(at="", written="", who="caller", hears_start=(s.Prompt("hold_choices", True),), action="presses",
               value="1"),
        s.Acts(at="", written="", who="caller", hears=(start, s.Prompt("hold_return", True))),
        s.Together(at="", written="", people=("caller", lead), times=s.Times(
            within=seconds, at_least=seconds - PERMITTED_SECONDS, since=since)),
    ):  # fmt: skip
        runner.play(step)


def _expected(configuration: Configuration, call: Call, id: str) -> str:
    """The line in the caller's language."""
    rules = configuration.policy.time_out
    agent = configuration.agents[call.leg(call.lead).person].name
    text = configuration.languages[call.language].scripts[id].text
    return text.format(agent=agent, n=rules.seconds, reason=rules.reason)


def _knows_every_word(phones: ScenarioPhones, call: Call, who: str, *, caller: bool) -> None:
    """Every line is one of the person's language; a question about languages is asked in all that it offers."""
    configuration = phones.scenario.configuration
    pickers = {step.script for flow in configuration.flows.values() for step in flow.steps.values()
               if isinstance(step, LanguageStep)}  # fmt: skip
    for sound in phones.phone(who).heard:
        if is_said(sound):
            id = phones.prompts.id(sound)
            assert id, f"{who} heard no line of ours: {sound.text_or_url}"
            if not (caller and id in pickers):
                _is_in(configuration, call.language, id, sound)


def _is_in(configuration: Configuration, language: str, id: str, sound: Heard) -> None:
    text = configuration.languages[language].scripts[id].text
    pattern = "".join(".*" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", text))
    assert re.fullmatch(pattern, sound.text_or_url), f"not in {language}: {sound.text_or_url}"
