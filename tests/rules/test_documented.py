"""What the documents show is what the program does: transcripts and lists in them are made, and compared here."""

import os
import re
import subprocess
import sys
from pathlib import Path

from callflow.configuration.loading import load
from callflow.core.languages import ANSWER_WORDS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
LANGUAGES = ROOT / "docs" / "languages.md"
MARKED = re.compile(r"(<!-- transcript -->\n).*?(<!-- /transcript -->)", re.DOTALL)
WORDS = re.compile(r"(<!-- words -->\n).*?(<!-- /words -->)", re.DOTALL)
FIRST = "close to ending this call"
WIDTH = 128


def test_readme_shows_a_real_transcript() -> None:
    """The end of the call that `callflow demo --fast` plays, and its journal, word for word (long lines cut)."""
    shown = "".join(f"    {line}\n" for line in _end_of_the_demo())
    text = README.read_text(encoding="utf-8")
    wanted = MARKED.sub(lambda found: f"{found[1]}{shown}{found[2]}", text)
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        README.write_text(wanted, encoding="utf-8")
    assert text == wanted, "README's transcript is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/rules"


def test_readme_has_the_shipped_keys() -> None:
    """The keypad card names every key of the shipped menu, in plain words."""
    keys = load(ROOT / "config", ROOT / "audio").policy.menu.keys
    lines = README.read_text(encoding="utf-8").splitlines()
    card = next(line for line in lines if line.startswith("| agent, after `*`"))
    words = {"time_out": "time out", "civility": "warning", "end_call": "end the call", "threat": "a threat",
             "safeguarding": "somebody may come to harm", "relief": "leave an abusive call", "skip": "leave out a step",
             "repeat": "hear all of these", "card_data": "no recording"}  # fmt: skip
    named = [f"`{key}` {words.get(name, name)}" for name, key in keys.items()]
    assert [one for one in named if one not in card] == []


def test_the_page_on_languages_has_the_words_that_count() -> None:
    rows = [f"| {code} | {' | '.join(', '.join(some) for some in (own.yes, own.no, own.courtesy, own.negations))} |"
            for code, own in ANSWER_WORDS.items()]  # fmt: skip
    shown = "\n".join(["| language | yes | no | courtesies | not |", "|---|---|---|---|---|", *rows, ""])
    text = LANGUAGES.read_text(encoding="utf-8")
    wanted = WORDS.sub(lambda found: f"{found[1]}{shown}{found[2]}", text)
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        LANGUAGES.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/languages.md is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/rules"


def _end_of_the_demo() -> list[str]:
    argv = [sys.executable, "-m", "callflow", "demo", "--fast"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    lines = done.stdout.splitlines()
    begin = next(number for number, line in enumerate(lines) if FIRST in line) - 8
    return [line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…" for line in lines[begin:]]
