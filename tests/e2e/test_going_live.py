"""docs/going-live.md, typed from its first command to the journal of the first call, against the local provider."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "going-live.md").read_text(encoding="utf-8")
ANSWERS = "Northwind\n+15550100100\nAna=+15550100111\n\nSam=+15550100121\n\n+15550100131\n911\nUTC\n\n"
EXPORT = re.compile(r"^  export (\w+)=(.*)$", re.MULTILINE)


def section(number: int) -> str:
    return PAGE.split(f"\n## {number}. ")[1].split("\n## ")[0]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Machine:
    """A person's machine: a folder, an environment, and what runs in other terminals."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT),
                            "CALLFLOW_OPERATIONS": f"127.0.0.1:{free_port()}"}  # fmt: skip

    def argv(self, command: str) -> list[str]:
        return [sys.executable, "-m", *command.split()]

    def types(self, command: str, typed: str = "") -> str:
        done = subprocess.run(self.argv(command), cwd=self.home, env=self.environment, input=typed, text=True,
                              capture_output=True, timeout=120, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def terminal(self, command: str) -> Iterator[tuple["subprocess.Popen[str]", Callable[[], str]]]:
        """A command that goes on, and what it has written so far."""
        log = self.home / f"{command.split()[1]}.log"
        with log.open("w") as output:
            process = subprocess.Popen(self.argv(command), cwd=self.home, env=self.environment, stdin=subprocess.PIPE,
                                       stdout=output, stderr=output, text=True)  # fmt: skip
            try:
                yield process, log.read_text
            finally:
                process.terminate()
                process.communicate(timeout=20)


def until(so: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.mark.long
def test_from_nothing_to_a_first_call(tmp_path: Path) -> None:
    you = Machine(tmp_path / "line")
    you.home.mkdir()
    for command in ("callflow init", "callflow check", "callflow simulate"):
        assert command in section(2)
    you.types("callflow init .", ANSWERS)
    assert "good" in you.types("callflow check")
    assert "12 of 12 calls went as written" in you.types("callflow simulate")
    provider, server = free_port(), free_port()
    with you.terminal(f"callflow emulate --port {provider} --app http://127.0.0.1:{server}") as (prompt, told):
        until(lambda: "Then type here" in told(), "the local provider is ready")
        you.environment |= dict(EXPORT.findall(told()))
        with you.terminal(f"callflow serve --port {server}") as (_, logged):
            until(lambda: "worker-1" in logged(), "the server is ready")
            assert "changed" in you.types("callflow provision")
            assert "0 errors, 2 warnings" in you.types("callflow doctor")
            first_call(prompt, told)
            ((reference, *_),) = [line.split() for line in you.types("callflow journal").splitlines()]
            journal = you.types(f"callflow journal {reference}")
            assert re.search(r"caller +consent +key key.*yes", journal)
            assert "0 errors, 1 warning," in you.types("callflow doctor")


def first_call(prompt: "subprocess.Popen[str]", told: Callable[[], str]) -> None:
    """Type the lines of section 4, each when the one before was heard."""
    written = section(4).replace("    press AGENT", "    press ana").replace(" NUMBER ", " +15550100100 ")
    lines = re.findall(r"^    (call|press|show)( \S+)?( \S+)?", written, re.MULTILINE)
    heard = ("Press 1 for a bill", "Press 1 to accept", "is in room", "6 threat", "Press 1 to hold", "music", "")
    assert len(lines) == len(heard)
    assert prompt.stdin
    for words, then in zip(lines, heard, strict=True):
        before = len(told())
        prompt.stdin.write("".join(words) + "\n")
        prompt.stdin.flush()
        until(lambda: then in told()[before:], f"{words}: {then}")  # noqa: B023
        time.sleep(0.3)
