"""A shipped scenario, played on a virtual clock at the pace that a visitor sets."""

import math
from collections.abc import Sequence
from threading import Thread
from typing import Any

from callflow.emulator import Emulator, Voices
from callflow.emulator import events as e
from callflow.live_rehearsal.stage import Captions, cast
from callflow.service.ports import Entry
from callflow.simulator.paced_clock import PacedClock, Stopped
from callflow.simulator.scenario import WITHHELD, Scenario
from callflow.simulator.scenario_phones import Composer, ScenarioPhones
from callflow.simulator.scenario_run import Outcome, played
from callflow.simulator.world import START

SPEEDS = (0.0, 0.5, 1.0, 2.0, 4.0, 16.0)
NOTICED = (e.CallPlaced, e.Ringing, e.Answered, e.SayStarted, e.PlayStarted, e.Pressed, e.Spoke, e.RoomStarted,
           e.LeftRoom, e.HungUp)  # fmt: skip
"""What ends a step: something that a person would notice."""


class ScenarioStage:
    """Begins at once, in a thread of its own."""

    def __init__(self, scenario: Scenario, compose: Composer) -> None:
        self._clock = PacedClock(scenario.starts or START)
        self._phones = ScenarioPhones(scenario, compose, clock=self._clock)
        self.emulator: Emulator = self._phones.world.emulator
        configuration = scenario.configuration
        callers = [(who, number if number != WITHHELD else self._phones.numbers[who])
                   for who, number in scenario.callers.items()]  # fmt: skip
        self.emulator.keep_sounds(Voices(configuration.languages[configuration.language].tag),
                                  cast(configuration, callers), Captions(configuration).of)  # fmt: skip
        self.emulator.on_event(self._notice)
        self._outcome: Outcome | None = None
        self._thread = Thread(target=self._play, name="scenario", daemon=True)
        self._thread.start()

    def pace(self, speed: float) -> None:
        """Raises ValueError for a speed that is none of ``SPEEDS``."""
        if speed not in SPEEDS:
            raise ValueError(f"the speed is one of {', '.join(f'{one:g}' for one in SPEEDS)}")
        self._clock.pace(speed)

    def step(self) -> None:
        """Go on to the next thing that somebody would notice, and stand still."""
        self._clock.pace(math.inf)

    def _notice(self, event: e.Event) -> None:
        if self._clock.speed == math.inf and isinstance(event, NOTICED):
            self._clock.pace(0.0)

    def _play(self) -> None:
        try:
            self._outcome = played(self._phones)
        except Stopped:
            return

    def entries(self) -> Sequence[Entry]:
        """The entries of all calls, in the order of their times."""
        with self._clock.lock:
            return self._phones.journal

    def state(self) -> dict[str, Any]:
        """Its part of the page, as plain data."""
        outcome, speed = self._outcome, self._clock.speed
        failure = outcome.failure if outcome else None
        told = "" if outcome is None else "The call went as written." if failure is None else \
            f"{failure.at}: not as written. Expected: {failure.expected}."  # fmt: skip
        return {
            "kind": "scenario", "scenario": self._phones.scenario.id, "name": self._phones.scenario.name,
            "speed": speed if speed != math.inf else 0, "over": outcome is not None, "outcome": told,
            "happened": list(failure.happened) if failure else [], "server": None, "guide": None, "recorded": 0,
        }  # fmt: skip

    def close(self) -> None:
        """End it, wherever it is."""
        self._clock.stop()
        self._thread.join(timeout=5)
        self.emulator.close()
