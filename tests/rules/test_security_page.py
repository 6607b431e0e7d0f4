"""docs/security.md names tests that exist, and shows the SQL that the program prints."""

import os
import re
from pathlib import Path

from callflow.store.roles import statements

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "security.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
GRANTS = re.compile(r"(<!-- grants -->\n).*?(<!-- /grants -->)", re.DOTALL)


def test_every_test_in_the_threat_model_exists() -> None:
    named = TEST.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) > 30
    missing = [f"{file}::{test}" for file, test in named if f"def {test}(" not in _text(ROOT / file)]
    assert missing == []


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def test_every_threat_has_a_test() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("| who, and how |")[2].partition("\n\n")[0]
    rows = table.splitlines()[2:]
    assert len(rows) > 20
    assert [row for row in rows if not TEST.search(row)] == []


def test_the_page_shows_the_grants_that_are_printed() -> None:
    printed = "\n".join(statements("callflow_app", "callflow_maintenance", "callflow"))
    text = PAGE.read_text(encoding="utf-8")
    wanted = GRANTS.sub(lambda found: f"{found[1]}```sql\n{printed}\n```\n{found[2]}", text)
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        PAGE.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/security.md is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/rules"
