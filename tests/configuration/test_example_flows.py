"""The example of docs/flows is clean, has every verb, and the guide to it names them all."""

import shutil
from pathlib import Path

import pytest

from callflow.configuration import convert_flows
from callflow.configuration.checks import catalogue
from callflow.configuration.checks.flows import VERBS
from callflow.configuration.codes import Severity
from callflow.configuration.loading import examine
from callflow.configuration.reading.shapes import StepShape
from callflow.core.flow import verbs
from callflow.core.flow.sub_flow import DEEPEST
from tests.configuration.workbench import AUDIO, ROOT
from tests.flows import with_example


def test_the_example_is_clean(tmp_path: Path) -> None:
    config = with_example(Path(shutil.copytree(ROOT / "config", tmp_path / "config")))
    examined = examine(config, AUDIO, catalogue.ALL)
    assert examined.problems == ()
    assert examined.configuration
    flows = [examined.configuration.flows[name] for name in ("reception", "after_hours")]
    assert {step.verb for flow in flows for step in flow.steps.values()} == set(VERBS) - {"language"}


def test_every_verb_of_the_core_is_read_and_checked() -> None:
    core = {row.step: verb for verb, row in verbs.VERBS.items()}
    assert {made: verb for verb, (made, _) in convert_flows.STEPS.items()} == core
    assert set(VERBS) == set(core.values()) <= set(StepShape.model_fields)


@pytest.mark.parametrize(("depth", "too_deep"), [(DEEPEST, False), (DEEPEST + 1, True)])
def test_flows_inside_flows_are_as_deep_as_a_call_follows(tmp_path: Path, depth: int, too_deep: bool) -> None:
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    start = "version: 1\nstart: go\nsteps:\n  go: {"
    for level in range(1, depth):
        text = f"{start}flow: level{level + 1}, next: told}}\n  told: {{say: greeting}}\n"
        (config / "flows" / f"level{level}.yaml").write_text(text, encoding="utf-8")
    (config / "flows" / f"level{depth}.yaml").write_text(f"{start}voicemail: leave_message}}\n", encoding="utf-8")
    front = config / "flows" / "front_desk.yaml"
    text = front.read_text(encoding="utf-8").replace("    next: reason\n", "    next: down\n")
    front.write_text(f"{text}\n  down: {{flow: level1, next: reason}}\n", encoding="utf-8")
    problems = [str(one) for one in examine(config, AUDIO).of(Severity.ERROR)]
    assert [("CF076" in one, "goes deeper than 5 flows" in one) for one in problems] == [(True, True)] * too_deep


def test_the_guide_has_every_verb() -> None:
    guide = (ROOT / "docs" / "flows.md").read_text(encoding="utf-8")
    assert [verb for verb in VERBS if f"| `{verb}: " not in guide] == []


def test_default_of_a_variable_and_what_a_line_uses(tmp_path: Path) -> None:
    config = with_example(Path(shutil.copytree(ROOT / "config", tmp_path / "config")))
    configuration = examine(config, AUDIO).configuration
    assert configuration
    assert configuration.flows["reception"].variables["customer_name"] == "our customer"
    assert configuration.languages["en"].scripts["hello_name"].variables == ("customer_name",)
    assert configuration.flows["reception"].steps["opening"].hours.weekly[4] == ((480, 1080), (1320, 120))  # type: ignore[attr-defined]
