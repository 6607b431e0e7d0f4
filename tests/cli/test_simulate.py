"""`callflow simulate`: exit codes, what is printed, the JUnit report, and recording at the prompt."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from callflow.cli.simulate import command
from tests.simulator.suite import AUDIO, CONFIG

WRONG = """\
version: 1
name: a line that nobody hears
steps:
  - caller: calls
  - caller: {hears: hold_start, within: 20}
"""


def run(*arguments: str, config: Path = CONFIG, typed: str = "") -> Result:
    given = [*arguments, "--config", str(config), "--audio", str(AUDIO)]
    return CliRunner().invoke(command, given, input=typed, catch_exceptions=False)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The shipped configuration with two scenarios, one of which cannot go as written."""
    for path in CONFIG.rglob("*.yaml"):
        if path.parent.name != "scenarios" or path.stem in ("connected", "hold_no"):
            target = tmp_path / "config" / path.relative_to(CONFIG)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (tmp_path / "config" / "scenarios" / "wrong.yaml").write_text(WRONG, encoding="utf-8")
    return tmp_path / "config"


def test_what_goes_as_written() -> None:
    result = run("hold_no", "hold_yes.yaml")
    assert (result.exit_code, result.output.startswith("2 of 2 calls went as written, in ")) == (0, True)


def test_a_part_of_them() -> None:
    assert "3 of 3" in run("-k", "voicemail").output
    assert run("-k", "no such thing").exit_code == 1


def test_they_can_be_listed() -> None:
    assert "hold_no    " in run("--list").output


def test_the_story_of_one_that_goes_well() -> None:
    assert 'Caller    says   "No, thank you."' in run("hold_no", "--transcript").output
    assert "Caller" not in run("hold_no").output


def test_an_unknown_name() -> None:
    result = run("hold_on")
    assert (result.exit_code, 'no scenario "hold_on" (did you mean "hold_no"?)' in result.output) == (1, True)


def test_what_does_not_go_as_written(wrong: Path) -> None:
    result = run(config=wrong)
    assert result.exit_code == 1
    assert "2 of 3 calls went as written" in result.output
    assert 'Caller    hears  "Thank you for calling Example Energy."' in result.output
    assert f"  {wrong.as_posix()}/scenarios/wrong.yaml:5: FAILED" in result.output
    assert "    expected  caller: {hears: hold_start, within: 20}" in result.output
    assert "    happened  not within 20 s" in result.output
    assert "              caller heard greeting" in result.output


