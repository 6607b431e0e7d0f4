"""What is typed and not seen, from a terminal and from another program; and questions that nobody answers."""

import fcntl
import os
import pty
import subprocess
import sys
import termios
from contextlib import closing
from pathlib import Path

import pytest

from callflow.service import pins
from callflow.store import open_store
from tests.cli.test_commands import ROOT, SECRET, callflow, provider_settings

NEEDS = ("adjustments", "add", "--need", "more_time", "--letter", "--reason", "a letter", "--by", "sam")
"""Followed by --number -."""


@pytest.fixture(autouse=True)
def database(tmp_path: Path) -> None:
    """As a server has made it."""
    open_store(f"sqlite:///{tmp_path / 'calls.db'}", (SECRET,)).close()


def of_a_program(folder: Path, text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """The command with a pipe as its input, in a session that has a terminal, as when somebody types `echo x | ...`."""
    terminal, screen = pty.openpty()

    def own_terminal() -> None:
        os.setsid()
        fcntl.ioctl(screen, termios.TIOCSCTTY, 0)

    try:
        return subprocess.run([sys.executable, "-m", "callflow", *words], env=provider_settings(folder), cwd=ROOT,
                              input=text, preexec_fn=own_terminal, capture_output=True, text=True, timeout=60,
                              check=False)  # fmt: skip
    finally:
        os.close(terminal)
        os.close(screen)


def test_a_program_gives_the_pin_as_the_first_line(tmp_path: Path) -> None:
    done = of_a_program(tmp_path, "271828\n", "people", "pin", "ben")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    with closing(open_store(f"sqlite:///{tmp_path / 'calls.db'}", (SECRET,))) as store:
        assert pins.matches(store.staff_pins()["ben"].hash, (SECRET,), "ben", "271828")


def test_a_program_gives_the_number_as_the_first_line(tmp_path: Path) -> None:
    done = of_a_program(tmp_path, "+15550100199\n", *NEEDS, "--number", "-")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


@pytest.mark.parametrize("words", [("people", "pin", "ben"), (*NEEDS, "--number", "-"), ("init", "{folder}/new")])
def test_without_an_answer_it_says_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = callflow(*(word.format(folder=tmp_path) for word in words), env=provider_settings(tmp_path))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].removeprefix("Error: ").startswith("no answer")
