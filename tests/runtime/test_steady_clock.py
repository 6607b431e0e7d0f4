"""The clock of a server follows the machine's, and never jumps."""

from itertools import pairwise

from callflow.runtime.steady_clock import PACE, SteadyClock

START = 1_800_000_000.0


class Machine:
    """``wall`` is the time of day, which somebody may set; ``steady`` runs evenly."""

    def __init__(self) -> None:
        self.steady, self.set_by = 1000.0, 0.0
        self.clock = SteadyClock(lambda: START + self.steady - 1000 + self.set_by, lambda: self.steady)

    def later(self, seconds: float) -> float:
        """How many seconds pass by the clock while so many really do."""
        before = self.clock()
        self.steady += seconds
        return (self.clock() - before).total_seconds()

    @property
    def wrong_by(self) -> float:
        return START + self.steady - 1000 + self.set_by - self.clock().timestamp()


def test_it_begins_with_the_machines_clock_and_runs_with_it() -> None:
    machine = Machine()
    assert machine.clock().timestamp() == START
    assert abs(machine.later(30) - 30) < 1e-5
    assert abs(machine.wrong_by) < 1e-5


def test_a_step_of_an_hour_changes_a_hold_by_less_than_a_second() -> None:
    for step in (3600.0, -3600.0):
        machine = Machine()
        machine.set_by = step
        assert abs(machine.later(0)) < 1e-5
        assert abs(machine.later(30) - 30) <= 30 * PACE + 1e-5


def test_half_a_minute_is_made_up_for_in_25_minutes() -> None:
    machine = Machine()
    machine.set_by = -30.0
    assert machine.wrong_by < -29.9
    machine.later(25 * 60)
    assert abs(machine.wrong_by) < 2e-3


def test_it_never_goes_back_however_often_the_machines_clock_is_set() -> None:
    machine, told = Machine(), []
    for step in (30.0, -30.0, 3600.0, -86_400.0, 0.5, -0.5) * 20:
        machine.set_by += step
        machine.steady += 0.25
        told.append(machine.clock())
    assert all(0 < (later - earlier).total_seconds() < 0.26 for earlier, later in pairwise(told))
