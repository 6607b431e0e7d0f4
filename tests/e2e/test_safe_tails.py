"""If the server goes down during a call, its documents bring people together by themselves (design, section 3)."""

import pytest

from callflow.core import prompts
from callflow.core.call import Prompt
from callflow.emulator import NoAnswer
from tests.e2e.conversation import Conversation, shipped, words_of
from tests.e2e.scenes import consulting, holding, introducing, names_conduct, talking
from tests.e2e.second_node import only_the_second_node

PROMISE = 30
TAIL_SECONDS = 2
"""For the last second of a Gather, and for joining the room."""


def promised_end(talk: Conversation) -> float:
    """The time 30 s after the last word of hold_start."""
    heard = reversed(talk.caller.phone.heard)
    start = next(one for one in heard if words_of("hold_start").fullmatch(one.text_or_url))
    spoken = Prompt("hold_start", {"agent": "Ana", "n": str(PROMISE)})
    if start.kind == "play":
        return start.monotonic + prompts.seconds(talk.configuration, "en", spoken) + PROMISE
    return start.monotonic + len(start.text_or_url) / talk.emulator.exchange.switches.pace + PROMISE


def warm(talk: Conversation) -> Conversation:
    """After one hold the provider has the music in its cache, as our headers permit."""
    holding(talk).caller.heard("hold_return")
    return talk.together("caller", "ana").wait(1)


@pytest.mark.parametrize("seconds", [0, 3, 9, 20, 27])
def test_the_hold_ends_on_time_without_us(seconds: float) -> None:
    """Whenever the server goes down during a hold: together by the promised time, and no leg ends."""
    talk = holding(warm(talking())).wait(seconds)
    end = promised_end(talk)
    talk.world.disconnect()
    talk.together("caller", "ana", within=PROMISE + 15)
    assert talk.clock.monotonic() <= end
    talk.wait(60).together("caller", "ana")


@pytest.mark.parametrize("seconds", [0, 1, 8, 20])
def test_the_first_hold_ends_on_time_without_us(seconds: float) -> None:
    """The same for the very first hold: all its files are fetched before its first word (twilio.md 3.2)."""
    talk = holding(talking()).wait(seconds)
    end = promised_end(talk)
    talk.world.disconnect()
    talk.together("caller", "ana", within=PROMISE + 15)
    assert talk.clock.monotonic() <= end


@pytest.mark.parametrize(("key", "question", "asks"), [("1", "hold_request", 2), ("2", "supervisor_offer", 2)])
@pytest.mark.parametrize("after", [0, 4])
def test_silence_at_a_question(key: str, question: str, asks: int, after: float) -> None:
    """A question that nobody answers leads back by itself, after the second time and the prompt for silence."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses(key)
    talk.caller.hears(question)
    talk.wait(after).world.disconnect()
    talk.caller.heard("hold_no_answer" if key == "1" else "supervisor_no_answer")
    talk.together("caller", "ana", within=TAIL_SECONDS).wait(60).together("caller", "ana")


@pytest.mark.parametrize("answer", ["1", "2", "yes"])
def test_an_answer_that_nobody_takes(answer: str) -> None:
    """A key or a word at a question, with the server down: the second node brings the caller into the room at once."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request").heard("yes_or_no" if answer == "yes" else "hold_choices")
    only_the_second_node(talk)
    talk.caller.says("Yes.") if answer == "yes" else talk.caller.presses(answer)
    talk.until(lambda: talk.caller.phone.leg is not None and talk.caller.phone.leg.seat is not None, "in the room", 9)
    talk.together("caller", "ana").wait(60).together("caller", "ana")
    talk.caller.never_heard("hold_start")


@pytest.mark.parametrize("seconds", [1, 12])
def test_talk_now_needs_nobody(seconds: float) -> None:
    """2 during the hold, with nothing of ours left: thanks, and into the room; the lead joins by the promised time."""
    talk = holding(talking()).wait(seconds)
    end = promised_end(talk)
    talk.world.disconnect()
    talk.caller.presses("2").heard("hold_return", within=5)
    talk.until(lambda: talk.caller.phone.leg is not None and talk.caller.phone.leg.seat is not None, "in the room", 1)
    talk.together("caller", "ana", within=PROMISE + 15)
    assert talk.clock.monotonic() <= end
    talk.wait(60).together("caller", "ana")


