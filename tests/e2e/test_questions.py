"""How a caller is asked: nothing cuts the question, keys count as soon as they are named, then words (rules 9, 44)."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from callflow.core.call import Outcome
from callflow.core.stages import Stage
from callflow.emulator import Busy, Switches
from callflow.emulator.legs import Heard
from tests.e2e.conversation import Conversation, words_of
from tests.e2e.scenes import holding, talking

AT_ONCE_SECONDS = 1.0


def asked_to_hold(talk: Conversation) -> Conversation:
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    return talk


def asked_about_a_supervisor(talk: Conversation) -> Conversation:
    talk.ana.presses("*").hears("menu").presses("2").hears("supervisor_asked")
    return talk


def asked_for_more_time(talk: Conversation) -> Conversation:
    holding(talk).ana.presses("3").hears("hold_more_asked")
    return talk


def asked_about_a_call_back(talk: Conversation) -> Conversation:
    talk.sam.behaves(Busy())
    talk.sky.behaves(Busy())
    asked_about_a_supervisor(talk).caller.heard("supervisor_offer").presses("1")
    return talk


def asked_if_the_number_is_right(talk: Conversation) -> Conversation:
    asked_about_a_call_back(talk).caller.heard("no_supervisor").presses("1")
    return talk


class Asked(NamedTuple):
    """One question: how it comes to be asked, its lines, and the lines that follow a yes and no clear answer."""

    ask: Callable[[Conversation], Conversation]
    request: str
    choices: str
    yes: str
    no_answer: str


QUESTIONS = [
    Asked(asked_to_hold, "hold_request", "hold_choices", "hold_start", "hold_no_answer"),
    Asked(asked_for_more_time, "hold_checkin", "hold_checkin_choices", "hold_start", "no_clear_answer"),
    Asked(
        asked_about_a_supervisor, "supervisor_offer", "supervisor_choices", "consult_ringing", "supervisor_no_answer"
    ),
    Asked(asked_about_a_call_back, "no_supervisor", "call_back_choices", "callback_confirm", "no_clear_answer"),
    Asked(asked_if_the_number_is_right, "callback_confirm", "call_back_keys", "call_back_kept", "no_clear_answer"),
]
every_question = pytest.mark.parametrize("asked", QUESTIONS, ids=[one.request for one in QUESTIONS])


def latest(talk: Conversation, script: str) -> Heard:
    return [one for one in talk.caller.phone.heard if words_of(script).fullmatch(one.text_or_url)][-1]


@every_question
def test_i_press_1_while_the_choices_are_read_and_it_counts_at_once(asked: Asked) -> None:
    """Not eight seconds of silence, and the question once more."""
    talk = asked.ask(talking())
    talk.caller.heard(asked.request).hears(asked.choices).presses("1")
    pressed = talk.clock.monotonic()
    talk.caller.hears(asked.yes)
    assert latest(talk, asked.yes).monotonic - pressed <= AT_ONCE_SECONDS
    assert latest(talk, asked.request).complete, "the reason was cut short"
    talk.over()


@every_question
def test_a_key_pressed_too_early_neither_cuts_the_question_nor_counts(asked: Asked) -> None:
    """It never reaches us. Nobody claims to have listened: there is no clear answer."""
    talk = asked.ask(talking())
    talk.caller.hears(asked.request).presses("1", after=0.2)
    talk.caller.heard(asked.choices).heard(asked.no_answer, "no clear answer", within=90)
    assert latest(talk, asked.request).complete, "the reason was cut short"
    talk.caller.never_heard("not_clear")
    talk.together("caller", "ana").over()


@every_question
def test_i_said_maybe_and_am_told_that_it_was_not_clear(asked: Asked) -> None:
    talk = asked.ask(talking())
    before = len(talk.notes("consent", outcome="unclear") + talk.notes("call_back", outcome="unclear"))
    talk.caller.heard(asked.request).heard("yes_or_no").says("Maybe.")
    if asked.request in ("hold_request", "supervisor_offer"):  # asked once more
        talk.caller.hears("not_clear").heard(asked.request).heard("yes_or_no").says("Yes, but make it quick.")
    talk.caller.hears(asked.no_answer, "no clear answer")
    noted = talk.notes("consent", outcome="unclear") + talk.notes("call_back", outcome="unclear")
    assert len(noted) > before
    talk.together("caller", "ana").over()


@every_question
def test_what_i_say_never_cuts_the_choices(asked: Asked) -> None:
    """An angry caller talks on. Only a key interrupts the choices; words count once they are invited."""
    talk = asked.ask(talking())
    talk.caller.heard(asked.request).hears(asked.choices).says("I have been waiting for an hour!")
    talk.caller.heard("yes_or_no").says("Yes.").hears(asked.yes)
    assert latest(talk, asked.choices).complete, "the choices were cut short"
    talk.over()


@every_question
def test_0_says_the_question_again(asked: Asked) -> None:
    """From its beginning, as often as I like, and it is not counted as an answer (rule 44)."""
    talk = asked.ask(talking())
    talk.caller.heard(asked.request).hears("yes_or_no").presses("0")
    talk.caller.heard(asked.request).hears(asked.choices).presses("0")
    talk.caller.heard(asked.request).hears(asked.choices).presses("1").hears(asked.yes)
    talk.noted("asked", "caller", key="0", outcome="repeated").not_noted("consent", outcome="unclear").over()


def test_0_gives_the_question_all_its_time_again() -> None:
    """The lead goes on standing by, and both are together at the end; no deadline cuts the question short."""
    talk = asked_to_hold(talking())
    for _ in range(3):
        talk.caller.heard("asked_again", within=40).heard("hold_choices").presses("0")
        talk.ana.hears("hold_asked")
    talk.caller.heard("asked_again").heard("hold_no_answer")
    talk.ana.hears("hold_answer_none")
    talk.together("caller", "ana").not_noted("time_out", outcome="no answer in time").over()


def test_0_repeats_the_menu_of_the_flow() -> None:
    """It does not count as an attempt."""
    talk = Conversation()
    talk.caller.dials().hears("reason_menu")
    for _ in range(4):
        talk.caller.presses("0").hears("reason_menu")
    talk.caller.presses("1").hears("connecting")
    talk.ana.hears("offer", "a bill")
    talk.over()


def test_i_talk_for_most_of_a_minute_and_am_told_that_it_was_not_clear() -> None:
    """The deadline of the question does not come first, and does not speak of an answer that came too late."""
    talk = asked_to_hold(talking())
    talk.caller.heard("yes_or_no").phone.say("You know what happened to me today?", seconds=40)
    talk.caller.heard("hold_no_answer", within=60)
    talk.noted("consent", "caller", outcome="unclear").not_noted("time_out", outcome="no answer in time").over()


def test_the_lead_is_told_whether_it_was_unclear_or_nothing_was_reported() -> None:
    talk = asked_to_hold(talking())
    talk.caller.heard("yes_or_no").says("Maybe.").hears("not_clear").heard("yes_or_no").says("Perhaps.")
    talk.ana.hears("hold_answer_unclear").never_heard("hold_answer_none", "hold_answer_no")
    talk.together("caller", "ana").noted("consent", "caller", outcome="unclear").over()


@pytest.mark.parametrize(
    ("answer", "refusal"), [("2", "refuse_asked_already"), ("Maybe.", "refuse_no_answer"), ("", "refuse_no_answer")]
)
def test_the_next_refusal_says_which_it_was(answer: str, refusal: str) -> None:
    """No, or no clear answer: "declined" is never said of somebody who did not."""
    talk = asked_to_hold(talking())
    if answer == "2":
        talk.caller.heard("hold_request").presses("2").hears("hold_declined")
    elif answer:
        talk.caller.heard("yes_or_no").says(answer).hears("not_clear").heard("yes_or_no").says(answer)
    talk.ana.hears(
        "hold_answer_no" if answer == "2" else "hold_answer_unclear" if answer else "hold_answer_none", within=90
    )
    talk.together("caller", "ana")
    talk.ana.presses("*").hears("menu").presses("1").hears(refusal)
    talk.together("caller", "ana").over()


def test_a_yes_to_a_hold_and_no_clear_answer_to_the_next() -> None:
    """The step counts as accepted, and still the refusal speaks of the last question."""
    talk = holding(talking())
    talk.caller.heard("hold_return")
    talk.together("caller", "ana").wait(1)
    asked_to_hold(talk).caller.heard("hold_no_answer", within=90)
    talk.ana.heard("hold_answer_none")
    talk.together("caller", "ana").check(talk.call.time_out is Outcome.ACCEPTED, "forgot the first hold")
    talk.ana.presses("*").hears("menu").presses("1").hears("refuse_no_answer")
    talk.over()


def test_the_briefing_does_not_say_that_the_caller_declined() -> None:
    talk = asked_to_hold(talking())
    talk.ana.hears("hold_answer_none", within=90)
    talk.together("caller", "ana").wait(1)
    asked_about_a_supervisor(talk).caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper", "without a clear answer")
    talk.over()


def test_a_key_kept_by_the_provider_counts_after_the_question() -> None:
    """If keys pressed before a Gather are given to it: still not before reason and length were heard in full."""
    talk = asked_to_hold(talking(switches=Switches(early_digits_kept=True)))
    talk.caller.hears("hold_request").presses("1", after=0.2).heard("hold_request").hears("hold_start")
    talk.stage(Stage.HOLDING).over()
