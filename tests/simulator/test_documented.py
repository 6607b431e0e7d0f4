"""docs/scenarios.md has every word that can be written in a scenario."""

import re
from pathlib import Path

from callflow.simulator.scenario import SERVER
from callflow.simulator.scenario_file import ScenarioFile
from callflow.simulator.scenario_words import ACTIONS, BEHAVIOURS, EXPECTED, FURTHER, STATES
from tests.simulator.suite import ROOT, played, written

TEXT = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")


def test_every_word_is_explained() -> None:
    states = [f"is {state}" for state in STATES]
    others = [word.replace(" ", "_") for word in FURTHER]
    wanted = [*ACTIONS, *EXPECTED, *states, *others, *BEHAVIOURS, *SERVER, *ScenarioFile.model_fields]
    assert [word for word in wanted if word not in TEXT] == []


def test_its_example_goes_as_written(tmp_path: Path) -> None:
    example = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[0]
    assert [one.id for one in written(tmp_path, example=example)] == ["connected", "example"]
    steps = example.partition("steps:\n")[2].partition("journal:")
    assert played(tmp_path, steps[0], f"journal:{steps[2]}").failure is None
