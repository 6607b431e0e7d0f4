"""Step 2 on the keypad (design, section 5): asked, rung, briefed, consulted, introduced, handed over."""

import pytest

from callflow.core.stages import Stage
from callflow.emulator import Busy, NoAnswer, Reject, Unreachable, Voicemail
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import consulting, introducing, talking


@pytest.mark.parametrize(("answer", "how"), [("1", "key"), ("Yes, fine. Sure.", "speech")])
def test_the_whole_way_to_a_supervisor(answer: str, how: str) -> None:
    """Yes, ring, briefing, 1, consult, introduction, 1: the agent has left, the supervisor leads."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2").hears("supervisor_asked")
    talk.caller.heard("supervisor_offer", "a team leader")
    talk.caller.presses("1") if how == "key" else talk.caller.heard("yes_or_no").says(answer)
    talk.caller.hears("consult_ringing")
    talk.ana.hears("supervisor_answer_yes")
    talk.sam.hears("whisper", "a bill").presses("1").hears("joined", "Ana")
    talk.caller.hears("consult_wait")
    talk.together("ana", "sam").check(talk.company("caller") == set(), "the caller hears the consult")
    talk.sam.presses("*").hears("whisper_ready").presses("1")
    talk.caller.hears("introduction", "Ana and Sam")
    talk.together("caller", "ana", "sam").wait(10)
    talk.sam.presses("*").hears("have_it").presses("1")
    talk.caller.hears("handover_done")
    talk.ana.hears("released").hears("wrap_up")
    talk.together("caller", "sam").noted("handover", "sam", key="1", outcome="done").stage(Stage.TALKING)
    talk.sam.presses("*").hears("menu")
    talk.noted("consent", "caller", key=how, script="supervisor_offer", outcome="yes").over()


@pytest.mark.parametrize(("answer", "how"), [("2", "key"), ("No, thank you.", "speech"), ("", "silence")])
def test_the_caller_would_rather_stay(answer: str, how: str) -> None:
    """2, a no word or silence: nobody is rung, both stay together."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer")
    if how == "key":
        talk.caller.presses(answer)
    elif how == "speech":
        talk.caller.heard("yes_or_no").says(answer)
    talk.caller.hears("supervisor_declined" if answer else "supervisor_no_answer")
    talk.ana.hears("supervisor_answer_no" if answer else "supervisor_answer_none")
    talk.together("caller", "ana").noted("consent", "caller", outcome="no" if answer else "no clear answer")
    talk.sam.never_rang()
    talk.over()


def test_help_without_hold() -> None:
    """A caller who declined to hold talks on with the lead while the supervisor is rung and briefed."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request").presses("2")
    talk.ana.heard("hold_answer_no").presses("*", after=4).hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper", "a time out was offered and declined")
    talk.together("caller", "ana").check(talk.call.stage is Stage.RINGING, "not ringing any more")
    talk.sam.presses("1")
    talk.caller.hears("introduction")
    talk.together("caller", "ana", "sam").stage(Stage.INTRODUCING)
    talk.caller.never_heard("consult_wait", "consult_ringing")
    talk.over()


def test_the_lead_takes_the_question_back() -> None:
    """Star while the caller is being asked about a supervisor."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2").hears("supervisor_asked").presses("*")
    talk.caller.hears("carry_on")
    talk.together("caller", "ana").noted("delegate_upwards", outcome="taken back").over()


@pytest.mark.parametrize(
    ("key", "reason"), [("1", "busy with something urgent"), ("2", "not my area"), ("3", "other"), ("", "")]
)
def test_a_supervisor_declines(key: str, reason: str) -> None:
    """2 and a reason: the next one is rung. Without a reason the document hangs up, which is not an acceptance."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper").presses("2").hears("decline_menu")
    if key:
        talk.sam.presses(key).hears("declined_thanks")
        talk.noted("declined", "sam", key=key, outcome=reason)
    talk.sky.hears("whisper").presses("1")
    talk.together("ana", "sky").check("sam" not in talk.company("ana"), "Sam joined")
    talk.sam.is_off()
    talk.over()


def test_the_briefing_again() -> None:
    """3 at the briefing repeats it."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper").presses("3").hears("whisper").presses("1")
    talk.together("ana", "sam").over()


