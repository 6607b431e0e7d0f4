"""Something fails in the first second of each stage of a call, and the call goes on afterwards."""

import re

import pytest

from callflow.core.stages import Stage
from tests.faults.faults import FAULTS, WITHOUT_FALLBACK
from tests.faults.outcome import figures, measured
from tests.faults.scenes import ALONE_AT_FIRST, EVERY_KEY, STAGES
from tests.faults.told import FILE, MORE, ROOT, line

TOGETHER_SECONDS = 125


def test_a_stage_that_is_added_is_killed_too() -> None:
    assert set(STAGES) == set(Stage), "tests/promises/rows.py has no call in this stage"


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[pytest.mark.long] if told.like_another else [])
    for name, told in FAULTS.items() if name != WITHOUT_FALLBACK
])  # fmt: skip
def test_nobody_is_lost_when(name: str) -> None:
    """Every caller is with a person in the end, whose star key works, unless the call was closed as decided."""
    found = measured(name)
    assert not found.lost, found
    assert_told(name)
    for one in found.outcomes:
        assert one.closed or one.star, f"{one.row.title}: the star key does nothing"
        assert not one.cut, f"{one.row.title}: {one.cut}"
        if one.row.stage not in ALONE_AT_FIRST and one.alone is not None:
            assert one.alone <= TOGETHER_SECONDS, f"{one.row.title}: {one.alone}"


def test_every_test_that_the_document_names_is_there() -> None:
    for row in MORE:
        file, _, name = row.test.partition("::")
        assert re.search(rf"^ *def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), row.test


def assert_told(name: str) -> None:
    told = line(name, str(measured(name)))
    assert told in FILE.read_text(encoding="utf-8").splitlines(), "CALLFLOW_TESTS_REGENERATE=1 writes it"


def test_without_a_fallback_only_a_caller_who_answers_us_or_whose_document_asks_us_is_lost() -> None:
    assert_told(WITHOUT_FALLBACK)
    lost = {one.row.stage for one in measured(WITHOUT_FALLBACK).lost}
    assert lost <= {Stage.ARRIVING, Stage.WAITING, Stage.OFFERING_SUPERVISOR, Stage.OFFERING_CALL_BACK}


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in FAULTS if name != WITHOUT_FALLBACK])
def test_nobody_is_lost_whoever_presses_a_key_while(name: str) -> None:
    found = figures(FAULTS[name].fault, EVERY_KEY)
    assert not found.lost, found
