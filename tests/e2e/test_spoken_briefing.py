"""A briefing in the agent's own voice: recorded while the caller is asked, heard by the supervisor before the accept
key. The caller waits for it no second longer."""

from dataclasses import replace

import pytest

from callflow.core.configuration import Configuration
from callflow.core.stages import Stage
from callflow.proof.prove import prove
from callflow.service.recording_keeper import UNUSED_AFTER_SECONDS
from callflow.service.recordings import DROP_UNUSED, FETCH
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import talking


def allowed() -> Configuration:
    policy = shipped().policy
    return replace(shipped(), policy=replace(policy, delegate_upwards=replace(policy.delegate_upwards,
                                                                               spoken_briefing=True)))  # fmt: skip


def asked() -> Conversation:
    """Ana has asked for a supervisor, and is invited to speak."""
    talk = talking(allowed())
    talk.ana.presses("*").hears("menu").presses("2").hears("supervisor_asked").hears("briefing_offer")
    return talk


def recording() -> Conversation:
    talk = asked()
    talk.ana.presses("1").heard("briefing_prompt").says("He has been sent the wrong bill twice.", after=1)
    return talk


def heard_recording(talk: Conversation) -> bool:
    leg = talk.sam.phone.leg
    return bool(leg) and any("/audio/people/" in one.text_or_url and one.complete for one in leg.heard)


def test_the_supervisor_hears_the_agents_own_words_before_accepting() -> None:
    talk = recording()
    talk.ana.presses("#", after=4).hears("briefing_saved")
    talk.caller.heard("supervisor_choices").presses("1").hears("consult_ringing")
    talk.sam.hears("whisper")
    assert heard_recording(talk)
    talk.sam.presses("1")
    talk.together("ana", "sam").noted("spoken_briefing", "ana")
    talk.noted("recording_opened", "sam", outcome="played", reason="briefing").over()
    (kept,) = talk.callflow.store.recordings()
    assert (kept.kind, kept.person, kept.state) == ("briefing", "ana", "fetched")


def test_a_caller_who_says_yes_early_hears_music_and_the_agent_finishes() -> None:
    talk = recording()
    talk.caller.heard("supervisor_choices").presses("1").hears("consult_ringing")
    talk.stage(Stage.RINGING)
    talk.ana.presses("#", after=0.5).hears("briefing_saved").hears("supervisor_answer_yes")
    talk.sam.hears("whisper").presses("1")
    talk.together("ana", "sam").over()


def test_a_caller_who_says_no_is_with_the_agent_at_once() -> None:
    talk = recording()
    talk.caller.heard("supervisor_choices").presses("2")
    talk.together("caller", "ana", within=10)
    assert not talk.notes("spoken_briefing")
    talk.over()


def left_at_the_provider(talk: Conversation) -> list[bool]:
    """Run the jobs. Of each recording, whether the provider still has it and we do not."""
    talk.wait(UNUSED_AFTER_SECONDS)
    kept, now = talk.callflow.keepers.recordings, talk.clock.now()
    for job in talk.callflow.store.jobs(now):
        if run := {FETCH: kept.run, DROP_UNUSED: kept.drop_unused}.get(job.kind):
            run(job.args)
    fetched = {one.provider_id for one in talk.callflow.store.recordings() if one.state == "fetched"}
    return [not one.deleted and sid not in fetched for sid, one in talk.emulator.recordings.items()]


@pytest.mark.parametrize("how", ["the caller says no", "the caller leaves", "the agent hangs up", "it is finished"])
def test_no_briefing_stays_at_the_provider_alone(how: str) -> None:
    """Whether it was finished, cut off or left in the middle: it is ours, or it is deleted there."""
    talk = recording()
    if how == "the caller says no":
        talk.caller.heard("supervisor_choices").presses("2")
    elif how == "the caller leaves":
        talk.caller.hangs_up()
    elif how == "the agent hangs up":
        talk.ana.hangs_up()
    else:
        talk.ana.presses("#", after=4).hears("briefing_saved")
    talk.wait(15).over()
    assert left_at_the_provider(talk) == [False]
    assert left_at_the_provider(talk) == [False]  # a job may run twice


def test_without_a_word_the_agent_waits_as_before() -> None:
    talk = asked()
    talk.ana.presses("1").heard("briefing_prompt")
    talk.caller.heard("supervisor_choices").presses("1").hears("consult_ringing")
    talk.sam.hears("whisper").presses("1")
    talk.together("ana", "sam", within=60)
    assert not heard_recording(talk)
    talk.over()


@pytest.mark.parametrize("key", ["5", "6"])
def test_the_protective_keys_work_while_it_is_recorded(key: str) -> None:
    talk = recording()
    talk.ana.presses(key)
    talk.until(lambda: bool(talk.call.locks), "a lock", 5)
    talk.together("caller", "ana").over()


def test_nobody_else_can_fetch_it() -> None:
    talk = recording()
    talk.ana.presses("#", after=4).hears("briefing_saved")
    client = talk.callflow.app.test_client()
    (kept,) = talk.callflow.store.recordings()
    assert client.get(f"/audio/people/{kept.id}/{'0' * 32}.wav").status_code == 404
    talk.over()
    url = talk.callflow.urls.spoken(kept.call, int(kept.id.rpartition("-")[2]))
    after = client.get(url.removeprefix(talk.callflow.urls.public))
    assert len(after.data) < 20_000  # a sound instead of it: the call is over


@pytest.mark.long
@pytest.mark.ci
def test_every_state_with_a_spoken_briefing_keeps_the_safety_rules() -> None:
    assert prove(allowed()).violations == ()
