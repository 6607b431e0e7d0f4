"""`callflow demo --fast` in its own process: its output and its exit code."""

import os
import re
import subprocess
import sys
from functools import cache

import pytest

from tests.e2e.conversation import ROOT


@cache
def demo() -> "subprocess.CompletedProcess[str]":
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("CALLFLOW_", "TWILIO_"))}
    argv = [sys.executable, "-m", "callflow", "demo", "--fast"]
    return subprocess.run(argv, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=60, check=False)


def test_it_ends_well() -> None:
    """Exit code 0, and no problem is reported."""
    assert (demo().returncode, demo().stderr) == (0, "")
    assert "provider error" not in demo().stdout


@pytest.mark.parametrize(
    "line",
    [
        r"Caller +calls \+15550100100",
        r'Caller +hears +a recording: "Thank you\. Ana will be back in about 15 seconds',
        r"Caller +hears +music, 9 s",
        r'Caller +hears +"Thank you for holding\. You are back with Ana\."',
        r"Sam +presses 2",
        r'Sam +hears +"Thank you, somebody else is being asked\."',
        r"Sky +presses 1",
        r'Caller +hears +"Thank you\. Ana is explaining everything to Sky',
        r'Ana +says +"They were billed twice',
        r"in the room together: Ana, Caller, Sky",
        r'Caller +hears +"Sky has the full picture',
        r'Caller +says +"No, not again',
        r'Sky +hears +a recording: "The caller said no, you are still together\."',
        r'Caller +hears +a recording: "We want to help you with this',
        r'Caller +hears +a recording: "We still want to help',
        r'Caller +hears +a recording: "This call ends because personal insults continued',
        r"Caller +line ends",
    ],
)
def test_it_shows_the_call(line: str) -> None:
    """Everything that people hear and do, with the words."""
    assert re.search(line, demo().stdout)


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
def test_it_shows_the_journal(entry: str) -> None:
    """Who, what, which key, which script in which version and language, and the outcome."""
    assert re.search(entry, demo().stdout)


def test_the_order_of_events() -> None:
    """A yes, a return, a supervisor who consults and is introduced, a no, both warnings, the closing: in this order."""
    told = demo().stdout
    order = ["hears  music, 9", "You are back with Ana", "together: Ana, Sky", "together: Ana, Caller, Sky",
             "No, not again", "We want to help you", "We still want to help", "This call ends because"]  # fmt: skip
    places = [told.index(words) for words in order]
    assert places == sorted(places)
