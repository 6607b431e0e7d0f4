"""The example of docs/flows is clean, has every verb, and the guide to it names them all."""

import shutil
from pathlib import Path

from callflow.configuration.checks import catalogue
from callflow.configuration.checks.flows import VERBS
from callflow.configuration.loading import examine
from tests.configuration.workbench import AUDIO, ROOT
from tests.flows import with_example


def test_the_example_is_clean(tmp_path: Path) -> None:
    config = with_example(Path(shutil.copytree(ROOT / "config", tmp_path / "config")))
    examined = examine(config, AUDIO, catalogue.ALL)
    assert examined.problems == ()
    assert examined.configuration
    flows = [examined.configuration.flows[name] for name in ("reception", "after_hours")]
    assert {step.verb for flow in flows for step in flow.steps.values()} == set(VERBS) - {"language"}


def test_the_guide_has_every_verb() -> None:
    guide = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    assert [verb for verb in VERBS if f"| `{verb}: " not in guide] == []


def test_default_of_a_variable_and_what_a_line_uses(tmp_path: Path) -> None:
    config = with_example(Path(shutil.copytree(ROOT / "config", tmp_path / "config")))
    configuration = examine(config, AUDIO).configuration
    assert configuration
    assert configuration.flows["reception"].variables["customer_name"] == "our customer"
    assert configuration.languages["en"].scripts["hello_name"].variables == ("customer_name",)
    assert configuration.flows["reception"].steps["opening"].hours.weekly[4] == ((480, 1080), (1320, 120))  # type: ignore[union-attr]
