"""Scenarios with a date and a time: half days, holidays, and calls during which clocks change."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import program
from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.configuration.problems import ConfigurationError
from callflow.core.configuration import Configuration
from callflow.simulator.configuration_reads import by_file
from callflow.simulator.replay import replay_frames
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Outcome, play
from callflow.simulator.scenario_time import moment
from callflow.store.memory import MemoryStore
from tests.flows import DOCS, NUMBER, with_example
from tests.simulator.suite import AUDIO, CONFIG, shipped_scenarios

OPEN, CLOSED = ["greeting", "matters_menu"], ["closed_menu"]


class House:
    """The example of docs/flows with its calendars, in London."""

    def __init__(self, folder: Path) -> None:
        self.config = with_example(Path(shutil.copytree(CONFIG, folder / "config")))
        shutil.copyfile(DOCS / "calendars.yaml", self.config / "calendars.yaml")
        shutil.rmtree(self.config / "scenarios")
        (self.config / "scenarios").mkdir()
        text = (self.config / "callflow.yaml").read_text(encoding="utf-8")
        zone = next(line for line in text.splitlines() if line.startswith("timezone:"))
        (self.config / "callflow.yaml").write_text(text.replace(zone, "timezone: Europe/London"), "utf-8")
        self.hours("office")

    def hours(self, calendar: str) -> None:
        """Let the reception open and close by this calendar."""
        path = self.config / "flows" / "reception.yaml"
        text = path.read_text(encoding="utf-8")
        begin, end = text.index("    hours:"), text.index("    open: welcome")
        path.write_text(f"{text[:begin]}    hours: {calendar}\n{text[end:]}", "utf-8")

    def calendar(self, name: str, weekly: str) -> None:
        path = self.config / "calendars.yaml"
        path.write_text(
            path.read_text("utf-8") + f"\n  {name}: {{timezone: Europe/London, weekly: {weekly}}}\n", "utf-8"
        )
        self.hours(name)

    def configuration(self) -> Configuration:
        return load(self.config, AUDIO)

    def played(self, starts: str, *steps: str, store: MemoryStore | None = None) -> Outcome:
        lines = "".join(f"  - {step}\n" for step in steps)
        text = f'version: 1\nname: one\nstarts: "{starts}"\nsteps:\n{lines}'
        (self.config / "scenarios" / "one.yaml").write_text(text, "utf-8")
        (one,) = read_scenarios(self.config, self.configuration())
        return play(one, composer(AUDIO), store)

    def answers(self, starts: str, lines: Sequence[str]) -> Outcome:
        return self.played(starts, f"caller: calls {NUMBER}", *(f"caller: hears {line}" for line in lines))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.mark.parametrize(
    ("starts", "lines"),
    [
        ("2026-12-23 17:59", OPEN),
        ("2026-12-24 11:59:50", OPEN),  # half a day
        ("2026-12-24 12:00", CLOSED),
        ("2026-12-30 10:00", CLOSED),  # between the years, every year
        ("2031-01-01 10:00", CLOSED),
        ("2027-08-10 10:00", CLOSED),  # two weeks in summer
        ("2027-06-12 10:00", OPEN),  # one Saturday
        ("2027-06-19 10:00", CLOSED),
        ("2026-07-01 16:59+00:00", OPEN),  # clocks show 17:59
        ("2026-07-01 17:00+00:00", CLOSED),
    ],
)
def test_callers_hear_what_the_calendar_says(house: House, starts: str, lines: list[str]) -> None:
    assert house.answers(starts, lines).failure is None
    assert house.answers(starts, CLOSED if lines is OPEN else OPEN).failure


CALLS = f"caller: calls {NUMBER}"
HANGS_UP = "caller: hangs up"


def test_clocks_are_put_forward_between_two_calls(house: House) -> None:
    house.calendar("nights", '{sunday: ["00:00-01:00"]}')
    outcome = house.played("2026-03-29 00:59:50", CALLS, "caller: hears greeting", HANGS_UP, "after: 10", CALLS,
                           "caller: hears closed_menu")  # fmt: skip
    assert outcome.failure is None, outcome.failure


def test_clocks_are_put_back_and_the_hour_comes_twice(house: House) -> None:
    house.calendar("nights", '{sunday: ["00:00-01:30"]}')
    outcome = house.played("2026-10-25 01:29:50", CALLS, "caller: hears greeting", HANGS_UP, "after: 30", CALLS,
                           "caller: hears closed_menu", HANGS_UP, "after: 1800", CALLS,
                           "caller: hears greeting")  # fmt: skip
    assert outcome.failure is None, outcome.failure


@cache
def as_usual(name: str) -> Outcome:
    """On another day at the same time, so that the same times are spoken."""
    return play(replace(shipped_scenarios()[name], starts=moment("2026-03-28 00:59:30+00:00", "UTC")), composer(AUDIO))


def told(outcome: Outcome, name: str) -> list[str]:
    """What was heard and done. A call that we begin has another reference each time, which takes longer or shorter."""
    if not name.startswith("outgoing_"):
        return list(outcome.transcript)
    return [re.sub(r"\b(\d ){5}\d\b", "REF", re.sub(r"^ *\d+:\d\d\.\d", "", line)) for line in outcome.transcript]


@pytest.mark.parametrize("named", ["hold_", pytest.param("", marks=pytest.mark.long)])
@pytest.mark.parametrize("starts", ["2026-03-29 00:59:30+00:00", "2026-10-25 00:59:30+00:00"])
def test_every_call_is_the_same_while_clocks_change(starts: str, named: str) -> None:
    """A hold of 30 seconds is 30 seconds also at the moment when clocks jump by an hour."""
    chosen = [name for name in shipped_scenarios() if name.startswith(named)]
    assert chosen
    for name in chosen:
        scenario = shipped_scenarios()[name]
        then = play(replace(scenario, starts=moment(starts, "UTC")), composer(AUDIO))
        assert then.failure is None, name
        assert told(then, name) == told(as_usual(name), name), name


@pytest.mark.parametrize(
    ("starts", "by"), [("2026-03-29 00:59:40+00:00", "4 AM"), ("2026-10-25 00:59:40+00:00", "3 AM")]
)
def test_a_call_back_is_promised_by_the_clock_after_the_change(starts: str, by: str) -> None:
    scenario = shipped_scenarios()["call_back_number_typed"]
    there = replace(scenario.configuration, timezone="Europe/London")
    outcome = play(replace(scenario, configuration=there, starts=moment(starts, "UTC")), composer(AUDIO))
    assert any(f"a call back by {by}?" in line for line in outcome.transcript), outcome.transcript


def test_all_scenarios_are_played_at_a_time_of_choice() -> None:
    environment = {"CALLFLOW_CONFIG": str(CONFIG), "CALLFLOW_AUDIO": str(AUDIO)}
    run = partial(CliRunner().invoke, program, env=environment)
    assert "1 of 1 calls went as written" in run(["simulate", "hold_yes", "--at", "2026-03-29 00:59:40"]).output
    refused = run(["simulate", "hold_yes", "--at", "tomorrow"])
    assert refused.exit_code == 2
    assert "write it like" in refused.output


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        ("2026-03-29 01:30", "there is no 2026-03-29 01:30 in Europe/London: clocks are put forward then"),
        ("christmas", '"christmas" is no date and time: write it like "2026-12-24 11:59"'),
    ],
)
def test_a_time_that_no_clock_shows(house: House, starts: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        house.answers(starts, OPEN)


def test_a_person_closes_and_opens_during_a_scenario(house: House) -> None:
    outcome = house.played("2026-12-23 10:00", CALLS, "caller: hears greeting", HANGS_UP, "close: reception", CALLS,
                           "caller: hears closed_menu", HANGS_UP, "open: reception", CALLS,
                           "caller: hears greeting")  # fmt: skip
    assert outcome.failure is None, outcome.failure
    with pytest.raises(ConfigurationError, match="must be one of"):
        house.played("2026-12-23 10:00", "close: recepton")


def test_a_replay_shows_the_date_that_decided(house: House) -> None:
    store = MemoryStore()
    steps = (CALLS, "caller: hears closed_menu")
    assert house.played("2026-12-24 12:00", *steps, store=store).failure is None
    (call,) = store.calls(live=False)
    frames = list(replay_frames(call, store.history(call.id), store.journal(call.id), house.configuration()))
    shown = [line for frame in frames for line in by_file(frame.reads)]
    assert any(line.startswith("flows/reception.yaml:") and "steps.opening.hours = office" in line for line in shown)
    assert any("calendars.yaml:" in line and 'special_hours."12-24" = [08:00-12:00]' in line for line in shown), shown
