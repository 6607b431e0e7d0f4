"""`callflow demo --fast` in its own process: its output and its exit code."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from functools import cache

import pytest

from callflow.emulator.events import Event, Pressed, SayStarted
from callflow.emulator.switches import Switches
from callflow.simulator import demo_script
from tests.e2e.configurations import demo_configuration
from tests.e2e.conversation import ROOT, Conversation

LINE = re.compile(r"^ ?(?:\d+:\d\d)? *")


@cache
def demo(*options: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("CALLFLOW_", "TWILIO_"))}
    argv = [sys.executable, "-m", "callflow", "demo", "--fast", *options]
    return subprocess.run(argv, cwd=ROOT, env={**surroundings, **settings}, capture_output=True, text=True, timeout=60,
                          check=False)  # fmt: skip


@cache
def told() -> str:
    """What is printed, on one line: words of one cell stand together."""
    return " ".join(LINE.sub("", line) for line in demo().stdout.splitlines())


def test_it_ends_well() -> None:
    """Exit code 0, and no problem is reported."""
    assert (demo().returncode, demo().stderr) == (0, "")
    assert "provider error" not in told()
    assert "BROKEN" not in told()


@pytest.mark.parametrize(
    "words",
    [
        "calls +15550100100",
        'hears "Thank you. Ana will be back in about 15 seconds',
        "hears music, 9 s",
        'hears "Thank you for holding. You are back with Ana."',
        "Sam presses 2",
        'Sam hears "Thank you, somebody else is being asked."',
        "Sky presses 1",
        'hears "Thank you. Ana is explaining everything to Sky',
        'says "They were billed twice',
        "Ana, the caller and Sky are in one conversation",
        'hears "Sky has the full picture',
        'says "No, not again',
        'Sky hears "The caller said no, you are still together."',
        'hears "We want to help you with this',
        'hears "We still want to help',
        'hears "This call ends because personal insults continued',
        "line ends",
        "Kept: back after 12 s, promised 15.",
        "Kept: Ana leaves only now, after all three were together for 7 s.",
        "Kept: the caller heard the whole warning, 11 s.",
        "the caller was asked twice and held once, after a yes; back on time.",
        "Sam declined; Sky took the call by key, after a consult and an introduction.",
        "twice, each heard in full (10 s and 11 s).",
        "decided by Sky, who named the conduct again and confirmed it by key",
    ],
)
def test_it_shows_the_call(words: str) -> None:
    """Everything that people hear and do, with the words, and what came of each promise."""
    assert words in told()


@pytest.mark.parametrize(
    "entry",
    [
        r"caller +consent +key speech, hold_request@\w+/en, no",
        r"sam +declined +key 1",
        r"sky +accepted +key 1",
        r"sky +handover +key 1, handover_done@\w+/en, done",
        r"caller +consent +key key, hold_request@\w+/en, yes",
        r"hold +hold_return@\w+/en, returned on time",
        r"caller +warning +warning_first@\w+/en, heard in full",
        r"caller +warning +warning_final@\w+/en, heard in full",
        r"sky +closing +key 1, disconnect@\w+/en, decided",
        r"call_ended +disconnect@\w+/en, closed",
    ],
)
def test_it_shows_the_journal_on_request(entry: str) -> None:
    """Who, what, which key, which script in which version and language, and the outcome."""
    assert re.search(entry, demo("--journal").stdout)
    assert not re.search(entry, demo().stdout)


def test_the_order_of_events() -> None:
    """A yes, a return, a supervisor who consults and is introduced, a no, both warnings, the closing: in this order."""
    order = ["A caller is angry", "1 Time out", "hears music, 9", "You are back with Ana", "2 Delegate upwards",
             "Ana and Sky are in", "Ana, the caller and Sky are in", "3 Draw the line", "No, not again",
             "We want to help you", "We still want to help", "The end, by a person", "This call ends because",
             "What came of it"]  # fmt: skip
    places = [told().index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_it_fits_the_terminal(columns: int) -> None:
    output = on_a_terminal(columns)
    plain = re.sub(r"\x1b\[\d*m", "", output)
    assert max(map(len, plain.splitlines())) <= max(60, min(columns, 130))
    assert output != plain


def test_it_is_plain_when_piped_and_coloured_only_if_wanted() -> None:
    assert "\x1b" not in demo().stdout
    assert "\x1b" in demo(FORCE_COLOR="1").stdout
    assert "\x1b" not in demo(FORCE_COLOR="1", NO_COLOR="1").stdout


def test_nobody_reads_on_and_nothing_is_said_about_it() -> None:
    """As with ``callflow demo | head``."""
    argv = f"{sys.executable} -m callflow demo --fast | head -2"
    done = subprocess.run(["bash", "-c", argv], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stderr, len(done.stdout.splitlines())) == ("", 2)


def test_nobody_presses_a_key_before_hearing_why() -> None:
    talk = Conversation(demo_configuration(), switches=Switches(pace=demo_script.PACE))
    hasty: list[tuple[str, str]] = []
    hears: dict[str, SayStarted] = {}

    def follow(event: Event) -> None:
        if isinstance(event, SayStarted):
            hears[event.leg] = event
        if isinstance(event, Pressed) and event.key != "*":
            text = hears[event.leg].text
            heard = text[: int((event.at - hears[event.leg].at).total_seconds() * demo_script.PACE)]
            if not re.search(rf"\b{event.key}\b", heard):
                hasty.append((event.key, text))

    talk.emulator.on_event(follow)
    demo_script.script().run(talk.emulator)
    assert hasty == []


def on_a_terminal(columns: int) -> str:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    surroundings = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    process = subprocess.Popen([sys.executable, "-m", "callflow", "demo", "--fast"], cwd=ROOT, stdout=theirs,
                               env={**surroundings, "TERM": "xterm"})  # fmt: skip
    os.close(theirs)
    read = bytearray()
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        read += part
    os.close(ours)
    assert process.wait(60) == 0
    return read.decode().replace("\r", "")