@pytest.mark.parametrize(
    "behaviour", [Busy(), NoAnswer(), Reject(), Unreachable(), Voicemail(), Voicemail(after=1, greeting_seconds=30)]
)
def test_who_is_not_reached_is_never_introduced(behaviour: object) -> None:
    """Busy, no answer, declined, dead or voicemail: the next supervisor is rung, and the first never joins."""
    talk = talking()
    talk.sam.behaves(behaviour)  # type: ignore[arg-type]
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sky.hears("whisper").presses("1")
    talk.together("ana", "sky").noted("accepted", "sky").not_noted("accepted", "sam")
    talk.sam.never_heard("joined")
    assert not [one for one in talk.sam.phone.heard if one.kind == "people"]
    talk.over()


def nobody_free(talk: Conversation) -> Conversation:
    for person in (talk.sam, talk.sky):
        person.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing").heard("no_supervisor", within=90)
    talk.ana.hears("no_supervisor_staff")
    return talk.noted("delegate_upwards", outcome="unavailable")


def test_each_rings_for_twenty_seconds_and_all_for_sixty() -> None:
    """Each phone rings for 20 s. After the total time the caller has the choice."""
    talk = nobody_free(talking())
    asked = talk.notes("consent", "caller", outcome="yes")[-1].at
    given_up = talk.notes("delegate_upwards", outcome="unavailable")[-1].at
    assert (given_up - asked).total_seconds() <= 60
    for person in (talk.sam, talk.sky):
        assert all(leg.status == "no-answer" for leg in person.phone.legs)
    talk.over()


def test_nobody_free_and_a_call_back() -> None:
    """1: owner, time and number are read out and confirmed; then both carry on."""
    talk = nobody_free(talking())
    talk.caller.presses("1").heard("callback_confirm", "Sam will call the number ending 1 9 9")
    talk.caller.heard("call_back_keys").presses("1").hears("call_back_kept")
    talk.ana.hears("call_back_promised")
    talk.together("caller", "ana").noted("call_back", "caller", outcome="confirmed", owner="sam").over()


@pytest.mark.parametrize("key", ["2", ""])
def test_nobody_free_and_carrying_on(key: str) -> None:
    """2 or silence: caller and lead are together again."""
    talk = nobody_free(talking())
    if key:
        talk.caller.presses(key)
    talk.caller.hears("carry_on" if key else "no_clear_answer")
    talk.together("caller", "ana").over()
    assert talk.call_backs() == []


def test_a_call_back_to_another_number() -> None:
    """2 at the confirmation: a number is typed, ended with hash, read out and confirmed."""
    talk = nobody_free(talking())
    talk.caller.presses("1").heard("call_back_keys").presses("2").hears("call_back_number")
    talk.caller.presses("447700900123#").heard("callback_confirm", "1 2 3").heard("call_back_keys").presses("1")
    talk.caller.hears("call_back_kept")
    talk.together("caller", "ana")
    assert [one.number for _, one in talk.call_backs()] == ["+447700900123"]
    talk.over()


def test_a_call_back_to_a_withheld_number() -> None:
    """There is nothing to read out, so the number is asked for, and again if it cannot be dialled."""
    talk = nobody_free(talking(caller_id="anonymous"))
    talk.caller.presses("1").hears("call_back_number").presses("12#").hears("call_back_number")
    talk.caller.presses("447700900123#").heard("call_back_keys").presses("1").hears("call_back_kept")
    talk.together("caller", "ana").noted("call_back", "caller", outcome="confirmed")
    assert [one.number for _, one in talk.call_backs()] == ["+447700900123"]
    talk.over()


def test_the_caller_comes_back_while_phones_ring() -> None:
    """2 while waiting: back to the lead at once, and the phone that rings stops."""
    talk = talking()
    talk.sam.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sam.rings()
    talk.caller.presses("2").heard("consult_return")
    talk.together("caller", "ana", within=2).noted("delegate_upwards", "caller", key="2")
    talk.wait(5).together("caller", "ana", within=0.1).ana.never_heard("caller_back")
    talk.sam.is_off(within=5)
    talk.over()


