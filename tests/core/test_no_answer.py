"""A caller who does not answer is asked for a sign, and let go only by a person's key (policy rule 3)."""

import pytest

from callflow.core.stages import Stage
from tests.core.test_draw_the_line import warned
from tests.core.test_locks import locked
from tests.playbook import Playbook, talking


def asked() -> Playbook:
    book = talking().agent("ana").star().presses("#").stage(Stage.TALKING).places(caller="silence", ana="room")
    return book.hears("silence_asked").caller().hears("still_here")


def three_times() -> Playbook:
    """Three prompts, each played in full, over two minutes, and no sign."""
    book = talking()
    for _ in range(3):
        book.agent("ana").star().presses("#").wait(45)
    book.holds(lambda call: call.silent_prompts == 3).noted("no_answer", actor="caller", script="still_here", n=3)
    return book.agent("ana")


def saying_goodbye() -> Playbook:
    book = three_times().star().presses("#").hears("no_answer_confirm").places(ana="end_silent").presses("1")
    return book.stage(Stage.TALKING).places(caller="let_go", ana="room").hears("silence_goodbye").caller()


def test_a_silent_line_is_let_go_after_three_prompts_and_two_minutes() -> None:
    book = saying_goodbye().hears("no_answer_goodbye").stays_silent().stage(Stage.AFTERCARE)
    book.noted("call_ended", outcome="no response").noted("no_answer", actor="ana", key="1", outcome="decided", n=3)
    book.agent("ana").hears("call_closed")


def test_silence_is_never_conduct() -> None:
    book = saying_goodbye().stays_silent()
    book.not_noted("closing").not_noted("warning").not_noted("supervisor_told").not_noted("cool_down")
    book.holds(lambda call: not call.warnings and call.closing is None and not call.cool_down)


def test_whoever_cannot_speak_presses_any_key() -> None:
    book = asked().presses("7").stage(Stage.TALKING).places(caller="room")
    book.noted("no_answer", actor="caller", key="7", outcome="answered").agent("ana").hears("silence_answered")
    book.holds(lambda call: call.silent_prompts == 0 and call.silent_since is None)


def test_a_key_at_the_last_moment_keeps_the_caller() -> None:
    book = saying_goodbye().presses("0").stage(Stage.TALKING).places(caller="room")
    book.agent("ana").wait(8).star().presses("#").caller().hears("still_here")


def test_the_agent_hears_a_breath_and_presses_star() -> None:
    book = saying_goodbye().agent("ana").wait(1).star().stage(Stage.CHOOSING).places(caller="room")
    book.noted("no_answer", actor="ana", outcome="cancelled").presses("*").wait(60).stage(Stage.TALKING)


def test_three_prompts_in_a_minute_are_not_enough() -> None:
    book = talking()
    for _ in range(3):
        book.agent("ana").star().presses("#").wait(20)
    book.agent("ana").star().presses("#").places(caller="silence")


def test_two_prompts_in_five_minutes_are_not_enough() -> None:
    book = talking()
    for _ in range(2):
        book.agent("ana").star().presses("#").wait(150)
    book.agent("ana").star().presses("#").places(caller="silence")


@pytest.mark.parametrize("how", ["fallback", "star"])
def test_a_prompt_that_was_not_heard_in_full_does_not_count(how: str) -> None:
    book = asked().wait(1)
    book.falls_back() if how == "fallback" else book.agent("ana").star()
    book.places(caller="room").holds(lambda call: call.silent_prompts == 0)


@pytest.mark.parametrize("key", ["2", "*", "9"])
def test_the_agent_carries_on(key: str) -> None:
    three_times().star().presses("#", key).stage(Stage.TALKING).places(caller="room").wait(60).stage(Stage.TALKING)


def test_silence_at_the_question_ends_nothing() -> None:
    three_times().star().presses("#").stays_silent().stage(Stage.TALKING).places(caller="room")


def test_nobody_in_danger_is_let_go() -> None:
    locked().star().presses("#").hears("refuse_locked").places(caller="room")
    book = saying_goodbye().agent("ana").presses("5").places(caller="room", sam="ringing")
    book.holds(lambda call: call.locks)


def test_the_agent_hangs_up_while_goodbye_is_said_and_the_caller_is_kept() -> None:
    saying_goodbye().agent("ana").hangs_up().stage(Stage.LEFT_ALONE).places(caller="agent_left")


def test_a_caller_who_hangs_up_before_the_last_word_hung_up() -> None:
    saying_goodbye().hangs_up().noted("call_ended", outcome="caller hung up")


def test_time_that_nobody_answers_is_no_grace() -> None:
    book = warned()
    book.star().presses("#").wait(14).agent("ana")
    assert book.call.warnings[0].talked_seconds < 8


def test_our_clock_brings_back_a_caller_of_whom_nothing_is_reported() -> None:
    book = asked()
    book.reports = False
    book.wait(60).places(caller="room").holds(lambda call: call.silent_prompts == 0)
