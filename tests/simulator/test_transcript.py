"""What ops read of a call with several conversations, and of a telephone of several people."""

import shutil
from pathlib import Path

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import play
from tests.simulator.suite import AUDIO, CONFIG, played

SECOND_CALLER = """
  - dora: calls
  - dora: {hears: reason_menu, presses: "2"}
  - ben: {hears: offer, presses: "1"}
  - together: [dora, ben]
  - together: [caller, ana]
"""


def test_two_conversations_are_not_told_as_one(tmp_path: Path) -> None:
    outcome = played(tmp_path, SECOND_CALLER, 'callers: {dora: "+15550100301"}\n')
    assert outcome.failure is None
    together = [one.partition("-- ")[2] for one in outcome.transcript if "in the room together" in one]
    assert together == ["in the room together: Ana, Caller", "in the room together: Ben, Dora"]


def test_a_telephone_of_two_has_both_names(tmp_path: Path) -> None:
    config = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    people = config / "people.yaml"
    people.write_text(people.read_text(encoding="utf-8").replace('"+15550100112"', "ana"), encoding="utf-8")
    configuration = load(config, AUDIO)
    (one,) = [found for found in read_scenarios(config, configuration) if found.id == "connected"]
    outcome = play(one, composer(AUDIO))
    assert outcome.failure is None
    assert any("Ana/Ben" in line and "This call is for Ana." in line for line in outcome.transcript)
