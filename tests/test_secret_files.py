"""Secrets come from the environment or from files, and never from the command line."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from callflow.cli import program
from callflow.settings import VARIABLES, Settings, SettingsError
from tests.test_settings import COMPLETE

TOKEN = "a-token-that-nobody-may-see"
LIKE_A_SECRET = re.compile("token|secret|passw|key|credential")
PRETENDED = {("emulate", "--token")}
"""The token of the local provider, whose account exists nowhere else."""


def test_every_setting_can_stand_in_a_file(tmp_path: Path) -> None:
    plain = {**{name: "" for name in VARIABLES}, **COMPLETE}
    given = {}
    for name, value in plain.items():
        if value:
            given[f"{name}_FILE"] = str(tmp_path / name)
            (tmp_path / name).write_text(f"{value}\n")
    assert Settings.from_environment(given) == Settings.from_environment(COMPLETE)


@pytest.mark.parametrize(("content", "said"), [
    (None, "TWILIO_AUTH_TOKEN_FILE names a file that cannot be read: No such file or directory"),
    (b"\n", "TWILIO_AUTH_TOKEN_FILE names a file that is empty"),
    (f"{TOKEN}\n{TOKEN}\n".encode(), "TWILIO_AUTH_TOKEN_FILE names a file that has more than one line"),
    (TOKEN.encode() * 4000, "TWILIO_AUTH_TOKEN_FILE names a file that has more than one line"),
    (b"\xff" + TOKEN.encode(), "TWILIO_AUTH_TOKEN_FILE names a file that is not text"),
    (f"{TOKEN} {TOKEN}".encode(), "TWILIO_AUTH_TOKEN has a blank"),
])  # fmt: skip
def test_a_file_that_is_no_secret_is_told_without_its_content(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    given = {name: value for name, value in COMPLETE.items() if name != "TWILIO_AUTH_TOKEN"}
    with pytest.raises(SettingsError, match=re.escape(said)) as caught:
        Settings.from_environment({**given, "TWILIO_AUTH_TOKEN_FILE": str(file)})
    assert len(caught.value.problems) == 1
    assert TOKEN not in str(caught.value)


def test_a_secret_that_is_given_twice_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TWILIO_AUTH_TOKEN is set, and TWILIO_AUTH_TOKEN_FILE too"):
        Settings.from_environment({**COMPLETE, "TWILIO_AUTH_TOKEN_FILE": str(tmp_path)})


def test_no_command_takes_a_secret_as_an_argument() -> None:
    taken = {(name, word) for name, option in _options(program, "") for word in option.opts
             if LIKE_A_SECRET.search(word)}  # fmt: skip
    assert taken == PRETENDED


def test_a_database_url_with_a_password_is_no_argument() -> None:
    for url in ("postgresql://me:s3cret@db/callflow", "postgresql://db/callflow?user=me&password=s3cret"):
        done = CliRunner().invoke(program, ["replay", "--database", url, "4F7K"])
        assert (done.exit_code, "CALLFLOW_DATABASE_URL_FILE" in done.output) == (2, True)
        assert "s3cret" not in done.output


def _options(command: click.Command, name: str) -> Iterator[tuple[str, click.Parameter]]:
    yield from ((name, option) for option in command.params)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            found = command.get_command(context, word)
            assert found is not None
            yield from _options(found, f"{name} {word}".strip())
