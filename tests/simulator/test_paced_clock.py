"""A scenario at the pace of a visitor: the same call, however fast it is played, and it can be stopped at any time."""

import math
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.simulator.paced_clock import PacedClock, Stopped
from callflow.simulator.scenario_file import read_scenario
from callflow.simulator.scenario_phones import ScenarioPhones
from callflow.simulator.scenario_run import play, played

ROOT = Path(__file__).parents[2]
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> PacedClock:
    return PacedClock(START)


def test_a_scenario_goes_as_without_a_pace(clock: PacedClock) -> None:
    configuration = load(ROOT / "config", ROOT / "audio")
    scenario = read_scenario(ROOT / "config" / "scenarios" / "connected.yaml", configuration)
    clock.pace(math.inf)
    paced = played(ScenarioPhones(scenario, composer(ROOT / "audio"), clock=clock))
    plain = play(scenario, composer(ROOT / "audio"))
    assert (paced.failure, paced.transcript) == (None, plain.transcript)


def test_time_passes_faster(clock: PacedClock) -> None:
    clock.pace(1000.0)
    done: list[float] = []
    clock.after(5.0, lambda: done.append(clock.monotonic()))
    clock.run_for(10.0)
    assert (done, clock.monotonic()) == ([5.0], 10.0)


def test_it_stands_still_and_goes_on(clock: PacedClock) -> None:
    clock.pace(0.0)
    reached = Event()
    clock.after(1.0, reached.set)
    runs = Thread(target=clock.run_for, args=(1.0,))
    runs.start()
    assert not reached.wait(0.1)
    clock.pace(math.inf)
    runs.join(5)
    assert reached.is_set()


def test_what_a_visitor_does_meanwhile_happens_at_once(clock: PacedClock) -> None:
    """While the clock stands still, too: a key is pressed now, not when time goes on."""
    clock.pace(0.0)
    pressed, over = Event(), Event()
    runs = Thread(target=lambda: clock.run_until_true(over.is_set, 100.0))
    runs.start()
    clock.after(0.0, pressed.set)
    assert pressed.wait(5)
    clock.after(0.0, over.set)
    runs.join(5)
    assert clock.monotonic() == 0.0


def test_whoever_waits_for_a_stopped_clock_gives_up(clock: PacedClock) -> None:
    clock.pace(0.0)
    told: list[str] = []

    def waits() -> None:
        try:
            clock.run_for(1000.0)
        except Stopped:
            told.append("stopped")

    runs = Thread(target=waits)
    runs.start()
    clock.stop()
    runs.join(5)
    assert told == ["stopped"]
