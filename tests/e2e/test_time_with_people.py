"""The time of agents and supervisors: the wrap-up in full, a no that is heard, and who is away (rules 5 and 38)."""

import pytest

from callflow.emulator import Answers, Busy, NoAnswer
from callflow.service.people import Presence
from tests.e2e.conversation import Conversation, Person, words_of
from tests.e2e.scenes import talking


def presence(talk: Conversation, person: str) -> Presence:
    known = {one.person: one.presence for one in talk.callflow.store.people(talk.clock.now())}
    return known.get(person, Presence.FREE)


def is_away(talk: Conversation, person: str) -> bool:
    return any(one.person == person and one.away for one in talk.callflow.store.people(talk.clock.now()))


def calling(**behaviours: object) -> Conversation:
    """A caller has chosen a bill, and the desk is rung."""
    talk = Conversation()
    for name, behaviour in behaviours.items():
        getattr(talk, name).behaves(behaviour)
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    return talk


def calls_again(talk: Conversation) -> Conversation:
    talk.over().wait(5)
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    return talk


def rung(person: Person) -> int:
    return len(person.phone.legs)


# -- the wrap-up


def test_hanging_up_the_phone_does_not_shorten_the_wrap_up() -> None:
    talk = talking()
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").hangs_up(after=2)
    talk.wait(50)
    assert presence(talk, "ana") is Presence.WRAP_UP
    talk.wait(10)
    assert presence(talk, "ana") is Presence.FREE


def test_whoever_presses_nothing_in_the_wrap_up_is_not_rung_before_it_is_over() -> None:
    """The phone is let go after two questions; the time of the wrap-up goes on."""
    talk = talking()
    talk.ben.behaves(Busy())
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").is_off(within=70)
    begun = next(one.at for one in talk.journal if one.note.kind == "call_ended")
    calls_again(talk).ana.hears("offer", within=90)
    assert (talk.clock.now() - begun).total_seconds() >= talk.configuration.policy.aftercare.wrap_up_seconds
    talk.ana.presses("1")
    talk.together("caller", "ana").over()


def test_hash_still_ends_the_wrap_up_at_once() -> None:
    talk = talking()
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").presses("#").is_off()
    assert presence(talk, "ana") is Presence.FREE


# -- declined


def test_who_declined_is_not_rung_for_the_same_caller_for_a_minute_and_then_for_two() -> None:
    talk = calling(ben=Busy())
    talk.ana.hears("offer").presses("2").is_off()
    talk.wait(50)
    assert rung(talk.ana) == 1
    talk.ana.hears("offer", within=30).presses("2").is_off()
    talk.wait(105)
    assert rung(talk.ana) == 2
    talk.ana.hears("offer", within=35).presses("1")
    talk.together("caller", "ana").over()


def test_who_declined_one_caller_is_rung_for_the_next() -> None:
    talk = calling(ben=Busy())
    talk.ana.hears("offer").presses("2").is_off()
    calls_again(talk).ana.hears("offer", within=10).presses("1")
    talk.together("caller", "ana").over()


def test_when_all_have_declined_the_caller_goes_the_other_way() -> None:
    talk = calling()
    talk.ana.hears("offer").presses("2")
    talk.ben.hears("offer").presses("2")
    talk.caller.hears("leave_message", within=15)
    talk.noted("not_connected", outcome="everybody declined").over()
    assert (rung(talk.ana), rung(talk.ben)) == (1, 1)


def test_a_supervisor_who_declined_is_asked_again_by_the_key_of_the_agent() -> None:
    """The pause is for searches that go on by themselves: a lead who presses the key again has a reason."""
    talk = talking()
    talk.sky.behaves(Busy())
    for _ in range(2):
        talk.ana.presses("*").hears("menu").presses("2")
        talk.caller.heard("supervisor_offer").presses("1")
        talk.sam.hears("whisper").presses("2").hears("decline_menu").presses("1").is_off()
        talk.caller.hears("no_supervisor", within=30).heard("call_back_choices").presses("2")
        talk.together("caller", "ana").wait(8)
    assert rung(talk.sam) == 2
    talk.over()


# -- away


def test_three_calls_without_an_answer_make_an_agent_away() -> None:
    talk = calling(ana=NoAnswer(), ben=Busy())
    talk.until(lambda: is_away(talk, "ana"), "Ana is away", 150)
    assert rung(talk.ana) == 3
    talk.wait(60)
    assert rung(talk.ana) == 3
    talk.ben.behaves(Answers(2.0)).hears("offer", within=60).presses("1")
    talk.together("caller", "ben")
    calls_again(talk).ben.hears("offer", within=90).presses("1")
    assert rung(talk.ana) == 3
    talk.together("caller", "ben").over()