def test_the_caller_comes_back_during_the_consult() -> None:
    """2 during the consultation: all three are together, and the caller is told who is there."""
    talk = consulting(talking())
    talk.wait(3)
    talk.caller.presses("2").hears("introduction")
    talk.together("caller", "ana", "sam").over()


def test_the_lead_stops_the_ringing() -> None:
    """Star, then star: nobody is rung any more, both are together. Star and silence: the ringing goes on."""
    talk = talking()
    talk.sam.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sam.rings()
    talk.ana.heard("supervisor_answer_yes").presses("*", after=3).hears("busy_menu").presses("*")
    talk.caller.hears("consult_return")
    talk.together("caller", "ana").noted("delegate_upwards", "ana", key="*", outcome="cancelled")
    talk.sam.is_off(within=5)
    talk.sky.never_rang()
    talk.over()


@pytest.mark.parametrize("who", ["ana", "sam"])
def test_more_time_to_consult(who: str) -> None:
    """2 after star: the caller hears a check-in and the consult goes on, but never beyond 90 s."""
    talk = consulting(talking())
    person = talk.ana if who == "ana" else talk.sam
    person.presses("*", after=3).hears("whisper_ready").presses("2")
    talk.caller.hears("consult_checkin")
    talk.together("ana", "sam").noted("consult", who, key="2", outcome="more time")
    talk.caller.hears("introduction", within=91)
    talk.together("caller", "ana", "sam").over()


def test_the_consult_ends_by_itself() -> None:
    """After 45 s all three are together, whether or not a key was pressed."""
    talk = consulting(talking())
    begun = talk.clock.monotonic()
    talk.caller.hears("introduction", within=50)
    assert talk.clock.monotonic() - begun <= 46
    talk.together("caller", "ana", "sam").over()


@pytest.mark.parametrize("who", ["ana", "sam"])
def test_giving_it_back_from_the_consult(who: str) -> None:
    """3 after star: the helper's leg ends, caller and lead are together."""
    talk = consulting(talking())
    person = talk.ana if who == "ana" else talk.sam
    person.presses("*", after=2).hears("whisper_ready").presses("3")
    talk.caller.hears("consult_return")
    talk.ana.hears("given_back")
    talk.together("caller", "ana").noted("delegate_upwards", who, key="3", outcome="given back")
    talk.sam.is_off()
    talk.over()


def test_nobody_leaves_before_the_three_were_together() -> None:
    """1 too early is refused with the seconds left; star in the menu, 2 and silence go back to the three."""
    talk = introducing(talking())
    talk.sam.presses("*").hears("have_it").presses("1").hears("refuse_take_over")
    talk.together("caller", "ana", "sam").noted("refused", "sam", key="1", outcome="refuse_take_over")
    talk.sam.presses("*").hears("have_it").presses("2")
    talk.together("caller", "ana", "sam")
    talk.sam.presses("*").heard("have_it")
    talk.together("caller", "ana", within=1).together("caller", "ana", "sam")
    talk.over()


def test_only_the_helper_can_take_the_call() -> None:
    """1 by the lead does not release the lead."""
    talk = introducing(talking())
    talk.wait(11)
    talk.ana.presses("*").hears("refuse_leave", "Only Sam").presses("1").hears("refuse_leave", "Only Sam")
    talk.together("caller", "ana", "sam").over()


def test_giving_it_back_from_the_introduction() -> None:
    """3 in the introduction: the supervisor leaves, the agent keeps the call."""
    talk = introducing(talking())
    talk.sam.presses("*").hears("have_it").presses("3")
    talk.ana.hears("given_back")
    talk.together("caller", "ana").stage(Stage.TALKING)
    talk.sam.is_off()
    talk.over()


def test_a_supervisor_during_the_ringing_is_not_asked_for_twice() -> None:
    """Star while phones ring: the lead hears what is going on, and digits start nothing. Star twice stops it."""
    talk = talking()
    talk.sam.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.ana.heard("supervisor_answer_yes").presses("*", after=3).hears("busy_menu").presses("1").hears("refuse_busy")
    talk.stage(Stage.RINGING).not_noted("time_out")
    talk.ana.presses("*").hears("busy_menu").presses("*")
    talk.noted("delegate_upwards", "ana", outcome="cancelled").together("caller", "ana").over()
