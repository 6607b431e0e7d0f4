"""The changes that ``but``, ``changed`` and ``stage`` take: type checkers know the fields of a call and of a leg."""

from typing import get_type_hints

import pytest

from callflow.core.call import Call, CallChanges, Leg, LegChanges, StageChanges
from tests.playbook import talking


@pytest.mark.parametrize(("changes", "changed"), [(CallChanges, Call), (LegChanges, Leg)])
def test_they_are_the_fields(changes: type, changed: type) -> None:
    assert get_type_hints(changes) == get_type_hints(changed)


def test_with_a_stage_its_deadlines_are_not_for_the_caller_to_change() -> None:
    assert set(get_type_hints(CallChanges)) - set(get_type_hints(StageChanges)) == {"stage", "deadlines"}


def test_a_misspelt_field_is_refused_at_run_time_as_well() -> None:
    call = talking().call
    with pytest.raises(TypeError, match="no such field"):
        call.but(**{"stag": call.stage})
