"""What the page can show: a live rehearsal, which goes on in the background, or one scenario at a time."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from threading import RLock
from typing import Any

from callflow.configuration.loading import load
from callflow.configuration.problems import ConfigurationError
from callflow.live_rehearsal.live_stage import SETTINGS, LiveStage
from callflow.live_rehearsal.recording import read_back
from callflow.live_rehearsal.scenario_stage import SPEEDS, ScenarioStage
from callflow.live_rehearsal.stage import Stage, rows
from callflow.simulator.scenario import Scenario
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_phones import Composer
from callflow.simulator.scenario_run import play


class Rehearsals:
    """``folder`` has the files of the servers. Raises ServerDidNotStart, ConfigurationError."""

    def __init__(self, config: Path, audio: Path, folder: Path, compose: Composer) -> None:
        self._config, self._audio, self._folder, self._compose = config, audio, folder, compose
        folder.mkdir(parents=True, exist_ok=True)
        self._scenarios: Mapping[str, Scenario] = {one.id: one for one in read_scenarios(config, load(config, audio))}
        self._chosen = ""
        self._played: ScenarioStage | None = None
        self._changing = RLock()
        self.live = self._new_live()

    def _new_live(self) -> LiveStage:
        return LiveStage(self._config, self._audio, Path(mkdtemp(dir=self._folder)))

    @property
    def stage(self) -> Stage:
        """What is shown."""
        return self._played or self.live

    def begin(self) -> None:
        self.choose("")
        self.live.guide.begin()

    def choose(self, id: str) -> None:
        """Play this scenario from its beginning; "" is the live rehearsal. Raises ValueError for an unknown one."""
        if id and id not in self._scenarios:
            raise ValueError(f'there is no scenario "{id}"')
        with self._changing:
            before, self._chosen = self._played, id
            self._played = ScenarioStage(self._scenarios[id], self._compose) if id else None
            if before:
                before.close()

    def pace(self, speed: float) -> None:
        """Raises ValueError, also where time is real."""
        self._paced().pace(speed)

    def step(self) -> None:
        """Raises ValueError where time is real."""
        self._paced().step()

    def _paced(self) -> ScenarioStage:
        if self._played is None:
            raise ValueError("a server process runs in real time: choose a scenario")
        return self._played

    def start_over(self) -> None:
        """The same scenario again, or a live rehearsal with a new server and an empty journal."""
        with self._changing:
            if self._chosen:
                self.choose(self._chosen)
                return
            before, self.live = self.live, self._new_live()
            before.close()

    def shown(self) -> dict[str, Any]:
        """Everything on the page beside the telephones, as plain data."""
        stage = self.stage
        return {
            **stage.state(), "chosen": self._chosen, "speeds": SPEEDS, "journal": rows(stage.entries()),
            "scenarios": [{"id": one.id, "name": one.name} for one in self._scenarios.values()],
        }  # fmt: skip

    def recorded(self, name: str) -> str:
        """What was done in the live rehearsal, as a scenario. Its first line says whether it passes."""
        text = self.live.recording.text(name, [*self.live.entries()], SETTINGS)
        return "".join(f"# {line}\n" for line in self._judged(text)) + text

    def _judged(self, text: str) -> Sequence[str]:
        try:
            outcome = play(read_back(text, self._config, self._audio, self._folder), self._compose)
        except ConfigurationError as error:
            return ["Recorded at the telephones of `callflow demo --browser`. It cannot be read:",
                    *(str(one) for one in error.problems)]  # fmt: skip
        if outcome.failure is None:
            return ["Recorded at the telephones of `callflow demo --browser`. It passes `callflow simulate`."]
        return ["Recorded at the telephones of `callflow demo --browser`. It does not go as written yet:",
                outcome.failure.expected, *outcome.failure.happened]  # fmt: skip

    def close(self) -> None:
        """End everything, and remove the files."""
        with self._changing:
            if self._played:
                self._played.close()
            self.live.close()
        shutil.rmtree(self._folder, ignore_errors=True)
