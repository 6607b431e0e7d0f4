"""`callflow check` and `callflow explain`, as ops and build servers meet them."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import check, explain, main, program, proof
from callflow.configuration.codes import CODES
from callflow.configuration.loading import load

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "audio").symlink_to(ROOT / "audio")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(check.proof, "shown", lambda *_, **__: True)  # takes seconds, and has tests of its own
    return Path("config")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(program, arguments)


def with_a_warning(config: Path) -> None:
    edit(config / "people.yaml", "role: a team leader", "role: team leader")


def with_errors(config: Path) -> None:
    edit(config / "people.yaml", "[sam, sky]", "[sam, skye]")
    edit(config / "callflow.yaml", "recording: off", "recording: offf")


@pytest.mark.usefixtures("config")
def test_the_shipped_configuration_has_not_even_a_warning() -> None:
    done = run("check", "--strict")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("config: good. 1 flow, 1 team, ")


def test_errors_come_first_each_in_the_order_of_the_files(config: Path) -> None:
    with_a_warning(config)
    with_errors(config)
    done = run("check")
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        'config/callflow.yaml:17:12 CF015 error: "recording" is "offf"; it must be one of off, notice, ask '
        '(did you mean "off"?) (policy rule 41: off by default)',
        'config/people.yaml:24:75 CF022 error: "skye" is not in supervisors (did you mean "sky"?)',
        'config/people.yaml:12:49 CF110 warning: callers hear "would like to bring in team leader"; write the role '
        'with "a" or "the" before it',
    ]
    assert done.stderr.splitlines() == [
        "config: 2 errors, 1 warning.",
        "`callflow explain CF015` says what a code means, and what to do.",
    ]


def test_a_warning_is_no_failure_unless_strict(config: Path) -> None:
    with_a_warning(config)
    assert run("check").exit_code == 0
    assert "config: good, with 1 warning. 1 flow" in run("check").stdout
    assert run("check", "--strict").exit_code == 1


def test_machines_read_json(config: Path) -> None:
    with_a_warning(config)
    with_errors(config)
    done = run("check", "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [(one["file"], one["line"], one["column"], one["code"], one["severity"]) for one in found] == [
        ("config/callflow.yaml", 17, 12, "CF015", "error"),
        ("config/people.yaml", 12, 49, "CF110", "warning"),
        ("config/people.yaml", 24, 75, "CF022", "error"),
    ]
    assert found[2]["message"] == '"skye" is not in supervisors (did you mean "sky"?)'
    assert found[2]["fix"] == "Correct the id, or add the person above."


@pytest.mark.usefixtures("config")
def test_no_problem_is_an_empty_list() -> None:
    assert json.loads(run("check", "--json").stdout) == []


@pytest.mark.usefixtures("config")
def test_a_directory_that_is_not_there() -> None:
    done = run("check", "conf")
    assert done.exit_code == 1
    there = Path.cwd()
    assert str(done.exception) == f"there is no configuration in {there}/conf; did you mean {there}/config?"
    assert [one["code"] for one in json.loads(run("check", "conf", "--json").stdout)] == ["CF001"]


def test_colour_is_for_terminals(config: Path) -> None:
    with_errors(config)
    assert "\x1b[" not in run("check").stdout
    assert "\x1b[31merror:" in CliRunner().invoke(program, ["check"], color=True).stdout


def test_our_own_fault_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object, **named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "examine", broken)
    monkeypatch.setattr("sys.argv", ["callflow", "check"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 3
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_explains_a_code() -> None:
    done = run("explain", "cf141")
    assert done.exit_code == 0
    assert done.stdout.startswith("CF141 error: A closing message does not say how to contact you again.\n\nRule 29:")
    assert "What to do: Add {contact} and {ref}." in done.stdout
    assert "```" not in done.stdout


def test_lists_all_codes() -> None:
    listed = run("explain").stdout
    assert all(f"  {code} " in listed for code in CODES)


def test_an_unknown_code_has_a_neighbour() -> None:
    done = run("explain", "CF-022")
    assert done.exit_code == 1
    assert 'There is no code "CF-022". Did you mean CF022?' in done.stderr


def test_prints_the_page() -> None:
    assert run("explain", "--markdown").stdout == explain.page()


def test_a_terminal_is_told_that_the_proofs_are_running(monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert proof.shown(ROOT / "config", load(ROOT / "config", ROOT / "audio"))
    told = capsys.readouterr()
    assert told.err == "Proving the safety rules ...\r\x1b[K"
    assert told.out.startswith("The safety rules are proved on ")
