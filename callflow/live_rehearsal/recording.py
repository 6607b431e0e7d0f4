"""What was done at the page, written as a scenario that `callflow simulate` plays."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.emulator import Emulator, Manual
from callflow.emulator import events as e
from callflow.emulator.extensions import address
from callflow.service.ports import Entry
from callflow.simulator.expectations import Prompts
from callflow.simulator.happened import Happened
from callflow.simulator.recorder_text import Action, scenario_text
from callflow.simulator.scenario import CALLER, CALLERS_NUMBER, Scenario
from callflow.simulator.scenario_file import FOLDER, read_scenarios


class Recording:
    """Subscribes to an emulator and notes what its people do, from their first call on."""

    def __init__(self, emulator: Emulator, configuration: Configuration, prompts: Prompts) -> None:
        people = {**configuration.agents, **configuration.supervisors, "security": configuration.security}
        numbers = {CALLER: CALLERS_NUMBER} | {id: address(one.phone, one.extension) for id, one in people.items()}
        self._emulator, self._by_hand = emulator, [who for who in numbers if who != CALLER]
        self._happened = Happened(emulator, prompts, numbers)
        emulator.on_event(self._notice)

    @property
    def count(self) -> int:
        """How many actions were noted."""
        return sum(isinstance(one, Action) for one in self._happened.items)

    def server(self, does: str) -> None:
        """The server dies, or returns."""
        with self._emulator.clock.lock:
            self._note("server", does)

    def _note(self, who: str, action: str, value: str = "") -> None:
        if who:
            self._happened.items.append(Action(self._emulator.clock.monotonic(), who, action, value))

    def _notice(self, event: e.Event) -> None:
        if not isinstance(event, e.LegEvent):
            return
        who, leg = self._happened.who(event.leg), self._emulator.legs.get(event.leg)
        match event:
            case e.CallPlaced(direction="inbound"):
                self._note(who, "calls")
            case e.Answered() | e.PickedUp() if leg and leg.direction != "inbound" and self._rang_by_hand(event.leg):
                self._note(who, "picks up")
            case e.Pressed(key=key):
                self._note(who, "presses", key)
            case e.Spoke(text=text):
                self._note(who, "says", text)
            case e.HungUp(by="phone", status=status):
                self._note(who, "hangs up" if status == "completed" or who == CALLER else "declines")

    def _rang_by_hand(self, sid: str) -> bool:
        phone = self._emulator.legs[sid].phone
        return phone is not None and isinstance(phone.behaviour, Manual)

    def text(self, name: str, entries: list[Entry], settings: Mapping[str, Any]) -> str:
        """The text of the scenario file. ``settings``: what was changed in deescalation.yaml."""
        with self._emulator.clock.lock:
            people = dict.fromkeys(self._by_hand, "by hand")
            return scenario_text(name, {}, self._happened.in_order(), entries, {}, people=people, settings=settings)


def read_back(text: str, config: Path, audio: Path, folder: Path) -> Scenario:
    """The scenario in this text, with the configuration in ``config``. Raises ConfigurationError."""
    copy = folder / "recorded"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(config, copy, ignore=shutil.ignore_patterns(FOLDER))
    (copy / FOLDER).mkdir()
    (copy / FOLDER / "recorded.yaml").write_text(text, encoding="utf-8")
    return read_scenarios(copy, load(copy, audio))[0]
