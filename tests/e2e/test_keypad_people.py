"""Staff on the keypad (design, section 5): the offer, teams and queues, and the wrap-up with its spoken note."""

import re
from dataclasses import replace

import pytest

from callflow.core.configuration import Configuration, Ring
from callflow.core.stages import Stage
from callflow.emulator import Busy, Manual, NoAnswer, Reject, Unreachable, Voicemail
from callflow.service.people import Presence
from tests.e2e.conversation import LINE, NAMES, Conversation, Person, shipped
from tests.e2e.scenes import talking, warned


def team(ring: Ring) -> Configuration:
    desk = shipped().teams["energy_desk"]
    return replace(shipped(), teams={"energy_desk": replace(desk, ring=ring)})


def presence(talk: Conversation, person: str) -> Presence:
    known = {one.person: one.presence for one in talk.callflow.store.people(talk.clock.now())}
    return known.get(person, Presence.FREE)


def waiting_callers(talk: Conversation, *numbers: str) -> list[Person]:
    """More callers, one second apart, all in the queue of the same team."""
    people = []
    for number in numbers:
        one = Person(talk, number, number)
        one.phone.call(LINE)
        one.hears("reason_menu").presses("1").hears("connecting")
        people.append(one)
        talk.wait(1)
    return people


# -- the offer


def test_the_offer_is_accepted_with_one() -> None:
    """1 at the offer connects; only then is the agent with the caller."""
    talk = talking()
    talk.noted("accepted", "ana", key="1").over()


@pytest.mark.parametrize("key", ["2", "7", ""])
def test_an_agent_who_does_not_press_one(key: str) -> None:
    """2 declines, another key and silence are no acceptance: the next agent is rung."""
    talk = Conversation()
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.hears("offer", "a bill")
    if key:
        talk.ana.presses(key)
    talk.ben.hears("offer").presses("1")
    because = {"2": "declined", "7": "not_accepted", "": "not_reached"}[key]
    talk.together("caller", "ben").not_noted("accepted", "ana").noted(because, "ana")
    talk.ana.is_off()
    talk.over()


@pytest.mark.parametrize("behaviour", [Busy(), NoAnswer(), Reject(), Unreachable(), Voicemail(after=2)])
def test_an_agent_who_is_not_reached(behaviour: object) -> None:
    """Busy, no answer, declined, dead or voicemail: the next one has the call."""
    talk = Conversation()
    talk.ana.behaves(behaviour)  # type: ignore[arg-type]
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben")
    assert not [one for one in talk.ana.phone.heard if one.kind == "people"]
    talk.over()


def test_nobody_at_all_ends_in_a_message() -> None:
    """When both have not answered three times, a message is recorded, with an owner and a time for the call back."""
    talk = Conversation()
    for person in (talk.ana, talk.ben):
        person.behaves(NoAnswer())
    talk.caller.dials().hears("reason_menu").presses("1").hears("queue_progress", within=120)
    talk.caller.heard("leave_message", within=320).says("Please ring me about my bill.").presses("#", after=4)
    talk.caller.heard("message_thanks").is_off()
    talk.noted("message_left", "caller", owner="sam").over()
    assert [one.number for _, one in talk.call_backs()] == ["+15550100199"]


def test_no_key_at_the_menu_still_finds_a_person() -> None:
    """The menu is spoken twice. Callers who press nothing are put through as well."""
    talk = Conversation()
    talk.caller.dials().heard("reason_menu").heard("reason_menu", within=60)
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").over()


def test_an_unknown_key_at_the_menu_is_asked_again() -> None:
    """After a digit that is not offered the menu is spoken again."""
    talk = Conversation()
    talk.caller.dials().hears("reason_menu").presses("7").hears("reason_menu").presses("2")
    talk.ana.hears("offer", "a delivery").presses("1")
    talk.together("caller", "ana").noted("chose", "caller", outcome="desk").over()


# -- teams and queues


def test_in_order_rings_the_first_in_the_list() -> None:
    """ring: in_order. The second agent's phone stays silent while the first is free."""
    talk = talking(team(Ring.IN_ORDER))
    talk.ben.never_rang()
    talk.over()


def test_longest_idle_rings_who_rested_longest() -> None:
    """ring: longest_idle. The agent who had the last call is not rung for the next."""
    talk = talking(team(Ring.LONGEST_IDLE))
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").presses("#").is_off()
    talk.until(lambda: presence(talk, "ana") is Presence.FREE, "Ana is free").wait(2)
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben").over()


def test_all_rings_everybody_and_the_first_one_wins() -> None:
    """ring: all. The first to press 1 has the caller; the other phone stops ringing."""
    talk = Conversation(team(Ring.ALL))
    talk.ana.behaves(Manual())
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.rings()
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben")
    talk.ana.is_off(within=5)
    talk.over()


def test_all_and_both_press_one() -> None:
    """ring: all, both answer and press 1: the second one hears that the call is no longer waiting."""
    talk = Conversation(team(Ring.ALL))
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.hears("offer")
    talk.ben.hears("offer")
    talk.wait(0.5)
    talk.ana.phone.press("1")
    talk.ben.phone.press("1")
    talk.ben.hears("offer_gone").is_off()
    talk.together("caller", "ana").over()