def test_a_voicemail_that_answers_is_no_answer_and_a_busy_phone_is_no_sign() -> None:
    talk = calling(ana=Answers(1.0), ben=Busy())
    for _ in range(3):
        talk.ana.hears("offer", within=90).is_off(within=90)
    talk.until(lambda: is_away(talk, "ana"), "Ana is away", 5)
    talk.wait(60)
    assert rung(talk.ben) > 3
    assert not is_away(talk, "ben")
    talk.over()


def test_an_answer_by_key_between_them_counts_from_the_beginning() -> None:
    talk = calling(ana=NoAnswer(), ben=Busy())
    talk.until(lambda: rung(talk.ana) == 2 and talk.ana.phone.leg is None, "rung twice", 150)
    talk.ana.behaves(Answers(1.0)).hears("offer", within=60).presses("2").is_off()
    calls_again(talk).ana.behaves(NoAnswer())
    talk.until(lambda: rung(talk.ana) >= 5 and talk.ana.phone.leg is None, "rung twice more", 150)
    talk.wait(1)
    assert not is_away(talk, "ana")
    talk.over()


def test_who_becomes_away_is_in_the_journal_and_counted() -> None:
    talk = calling(ana=NoAnswer(), ben=Busy())
    talk.until(lambda: is_away(talk, "ana"), "Ana is away", 150)
    assert len(talk.notes("away", "ana")) == 1
    assert talk.wait(1).callflow.metrics.value("people_away") == 1
    talk.over()


def test_who_is_away_is_told_so_at_the_next_call_and_not_after_a_key() -> None:
    talk = talking()
    talk.callflow.store.set_away("sam", True)
    talk.ana.presses("*").hears("menu").presses("5").hears("safeguarding_on")
    talk.sam.hears("you_are_away").hears("whisper").presses("2").hears("decline_menu").presses("1").is_off()
    talk.sky.hears("whisper").presses("2").hears("decline_menu").presses("1").is_off()
    said = len(talk.sam.phone.heard)
    talk.sam.hears("whisper", within=90).presses("1")
    talk.together("caller", "ana", "sam")
    away = words_of("you_are_away")
    assert not any(away.fullmatch(one.text_or_url) for one in talk.sam.phone.heard[said:])
    talk.over()


def test_callers_do_not_wait_for_people_who_are_all_away() -> None:
    talk = Conversation()
    for person in ("ana", "ben"):
        talk.callflow.store.set_away(person, True)
    talk.caller.dials().hears("reason_menu").presses("1").hears("leave_message", within=20)
    talk.noted("not_connected", outcome="everybody away").over()
    talk.ana.never_rang()


def test_who_is_away_can_be_said_back_and_is_rung_again() -> None:
    talk = calling(ana=NoAnswer(), ben=Busy())
    talk.until(lambda: is_away(talk, "ana"), "Ana is away", 150)
    talk.callflow.store.set_away("ana", False)
    talk.ana.behaves(Answers(1.0)).hears("offer", within=30).presses("1")
    talk.together("caller", "ana").over()


def test_a_supervisor_who_is_away_is_not_rung_for_help_but_for_a_lock() -> None:
    talk = talking()
    talk.callflow.store.set_away("sam", True)
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sky.hears("whisper").presses("2").hears("decline_menu").presses("1")
    talk.caller.hears("no_supervisor", within=30).heard("call_back_choices").presses("2")
    talk.sam.never_rang()
    talk.together("caller", "ana").wait(8).ana.presses("*").hears("menu").presses("5").hears("safeguarding_on")
    talk.sam.hears("whisper").presses("1")
    talk.together("caller", "ana", "sam")
    assert not is_away(talk, "sam"), "whoever presses a key is back"
    talk.over()


@pytest.mark.parametrize("declines", [False, True])
def test_a_key_says_that_the_person_is_back(declines: bool) -> None:
    """Who is away is reached by a lock only, and is back after accepting or declining."""
    talk = talking()
    talk.callflow.store.set_away("sam", True)
    talk.ana.presses("*").hears("menu").presses("6").hears("threat_on")
    talk.sam.hears("whisper").presses("2" if declines else "1")
    if declines:
        talk.sam.hears("decline_menu").presses("1").is_off()
    else:
        talk.together("caller", "ana", "sam")
    talk.until(lambda: not is_away(talk, "sam"), "Sam is back", 5).over()
