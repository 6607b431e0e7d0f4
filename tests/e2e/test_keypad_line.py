"""Step 3 on the keypad (design, section 5): warnings heard in full, refusals with the way forward, the closing."""

import pytest

from callflow.core.stages import Stage
from tests.e2e.scenes import names_conduct, steps_tried, talking, warned


def test_first_then_final_then_closing() -> None:
    """Both warnings heard in full, the grace, the confirmation, five seconds, the closing message in full."""
    talk = steps_tried(talking())
    names_conduct(talk, "2").caller.heard("warning_first", "personal insults")
    talk.ana.hears("warning_first").hears("warn_first_done")
    talk.together("caller", "ana").wait(1)
    names_conduct(talk, "2").caller.heard("warning_final")
    talk.ana.hears("warning_final").heard("warn_done", "15 seconds")
    talk.together("caller", "ana").wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("2").hears(
        "end_confirm", "personal insults"
    ).presses("1")
    talk.ana.hears("closing_watch", "5 seconds")
    talk.caller.heard("disconnect", "personal insults").is_off(within=2)
    talk.ana.hears("call_closed").hears("cooldown").hears("wrap_up")
    talk.noted("warning", "ana", key="2", script="warning_first", outcome="begun")
    talk.noted("warning", "caller", script="warning_first", outcome="heard in full")
    talk.noted("warning", "caller", script="warning_final", outcome="heard in full")
    talk.noted("closing", "ana", key="1", outcome="decided").noted("call_ended", outcome="closed").over()


@pytest.mark.parametrize(("key", "conduct"), [("1", "shouting at our team"), ("2", "personal insults")])
def test_conduct_that_is_not_severe_needs_the_order(key: str, conduct: str) -> None:
    """Before both steps were tried it is refused, with what to do instead; after that the first warning plays."""
    talk = talking()
    names_conduct(talk, key).ana.hears("refuse_order")
    talk.together("caller", "ana").noted("refused", "ana", key=key, outcome="refuse_order").wait(1)
    names_conduct(steps_tried(talk), key).caller.heard("warning_first", conduct)
    talk.noted("warning", "caller", outcome="heard in full").over()


@pytest.mark.parametrize("key", ["3", "4"])
def test_severe_conduct_has_the_final_warning_at_once(key: str) -> None:
    """Hate and sexual remarks do not need the steps before."""
    talk = warned(talking(), key)
    talk.noted("warning", "ana", key=key, script="warning_final", outcome="begun")
    talk.noted("warning", "caller", script="warning_final", outcome="heard in full").over()


@pytest.mark.parametrize("key", ["*", "9", ""])
def test_the_conduct_menu_leads_back(key: str) -> None:
    """Star, another key or silence: back with the caller, who heard nothing."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("3").hears("warn_menu")
    if key:
        talk.ana.presses(key)
    talk.together("caller", "ana").not_noted("warning").stage(Stage.TALKING).over()


def test_a_warning_that_is_cut_does_not_count() -> None:
    """Star during the warning stops it. Closing is not permitted, and the warning can be played again."""
    talk = talking()
    names_conduct(talk, "3").caller.hears("warning_final")
    talk.wait(3)
    talk.ana.presses("*").hears("warn_cut")
    talk.together("caller", "ana").noted("warning", "ana", outcome="cut short")
    talk.ana.presses("*").hears("menu").presses("4").hears("refuse_cut_warning")
    talk.together("caller", "ana").wait(1)
    warned(talk).noted("warning", "caller", outcome="heard in full").over()


def test_no_closing_without_a_warning() -> None:
    """4 before any warning is refused, with what to do instead."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("4").hears("refuse_no_warning")
    talk.together("caller", "ana").noted("refused", "ana", key="4", outcome="refuse_no_warning").over()


def test_who_calls_again_begins_with_a_clean_ladder() -> None:
    """A warning of an earlier call counts for nothing."""
    talk = warned(talking())
    talk.caller.hangs_up()
    talk.until(lambda: talk.call.caller.live is False, "the caller is gone")
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben").wait(1)
    talk.ben.presses("*").hears("menu").presses("4").hears("refuse_no_warning")
    talk.together("caller", "ben").over()


def test_no_closing_within_the_grace() -> None:
    """4 right after the warning is refused, with the seconds left. Only conversation counts."""
    talk = warned(talking())
    talk.ana.presses("*").hears("menu").presses("4").hears("refuse_grace")
    talk.together("caller", "ana").noted("refused", "ana", outcome="refuse_grace").over()


def test_no_second_final_warning_while_one_stands() -> None:
    """3 again after the final warning is refused: it is in force, and 4 is the next key."""
    talk = warned(talking()).wait(17)
    names_conduct(talk, "3").ana.hears("refuse_warned")
    talk.together("caller", "ana").over()


def test_a_warning_lapses() -> None:
    """Ten minutes later closing is not permitted any more, until there is a new final warning."""
    talk = warned(talking()).wait(601)
    talk.ana.presses("*").hears("menu").presses("4").hears("refuse_lapsed", "10 minutes")
    talk.together("caller", "ana").wait(1)
    warned(talk).wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm")
    talk.over()


@pytest.mark.parametrize("key", ["2", "*", ""])
def test_carrying_on_instead_of_closing(key: str) -> None:
    """2, star or silence at the confirmation: the call goes on."""
    talk = warned(talking()).wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm")
    if key:
        talk.ana.presses(key)
    talk.together("caller", "ana").not_noted("closing").stage(Stage.TALKING)
    talk.caller.never_heard("disconnect")
    talk.over()


@pytest.mark.parametrize("seconds", [2, 8, 15])
def test_star_cancels_the_closing(seconds: float) -> None:
    """In the countdown, in the message and shortly before its end: the caller is back with the lead."""
    talk = warned(talking()).wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses(
        "1"
    ).hears("closing_watch")
    talk.wait(seconds)
    talk.ana.presses("*").hears("closing_cancelled")
    if seconds > 5:
        talk.caller.hears("closing_stopped")
    talk.together("caller", "ana").noted("closing", "ana", key="*", outcome="cancelled").stage(Stage.TALKING)
    talk.not_noted("call_ended").over()


def test_a_caller_who_leaves_during_the_warning_was_not_warned() -> None:
    """A hang-up before its last word: the warning does not count as heard."""
    talk = talking()
    names_conduct(talk, "4").caller.hears("warning_final").hangs_up(after=2)
    talk.noted("warning", "caller", outcome="cut short").not_noted("warning", outcome="heard in full")
    talk.noted("call_ended", "caller", outcome="caller hung up")
    talk.ana.hears("wrap_up")
    talk.over()


def test_a_caller_who_leaves_during_the_closing_was_not_closed() -> None:
    """The journal tells the two ends apart."""
    talk = warned(talking()).wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.caller.hears("disconnect").hangs_up(after=4)
    talk.noted("call_ended", "caller", outcome="caller left during the closing").over()
