"""The provider refuses to record or to pause, or does so late: nobody gives card data into a running recording
without the agent having been told."""

import pytest

from tests.e2e.conversation import Conversation
from tests.e2e.scenes import holding
from tests.e2e.test_call_recording import at_provider, recorded, steps, told

BUSY, REFUSED = 503, 400


def asks_for_a_pause(talk: Conversation) -> Conversation:
    talk.ana.presses("*").hears("menu").presses("8")
    return talk


def updates(talk: Conversation) -> list[str]:
    """What the provider was asked about recordings, in order."""
    return [
        dict(one.form).get("Status", "start") for one in talk.emulator.exchange.rest_log if "/Recordings" in one.path
    ]


def fails(talk: Conversation, what: str, status: int, carried_out: bool = False) -> None:
    talk.emulator.exchange.recording_faults[what] = (status, carried_out)


def works_again(talk: Conversation) -> None:
    talk.emulator.exchange.recording_faults.clear()


@pytest.mark.parametrize("status", [REFUSED, BUSY])
def test_a_pause_that_is_refused_is_told_and_nobody_hears_that_it_is_paused(status: int) -> None:
    talk = told()
    fails(talk, "paused", status)
    asks_for_a_pause(talk).ana.hears("recording_not_paused", within=10)
    talk.caller.never_heard("recording_paused")
    talk.ana.never_heard("recording_pauses")
    talk.together("caller", "ana")
    assert at_provider(talk).status == "in-progress"
    works_again(talk)
    asks_for_a_pause(talk).ana.hears("recording_pauses")
    talk.caller.hears("recording_paused")
    assert at_provider(talk).status == "paused"
    talk.noted("request_refused", request="pause_recording").noted("recording", outcome="not paused").over()


def test_a_pause_is_told_only_once_the_provider_has_done_it() -> None:
    talk = told()
    fails(talk, "paused", BUSY)
    asks_for_a_pause(talk).wait(0.1)
    talk.caller.never_heard("recording_paused")
    works_again(talk)
    talk.ana.hears("recording_pauses", within=5)
    assert at_provider(talk).status == "paused"
    talk.over()


def test_a_pause_whose_answer_was_lost_is_a_pause_or_none_as_the_agent_was_told() -> None:
    talk = told()
    fails(talk, "paused", BUSY, carried_out=True)
    asks_for_a_pause(talk).ana.hears("recording_not_paused", within=10)
    talk.wait(2)
    assert at_provider(talk).status == "in-progress"
    assert steps(talk)[-1] == "not paused card data"
    talk.over()


def test_a_start_that_is_refused_leaves_a_call_that_is_not_recorded() -> None:
    talk = told_with("start", REFUSED)
    assert talk.emulator.recordings == {}
    asks_for_a_pause(talk).ana.hears("recording_not_on")
    holding(talk.together("caller", "ana")).together("caller", "ana").wait(2)
    assert set(updates(talk)) == {"start"}
    talk.noted("request_refused", request="start_recording").over()


def test_a_start_that_may_have_been_carried_out_is_paused_all_the_same() -> None:
    """Every answer to the start was lost. The call is recorded, and the agent is not told that it is not."""
    talk = told_with("start", BUSY, carried_out=True)
    talk.wait(60)
    works_again(talk)
    assert len(talk.emulator.recordings) == 1
    asks_for_a_pause(talk).ana.hears("recording_pauses")
    assert at_provider(talk).status == "paused"
    talk.over()


def test_where_nothing_was_started_the_agent_is_told_not_to_ask_for_card_data() -> None:
    talk = told_with("start", BUSY)
    talk.wait(60)
    works_again(talk)
    asks_for_a_pause(talk).ana.hears("recording_not_paused", within=10)
    talk.together("caller", "ana").over()


def test_a_second_start_records_nothing_twice() -> None:
    talk = told_with("start", BUSY, carried_out=True)
    talk.wait(1)
    works_again(talk)
    talk.wait(30)
    assert len(talk.emulator.recordings) == 1
    assert updates(talk).count("start") > 1
    talk.over()


def test_a_resume_that_is_carried_out_late_does_not_end_a_pause_for_card_data() -> None:
    """The resume after the hold has failed, and is tried again while the agent has asked for a pause."""
    talk = told()
    fails(talk, "in-progress", BUSY)
    holding(talk).together("caller", "ana")
    asks_for_a_pause(talk).ana.hears("recording_pauses")
    works_again(talk)
    talk.wait(40)
    assert at_provider(talk).status == "paused"
    assert updates(talk)[-1] == "paused"
    talk.over()


def test_a_pause_that_is_carried_out_late_does_not_outlast_its_end() -> None:
    talk = told()
    fails(talk, "paused", BUSY)
    talk = holding(talk)
    talk.wait(1).ana.presses("1")
    talk.together("caller", "ana")
    works_again(talk)
    talk.wait(30)
    assert at_provider(talk).status == "in-progress"
    talk.over()


def test_the_key_pressed_twice_asks_once() -> None:
    talk = told()
    fails(talk, "paused", BUSY)
    asks_for_a_pause(talk).ana.presses("*", after=0).presses("8", after=0).hears("recording_not_paused", within=10)
    assert steps(talk).count("asked card data") == 1
    talk.together("caller", "ana").over()


def told_with(what: str, status: int, carried_out: bool = False) -> Conversation:
    """Caller and Ana talk, after the notice, with a provider that has this trouble from the beginning."""
    talk = Conversation(recorded())
    fails(talk, what, status, carried_out)
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    return talk.together("caller", "ana").wait(2)
