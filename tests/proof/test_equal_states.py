"""A proof looks at equal things once. What it leaves out for that reason could not have been broken."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from callflow.core import events as e
from callflow.core.call import CALLER, Call, Lock
from callflow.core.configuration import Ring, Team
from callflow.core.stages import Stage
from callflow.core.transition import transition
from callflow.proof import alphabet, canonical, flows, promises
from callflow.proof.exploring import Explored
from tests.core.example import CONFIGURATION, FLOW, configuration
from tests.core.test_invariants import BROKEN, NOTHING
from tests.playbook import Playbook, talking

TOGETHER = configuration(team=Team(id="energy_desk", agents=("ana", "ben"), supervisors=(), ring=Ring.ALL))
OF_A_CALL = [one for one in BROKEN if f"floor {one[0]}" in promises.OF_A_STATE]


@pytest.mark.parametrize(("floor", "prepared", "breaks"), BROKEN)
def test_a_state_that_is_new_is_checked_for_everything(
    floor: str, prepared: Callable[[], Playbook], breaks: Callable[[Call], Call]
) -> None:
    assert f"floor {floor}" in found(prepared().call, breaks, known=False)


@pytest.mark.parametrize(("floor", "prepared", "breaks"), [one for one in BROKEN if one not in OF_A_CALL])
def test_a_state_that_is_known_is_still_checked_for_what_its_event_does(
    floor: str, prepared: Callable[[], Playbook], breaks: Callable[[Call], Call]
) -> None:
    assert f"floor {floor}" in found(prepared().call, breaks, known=True)


@pytest.mark.parametrize(("floor", "prepared", "breaks"), OF_A_CALL)
def test_a_call_that_breaks_a_promise_of_states_is_another_state(
    floor: str, prepared: Callable[[], Playbook], breaks: Callable[[Call], Call]
) -> None:
    """So it is met as a new one, and checked. The deadlines of legs that are set apart are asked about each time."""
    before, after = prepared().call, breaks(prepared().call)
    known = canonical.key(before, CONFIGURATION) == canonical.key(after, CONFIGURATION)
    assert not known or canonical.set_apart(after)


def found(before: Call, breaks: Callable[[Call], Call], *, known: bool) -> list[str]:
    step = transition(before, NOTHING, breaks(before), (), CONFIGURATION)
    return [name for name, _ in promises.broken(step, known=known)]


def test_with_a_threat_on_safeguarding_makes_no_other_state() -> None:
    call = talking().call
    threat, both = call.but(locks=(Lock.THREAT,)), call.but(locks=(Lock.SAFEGUARDING, Lock.THREAT))
    safeguarding = call.but(locks=(Lock.SAFEGUARDING,))
    assert canonical.key(threat, CONFIGURATION) == canonical.key(both, CONFIGURATION)
    assert canonical.key(threat, CONFIGURATION) != canonical.key(safeguarding, CONFIGURATION)


def test_nobody_else_is_rung_when_the_time_in_the_queue_is_over() -> None:
    """But whoever answered by then may still accept; if they do not, the caller goes on."""
    call = waiting(lambda call: bool(call.search and call.search.until and not call.candidates))
    events = [trial.event for trial in trials(call)]
    assert any(isinstance(one, e.NobodyFree) for one in events)
    assert not any(isinstance(one, e.PeopleFound) for one in events)


def test_of_two_who_hear_the_same_one_is_tried() -> None:
    call = waiting(lambda call: len({(leg.place.name, leg.status) for leg in call.candidates}) < len(call.candidates))
    tried = {getattr(trial.event, "leg", CALLER) for trial in trials(call)}
    assert tried == {CALLER, call.candidates[0].id}
    other = waiting(lambda call: len({leg.place.name for leg in call.candidates}) == 2)
    assert {leg.id for leg in other.candidates} < {getattr(trial.event, "leg", CALLER) for trial in trials(other)}


def trials(call: Call) -> Iterator[alphabet.Trial]:
    return alphabet.trials(call, TOGETHER)


def waiting(wanted: Callable[[Call], bool]) -> Call:
    """The first such state of a caller who waits for a team that is rung all at once."""
    example = replace(TOGETHER, flows={"front_desk": replace(FLOW, start="desk")})
    explored = Explored(example)
    explored.begin(flows.begun(example, "front_desk"))
    explored.run(lambda call: call.stage is not Stage.WAITING)
    return next(call for call in explored.calls if call.stage is Stage.WAITING and wanted(call))
