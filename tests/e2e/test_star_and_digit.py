"""Star and a digit always mean that step: in the room, while a menu or a line is spoken, and on the way back.

Every conversation is played with digits before a Gather lost, and with them kept (twilio.md 3.4: not documented).
"""

from collections.abc import Callable, Mapping

import pytest

from callflow.core.stages import Stage
from callflow.emulator import Switches
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import consulting, holding, introducing, names_conduct, talking, warned

Moment = Callable[[Conversation], Conversation]


def at_menu(talk: Conversation, key: str = "", then: str = "menu") -> Conversation:
    talk.ana.presses("*").hears("menu")
    if key:
        talk.ana.presses(key).hears(then)
    return talk


def asked(talk: Conversation) -> Conversation:
    at_menu(talk, "1", "hold_asked").caller.hears("hold_request")
    return talk


def declined(talk: Conversation) -> Conversation:
    """The line "the caller said no" is being spoken."""
    asked(talk).caller.heard("hold_request").presses("2")
    talk.ana.hears("hold_answer_no")
    return talk


def brought_back(talk: Conversation) -> Conversation:
    holding(talk).ana.presses("1").hears("caller_back")
    return talk


def ringing(talk: Conversation) -> Conversation:
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.ana.heard("supervisor_answer_yes")
    return talk.wait(2)


def confirming(talk: Conversation) -> Conversation:
    at_menu(warned(talk).wait(17), "4", "end_conduct").ana.presses("3").hears("end_confirm")
    return talk


def counting_down(talk: Conversation) -> Conversation:
    confirming(talk).ana.presses("1").hears("closing_watch")
    return talk


def warning(talk: Conversation) -> Conversation:
    names_conduct(talk, "3").caller.hears("warning_final")
    return talk.wait(2)


def consult_menu(talk: Conversation) -> Conversation:
    consulting(talk).wait(3).ana.presses("*").hears("whisper_ready")
    return talk


def introduction_menu(talk: Conversation) -> Conversation:
    introducing(talk).wait(3).ana.presses("*").hears("refuse_leave")
    return talk


MOMENTS: Mapping[str, Moment] = {
    "in the room": lambda talk: talk,
    "while the menu is spoken": at_menu,
    "while it is spoken again": lambda talk: at_menu(talk, "0"),
    "while the conduct is asked": lambda talk: at_menu(talk, "3", "warn_menu"),
    "while the reason is asked": lambda talk: at_menu(talk, "9", "skip_menu"),
    "while a refusal is spoken": lambda talk: at_menu(talk, "4", "refuse_no_warning"),
    "while the answer is spoken": declined,
    "while the caller is asked": asked,
    "while the caller holds": holding,
    "while the caller comes back": brought_back,
    "while phones ring": ringing,
    "while the warning plays": warning,
    "while the end is confirmed": confirming,
    "while the end counts down": counting_down,
    "with a supervisor in private": lambda talk: consulting(talk).wait(3),
    "while that menu is spoken": consult_menu,
    "with all three together": lambda talk: introducing(talk).wait(3),
    "while their menu is spoken": introduction_menu,
}
KEPT = pytest.mark.parametrize("kept", [False, True], ids=["digits before a Gather lost", "kept"])


@KEPT
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("key", "line"), [("5", "safeguarding_on"), ("6", "threat_on")])
def test_star_and_5_or_6_protect_at_any_moment(moment: str, key: str, line: str, kept: bool) -> None:
    talk = MOMENTS[moment](talking(switches=Switches(early_digits_kept=kept)))
    talk.ana.presses("*").presses(key).hears(line, within=2)
    talk.not_noted("closing", outcome="begun").noted("threat" if key == "6" else "safeguarding", "ana", key=key)
    talk.until(lambda: {"caller", "ana"} <= talk.company("caller"), "together").over()


@KEPT
@pytest.mark.parametrize("moment", ["in the room", "while the menu is spoken", "while a refusal is spoken",
                                    "while the answer is spoken", "while the caller comes back"])  # fmt: skip
