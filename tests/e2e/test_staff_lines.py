"""What staff hear is true, is about what is open now, and can be obeyed at once."""

from dataclasses import replace

import pytest

from callflow.core.call import Prompt
from callflow.core.configuration import Configuration
from callflow.core.policy import LadderOrder
from callflow.core.prompts import voice_seconds
from callflow.core.stages import Stage
from callflow.emulator.phones import NoAnswer
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import names_conduct, steps_tried, talking, warned

COMMON = "6 threat, 5 harm, 1 time out, 2 supervisor, 0 more, star to go back to the caller."
EVERYTHING = (
    "1 time out, 2 supervisor, 3 warning, 4 end the call, 5 harm, 6 threat, 7 leave the call, 9 leave out a step, "
    "hash, what you offered, or hash twice, the caller does not answer, star to go back to the caller."
)


def opened(talk: Conversation) -> str:
    """What the menu speaks when Ana presses star now."""
    talk.ana.presses("*").hears("menu")
    return talk.ana.phone.heard[-1].text_or_url


def length(words: str) -> float:
    return voice_seconds(
        shipped(), "en", Prompt("menu", {"choices": words.removesuffix(", star to go back to the caller.")})
    )


# -- the menu


def test_the_menu_of_a_new_call_takes_less_than_six_seconds_and_begins_with_the_threat() -> None:
    talk = talking()
    assert opened(talk) == COMMON
    assert length(COMMON) < 6
    talk.over()


def test_0_speaks_everything() -> None:
    talk = talking()
    opened(talk)
    talk.ana.presses("0").hears("menu")
    assert talk.ana.phone.heard[-1].text_or_url == EVERYTHING
    talk.over()


def test_the_menu_speaks_only_what_is_open() -> None:
    """Not a time out that was just declined; the warning once both steps were offered; the end after its grace."""
    talk = steps_tried(talking())
    assert opened(talk) == COMMON.replace("1 time out, ", "").replace("0 more", "3 warning, 0 more")
    talk.ana.presses("3").hears("warn_menu").presses("2").heard("warn_first_done")
    talk.together("caller", "ana")
    names_conduct(talk, "2").ana.heard("warn_done")
    talk.together("caller", "ana").wait(1)
    assert "end the call" not in opened(talk)
    talk.ana.presses("*")
    talk.together("caller", "ana").wait(16)
    assert "4 end the call, 0 more" in opened(talk)
    talk.over()


def test_after_severe_conduct_the_agent_hears_that_they_can_leave() -> None:
    talk = warned(talking())
    assert "7 leave the call" in opened(talk)
    talk.over()


def test_no_line_of_staff_uses_words_of_the_trade() -> None:
    language = shipped().languages["en"]
    spoken = [*(one.text for one in language.scripts.values()), *language.fragments.values()]
    assert not [text for text in spoken for word in ("civility", "skip", "safeguarding", "disconnect") if word in text]


# -- refusals


def strict() -> Configuration:
    return replace(shipped(), policy=replace(shipped().policy, order=LadderOrder.IN_ORDER))


def test_the_end_of_a_new_call_is_refused_with_the_time_out_and_star_1_begins_it() -> None:
    """And not with star 3, which would be refused in turn."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("4").hears("refuse_no_warning", "First offer a time out: star 1")
    talk.ana.presses("*").presses("1").hears("hold_asked", within=2)
    talk.over()


def test_star_3_says_at_once_what_comes_first() -> None:
    """Before the conduct is asked. Only severe conduct can be named, and star 1 begins the time out."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("3").hears("refuse_order", "star 1", within=0.5)
    talk.ana.hears("warn_menu", "Warn of 3 remarks about who someone is, 4 sexual remarks;")
    talk.ana.presses("*").presses("1").hears("hold_asked", within=2)
    talk.over()


