"""A scenario rehearses a forwarded call to the end: the outside number is a phone, and the two hear each other."""

import shutil
from pathlib import Path

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Failure, play
from tests.flows import NUMBER, with_example
from tests.simulator.suite import AUDIO, CONFIG

BEGINNING = f"""version: 1
name: forwarded
starts: "2026-11-24 10:00+00:00"
callers: {{caller: "+15550100199", depot: "+15550100777"}}
steps:
  - caller: calls {NUMBER}
  - caller: {{hears: matters_menu, presses: "2"}}
  - caller: hears one_moment
"""


def failure(folder: Path, steps: str) -> Failure | None:
    config = with_example(Path(shutil.copytree(CONFIG, folder / "config")))
    for shipped in (config / "scenarios").iterdir():
        shipped.unlink()
    (config / "scenarios" / "one.yaml").write_text(BEGINNING + steps, encoding="utf-8")
    (one,) = read_scenarios(config, load(config, AUDIO))
    return play(one, composer(AUDIO)).failure


def test_a_caller_who_is_forwarded_talks_to_the_outside(tmp_path: Path) -> None:
    steps = "  - together: [caller, depot]\n  - depot: hangs up\n  - caller: hears goodbye\n  - caller: is gone\n"
    assert failure(tmp_path, steps) is None


def test_a_caller_who_is_forwarded_is_not_alone(tmp_path: Path) -> None:
    failed = failure(tmp_path, "  - after: 10\n  - caller: {is: alone, within: 3}\n")
    assert failed is not None
    assert "caller: talking" in "\n".join(failed.happened)


def test_a_forwarded_call_that_is_over_is_not_together(tmp_path: Path) -> None:
    failed = failure(tmp_path, "  - after: 10\n  - depot: hangs up\n  - {together: [caller, depot], within: 3}\n")
    assert failed is not None
