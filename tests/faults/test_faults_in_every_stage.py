"""Something fails in the first second of each stage of a call, and the call goes on afterwards."""

import pytest

from callflow.core.stages import Stage
from tests.faults.faults import FAULTS
from tests.faults.outcome import figures, measured
from tests.faults.scenes import ALONE_AT_FIRST, EVERY_KEY, STAGES

WITHOUT_FALLBACK = next(iter(FAULTS))
TOGETHER_SECONDS = 100


def test_a_stage_that_is_added_is_killed_too() -> None:
    assert set(STAGES) == set(Stage), "tests/promises/rows.py has no call in this stage"


@pytest.mark.parametrize("name", [name for name in FAULTS if name != WITHOUT_FALLBACK])
def test_nobody_is_lost_when(name: str) -> None:
    """Every caller is with a person in the end, whose star key works, unless the call was closed as decided."""
    found = measured(name)
    assert not found.lost, found
    for one in found.outcomes:
        assert one.closed or one.star, f"{one.row.title}: the star key does nothing"
        assert not one.cut, f"{one.row.title}: {one.cut}"
        if one.row.stage not in ALONE_AT_FIRST and one.alone is not None:
            assert one.alone <= TOGETHER_SECONDS, f"{one.row.title}: {one.alone}"


def test_without_a_fallback_only_who_waits_in_the_queue_is_lost_in_ten_seconds() -> None:
    assert {one.row.stage for one in measured(WITHOUT_FALLBACK).lost} <= {Stage.WAITING}


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in FAULTS if name != WITHOUT_FALLBACK])
def test_nobody_is_lost_whoever_presses_a_key_while(name: str) -> None:
    found = figures(FAULTS[name].fault, EVERY_KEY)
    assert not found.lost, found
