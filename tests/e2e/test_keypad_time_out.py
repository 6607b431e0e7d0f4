"""Step 1 on the keypad (design, section 5): asked, held only after a yes, back at the promised time."""

import pytest

from callflow.core.stages import Stage
from tests.e2e.conversation import Conversation, words_of
from tests.e2e.scenes import holding, talking

PROMISE = 30


def seconds_held(talk: Conversation) -> float:
    """From the end of the spoken hold_start to the caller being with the lead again."""
    start = next(one for one in talk.caller.phone.heard if words_of("hold_start").fullmatch(one.text_or_url))
    spoken = start.monotonic + start.seconds_heard
    back = next(one.monotonic for one in talk.caller.phone.heard if one.kind == "people" and one.monotonic > spoken)
    return back - spoken


@pytest.mark.parametrize(("answer", "how"), [("1", "key"), ("Yes, go ahead.", "speech")])
def test_a_yes_holds_and_both_are_back_on_time(answer: str, how: str) -> None:
    """1 or a word for yes holds. The lead has the heads-up 5 s before, and both are back by the promised time."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.caller.heard("hold_request", "30 seconds")
    talk.caller.presses("1") if how == "key" else talk.caller.heard("yes_or_no").says(answer)
    talk.caller.hears("hold_start")
    talk.ana.hears("hold_answer_yes").hears("heads_up", "5 seconds")
    talk.caller.heard("hold_return")
    talk.together("caller", "ana").noted("consent", "caller", key=how, outcome="yes")
    talk.noted("hold", outcome="begun", seconds=PROMISE).noted("hold", outcome="returned on time")
    assert PROMISE - 4 <= seconds_held(talk) <= PROMISE
    talk.stage(Stage.TALKING).over()


@pytest.mark.parametrize(("answer", "how"), [("2", "key"), ("No, do not.", "speech")])
def test_a_no_is_a_no(answer: str, how: str) -> None:
    """2 or a word for no: nobody is held, the lead is told, and the journal has it."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request")
    talk.caller.presses("2") if how == "key" else talk.caller.heard("yes_or_no").says(answer)
    talk.caller.hears("hold_declined")
    talk.ana.hears("hold_answer_no")
    talk.together("caller", "ana").noted("consent", "caller", key=how, outcome="no").not_noted("hold")
    talk.caller.never_heard("hold_start")
    talk.over()


def test_silence_is_asked_once_more_and_then_a_no() -> None:
    """Silence is not a yes: asked twice, then both are together again."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request").heard("asked_again").heard("hold_request").heard("hold_no_answer")
    talk.together("caller", "ana").noted("consent", "caller", outcome="no clear answer").not_noted("hold")
    talk.ana.hears("hold_answer_none")
    talk.over()


def test_unclear_words_are_asked_again() -> None:
    """Words that are neither: asked again, and a clear yes then holds."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("yes_or_no").says("What is this about?").hears("not_clear").heard("yes_or_no").says("Okay.")
    talk.caller.hears("hold_start")
    talk.noted("consent", "caller", outcome="unclear").noted("hold", outcome="begun").over()


def test_a_no_is_final_for_two_minutes() -> None:
    """A second question soon after a no is refused, with the seconds left and what to do instead."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request").presses("2")
    talk.ana.hears("hold_answer_no")
    talk.together("caller", "ana")
    talk.ana.presses("*").hears("menu").presses("1").hears("refuse_asked_already")
    talk.together("caller", "ana").noted("refused", "ana", key="1", outcome="refuse_asked_already").wait(120)
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.over()


def test_the_lead_takes_the_question_back() -> None:
    """Star while the caller is being asked: together again, nothing decided."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked").presses("*")
    talk.caller.hears("carry_on")
    talk.together("caller", "ana").noted("time_out", "ana", key="*", outcome="taken back").over()


def test_the_caller_comes_back_by_key() -> None:
    """2 during the hold: back to the lead at once."""
    talk = holding(talking())
    talk.wait(12)
    talk.caller.presses("2").hears("hold_return")
    talk.ana.hears("caller_back")
    talk.together("caller", "ana", within=8).noted("hold", "caller", key="2", outcome="ended by the caller").over()


def test_another_key_during_the_hold_changes_nothing() -> None:
    """Another key of the caller: the hold goes on, and ends at the same time."""
    talk = holding(talking())
    talk.wait(12)
    talk.caller.presses("5")
    talk.caller.heard("hold_return")
    talk.together("caller", "ana")
    assert PROMISE - 6 <= seconds_held(talk) <= PROMISE
    talk.over()


@pytest.mark.parametrize("key", ["1", "*"])
def test_the_lead_brings_the_caller_back(key: str) -> None:
    """1 or star at the hold desk: together at once."""
    talk = holding(talking())
    talk.wait(6)
    talk.ana.presses(key)
    talk.caller.hears("hold_return")
    talk.together("caller", "ana", within=8).noted("hold", "ana", key=key, outcome="ended by the lead").over()


def test_a_supervisor_from_the_hold_desk() -> None:
    """2 at the hold desk: the caller is asked about a supervisor; the hold is over."""
    talk = holding(talking())
    talk.wait(3)
    talk.ana.presses("2").hears("supervisor_asked")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sam.hears("whisper").presses("1")
    talk.together("ana", "sam").noted("hold", outcome="ended").over()


def test_a_longer_hold_needs_a_new_yes() -> None:
    """3 at the hold desk: the caller is asked at the check-in; 1 keeps holding, for another 30 s and no more."""
    talk = holding(talking())
    talk.wait(6)
    talk.ana.presses("3").hears("hold_more_asked")
    talk.caller.heard("hold_checkin").presses("1").hears("hold_start")
    talk.ana.hears("hold_answer_yes")
    talk.caller.heard("hold_return")
    talk.together("caller", "ana").noted("consent", "caller", script="hold_checkin", outcome="yes")
    talk.noted("hold", outcome="returned on time").over()


@pytest.mark.parametrize(("key", "then"), [("2", "hold_declined"), ("", "no_clear_answer")])
def test_no_or_silence_at_the_check_in_ends_the_hold(key: str, then: str) -> None:
    """2 is talk now; so is silence."""
    talk = holding(talking())
    talk.ana.presses("3").hears("hold_more_asked")
    talk.caller.heard("hold_checkin")
    if key:
        talk.caller.presses(key)
    talk.caller.hears(then)
    talk.together("caller", "ana").over()


def test_a_call_back_from_the_check_in() -> None:
    """3 at the check-in: the number shown is read out, confirmed with 1, and the promise is on file."""
    talk = holding(talking())
    talk.ana.presses("3")
    talk.caller.heard("hold_checkin").presses("3").heard("callback_confirm", "1 9 9").heard("call_back_keys")
    talk.ana.hears("call_back_choice")
    talk.caller.presses("1").hears("call_back_kept")
    talk.ana.hears("call_back_promised")
    talk.together("caller", "ana").noted("call_back", "caller", outcome="confirmed", owner="sam")
    kept = talk.call_backs()
    assert [(one.number, one.confirmed) for _, one in kept] == [("+15550100199", True)]
    talk.over()


def test_at_most_two_holds() -> None:
    """A third time out is refused, and the lead is referred to a supervisor."""
    talk = talking()
    for _ in range(2):
        holding(talk).caller.heard("hold_return")
        talk.together("caller", "ana").wait(1)
    talk.ana.presses("*").hears("menu").presses("1").hears("refuse_most_holds")
    talk.together("caller", "ana").over()
