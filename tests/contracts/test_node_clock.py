"""A machine whose clock is wrong, or is set while calls are going on, does no harm and is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from callflow.bootstrap import rehearse
from callflow.core.notes import Note
from callflow.core.stages import Stage
from callflow.emulator.script import Script
from callflow.service.node_clock import DATABASE, PROVIDER, NodeClock, problem_of
from callflow.service.ports import Store
from callflow.simulator import demo_script
from callflow.simulator.world import World
from tests.e2e.configurations import demo_configuration
from tests.e2e.conversation import AUDIO

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
WRONG = [timedelta(seconds=30), timedelta(seconds=-30)]


class Machine:
    """A machine: what its clock shows, and how many seconds it has been running."""

    def __init__(self, wrong: timedelta = timedelta()) -> None:
        self.wrong, self.running = wrong, 0.0

    def clock(self) -> datetime:
        return self.right() + self.wrong

    def right(self) -> datetime:
        return NOW + timedelta(seconds=self.running)

    def monotonic(self) -> float:
        return self.running


@pytest.mark.parametrize("whose", [DATABASE, PROVIDER])
@pytest.mark.parametrize("wrong", WRONG)
def test_a_node_whose_clock_is_wrong_goes_by_the_other_one(whose: str, wrong: timedelta) -> None:
    machine = Machine(wrong)
    clock = NodeClock(machine.clock, machine.monotonic, by_database=whose == DATABASE)
    assert clock() == NOW + wrong
    clock.compare(whose, machine.right)
    assert clock() == NOW
    machine.running = 100.0
    assert clock() == NOW + timedelta(seconds=100)
    side = "ahead of" if wrong > timedelta() else "behind"
    assert f"30 s {side} the " in problem_of(clock)
    machine.wrong = timedelta()
    clock.compare(whose, machine.right)
    assert problem_of(clock) == ""


def test_setting_the_clock_of_a_machine_changes_nothing() -> None:
    machine = Machine()
    clock = NodeClock(machine.clock, machine.monotonic, by_database=False)
    machine.wrong = timedelta(hours=-1)
    assert clock() == NOW


def test_the_time_that_the_question_takes_is_no_difference() -> None:
    machine = Machine()
    clock = NodeClock(machine.clock, machine.monotonic, by_database=True)

    def slow() -> datetime:
        machine.running += 1.5
        theirs = machine.right()
        machine.running += 1.5
        return theirs

    clock.compare(DATABASE, slow)
    assert (clock(), problem_of(clock)) == (machine.right(), "")


def test_a_difference_that_the_time_of_the_question_may_explain_is_none() -> None:
    """The answer may have been read at any moment of the 3 s, and 2 s are not told."""
    for seconds, told in ((3.4, 0.0), (-3.4, 0.0), (3.6, 3.6), (-3.6, -3.6)):
        machine = Machine(timedelta(seconds=seconds))
        clock = NodeClock(machine.clock, machine.monotonic, by_database=True)

        def slow(machine: Machine = machine) -> datetime:
            machine.running += 3
            return NOW + timedelta(seconds=1.5)

        clock.compare(DATABASE, slow)
        assert clock.offsets()[DATABASE] == pytest.approx(told)


def test_the_provider_is_only_compared_with_where_the_database_decides() -> None:
    machine = Machine()
    clock = NodeClock(machine.clock, machine.monotonic, by_database=True)
    clock.compare(PROVIDER, lambda: NOW - timedelta(seconds=30))
    clock.compare(DATABASE, lambda: None)
    assert clock() == NOW
    assert clock.offsets() == {PROVIDER: 30.0}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("url", ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)])
def test_a_hold_ends_on_time_although_the_clock_is_set_during_it(
    url: str, wrong: timedelta, request: pytest.FixtureRequest, opened: Callable[[str], Store]
) -> None:
    """The machine's clock is wrong from the start, and right in the middle of the hold, or the other way round."""
    ended = []
    for seed, (before, after) in enumerate([(timedelta(), wrong), (wrong, timedelta())]):
        world, store = World(seed=seed), opened(str(request.getfixturevalue(url)))
        machine = Machine(before)
        machine.right = world.clock.now  # type: ignore[method-assign]
        clock = NodeClock(machine.clock, world.clock.monotonic, by_database=url != "sqlite_url")
        clock.compare(PROVIDER if url == "sqlite_url" else DATABASE, world.clock.now)
        rehearse(demo_configuration(), AUDIO, world, store, clock)
        Script([*demo_script.ARRIVAL, *demo_script.CONSENTED_HOLD[:3]], phones=demo_script.PHONES).run(world.emulator)
        world.clock.run_for(6)
        (call,) = [one for one in store.calls() if one.stage is Stage.HOLDING]
        machine.wrong = after
        world.clock.run_for(40)
        holds = [one for one in store.journal(call.id) if one.note.kind == "hold"]
        assert [one.note.outcome for one in holds] == ["begun", "returned on time"]
        ended.append((holds[1].at - holds[0].at).total_seconds())
        store.close()
    assert ended[0] == pytest.approx(ended[1], abs=0.1)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_clock_is_told_and_the_node_stays_ready(wrong: timedelta) -> None:
    world = World()
    machine = Machine(wrong)
    machine.right = world.clock.now  # type: ignore[method-assign]
    clock = NodeClock(machine.clock, world.clock.monotonic, by_database=False)
    app = rehearse(demo_configuration(), AUDIO, world, clock=clock).callflow.app
    page = app.test_client().get("/readyz")
    side = "ahead of" if wrong > timedelta() else "behind"
    assert page.status_code == 200
    assert page.json
    assert page.json["clock"].startswith(f"this machine's clock is 30 s {side} the provider's; calls go by")
    metrics = app.test_client().get("/metrics").text
    assert 'callflow_clock_ahead_seconds{of="provider"}' in metrics
    assert abs(clock() - world.clock.now()) < timedelta(seconds=2)


@pytest.mark.parametrize("whose", [DATABASE, PROVIDER])
def test_the_first_entry_says_whose_time_it_is(whose: str) -> None:
    """Rule 5: the machine's before the first comparison, then that of the clock which is followed."""
    machine = Machine()
    clock = NodeClock(machine.clock, machine.monotonic, by_database=whose == DATABASE)
    assert first_entry(clock).details["clock"] == "machine"
    clock.compare(whose, machine.right)
    assert first_entry(clock).details["clock"] == whose


def first_entry(clock: NodeClock) -> Note:
    staged = rehearse(demo_configuration(), AUDIO, World(), clock=clock)
    staged.world.emulator.phone("+15550100199").call("+15550100100")
    staged.world.clock.run_for(1)
    (call,) = staged.callflow.store.calls()
    return staged.callflow.store.journal(call.id)[0].note
