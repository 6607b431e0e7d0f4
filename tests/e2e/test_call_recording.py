"""Calls are recorded as ops, callers and agents say: never before a notice or a yes, never on hold, never card data."""

from dataclasses import replace

import pytest

from callflow.core.configuration import Configuration, Recording
from callflow.emulator.recordings import Recording as AtProvider
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import consulting, holding
from tests.e2e.test_recordings_kept import keeper, run_jobs


def recorded(mode: Recording = Recording.NOTICE) -> Configuration:
    return replace(shipped(), recording=replace(shipped().recording, mode=mode))


def arriving(mode: Recording) -> Conversation:
    talk = Conversation(recorded(mode))
    talk.caller.dials().hears("reason_menu").presses("1")
    return talk


def told() -> Conversation:
    """Caller and Ana talk, after the notice."""
    talk = arriving(Recording.NOTICE)
    talk.caller.heard("recording_notice").hears("connecting")
    talk.ana.hears("offer").presses("1")
    return talk.together("caller", "ana").wait(2)


def at_provider(talk: Conversation) -> AtProvider:
    (one,) = talk.emulator.recordings.values()
    return one


def steps(talk: Conversation) -> list[str]:
    return [f"{one.note.outcome} {one.note.details.get('reason', '')}".strip() for one in talk.notes("recording")]


def test_the_notice_is_heard_in_full_before_anything_is_recorded() -> None:
    talk = told()
    assert steps(talk) == ["given", "begun"]
    recording = at_provider(talk)
    order = recording.order
    assert (order.source, order.channels, order.track) == ("StartCallRecordingAPI", 1, "inbound")
    assert recording.status == "in-progress"
    talk.over()
    assert steps(talk) == ["given", "begun", "ended"]


def test_nobody_is_recorded_without_a_yes() -> None:
    talk = arriving(Recording.ASK)
    talk.caller.heard("recording_question").hears("recording_choices").presses("2").hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").wait(2)
    assert talk.emulator.recordings == {}
    talk.ana.presses("*").hears("menu").presses("8").hears("recording_not_on")
    talk.together("caller", "ana").over()
    assert steps(talk) == ["no"]


@pytest.mark.parametrize("word", ["yes", "maybe"])
def test_a_spoken_answer_is_a_yes_only_if_it_is_one(word: str) -> None:
    talk = arriving(Recording.ASK)
    talk.caller.heard("recording_choices").says(word)
    if word != "yes":
        talk.caller.hears("recording_question").heard("recording_choices").says(word)
    talk.caller.hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").wait(2)
    assert len(talk.emulator.recordings) == (word == "yes")
    talk.over()


def test_silence_is_no_yes_and_the_service_is_the_same() -> None:
    talk = arriving(Recording.ASK)
    talk.caller.heard("recording_choices").heard("recording_choices").hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").over()
    assert (steps(talk), talk.emulator.recordings) == (["no clear answer"], {})


def test_it_pauses_on_hold_and_goes_on_afterwards() -> None:
    talk = holding(told())
    talk.wait(2)
    assert at_provider(talk).status == "paused"
    talk.together("caller", "ana").wait(2)
    assert at_provider(talk).status == "in-progress"
    assert steps(talk) == ["given", "begun", "paused hold", "resumed"]
    talk.over()


def test_a_consult_is_not_recorded() -> None:
    talk = consulting(told())
    talk.wait(1)
    assert at_provider(talk).status == "paused"
    talk.ana.presses("*").hears("whisper_ready").presses("1")
    talk.caller.hears("introduction")  # whoever joins is announced (rule 20)
    talk.together("caller", "ana", "sam").wait(1)
    assert at_provider(talk).status == "in-progress"
    talk.over()


def test_eight_pauses_for_card_details_and_it_goes_on_by_itself() -> None:
    talk = told()
    talk.ana.presses("*").hears("menu", "8 card details").presses("8").hears("recording_pauses", "120")
    talk.caller.hears("recording_paused")
    talk.together("caller", "ana")
    assert at_provider(talk).status == "paused"
    talk.wait(100)
    assert at_provider(talk).status == "paused"
    talk.caller.hears("recording_resumed")
    talk.ana.hears("recording_resumes")
    talk.together("caller", "ana").wait(1)
    assert at_provider(talk).status == "in-progress"
    talk.noted("recording", "ana", key="8", outcome="paused", reason="card data").over()


def test_eight_again_ends_the_pause() -> None:
    talk = told()
    talk.ana.presses("*").hears("menu").presses("8").heard("recording_pauses")
    talk.together("caller", "ana")
    talk.ana.presses("*").hears("menu").presses("8").hears("recording_resumes")
    talk.caller.hears("recording_resumed")
    talk.together("caller", "ana").wait(1)
    assert at_provider(talk).status == "in-progress"
    talk.over()


def test_a_pause_outlasts_a_hold() -> None:
    talk = told()
    talk.ana.presses("*").hears("menu").presses("8").heard("recording_pauses")
    holding(talk.together("caller", "ana")).together("caller", "ana").wait(2)
    assert at_provider(talk).status == "paused"
    talk.over()


def test_the_recording_is_kept_and_its_length_is_that_of_the_talk() -> None:
    talk = told().wait(30).over()
    talk.noted("call_recorded", "caller")
    assert run_jobs(talk, keeper(talk)) == []
    (kept,) = talk.callflow.store.recordings()
    assert (kept.kind, kept.state, kept.person) == ("call", "fetched", "caller")
    assert 30 <= kept.seconds <= 60
    assert len(talk.emulator.recordings) == 1


def test_a_call_is_not_recorded_by_default() -> None:
    talk = Conversation()
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").wait(2)
    talk.ana.presses("*").hears("menu").presses("8").hears("unknown_key")
    talk.over()
    assert (steps(talk), talk.emulator.recordings) == ([], {})
