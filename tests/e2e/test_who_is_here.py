"""Everybody on a call knows who is with them, whoever comes or goes (rules 18 and 20)."""

import pytest

from callflow.core.stages import Stage
from tests.e2e.scenes import consulting, introducing, talking

AT_ONCE_SECONDS = 1.0


def test_the_agents_line_dies_in_the_consult() -> None:
    """The caller is told who is there, and the supervisor who they have; nobody praises a hand-over."""
    talk = consulting(talking())
    talk.ana.hangs_up()
    talk.caller.heard("lead_lost", "Ana is no longer on the line. Sam is with you")
    talk.sam.heard("lead_lost_staff", "about a bill")
    talk.caller.never_heard("handover_done")
    talk.together("caller", "sam").stage(Stage.TALKING)
    talk.sam.presses("*").hears("menu")
    talk.over()


def test_the_agent_i_was_asked_to_help_is_gone_before_i_accept() -> None:
    """The supervisor was asked for help on the line, and hears that the call is theirs alone."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sam.hears("whisper", "with Ana")
    talk.ana.hangs_up()
    talk.caller.hears("agent_left")
    talk.sam.presses("1").hears("lead_lost_staff", "Ana is no longer on the line. You have the call, about a bill")
    talk.together("caller", "sam").stage(Stage.TALKING).over()


def test_i_hear_that_the_caller_has_hung_up() -> None:
    """Before the wrap-up, so that nobody speaks into an empty line."""
    talk = talking()
    talk.caller.hangs_up()
    talk.ana.heard("caller_gone").hears("wrap_up")
    talk.over()


def test_i_took_the_call_and_hear_so_at_once() -> None:
    """The caller is told meanwhile; before, that was nearly five seconds of silence."""
    talk = introducing(talking()).wait(11)
    talk.sam.presses("*").hears("have_it").presses("1")
    pressed = talk.clock.monotonic()
    talk.sam.hears("taken_over", "Ana leaves", within=AT_ONCE_SECONDS)
    talk.caller.heard("handover_done")
    talk.together("caller", "sam", within=2).check(talk.clock.monotonic() - pressed < 10, "took long").over()


@pytest.mark.parametrize("who", ["sam", "ana"])
def test_why_i_may_not_leave_is_worded_for_me(who: str) -> None:
    """The supervisor hears when; the agent, that only the supervisor can take the call."""
    talk = introducing(talking())
    if who == "sam":
        talk.sam.presses("*").hears("have_it").presses("1").heard("refuse_take_over", "The caller needs Ana")
        talk.together("caller", "ana", "sam").wait(10)
        talk.sam.presses("*").hears("have_it").presses("1").hears("taken_over")
    else:
        talk.ana.presses("*").hears("refuse_leave", "Only Sam can take the call over").presses("1").hears(
            "refuse_leave"
        )
        talk.sam.never_heard("refuse_leave")
    talk.over()


def test_the_supervisors_line_dies_and_the_caller_is_told() -> None:
    talk = introducing(talking()).wait(1)
    talk.sam.hangs_up()
    talk.caller.heard("supervisor_left", "You are with Ana")
    talk.ana.heard("helper_lost")
    talk.together("caller", "ana").over()