@pytest.mark.parametrize(("key", "line"), [("2", "supervisor_asked"), ("3", "warn_menu"), ("9", "skip_menu")])
def test_star_and_a_digit_mean_that_step(moment: str, key: str, line: str, kept: bool) -> None:
    talk = MOMENTS[moment](talking(switches=Switches(early_digits_kept=kept)))
    talk.ana.presses("*").presses(key).hears(line, within=4)
    talk.over()


@KEPT
def test_star_cuts_a_line_and_opens_the_menu(kept: bool) -> None:
    """Nobody has to hear a refusal to its end."""
    talk = at_menu(talking(switches=Switches(early_digits_kept=kept)), "4", "refuse_no_warning")
    talk.ana.presses("*").hears("menu", within=1)
    talk.stage(Stage.CHOOSING).over()


@KEPT
@pytest.mark.parametrize("digit", ["1", "2", "3", "4", "9", "0", "#"])
def test_a_slip_while_a_line_is_spoken_begins_nothing(digit: str, kept: bool) -> None:
    """A digit without a star, perhaps the second press of the key before: the line is spoken again."""
    talk = at_menu(talking(switches=Switches(early_digits_kept=kept)), "4", "refuse_no_warning")
    talk.ana.presses(digit).hears("refuse_no_warning", within=1)
    talk.together("caller", "ana").stage(Stage.TALKING)
    talk.not_noted("time_out").not_noted("delegate_upwards").over()


@KEPT
@pytest.mark.parametrize(("key", "line"), [("5", "safeguarding_on"), ("6", "threat_on")])
def test_5_and_6_need_no_star_while_a_line_is_spoken(key: str, line: str, kept: bool) -> None:
    talk = at_menu(talking(switches=Switches(early_digits_kept=kept)), "4", "refuse_no_warning")
    talk.ana.presses(key).hears(line, within=1)
    talk.over()


@KEPT
def test_star_in_the_menu_is_back_with_the_caller_two_seconds_later(kept: bool) -> None:
    talk = at_menu(talking(switches=Switches(early_digits_kept=kept)))
    talk.ana.presses("*")
    talk.together("caller", "ana", within=2.2).stage(Stage.TALKING)
    talk.ana.presses("*").hears("menu", within=1)
    talk.over()


@KEPT
def test_the_helper_has_star_and_a_digit_too(kept: bool) -> None:
    """While the line about who is there is spoken, and while the supervisor's menu is open."""
    talk = talking(switches=Switches(early_digits_kept=kept))
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper").presses("1").hears("joined").presses("*").hears("whisper_ready", within=1)
    talk.sam.presses("*").presses("1")
    talk.caller.hears("introduction")
    talk.together("caller", "ana", "sam").over()


@pytest.mark.parametrize("moment", ["in the room", "while the menu is spoken", "while a refusal is spoken"])
def test_two_keys_at_once_are_kept_or_the_menu_is_there(moment: str) -> None:
    """Nobody presses faster. If the provider loses the digit, the agent is in the menu or in the room, as star says."""
    for kept in (True, False):
        talk = MOMENTS[moment](talking(switches=Switches(early_digits_kept=kept)))
        for key in "*6":
            talk.ana.phone.press(key)
        if kept:
            talk.ana.hears("threat_on", within=1)
        elif moment == "while the menu is spoken":
            talk.together("caller", "ana", within=3)
        else:
            talk.ana.hears("menu", within=1)
        talk.over()


@pytest.mark.parametrize("moment", ["while the conduct is asked", "while the reason is asked",
                                    "with a supervisor in private", "with all three together"])  # fmt: skip
def test_a_digit_without_a_meaning_says_so(moment: str) -> None:
    talk = MOMENTS[moment](talking())
    if talk.ana.phone.leg and talk.ana.phone.leg.seat:
        talk.ana.presses("*")
    talk.ana.presses("8").hears("unknown_key", within=1)
    talk.over()
