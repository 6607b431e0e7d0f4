"""Scenarios for tests: the shipped ones, and small ones written for one test."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.service.ports import Store
from callflow.simulator.scenario import Scenario
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_phones import Composer
from callflow.simulator.scenario_run import Outcome, play

ROOT = Path(__file__).parents[2]
CONFIG, AUDIO = ROOT / "config", ROOT / "audio"
CONNECTED = CONFIG / "scenarios" / "connected.yaml"


@cache
def shipped() -> Configuration:
    return load(CONFIG, AUDIO)


@cache
def shipped_scenarios() -> dict[str, Scenario]:
    return {one.id: one for one in read_scenarios(CONFIG, shipped())}


def written(folder: Path, **files: str) -> Sequence[Scenario]:
    """Scenarios read from these texts, in a directory with the shipped policy."""
    target = folder / "config"
    (target / "scenarios").mkdir(parents=True, exist_ok=True)
    (target / "deescalation.yaml").write_bytes((CONFIG / "deescalation.yaml").read_bytes())
    (target / "scenarios" / "connected.yaml").write_bytes(CONNECTED.read_bytes())
    for name, text in files.items():
        (target / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return read_scenarios(target, shipped())


def played(folder: Path, steps: str, more: str = "") -> Outcome:
    """The outcome of one scenario that continues `connected`; ``steps`` and ``more`` are YAML."""
    text = f"version: 1\nname: one\ncontinues: connected\n{more}steps:\n{steps}"
    (one,) = [found for found in written(folder, one=text) if found.id == "one"]
    return play(one, composer(AUDIO))


def played_into(store: Store, name: str, compose: Composer | None = None) -> Outcome:
    """A shipped scenario, its calls kept in this store."""
    return play(shipped_scenarios()[name], compose or composer(AUDIO), store)
