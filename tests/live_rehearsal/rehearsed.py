"""A rehearsal on the virtual clock: the guide, the recording, and a visitor who presses what the page says."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from callflow import bootstrap
from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.emulator import Manual
from callflow.live_rehearsal.guide import Guide
from callflow.live_rehearsal.live_stage import SETTINGS
from callflow.live_rehearsal.recording import Recording, read_back
from callflow.live_rehearsal.stage import cast
from callflow.simulator import rehearsal
from callflow.simulator.expectations import Prompts
from callflow.simulator.scenario import CALLER, CALLERS_NUMBER
from callflow.simulator.scenario_phones import Composer
from callflow.simulator.scenario_run import Outcome, play
from callflow.simulator.world import World

ROOT = Path(__file__).parents[2]
CONFIG, AUDIO = ROOT / "config", ROOT / "audio"


@cache
def shipped() -> Configuration:
    """The shipped configuration, with the settings of the page."""
    return load(rehearsal.shortened(CONFIG, Path(mkdtemp()) / "config", SETTINGS), AUDIO)


def composer() -> Composer:
    return lambda configuration, world, store: bootstrap.rehearse(configuration, AUDIO, world, store).callflow


class Rehearsed:
    """``killed``: when the server was, in clock seconds. ``seen``: the beats in order, with the key that glows."""

    def __init__(self, configuration: Configuration) -> None:
        self.world = World()
        self.running = bootstrap.rehearse(configuration, AUDIO, self.world).callflow
        prompts = Prompts(configuration)
        self.emulator = self.world.emulator
        for one in cast(configuration, [(CALLER, CALLERS_NUMBER)]):
            self.emulator.phone(one.number).behave(Manual())
        self.recording = Recording(self.emulator, configuration, prompts)
        self.killed: list[float] = []
        self.seen: dict[str, str] = {}
        self.guide = Guide(self.emulator, configuration, prompts, self.kill)
        self.caller = self.emulator.phone(CALLERS_NUMBER)

    def kill(self) -> None:
        self.killed.append(self.world.clock.monotonic())
        self.recording.server("dies")
        self.world.disconnect()

    def beat(self) -> str:
        state = self.guide.state()
        self.seen.setdefault(state["beat"], state["glows"])
        return str(state["beat"])

    def until(self, *beats: str, limit: float = 90.0) -> float:
        """Let time pass until the guide is there. Returns the seconds that took."""
        begun = self.world.clock.monotonic()
        assert self.world.clock.run_until_true(lambda: self.beat() in beats, limit), f"{self.beat()}, not {beats}"
        return self.world.clock.monotonic() - begun

    def presses_what_glows(self) -> str:
        """The visitor presses the key that the page shows, half a second later. Returns it."""
        self.world.clock.run_for(0.5)
        state = self.guide.state()
        self.emulator.phone(state["you"]).press(state["glows"])
        return str(state["glows"])

    def journal(self) -> list[str]:
        calls = reversed(self.running.store.calls(live=False))
        entries = [one for call in calls for one in self.running.store.journal(call.id)]
        return [f"{one.note.kind} {one.note.outcome}".strip() for one in entries]

    def recorded(self, folder: Path) -> tuple[str, Outcome]:
        """The scenario of what was done, and how it goes when it is played."""
        entries = [one for call in self.running.store.calls(live=False)
                   for one in self.running.store.journal(call.id)]  # fmt: skip
        text = self.recording.text("a call that I played", entries, SETTINGS)
        return text, play(read_back(text, CONFIG, AUDIO, folder), composer())
