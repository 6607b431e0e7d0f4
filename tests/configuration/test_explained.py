"""The page of codes is the text of the codes, and its examples are as good as their word."""

import os
from pathlib import Path

from callflow.cli.explain import page
from callflow.configuration.codes import CODES
from tests.configuration.test_codes import CASES

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_page_is_the_text() -> None:
    """CALLFLOW_TESTS_REGENERATE=1 writes it anew."""
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_code_is_on_it_once() -> None:
    for code in CODES:
        assert page().count(f"### {code} ") == 1


def test_the_comparison_shows_our_real_lines() -> None:
    """docs/compare-checks.md: each of its lines is one that a broken case prints."""
    printed = {line for _, lines in CASES for line in lines}
    text = (PAGE.parent / "compare-checks.md").read_text(encoding="utf-8")
    shown = [line.strip() for line in text.splitlines() if line.startswith("    config/")]
    assert len(shown) == 10
    assert not set(shown) - printed
