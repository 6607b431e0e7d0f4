"""What people expect of every command line: version, help, colours, the tab key, and JSON of whatever is listed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import program
from callflow.store import open_store
from tests.cli.test_commands import callflow, environment, provider_settings, python


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_told(option: str) -> None:
    assert callflow(option).stdout.startswith("callflow, version ")


def test_help_says_what_exit_codes_mean() -> None:
    told = " ".join(callflow("--help").stdout.split())
    for words in ("0 all is well", "1 something to mend", "2 the command is not written like that", "3 a bug", "130"):
        assert words in told


def test_colours_are_as_you_want_them() -> None:
    assert "\x1b" not in callflow("explain", "CF001").stdout
    assert "\x1b" in callflow("explain", "CF001", env=environment(FORCE_COLOR="1")).stdout
    assert "\x1b" not in callflow("explain", "CF001", env=environment(FORCE_COLOR="1", NO_COLOR="1")).stdout


def test_quiet_prints_nothing_but_errors() -> None:
    done = callflow("--quiet", "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    wrong = callflow("-q", "explain", "CF9999")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "There is no code" in wrong.stderr


@pytest.mark.parametrize(("shell", "file"), [("bash", ".local/share/bash-completion/completions/callflow"),
                                             ("zsh", ".local/share/zsh/site-functions/_callflow"),
                                             ("fish", ".config/fish/completions/callflow.fish")])  # fmt: skip
def test_completion_is_installed_by_one_command(tmp_path: Path, shell: str, file: str) -> None:
    done = callflow("completion", env=environment(HOME=str(tmp_path), SHELL=f"/bin/{shell}"))
    assert (done.returncode, done.stderr) == (0, "")
    assert str(tmp_path / file) in done.stdout
    assert "_CALLFLOW_COMPLETE" in (tmp_path / file).read_text()
    assert callflow("completion", env=environment(HOME=str(tmp_path), SHELL="/bin/sh")).returncode == 2


def test_the_tab_key_completes_a_command() -> None:
    asking = environment(_CALLFLOW_COMPLETE="bash_complete", COMP_WORDS="callflow che", COMP_CWORD="1")
    script = "import sys; sys.argv = ['callflow']; from callflow.cli import main; main()"
    assert python("-c", script, env=asking).stdout.split() == ["plain,check", "plain,check-ins"]


LISTS = ("adjustments list", "alarms list", "check-ins list", "close", "config list", "hold list", "incident list",
         "jobs list", "journal", "people list", "promises list", "recordings list",
         "restrictions list --reason x --by sam",
         "retention", "webhooks list", "explain", "languages list", "prompts list")  # fmt: skip


WITHOUT_DATABASE = ("explain", "languages list", "prompts list")


@pytest.mark.parametrize("command", [
    *(one for one in LISTS if one not in WITHOUT_DATABASE), "keys status", "people sessions", "people accesses",
    "people wall-link", "people pin ana", "verify", "db check", "db status", "call --person ana --to +15550100199",
])  # fmt: skip
def test_in_the_wrong_folder_no_empty_database_is_made(tmp_path: Path, command: str) -> None:
    """It would say of everything that there is none: no legal hold, no promise."""
    done = CliRunner().invoke(program, command.split(), env=provider_settings(tmp_path))
    assert done.exit_code == 1
    assert f"there is no database at {tmp_path}/calls.db: go to the directory" in f"{done.stderr} {done.exception}"
    assert not (tmp_path / "calls.db").exists()


@pytest.mark.parametrize("command", LISTS)
def test_whatever_is_listed_is_there_for_programs(tmp_path: Path, command: str) -> None:
    environ = provider_settings(tmp_path)
    open_store(environ["CALLFLOW_DATABASE_URL"], (environ["CALLFLOW_SECRET_KEY"],)).close()
    done = CliRunner().invoke(program, [*command.split(), "--json"], env=environ)
    assert (done.exit_code, done.stderr) == (0, "")
    json.loads(done.stdout)
