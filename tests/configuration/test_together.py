"""Everything that is wrong is said at once; what only follows from it is not."""

import pytest

from callflow.configuration.problems import ConfigurationError, Problem
from tests.configuration.workbench import Workbench

FILES = (
    "callflow.yaml",
    "people.yaml",
    "deescalation.yaml",
    "guidance.yaml",
    "flows/front_desk.yaml",
    "scripts/en.yaml",
)


def test_all_files_speak_at_once(bench: Workbench) -> None:
    bench.edit("callflow.yaml", "recording: off", "recording: maybe")
    bench.edit("callflow.yaml", '": front_desk', '": frontdesk')
    bench.edit("people.yaml", "[sam, sky]", "[sam, skye]")
    bench.edit("people.yaml", "ring: in_order}", "ring: in_order, rings: 3}")
    bench.edit("deescalation.yaml", "  seconds: 30 ", "  seconds: 90 ")
    bench.edit("deescalation.yaml", "  cancel_seconds: 5", "  cancel_seconds: 1")
    bench.edit("deescalation.yaml", '    civility: "3"', '    civility: "2"')
    bench.edit("flows/front_desk.yaml", "    otherwise: message", "    otherwise: mesage")
    bench.edit("flows/front_desk.yaml", "    attempts: 2", "    attempts: 9")
    bench.edit("scripts/en.yaml", "  hold_start:", "  hold_strat:")
    bench.edit("scripts/en.yaml", "Saved.", "Saved, madam. Yes.")
    assert [" ".join(str(one).split(" ")[:2]) for one in bench.errors()] == [
        "config/callflow.yaml:14:19 CF024",
        "config/callflow.yaml:17:12 CF015",
        "config/deescalation.yaml:13:15 CF034",
        "config/deescalation.yaml:23:12 CF014",
        "config/deescalation.yaml:46:19 CF014",
        "config/flows/front_desk.yaml:22:15 CF014",
        "config/flows/front_desk.yaml:27:16 CF031",
        "config/people.yaml:24:75 CF022",
        "config/people.yaml:24:98 CF010",
        "config/scripts/en.yaml:122:1 CF040",
        "config/scripts/en.yaml:164:3 CF042",
        "config/scripts/en.yaml:332:25 CF045",
        "config/scripts/en.yaml:332:25 CF046",
    ]


def test_an_unreadable_file_is_one_problem(bench: Workbench) -> None:
    """Nobody is told that a team is missing because people.yaml has a bracket too few."""
    bench.edit("people.yaml", "agents:\n", "agents: [\n")
    assert len(bench.problems()) == 1


def test_the_error_carries_its_problems(bench: Workbench) -> None:
    (bench.config / "people.yaml").unlink()
    with pytest.raises(ConfigurationError) as caught:
        bench.load()
    assert caught.value.problems == (Problem("config/people.yaml", 1, 1, "CF001", "this file is missing"),)


def test_an_empty_directory(bench: Workbench) -> None:
    for file in FILES:
        (bench.config / file).unlink()
    assert [str(one).split(" ")[0] for one in bench.errors()] == [
        f"config/{name}:1:1" for name in ("callflow.yaml", "deescalation.yaml", "flows", "people.yaml", "scripts")
    ]


def test_keys_of_the_telephone_need_no_quotes(bench: Workbench) -> None:
    before = bench.load()
    for file, quoted in (
        ("deescalation.yaml", '"9"'), ("deescalation.yaml", '"3": {'), ("flows/front_desk.yaml", '"2": {next'),
    ):  # fmt: skip
        bench.edit(file, quoted, quoted.replace('"', ""))
    after = bench.load()
    assert (after.policy, after.flows) == (before.policy, before.flows)


def test_what_is_left_out_has_its_default(bench: Workbench) -> None:
    shipped = bench.load()
    (bench.config / "deescalation.yaml").write_text("version: 1\n", encoding="utf-8")
    (bench.config / "guidance.yaml").unlink()
    assert bench.load().policy == shipped.policy


def test_a_second_language_is_complete_for_callers(bench: Workbench) -> None:
    """Staff lines may be missing there; the default language speaks for them."""
    english = (bench.config / "scripts/en.yaml").read_text(encoding="utf-8")
    callers = english.split("  # ---- Staff hear", 1)[0]
    british = callers.replace("Polly.Joanna-Neural, language: en-US", "Polly.Amy-Neural, language: en-GB")
    (bench.config / "scripts/en-gb.yaml").write_text(british, encoding="utf-8")
    configuration = bench.load()
    assert configuration.script("heads_up", "en-gb") == configuration.script("heads_up", "en")
    assert configuration.languages["en-gb"].tag == "en-GB"
    assert not bench.problems()
    bench.edit("people.yaml", '"+15550100111"}', '"+15550100111", language: en-gb}')
    assert [line.split(" ")[1] for line in bench.problems()] == ["CF049"]


def test_a_warning_does_not_keep_the_product_from_starting(bench: Workbench) -> None:
    bench.edit("people.yaml", "role: a team leader", "role: team leader")
    assert bench.load().person("sam").role == "team leader"
    assert bench.problems()


def test_schemas_and_notes_in_the_directory_are_nobodys_business(bench: Workbench) -> None:
    (bench.config / "schema").mkdir(exist_ok=True)
    (bench.config / "schema/flow.schema.json").write_text("{", encoding="utf-8")
    (bench.config / "README.md").write_text("ours", encoding="utf-8")
    (bench.config / "flows/.front_desk.yaml.swp").write_bytes(b"\0")
    assert not bench.problems()