def test_the_report_for_a_pipeline(wrong: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert run("--junit", str(report), config=wrong).exit_code == 1
    suite = ElementTree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    (failure,) = suite.iter("failure")
    assert "wrong.yaml:5 caller: {hears: hold_start" in failure.get("message", "")
    assert "caller heard greeting" in (failure.text or "")
    assert {case.get("classname") for case in suite.iter("testcase")} == {"connected", "hold_no", "wrong"}


def test_a_mistake_in_a_file_is_told_with_its_place(wrong: Path) -> None:
    (wrong / "scenarios" / "wrong.yaml").write_text("version: 1\nname: x\nstepps: []\n", encoding="utf-8")
    result = run(config=wrong)
    assert (result.exit_code, "wrong.yaml:3:1 CF010 unknown key" in result.stderr) == (1, True)


RECORDED = """\
caller calls
caller presses 1
ana presses 1
wait 5
ana presses *1
wait 10
caller says yes
wait 12
caller presses 2
new caller dora withheld
dora calls
dora presses 2
ben presses 1
show
ana presses *33 ...
wait 3
ana presses *
wait 2
caller hangs up
ana presses #
dora hangs up
save
"""


def test_a_new_caller_has_a_number_that_a_network_shows(tmp_path: Path) -> None:
    typed = "new caller dora +49030123456\nnew caller eli +17378742833\nquit\n"
    result = run("--record", str(tmp_path / "recorded_call.yaml"), typed=typed)
    assert '+49030123456 must be written "+4930123456"' in result.output
    assert "eli can call" in result.output
    assert "dora can call" not in result.output


def test_a_recording_passes_when_it_is_simulated(tmp_path: Path) -> None:
    target = tmp_path / "recorded_call.yaml"
    result = run("--record", str(target), typed=RECORDED)
    assert f"{target} is written, and passes." in result.output
    assert result.exit_code == 0
    assert 'Ana       hears  "The caller said yes, 30 seconds.' in result.output
    assert "ben: room, with dora" in result.output
    text = target.read_text(encoding="utf-8")
    assert "name: recorded call\ncallers: {dora: withheld}\nsteps:\n  - caller: calls\n" in text
    assert '  - caller: {hears: reason_menu, presses: "1"}' in text
    assert "  - caller: hears yes_or_no\n" in text
    assert "  - caller: says yes\n" in text
    assert "  - ana: hears start warning_final" in text
    assert '  - {kind: warning, actor: ana, key: "*", script: warning_final, outcome: cut short}' in text


def test_a_recording_answers_mistakes(tmp_path: Path) -> None:
    typed = "anna calls\nana jumps\nwait long\nana presses 1\nana hears menu\nhelp\nquit\n"
    result = run("--record", str(tmp_path / "none.yaml"), typed=typed)
    assert '"anna" is nobody here (did you mean "ana"?)' in result.output
    assert '"jumps" is nothing a person does' in result.output
    assert 'wait how many seconds? "long" is no number' in result.output
    assert "is not on a call" in result.output
    assert "what is heard is written down by itself" in result.output
    assert "the three dots" in result.output or "three dots" in result.output
    assert not (tmp_path / "none.yaml").exists()


def test_no_line_of_a_recording_is_lost(tmp_path: Path) -> None:
    """The terminal was closed in the middle. The same command goes on from there; the folder is made."""
    target = tmp_path / "new" / "scenarios" / "long.yaml"
    lines = RECORDED.splitlines(keepends=True)
    result = run("--record", str(target), typed="".join(lines[:3]))
    assert (result.exit_code, target.exists()) == (1, False)
    assert f"What you typed is in {target}.draft" in result.stderr
    result = run("--record", str(target), typed="".join(lines[3:]))
    assert (result.exit_code, f"{target} is written, and passes." in result.stdout) == (0, True)
    assert [path.name for path in target.parent.iterdir()] == ["long.yaml"]


def test_one_broken_scenario_does_not_stop_another(wrong: Path) -> None:
    scenarios = wrong / "scenarios"
    (scenarios / "wrong.yaml").write_text("version: 1\nname: broken\nsteps: [caller: flies]\n", encoding="utf-8")
    (scenarios / "after.yaml").write_text(
        "version: 1\nname: b\ncontinues: wrong\nsteps: [after: 1]\n", encoding="utf-8"
    )
    (scenarios / "shapeless.yaml").write_text("version: 1\nsteps: {\n", encoding="utf-8")
    result = run(config=wrong)
    assert result.exit_code == 1
    assert "2 of 2 calls went as written" in result.stdout
    assert "scenarios/wrong.yaml:3:" in result.stderr
    assert "scenarios/shapeless.yaml:" in result.stderr
    assert "after.yaml" not in result.stderr
    assert "Not played, because of the errors above: 2 files" in result.stderr


def test_a_server_that_dies_is_recorded_too(tmp_path: Path) -> None:
    typed = (
        "caller calls\ncaller presses 1\nana presses 1\nana presses *1\ncaller presses 1\nserver dies\nwait 40\nsave\n"
    )
    result = run("--record", str(tmp_path / "dead.yaml"), typed=typed)
    assert result.output.endswith("is written, and passes.\n"), result.output
    assert "  - server: dies\n" in (tmp_path / "dead.yaml").read_text(encoding="utf-8")
