"""What went wrong for a caller or an agent has an owner until somebody says what was done about it (rule 46)."""

from dataclasses import replace

import pytest

from callflow.core.alarms import AlarmState, CannotClear, Cause, alarm_id
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.emulator import NoAnswer
from callflow.service.alarms import clear
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import talking, warned
from tests.e2e.test_promises import MINUTE, run_jobs
from tests.e2e.test_recordings_kept import left_a_message


def alarms(talk: Conversation) -> dict[str, FollowUp]:
    """Those that are on, by cause."""
    talk.callflow.keepers.promises.keeper.look()
    found = talk.callflow.store.follow_ups(FollowUpKind.ALARM)
    return {str(one.body["cause"]): one for one in found if one.state == AlarmState.RAISED}


def test_a_late_call_back_is_an_alarm_until_it_is_made() -> None:
    talk = left_a_message()
    talk.wait(61 * MINUTE)
    run_jobs(talk)
    assert alarms(talk) == {}
    talk.wait(120 * MINUTE)
    run_jobs(talk)
    (late,) = alarms(talk).values()
    assert (late.person, late.body["cause"]) == ("sam", "late_call_back")
    (promise,) = talk.callflow.store.follow_ups(FollowUpKind.PROMISE)
    talk.callflow.keepers.promises.kept(promise.id, "sky")
    assert alarms(talk) == {}


def test_a_locked_call_without_a_supervisor_is_an_alarm_after_five_minutes() -> None:
    talk = talking()
    for person in (talk.sam, talk.sky):
        person.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("5").hears("safeguarding_on")
    talk.wait(4 * MINUTE)
    assert alarms(talk) == {}
    talk.wait(MINUTE + 1)
    assert set(alarms(talk)) == {"locked_alone"}
    talk.noted("alarm", outcome="on", why="locked_alone")
    talk.over()


def test_with_a_supervisor_on_it_there_is_none() -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("5").hears("safeguarding_on")
    talk.sam.heard("whisper", within=60).presses("1")
    talk.together("caller", "ana", "sam")
    talk.wait(6 * MINUTE)
    assert alarms(talk) == {}
    talk.over()


def closed(talk: Conversation, closings_before: int) -> Conversation:
    """So many calls were closed before this one, which is closed, too."""
    one = FollowUp(id=alarm_id("c0", Cause.MANY_CLOSINGS), kind=FollowUpKind.ALARM, call=talk.call.id, person="sam",
                   state="cleared", at=talk.clock.now(), closed=True)  # fmt: skip
    for number in range(closings_before):
        earlier = replace(one, id=f"c{number}{one.id}")
        talk.callflow.store.transact(lambda tx, earlier=earlier: tx.put_follow_up(earlier))  # type: ignore[misc]
    warned(talk).wait(20)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_confirm").presses("1")
    talk.caller.hears("disconnect", within=60).is_off()
    return talk.over()


@pytest.mark.parametrize(("before", "told"), [(0, set()), (1, {"many_closings"})])
def test_the_first_closing_is_none_but_more_than_one_in_a_thousand_calls_are(before: int, told: set[str]) -> None:
    assert set(alarms(closed(talking(), before))) == told


def test_ops_may_expect_more() -> None:
    policy = replace(shipped().policy, alarms=replace(shipped().policy.alarms, locked_minutes=10))
    talk = talking(replace(shipped(), policy=policy))
    for person in (talk.sam, talk.sky):
        person.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("5").hears("safeguarding_on")
    talk.wait(9 * MINUTE)
    assert alarms(talk) == {}
    talk.over()


def test_it_is_cleared_by_saying_what_was_done_and_the_words_are_sealed() -> None:
    talk = left_a_message()
    talk.wait(181 * MINUTE)
    run_jobs(talk)
    (late,) = alarms(talk).values()
    keeper = talk.callflow.keepers.promises.keeper
    with pytest.raises(CannotClear, match="say what was done"):
        clear(keeper, late.id, "sky", " ")
    clear(keeper, late.id, "sky", "rang her from the desk")
    assert alarms(talk) == {}
    done = talk.callflow.store.follow_up(late.id)
    assert done
    assert (done.closed, done.body["done"]) == (True, "rang her from the desk")
    journal = talk.callflow.store.journal(late.call)
    assert "the desk" not in str(journal)
    assert (journal[-1].note.kind, journal[-1].note.actor, journal[-1].note.outcome) == ("alarm", "sky", "done")
    with pytest.raises(CannotClear, match="cleared already"):
        clear(keeper, late.id, "sky", "again")
