"""docs/rules.md: every rule of the policy, where it is enforced, which test shows it, what ops may set."""

import os
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from callflow.configuration.schema import schema
from tests.rules.policy_rules import RULES, Rule

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "rules.md"
BEGIN = """# The rules, and what enforces them

Callflow enforces 46 rules. **Floor**: ops cannot switch it off. **Default**: ops may change it within the range. Names
of code are modules below `callflow/`, tests are below `tests/`, scenarios are in `config/scenarios/`. This page is made
from `tests/rules/policy_rules.py`; a test fails when code, a test or a key that it names is not there any more.
"""


def test_there_is_a_row_for_every_rule() -> None:
    assert [one.number for one in RULES] == list(range(1, 47))
    assert [one.number for one in RULES if not (one.enforced and one.shown)] == []


def test_every_rule_is_enforced_by_code_that_is_there() -> None:
    assert [name for one in RULES for name in one.enforced if not _is_code(name)] == []


def test_every_rule_is_shown_by_a_test_that_is_there() -> None:
    shown = [name for one in RULES for name in one.shown]
    assert [name for name in shown if not _is_test(name)] == []


def test_every_key_that_ops_may_set_is_there() -> None:
    assert [key for one in RULES for key in one.keys if _key(key) is None] == []


def test_the_page_is_what_the_table_says() -> None:
    made = "\n".join([BEGIN, _summary(), "", *_table(), ""])
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made, (
        "docs/rules.md is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/rules"
    )


def _summary() -> str:
    return f"All {len(RULES)} rules are enforced; {sum(one.floor for one in RULES)} of them are floors."


def _table() -> list[str]:
    head = "| | rule | enforced by | shown by | ops may set |"
    return [head, "|---|---|---|---|---|", *[_row(one) for one in RULES]]


def _row(one: Rule) -> str:
    kind = "floor" if one.floor else "default"
    code, shown = ("<br>".join(f"`{name}`" for name in names) or "-" for names in (one.enforced, one.shown))
    keys = "<br>".join(_told(key) for key in one.keys) or "-"
    return f"| {one.number} {kind} | {one.says} | {code} | {shown} | {keys} |"


def _told(key: str) -> str:
    found = _key(key)
    file, _, path = key.partition(": ")
    name = f"`{path}` ({file}.yaml)"
    return f"{name}: {_range(found)}" if found else name


def _range(found: dict[str, Any]) -> str:
    default, least, most = found.get("default"), found.get("minimum"), found.get("maximum")
    if "const" in found:
        return f"always {str(found['const']).lower()}"
    if least is not None:
        return f"{least} to {most}, {default} if not set"
    if "enum" in found:
        return f"{' or '.join(found['enum'])}, {default} if not set"
    if isinstance(default, bool):
        return f"true or false, {str(default).lower()} if not set"
    return f"{default} if not set" if isinstance(default, str) and default else "its own words"


def _is_code(name: str) -> bool:
    module, _, path = name.partition(":")
    try:
        found: Any = import_module(f"callflow.{module}")
    except ModuleNotFoundError:
        return False
    for part in path.split("."):
        found = getattr(found, part, None)
    return found is not None


def _is_test(name: str) -> bool:
    if name.startswith("scenario "):
        return (ROOT / "config" / "scenarios" / f"{name.removeprefix('scenario ')}.yaml").is_file()
    file, _, test = name.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and bool(re.search(rf"^ *def {test}\(", path.read_text(encoding="utf-8"), re.MULTILINE))


@cache
def _schema(kind: str) -> dict[str, Any]:
    return schema(kind)


def _key(name: str) -> dict[str, Any] | None:
    """What the schema says of a key, None if there is none."""
    kind, _, path = name.partition(": ")
    whole = found = _schema(kind)
    for part in path.split("."):
        found = _resolved(whole, found).get("properties", {}).get(part)
        if found is None:
            return None
    choices = [one for one in found.get("anyOf", []) if one.get("type") != "null"]
    return {**(choices[0] if len(choices) == 1 else {}), **found}


def _resolved(whole: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    wanted = next((one for one in (found, *found.get("anyOf", [])) if "$ref" in one), None)
    return whole["$defs"][wanted["$ref"].rpartition("/")[2]] if wanted else found