@pytest.mark.parametrize("callers", [2, 3])
def test_first_come_first_served(callers: int) -> None:
    """All agents talk: the first caller is put through first. Each hears music and the position in the queue."""
    talk = talking()
    (second,) = waiting_callers(talk, "+15550100299")
    talk.ben.hears("offer").presses("1")
    line = waiting_callers(talk, *[f"+1555010030{n}" for n in range(callers)])
    line[0].hears("queue_progress", "number 1", within=100)
    line[-1].hears("queue_progress", f"number {callers}", within=100)
    talk.caller.hangs_up()
    for one in line:
        talk.ana.hears("wrap_up", within=60).presses("#")
        talk.ana.hears("offer", within=60).presses("1")
        talk.together("ana", one.name)
        one.hangs_up(after=2)
    second.hangs_up()
    talk.over()


def announced_often() -> Configuration:
    """Callers hear their number in line every 15 seconds."""
    flow = shipped().flows["front_desk"]
    desk = replace(flow.steps["desk"], progress_seconds=15)  # type: ignore[call-arg]
    return replace(
        shipped(), flows={**shipped().flows, "front_desk": replace(flow, steps={**flow.steps, "desk": desk})}
    )


def numbers(person: Person) -> list[str]:
    """The numbers in line that this caller was told, in order."""
    told = (re.search("You are number ([0-9]+) in line", one.text_or_url) for one in person.phone.heard)
    return [found[1] for found in told if found]


def test_two_callers_never_both_hear_number_1_in_line() -> None:
    """An agent's phone rings for each of them, in vain: the second caller is told to be the second all the same."""
    talk = Conversation(announced_often())
    for agent in (talk.ana, talk.ben):
        agent.behaves(NoAnswer())
    first, second = waiting_callers(talk, "+15550100301", "+15550100302")
    talk.ana.rings()
    talk.ben.rings()
    talk.wait(70)
    assert set(numbers(first)) == {"1"}
    assert set(numbers(second)) == {"2"}
    first.hangs_up()
    second.hears("queue_progress", "number 1").hangs_up()
    talk.over()


def test_a_caller_whose_agent_has_left_is_before_those_who_wait() -> None:
    """Agents and supervisors are searched for the one who was left, and there is one line, with one first in it."""
    talk = talking(announced_often())
    for agent in (talk.ben, talk.sam, talk.sky):
        agent.behaves(NoAnswer())
    (waiting,) = waiting_callers(talk, "+15550100301")
    waiting.hears("queue_progress", "number 1")
    talk.ana.behaves(NoAnswer()).hangs_up()
    talk.caller.hears("agent_left")
    before = len(numbers(waiting))
    talk.wait(100)
    assert set(numbers(waiting)[before:]) == {"2"}
    waiting.hangs_up()
    talk.over()


def test_a_busy_team_rings_nobody_twice() -> None:
    """An agent who talks is not rung. The next caller gets the other one, the third one waits."""
    talk = talking()
    second, third = waiting_callers(talk, "+15550100301", "+15550100302")
    talk.ben.hears("offer").presses("1")
    talk.together(second.name, "ben").wait(20)
    assert len(talk.ana.phone.legs) == len(talk.ben.phone.legs) == 1
    third.hangs_up()
    second.hangs_up()
    talk.over()


# -- the wrap-up


def wrapping_up() -> Conversation:
    talk = talking()
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up")
    return talk.noted("call_ended", "caller", outcome="caller hung up")


@pytest.mark.parametrize(("key", "outcome"), [("1", "resolved"), ("2", "call_back_promised"), ("3", "unresolved")])
def test_the_outcome(key: str, outcome: str) -> None:
    """1 to 3 at the wrap-up; hash is done, and the agent is free for the next call."""
    talk = wrapping_up()
    talk.ana.presses(key).hears("wrap_up_saved").hears("wrap_up").presses("#").is_off()
    talk.noted("outcome", "ana", key=key, outcome=outcome).noted("wrap_up", "ana", key="#").stage(Stage.ENDED)
    assert presence(talk, "ana") is Presence.FREE
    talk.over()


def test_a_spoken_note() -> None:
    """4: after the tone a note is recorded; the journal has its recording, and the menu is back."""
    talk = wrapping_up()
    talk.ana.presses("4").heard("note_prompt").says("The caller used the exact words I was told.", after=1)
    talk.ana.presses("#", after=6).hears("note_saved").hears("wrap_up").presses("#").is_off()
    talk.noted("spoken_note", "ana", key="4").over()
    (note,) = talk.notes("spoken_note", "ana")
    assert note.note.outcome in talk.emulator.recordings


def test_a_note_without_words() -> None:
    """Nothing is said into the note: the wrap-up ends all the same."""
    talk = wrapping_up()
    talk.ana.presses("4").heard("note_prompt").is_off(within=120)
    talk.stage(Stage.ENDED).clean()


def test_silence_ends_the_wrap_up() -> None:
    """No key: asked twice at most, then the leg is released and the agent is free again."""
    talk = wrapping_up()
    talk.ana.is_off(within=70)
    talk.stage(Stage.ENDED).until(lambda: presence(talk, "ana") is Presence.FREE, "free").clean()


def test_a_longer_break() -> None:
    """9 after a closing: a longer cool-down, during which the agent is not rung."""
    talk = warned(talking())
    talk.caller.hangs_up()
    talk.ana.hears("cooldown", "10 minutes").hears("wrap_up").presses("9").hears("cooldown", "20 minutes")
    talk.ana.presses("#").is_off()
    talk.noted("cool_down", "ana", key="9", minutes=20).wait(900)
    assert presence(talk, "ana") is Presence.COOL_DOWN
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben").over()
    assert NAMES[talk.ana.phone.number] == "ana"
    assert len(talk.ana.phone.legs) == 1
