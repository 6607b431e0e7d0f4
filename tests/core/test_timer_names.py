"""Names of deadlines: each of the whole call has its handler, those of legs carry the leg's id."""

from callflow.core.timer_names import Timer, leg_of, leg_timer
from callflow.core.timers import TIMERS


def test_every_deadline_of_a_call_has_a_handler() -> None:
    assert set(TIMERS) == set(Timer) - {Timer.HEARTBEAT}


def test_the_deadline_of_a_leg_names_the_leg() -> None:
    assert leg_timer("a1") == "leg:a1"
    assert leg_of(leg_timer("a1")) == "a1"
    assert {leg_of(timer) for timer in Timer} == {""}
