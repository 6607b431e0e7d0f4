"""docs/operations.md names only what exists, and its tables are made from the program's."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import MagicMock

import pytest

from callflow.cli import COMMANDS
from callflow.doctor.examination import PARTS
from callflow.runtime.gauges import GAUGES
from callflow.runtime.metrics import COUNTERS, HISTOGRAMS
from callflow.service.troubles import TroubleKind
from callflow.slow_work import kinds_of
from callflow.telephony.refusals import BY_CODE
from callflow.variables import VARIABLES
from tests.operations.test_monitoring import rules, series

ROOT = Path(__file__).parents[2]
RUNBOOK = ROOT / "docs" / "operations.md"


def table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def alerts() -> Iterator[Sequence[str]]:
    for rule in rules():
        told = rule["annotations"]
        what = re.sub(r"\{\{ \$labels\.(\w+) \}\}", r"*\1*", told["summary"])
        yield f"`{rule['alert']}`", rule["labels"]["severity"], what, told["description"]


def refusals() -> Iterator[Sequence[str]]:
    for advice in dict.fromkeys(BY_CODE.values()):
        yield ", ".join(code for code, one in BY_CODE.items() if one == advice), advice


def metrics() -> Iterator[Sequence[str]]:
    for name, counter in COUNTERS.items():
        yield f"`callflow_{name}_total`", ", ".join(counter.labels), counter.help
    for name, histogram in HISTOGRAMS.items():
        yield f"`callflow_{name}`", "le", histogram.help
    for name, gauge in GAUGES.items():
        yield f"`callflow_{name}`", ", ".join(gauge.labels), gauge.help


def tries() -> Iterator[Sequence[str]]:
    kinds = kinds_of(MagicMock(), MagicMock(), MagicMock(), MagicMock(), MagicMock())
    for many in sorted({kind.tries for kind in kinds.values()}):
        yield str(many), ", ".join(f"`{name}`" for name, kind in kinds.items() if kind.tries == many)


MADE = {
    "alerts": lambda: table(("alert", "severity", "what", "what to do"), alerts()),
    "refusals": lambda: table(("code", "what to do"), refusals()),
    "doctor": lambda: table(("part", "what must hold"), ((f"`{name}`", part.what) for name, part in PARTS.items())),
    "tries": lambda: table(("tries", "kinds of jobs"), tries()),
    "metrics": lambda: table(("metric", "labels", "what"), metrics()),
}


@pytest.mark.parametrize("name", MADE)
def test_the_runbook_has_the_tables_of_the_program(name: str) -> None:
    text = RUNBOOK.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->\n"
    before, _, rest = text.partition(begin)
    wanted = f"{before}{begin}{MADE[name]()}{end}{rest.partition(end)[2]}"
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        RUNBOOK.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/operations.md is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/operations"


def test_everything_that_the_runbook_names_exists() -> None:
    text = RUNBOOK.read_text(encoding="utf-8")
    names = {one.removesuffix("_total") for one in series()} | {f"callflow_{one}" for one in HISTOGRAMS}
    named = {name.removesuffix("_total") for name in re.findall(r"`(callflow_\w+)`", text)}
    assert named <= names
    assert set(re.findall(r"\bCallflow[A-Z]\w+", text)) == {rule["alert"] for rule in rules()}
    assert set(re.findall(r"\b(?:CALLFLOW|TWILIO)_\w+", text)) <= VARIABLES.keys()
    assert set(re.findall(r"callflow doctor ([a-z-]+(?: [a-z-]+)*)`", text.replace("callflow doctor PART", ""))) <= {
        *PARTS, "public-address audio",
    }  # fmt: skip
    assert set(re.findall(r"trouble `(\w+)`", text)) <= set(TroubleKind)
    for command in re.findall(r"(?:^    |`)callflow (\w+)", text, re.MULTILINE):
        assert command in COMMANDS
    for path in re.findall(r"\]\((?!https:)([^)]+)\)", text):
        assert (RUNBOOK.parent / path.partition("#")[0]).exists(), path


def test_every_alert_and_every_trouble_has_a_row_about_what_people_hear() -> None:
    text = RUNBOOK.read_text(encoding="utf-8")
    rows = text.partition("## When something is wrong")[2].partition("## Alerts")[0]
    told = {rule["alert"] for rule in rules()} - {
        "CallflowTrouble",
        "CallflowCallBacksOverdue",
        "CallflowIncidentsLate",
    }
    assert {alert for alert in told if alert not in rows} == set()
    assert {kind for kind in TroubleKind if f"`{kind}`" not in rows} == {TroubleKind.PROVIDER_REFUSED}
