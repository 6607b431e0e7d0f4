"""A caller and staff who hear different languages, through all three steps."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from callflow.cli.simulate import composer
from callflow.configuration.function_words import other_language
from callflow.configuration.languages import READY, add
from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import play
from tests.simulator.suite import AUDIO, CONFIG, ROOT

LANGUAGES = ROOT / "tests" / "languages"


def edited(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def german_callers(config: Path) -> None:
    german = "start: german\nsteps:\n  german: {language: de, next: welcome}\n"
    edited(config / "flows" / "front_desk.yaml", ("start: welcome\nsteps:\n", german))


def german_staff(config: Path) -> None:
    phones = ("111", "121", "131")
    edited(config / "people.yaml", *((f'"+15550100{one}"', f'"+15550100{one}", language: de') for one in phones))


def bilingual(folder: Path, change: Callable[[Path], None]) -> tuple[Path, Configuration]:
    config = folder / "config"
    shutil.copytree(CONFIG, config)
    add("de", config, config / READY)
    change(config)
    return config, load(config, AUDIO)


HEARD = re.compile(r"\s*[\d:.]+\s+(\w+)\s+hears\s+[^\"]*\"(.*)\"")


@pytest.mark.parametrize(("change", "scenario", "german"), [
    (german_callers, "german_caller", {"Caller"}), (german_staff, "german_staff", {"Ana", "Sam"}),
])  # fmt: skip
def test_each_hears_their_own_language_through_all_three_steps(
    tmp_path: Path, change: Callable[[Path], None], scenario: str, german: set[str]
) -> None:
    config, configuration = bilingual(tmp_path, change)
    shutil.copyfile(LANGUAGES / f"{scenario}.yaml", config / "scenarios" / "both.yaml")
    [one] = [found for found in read_scenarios(config, configuration) if found.id == "both"]
    outcome = play(one, composer(AUDIO))
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))
    heard = [found.groups() for line in outcome.transcript if (found := HEARD.match(line))]
    assert {who for who, _ in heard} == {"Caller", "Ana", "Sam", "Sky"}
    names = configuration.languages["de"].names
    for who, text in heard:
        code, others = ("de", names) if who in german else ("en", names.values())
        assert not other_language(text, code)
        assert not [name for name in others if name in text], text
