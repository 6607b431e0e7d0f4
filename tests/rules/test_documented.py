"""What the documents show is what the program does: transcripts and lists in them are made, and compared here."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from callflow.configuration.loading import load
from callflow.core.languages import ANSWER_WORDS
from callflow.variables import VARIABLES

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "audio").glob("*.md")]
README = ROOT / "README.md"
LANGUAGES = ROOT / "docs" / "languages.md"
MARKED = re.compile(r"(<!-- transcript -->\n).*?(<!-- /transcript -->)", re.DOTALL)
WORDS = re.compile(r"(<!-- words -->\n).*?(<!-- /words -->)", re.DOTALL)
FIRST, AFTER, LAST = "1 Time out", "2 Delegate upwards", "What came of it"


def test_readme_shows_a_real_transcript() -> None:
    """The time out of the call that `callflow demo --fast` plays, and what came of it, word for word."""
    shown = "".join(f"    {line}".rstrip() + "\n" for line in _of_the_demo())
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


def test_readme_has_every_variable() -> None:
    text = README.read_text(encoding="utf-8")
    table = text.partition("| variable | meaning |")[2].partition("\n\n")[0]
    first = " ".join(line.split(" | ")[0] for line in table.splitlines())
    assert set(re.findall(r"`(\w+)`", first)) == VARIABLES.keys()


def test_every_extra_that_a_page_has_installed_exists() -> None:
    """By `make setup`: the package index has no Callflow of ours, so ``pip install`` would get that of a stranger."""
    there = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"callflow\[\w", text), page
        for extras in re.findall(r"EXTRAS=([a-z][a-z,-]*)", text):
            assert set(extras.split(",")) <= there.keys(), page


def test_references_of_calls_have_six_digits() -> None:
    """As the program makes them, or words in capitals. `callflow journal 1` in evidence.md is no command."""
    commands = (
        r"callflow (?:act|journal|replay|receipt|recordings list|hold \w+|incident (?:show|add|answer|copy)) (\w+)"
    )
    for page in PAGES:
        for given in re.findall(commands, page.read_text(encoding="utf-8")):
            assert re.fullmatch(r"\d{6}|[A-Z]+|1", given), f"{page.name}: {given}"


def test_a_section_that_a_page_refers_to_exists() -> None:
    """As in: README, "Going live"; or: (operations.md), "Alerts"."""
    files = [*PAGES, *(one for one in (ROOT / "docs" / "deployment").iterdir() if one.is_file())]
    for page in files:
        for name, title in re.findall(r'\b(README|[\w-]+\.md)\)?, "([^"]+)"', page.read_text(encoding="utf-8")):
            found = README if name == "README" else ROOT / "docs" / name
            titles = re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert title in titles, f"{page.name}: {name} has no section {title}"


def test_the_page_on_languages_has_the_words_that_count() -> None:
    rows = [f"| {code} | {' | '.join(', '.join(some) for some in (own.yes, own.no, own.courtesy, own.negations))} |"
            for code, own in ANSWER_WORDS.items()]  # fmt: skip
    shown = "\n".join(["| language | yes | no | courtesies | not |", "|---|---|---|---|---|", *rows, ""])
    text = LANGUAGES.read_text(encoding="utf-8")
    wanted = WORDS.sub(lambda found: f"{found[1]}{shown}{found[2]}", text)
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        LANGUAGES.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/languages.md is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/rules"


def _of_the_demo() -> list[str]:
    argv = [sys.executable, "-m", "callflow", "demo", "--fast"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    lines = done.stdout.splitlines()
    first, after, last = (next(number for number, line in enumerate(lines) if line.startswith(title))
                          for title in (FIRST, AFTER, LAST))  # fmt: skip
    return [*lines[first:after], "...", "", *lines[last:]]
