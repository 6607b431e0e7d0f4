"""The languages that come with Callflow: complete, in their language, and reported as drafts where they are heard."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from callflow.cli import program
from callflow.configuration.languages import READY, NotAdded, add
from callflow.configuration.loading import examine, read_draft

ROOT = Path(__file__).parents[2]
CONFIG, AUDIO = ROOT / "config", ROOT / "audio"
SHIPPED = sorted(path.stem for path in (CONFIG / READY).glob("*.yaml"))


def words(path: Path) -> dict[str, set[str]]:
    file = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return {part: set(file[part]) for part in ("scripts", "fragments")}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config"


def heard_in(config: Path, code: str) -> None:
    """Callers hear it from the first step on, and so does Ana."""
    flow, people = config / "flows" / "front_desk.yaml", config / "people.yaml"
    first = f"start: chosen\nsteps:\n  chosen: {{language: {code}, next: welcome}}\n"
    flow.write_text(flow.read_text("utf-8").replace("start: welcome\nsteps:\n", first), "utf-8")
    people.write_text(people.read_text("utf-8").replace('0111"}', f'0111", language: {code}}}'), "utf-8")


def test_german_spanish_and_japanese_come_with_callflow() -> None:
    assert SHIPPED == ["de", "es", "ja"]


@pytest.mark.parametrize("code", SHIPPED)
def test_a_shipped_language_has_exactly_the_lines_of_english(code: str) -> None:
    english, translated = words(CONFIG / "scripts" / "en.yaml"), words(CONFIG / READY / f"{code}.yaml")
    for part, ids in english.items():
        assert not ids - translated[part], f"missing in {code}: {sorted(ids - translated[part])}"
        assert not translated[part] - ids, f"only in {code}: {sorted(translated[part] - ids)}"


@pytest.mark.parametrize("code", SHIPPED)
def test_it_is_only_a_draft_when_it_is_heard(config: Path, code: str) -> None:
    add(code, config, CONFIG / READY)
    assert not examine(config, AUDIO).problems
    heard_in(config, code)
    (problem,) = examine(config, AUDIO).problems
    assert (problem.code, Path(problem.file).name) == ("CF250", f"{code}.yaml")
    path = config / "scripts" / f"{code}.yaml"
    path.write_text(path.read_text("utf-8").replace("draft: true", "signed_by: Jana Beispiel, May 2026"), "utf-8")
    assert not examine(config, AUDIO).problems


def test_a_translation_that_is_there_is_not_written_over(config: Path) -> None:
    (config / "scripts" / "de.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(NotAdded, match="there already"):
        add("de", config, CONFIG / READY)
    assert (config / "scripts" / "de.yaml").read_text("utf-8") == "mine"
    with pytest.raises(
        NotAdded, match=r'No translation of "dee" comes with Callflow \(did you mean "de"\?\)\. There is de, es, ja'
    ):
        add("dee", config, CONFIG / READY)


def test_the_list_says_who_hears_a_language_and_what_it_lacks(config: Path) -> None:
    add("de", config, CONFIG / READY)
    heard_in(config, "de")
    path = config / "scripts" / "de.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("  carry_on:")]
    path.write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(program, ["languages", "list", str(config)])
    assert done.exit_code == 0
    german, english, spanish, japanese = done.output.splitlines()
    assert german == "de      heard; a draft, signed by nobody; 1 missing: carry_on"
    assert english == "en      heard; own words; complete"
    assert spanish == "es      ready to be added: callflow languages add es"
    assert japanese == "ja      ready to be added: callflow languages add ja"
    found = json.loads(CliRunner().invoke(program, ["languages", "list", str(config), "--json"]).output)
    assert [(one["code"], one["in_force"], one["missing"]) for one in found] == [
        ("de", True, ["carry_on"]), ("en", True, []), ("es", False, []), ("ja", False, []),
    ]  # fmt: skip


def test_a_new_configuration_can_begin_with_a_second_language(tmp_path: Path) -> None:
    asked = ["init", str(tmp_path), "--yes", "--organisation", "Acme", "--number", "+15550100100", "--agent",
             "Ana=+15550100111", "--supervisor", "Sam=+15550100121", "--security", "+15550100131",
             "--timezone", "UTC"]  # fmt: skip
    wrong = CliRunner().invoke(program, [*asked, "--language", "xx"])
    assert wrong.exit_code == 1
    assert "No translation of" in wrong.output
    assert not (tmp_path / "config").exists()
    done = CliRunner().invoke(program, [*asked, "--language", "es"])
    assert done.exit_code == 0, done.output
    draft = read_draft(tmp_path / "config")
    assert set(draft.scripts) == {"en", "es"}
    assert not [one for one in examine(draft.directory, AUDIO).problems if one.code != "CF250"]