def test_talk_now_during_a_consult_needs_nobody() -> None:
    """The caller is told who is there by the document itself, and the two who talk in private hear a beep."""
    talk = consulting(talking()).wait(5)
    talk.world.disconnect()
    talk.caller.presses("2").heard("introduction", saying="Sam", within=6)
    talk.together("caller", "ana", "sam", within=2)
    for person in (talk.ana, talk.sam):
        talk.check(person.phone.heard[-2].kind == "beep" or person.phone.heard[-1].kind == "beep", "no beep")
    talk.wait(60).together("caller", "ana", "sam")


@pytest.mark.parametrize("severe", ["3", "4"])
def test_a_warning_leads_back(severe: str) -> None:
    """Both hear the recording to its end and are back in the room."""
    talk = names_conduct(talking(), severe)
    talk.caller.hears("warning_final")
    talk.wait(2).world.disconnect()
    talk.caller.heard("warning_final")
    talk.together("caller", "ana", within=TAIL_SECONDS).wait(60).together("caller", "ana")


def test_silence_at_the_menu() -> None:
    """The lead's menu leads back to the caller."""
    talk = talking()
    talk.ana.presses("*").hears("menu")
    talk.world.disconnect()
    talk.together("caller", "ana", within=20).wait(60).together("caller", "ana")


@pytest.mark.parametrize("menu", [False, True])
def test_a_key_of_the_lead_that_nobody_takes(menu: bool) -> None:
    """Star, or a digit at the menu: the second node asks for any key (it may be voicemail), then the room."""
    talk = talking()
    if menu:
        talk.ana.presses("*").hears("menu")
    only_the_second_node(talk).ana.presses("1" if menu else "*").presses("1", after=2)
    talk.together("caller", "ana", within=3)
    talk.ana.presses("*").presses("5", after=2)
    talk.together("caller", "ana", within=3)


@pytest.mark.parametrize("seconds", [1, 30])
def test_the_wait_for_a_consult_ends(seconds: float) -> None:
    """During the consultation the caller's document is self-timed, and ends in the room with the two others."""
    talk = consulting(talking()).wait(seconds)
    talk.world.disconnect()
    talk.together("caller", "ana", "sam", within=52).wait(60).together("caller", "ana", "sam")


@pytest.mark.parametrize("seconds", [1, 12])
def test_the_first_wait_for_a_consult_ends(seconds: float) -> None:
    """If the music is not in the provider's cache, the second node brings the caller to the two others, earlier."""
    talk = consulting(talking()).wait(seconds)
    only_the_second_node(talk).together("caller", "ana", "sam", within=52)
    talk.wait(60).together("caller", "ana", "sam")


@pytest.mark.parametrize("again", [True, False])
def test_the_wait_while_phones_ring_ends(again: bool) -> None:
    """While a supervisor is rung, the caller's document ends in the room with the lead; with the second node if the
    music is not in the provider's cache."""
    talk = talking()
    for person in (talk.sam, talk.sky):
        person.behaves(NoAnswer())
    for _ in range(1 + again):
        talk.ana.presses("*").hears("menu").presses("2")
        talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
        if again and not talk.notes("delegate_upwards", outcome="unavailable"):
            talk.caller.heard("no_supervisor", within=90).presses("2")
            talk.together("caller", "ana").wait(6)
    talk.wait(8)
    talk.world.disconnect() if again else only_the_second_node(talk)
    talk.together("caller", "ana", within=92).wait(60).together("caller", "ana")


def test_a_menu_of_the_three() -> None:
    """The helper's menu leads back to the three."""
    talk = introducing(talking())
    talk.sam.presses("*").hears("have_it")
    talk.world.disconnect()
    talk.together("caller", "ana", "sam", within=20)


def test_the_countdown_to_a_closing_closes_nobody() -> None:
    """The server goes down in the countdown: no message, both stay together."""
    talk = names_conduct(talking(), "3")
    talk.ana.heard("warn_done")
    talk.together("caller", "ana").wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses(
        "1"
    ).hears("closing_watch")
    talk.world.disconnect()
    talk.wait(40).together("caller", "ana", within=1).caller.never_heard("disconnect")


def test_an_offer_that_nobody_takes() -> None:
    """The agent's 1 gets no answer: asked for a key again, then in the room, where the caller's queue ends, too."""
    talk = Conversation(shipped())
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer")
    talk.wait(4)
    only_the_second_node(talk).ana.presses("1").presses("1", after=2)
    talk.together("caller", "ana", within=120)


def test_a_new_caller_hears_that_the_server_is_down() -> None:
    """A call whose first request failed is not dropped: the second node brings it into its room."""
    talk = Conversation()
    only_the_second_node(talk).caller.dials()
    talk.wait(30).check(talk.caller.phone.leg is not None, "dropped")
