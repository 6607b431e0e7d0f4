"""Supervisors listen, coach, join and take over, by what everybody really hears (policy rules 6, 20 and 21)."""

import pytest

from callflow.core import acts
from callflow.core.act_refusals import Reason
from callflow.core.events import Act
from callflow.core.stages import Stage
from callflow.emulator import Switches
from callflow.service.acts import ActResult, Acts, Answer
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import names_conduct, steps_tried, talking


def act(talk: Conversation, act: Act, what: str = "", person: str = "sam") -> ActResult:
    seen = acts.state(talk.call)
    return Acts(talk.callflow.calls).act(talk.call.id, person, act, seen, what)


def listening(talk: Conversation, wish: Act = Act.LISTEN) -> Conversation:
    """Sam listens to the call of Ana and the caller."""
    assert act(talk, wish).answer is Answer.DONE
    talk.sam.hears("listen_offer").presses("1").hears("listen_wait")
    talk.caller.heard("listener_notice")
    return talk.until(lambda: talk.sam.phone.leg is not None and talk.sam.phone.leg.seat is not None, "sam listens")


def says(talk: Conversation, name: str, words: str) -> set[str]:
    """Somebody says something in the room. Returns who has heard it."""
    people = {"caller": talk.caller, "ana": talk.ana, "sam": talk.sam}
    people[name].phone.say(words, 1.0)
    talk.wait(2)
    return {
        other for other, person in people.items()
        if person.phone.leg and any(one.kind == "speech" and one.text_or_url == words for one in person.phone.leg.heard)
    }  # fmt: skip


def test_the_notice_comes_first() -> None:
    """Until its last word Sam is in no room, and hears nothing of the call."""
    talk = talking()
    act(talk, Act.LISTEN)
    talk.sam.hears("listen_offer").presses("1").hears("listen_wait")
    talk.caller.hears("listener_notice", "Sam")
    assert talk.sam.phone.leg
    assert talk.sam.phone.leg.seat is None
    talk.caller.heard("listener_notice")
    talk.wait(4)
    assert says(talk, "caller", "this bill is wrong") == {"ana", "sam"}
    talk.noted("listener", script="listener_notice", outcome="heard in full", actor="sam").over()


def test_listening_joins_muted_always() -> None:
    talk = listening(talking())
    talk.wait(2)
    assert says(talk, "sam", "hello") == set()
    assert says(talk, "ana", "let me see") == {"caller", "sam"}
    talk.over()


@pytest.mark.parametrize("stays", [True, False], ids=["a coach stays one", "a coach without a lead is heard by all"])
def test_the_caller_never_hears_the_coach(stays: bool) -> None:
    talk = listening(talking(switches=Switches(frozen_coach_stays=stays)))
    assert act(talk, Act.COACH).answer is Answer.DONE
    talk.wait(3)
    assert says(talk, "sam", "offer a reshipment") == {"ana"}
    talk.ana.presses("*").hears("menu")
    talk.wait(1)
    assert says(talk, "sam", "be kind") == set()
    talk.over()


def test_coaching_goes_on_after_the_agents_star() -> None:
    talk = listening(talking(), Act.COACH)
    talk.wait(3)
    assert says(talk, "sam", "offer a reshipment") == {"ana"}
    talk.ana.presses("*").hears("menu")
    talk.wait(12)
    assert talk.call.stage is Stage.TALKING
    assert says(talk, "sam", "ask for the number") == {"ana"}
    assert says(talk, "caller", "thank you") == {"ana", "sam"}
    talk.over()


def test_a_listener_by_star_joins_and_takes_the_call() -> None:
    talk = listening(talking())
    talk.sam.presses("*").hears("listen_menu").presses("4")
    talk.caller.heard("supervisor_joins")
    talk.together("caller", "ana", "sam").wait(5)
    talk.caller.hears("handover_done", "Sam")
    talk.together("caller", "sam").over()


def test_whoever_joins_from_the_board_is_announced_and_heard() -> None:
    talk = talking()
    act(talk, Act.JOIN)
    talk.sam.hears("join_offer").presses("1")
    talk.caller.heard("supervisor_joins")
    talk.together("caller", "ana", "sam").wait(2)
    assert says(talk, "sam", "good morning") == {"caller", "ana"}
    talk.over()


def test_a_free_supervisor_listens_from_the_final_warning_on() -> None:
    talk = names_conduct(steps_tried(talking()), "3")
    talk.sam.hears("told_final_warning").presses("2").hears("listen_wait")
    talk.caller.heard("listener_notice")
    talk.wait(4)
    assert says(talk, "caller", "that is enough") == {"ana", "sam"}
    talk.noted("supervisor_told", actor="sam", outcome="confirmed").over()


def test_a_supervisor_stops_a_closing_until_its_last_word() -> None:
    talk = names_conduct(steps_tried(talking()), "3")
    talk.caller.heard("warning_final")
    talk.wait(25)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.caller.hears("disconnect")
    assert act(talk, Act.VETO).answer is Answer.DONE
    talk.caller.hears("closing_stopped")
    talk.ana.hears("vetoed", "Sam")
    talk.together("caller", "ana").noted("closing", outcome="vetoed", actor="sam").over()


def test_a_double_click_is_done_once_and_an_old_page_is_told_the_state() -> None:
    talk = talking()
    seen = acts.state(talk.call)
    use = Acts(talk.callflow.calls)
    assert use.act(talk.call.reference, "sam", Act.LOCK, seen).answer is Answer.DONE
    again = use.act(talk.call.reference, "sam", Act.LOCK, seen)
    assert again.answer is Answer.STALE
    assert again.state == acts.state(talk.call) != seen
    talk.over()


def test_a_refusal_says_why_and_is_on_record() -> None:
    talk = listening(talking())
    again = act(talk, Act.LISTEN)
    assert (again.answer, again.reason) == (Answer.REFUSED, Reason.ALREADY)
    assert again.words
    talk.noted("refused", actor="sam", outcome="already")
    talk.over()
