"""One node and nothing else: what the README says does not hold while it is down."""

import pytest

from tests.e2e.conversation import Conversation
from tests.e2e.scenes import holding, talking

APOLOGY = "We are sorry, an application error has occurred. Goodbye."


def is_cut(talk: Conversation, name: str) -> None:
    person = getattr(talk, name)
    person.is_off(within=20)
    heard = [one.text_or_url for one in person.phone.heard if one.kind == "say"]
    talk.check(heard[-1] == APOLOGY, f"{name} heard {heard[-1]}")


def test_another_key_than_2_on_hold_ends_the_caller_s_line() -> None:
    talk = holding(talking()).wait(9)
    talk.world.disconnect()
    talk.caller.presses("5")
    is_cut(talk, "caller")


@pytest.mark.parametrize("answer", ["1", "2"])
def test_an_answer_to_a_question_ends_the_caller_s_line(answer: str) -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request")
    talk.world.disconnect()
    talk.caller.presses(answer)
    is_cut(talk, "caller")


@pytest.mark.parametrize("key", ["1", "*"])
def test_a_key_of_the_flow_ends_the_caller_s_line(key: str) -> None:
    talk = Conversation()
    talk.caller.dials().hears("reason_menu")
    talk.world.disconnect()
    talk.caller.presses(key)
    is_cut(talk, "caller")


@pytest.mark.parametrize("menu", [False, True])
def test_a_key_of_an_agent_ends_the_agent_s_line_and_the_caller_is_alone(menu: bool) -> None:
    talk = talking()
    if menu:
        talk.ana.presses("*").hears("menu")
    talk.world.disconnect()
    talk.ana.presses("1" if menu else "*")
    is_cut(talk, "ana")
    talk.wait(30).check(talk.company("caller") == {"caller"}, "the caller is not alone in the room")


def test_a_key_at_an_offer_ends_the_line() -> None:
    talk = Conversation()
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer")
    talk.world.disconnect()
    talk.ana.presses("1")
    is_cut(talk, "ana")


def test_a_new_caller_is_turned_away() -> None:
    talk = Conversation()
    talk.world.disconnect()
    talk.caller.dials()
    is_cut(talk, "caller")