def test_without_severe_conduct_star_3_is_refused_at_once() -> None:
    rules = shipped().policy.draw_the_line
    mild = replace(rules, conduct=tuple(one for one in rules.conduct if not one.severe))
    talk = talking(replace(shipped(), policy=replace(shipped().policy, draw_the_line=mild)))
    talk.ana.presses("*").hears("menu").presses("3").hears("refuse_order", "star 1", within=0.5)
    talk.noted("refused", "ana", key="3", outcome="refuse_order").stage(Stage.TALKING).over()


def test_after_a_time_out_the_supervisor_is_the_next_step() -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request").presses("2")
    talk.ana.heard("hold_answer_no")
    talk.together("caller", "ana")
    talk.ana.presses("*").hears("menu").presses("4").hears("refuse_no_warning", "bring in a supervisor: star 2")
    talk.ana.presses("*").presses("2").hears("supervisor_asked", within=2)
    talk.over()


def test_in_the_grace_nobody_is_sent_to_the_key_that_is_refused() -> None:
    """The warning was heard, star 4 is not open yet: the agent hears for how long, and what does not count."""
    talk = warned(talking())
    names_conduct(talk, "3").ana.hears("refuse_grace", "menus and holds do not count")
    talk.ana.presses("*").presses("2").hears("supervisor_asked", within=2)
    talk.over()


def test_in_the_strict_order_a_supervisor_comes_after_a_time_out_which_star_1_begins() -> None:
    talk = talking(strict())
    talk.ana.presses("*").hears("menu").presses("2").hears("refuse_order", "star 1")
    talk.ana.presses("*").presses("1").hears("hold_asked", within=2)
    talk.over()


def test_a_digit_is_answered_while_others_are_called() -> None:
    """And what is advised works: star twice, also from within the line."""
    talk = talking()
    talk.sam.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.ana.heard("supervisor_answer_yes").presses("*", after=3).hears("busy_menu").presses("2").hears("refuse_busy")
    talk.ana.presses("*").hears("busy_menu", within=1).presses("*")
    talk.noted("delegate_upwards", "ana", outcome="cancelled").together("caller", "ana").over()


# -- offers, and the end


def test_an_unanswered_offer_says_goodbye() -> None:
    talk = Conversation()
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.hears("offer").heard("offer_missed").is_off(within=2)
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben").over()


def test_an_unanswered_briefing_says_goodbye() -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper").heard("offer_missed").is_off(within=2)
    talk.over()


def test_the_offer_speaks_the_name_of_the_team() -> None:
    teams = {id: replace(team, name="the billing people") for id, team in shipped().teams.items()}
    talk = Conversation(replace(shipped(), teams=teams))
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.hears("offer", "the billing people, about a bill")
    talk.over()


def test_after_saved_the_agent_hears_that_they_may_hang_up() -> None:
    talk = talking()
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").presses("1").heard("wrap_up_saved", "You may hang up now").presses("4")
    talk.over()


@pytest.mark.parametrize("id", [id for id in shipped().languages["en"].scripts if id != "warning_final"])
def test_no_line_takes_much_longer_than_ten_seconds(id: str) -> None:
    """With names and numbers of usual length, in the voice of the provider. The final warning has its own limit."""
    usual = {"ref": "1 2 3 4 5 6", "contact": "help at example dot com", "emergency": "9 1 1", "time": "11:30",
             "conduct": "personal insults", "agent": "Ana", "supervisor": "Sam", "supervisor_role": "a team leader",
             "n": "30", "m": "10", "choices": COMMON, "next": "bring in a supervisor: star 2", "key": "2",
             "facts": "with Ana, about a bill, a time out was offered and declined, one warning was heard",
             "reason": "look at your account", "about": ", about a delivery", "callee": "Ana",
             "owner": "Example Energy", "last3": "1 2 3", "org": "Example Energy",
             "number": "1 5 5 5 0 1 0 0 1 9 9", "team": "energy desk", "threat": "6",
             "waiting": ", waiting 30 seconds", "flags": "a threat was made, one warning was heard",
             "needs": "more time, and tics", "offer": "a fee waived up to 20"}  # fmt: skip
    assert voice_seconds(shipped(), "en", Prompt(id, usual)) < 12
