"""A yes or a no that the caller says is recorded and recognised by an engine of ours, where the provider cannot."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from callflow.cli.journal import printed
from callflow.core.call import Place
from callflow.core.configuration import Configuration
from callflow.core.policy import SpokenAnswers
from callflow.core.question import BEEP_SECONDS, RECOGNISING_SECONDS
from callflow.core.stages import PlaceName, Stage
from callflow.core.transcription import Engine, Purpose
from callflow.proof.prove import prove
from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.service.jobs import JobKind
from callflow.service.recording_keeper import UNUSED_AFTER_SECONDS
from callflow.service.recordings import DROP_UNUSED, RECOGNISE_ANSWER
from callflow.service.transcripts import WORK, TranscriptState
from callflow.simulator import recognising
from callflow.telephony.place_documents import render
from tests.e2e.conversation import AUDIO, Conversation, shipped
from tests.e2e.scenes import talking


@cache
def recording() -> Configuration:
    engines = {Purpose.CONSENT: Engine(name="pocketsphinx")}
    policy = replace(shipped().policy, spoken_answers=SpokenAnswers.RECORDING)
    return replace(shipped(), policy=policy, engines=engines)


def asked() -> Conversation:
    """Ana has asked for a hold, and the caller hears the tone."""
    talk = talking(recording())
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    return after_the_tone(talk)


def after_the_tone(talk: Conversation) -> Conversation:
    talk.caller.heard("yes_or_no_after_tone")
    return talk.until(lambda: doing(talk) == "record", "the tone").wait(BEEP_SECONDS)


def doing(talk: Conversation) -> str:
    leg = talk.caller.phone.leg
    return leg.doing if leg else ""


def says(talk: Conversation, words: str) -> Conversation:
    talk.caller.says(words).presses("#", after=1)
    return talk


def consents(talk: Conversation) -> list[tuple[str, str]]:
    return [(one.note.key, str(one.note.outcome)) for one in talk.notes("consent", "caller")]


def test_a_spoken_yes_is_a_hold_and_the_journal_says_how_and_by_which_engine() -> None:
    talk = says(asked(), "Yes, please.")
    talk.caller.hears("hold_start")
    talk.stage(Stage.HOLDING)
    (heard,) = talk.notes("answer_recognised", outcome="yes")
    assert (heard.note.details["engine"], consents(talk)) == ("rehearsal", [("recording", "yes")])
    (kept,) = talk.callflow.store.recordings()
    assert (kept.kind, kept.person, kept.state) == ("consent", "caller", "fetched")
    (written,) = talk.callflow.store.transcripts(talk.call.id)
    assert (written.purpose, written.text) == (Purpose.CONSENT, "Yes, please.\nYes, please.\nYes, please.")
    talk.together("caller", "ana", within=60).over()


def test_a_spoken_no_brings_the_caller_back_at_once() -> None:
    talk = says(asked(), "No, not now.")
    talk.caller.hears("hold_declined", within=6)
    talk.together("caller", "ana")
    assert consents(talk) == [("recording", "no")]
    talk.over()


@pytest.mark.parametrize("words", ["Yes.", "Yes, but make it quick.", "Okay, I cannot hold.", "Yesterday.", "um"])
def test_anything_else_is_asked_again_and_then_a_no(words: str) -> None:
    talk = says(asked(), words)
    talk.caller.heard("not_clear").heard("hold_request")
    says(after_the_tone(talk), words).caller.heard("hold_no_answer")
    talk.together("caller", "ana")
    assert [outcome for _, outcome in consents(talk)] == ["unclear", "unclear"]
    assert not talk.notes("hold")
    talk.over()


def test_silence_is_asked_again_and_then_a_no() -> None:
    talk = asked()
    talk.caller.heard("not_clear", within=30).heard("hold_no_answer", within=90)
    talk.together("caller", "ana")
    assert not talk.notes("hold")
    talk.over()


@pytest.mark.parametrize("moment", ["choices", "invitation", "tone", "waiting"])
def test_a_key_counts_at_every_moment(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "SECONDS", 6)
    talk = talking(recording())
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    reach: dict[str, Callable[[], object]] = {
        "choices": lambda: talk.caller.hears("hold_choices"),
        "invitation": lambda: talk.caller.hears("yes_or_no_after_tone"),
        "tone": lambda: after_the_tone(talk),
        "waiting": lambda: says(after_the_tone(talk), "No.").wait(2),
    }
    reach[moment]()
    talk.caller.presses("1").hears("hold_start", within=3)
    assert consents(talk) == [("key", "yes")]
    talk.together("caller", "ana", within=60).wait(UNUSED_AFTER_SECONDS).over()
    for job in talk.callflow.store.jobs(talk.clock.now()):
        if job.kind == DROP_UNUSED:
            talk.callflow.keepers.recordings.drop_unused(job.args)
    kept = {one.provider_id for one in talk.callflow.store.recordings()}
    assert all(sid in kept or one.deleted for sid, one in talk.emulator.recordings.items())


def test_what_is_recognised_too_late_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "SECONDS", RECOGNISING_SECONDS + 1)
    talk = says(asked(), "Yes, go ahead.")
    talk.caller.hears("asked_again", within=RECOGNISING_SECONDS + 2).heard("hold_request").heard("hold_choices")
    talk.caller.hears("hold_no_answer", within=12)
    talk.together("caller", "ana").wait(5)
    assert (consents(talk), talk.notes("hold")) == ([("", "no clear answer")], [])
    talk.over()


def test_an_engine_that_fails_leaves_a_mark_and_the_question_is_asked_again_by_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognising, "work", lambda *_: None)
    talk = says(asked(), "Yes, go ahead.").wait(2)
    (job,) = [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == RECOGNISE_ANSWER]
    talk.callflow.answers.failed(job.args)
    (mark,) = talk.callflow.store.transcripts(talk.call.id)
    assert (mark.state, mark.engine, mark.text) == (TranscriptState.FAILED, "pocketsphinx", "")
    talk.caller.hears("asked_again", within=RECOGNISING_SECONDS + 2).heard("hold_choices").presses("1")
    talk.caller.hears("hold_start")
    talk.together("caller", "ana", within=60).over()


def test_with_our_server_dead_the_caller_is_with_the_agent_again() -> None:
    talk = says(asked(), "Yes, go ahead.")
    talk.until(lambda: bool(talk.notes("answer_recorded")), "the answer")
    talk.world.disconnect()
    talk.together("caller", "ana", within=90)


def test_a_supervisor_and_a_call_back_are_agreed_to_in_the_same_way() -> None:
    talk = talking(recording())
    talk.ana.presses("*").hears("menu").presses("2").hears("supervisor_asked")
    says(after_the_tone(talk), "Yes please.").caller.hears("consult_ringing")
    assert consents(talk) == [("recording", "yes")]
    talk.over()


def test_no_document_asks_the_provider_to_recognise_words() -> None:
    """Nor does a menu whose choices have words: keys work alone."""
    talk = says(asked(), "Yes, go ahead.")
    talk.caller.hears("hold_start")
    call, urls = talk.call, talk.callflow.urls
    step = call.caller.but(
        place=Place(PlaceName.STEP, details={"how": "words", "seconds": 8, "asks": 1, "hints": "yes"})
    )
    for leg in (*call.legs, step):
        document = render(call, leg, recording(), urls)
        assert not re.search(r'input="[^"]*speech', document)
    assert 'input="dtmf"' in document
    talk.together("caller", "ana", within=60).over()


def test_every_state_with_recorded_answers_keeps_the_safety_rules() -> None:
    assert prove(recording()).violations == ()


@pytest.mark.long
def test_the_worker_writes_it_down_in_a_child_process(monkeypatch: pytest.MonkeyPatch,
                                                      capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """From a recording of ours, because the local provider's have no words in them; so it is neither yes nor no."""
    monkeypatch.setattr(recognising, "work", lambda *_: None)
    talk = asked()
    list(talk.emulator.recordings.values())[-1].media = (AUDIO / "en" / "not_clear.wav").read_bytes()
    says(talk, "Yes, go ahead.").wait(2)
    flow, now = talk.callflow, talk.clock.now()
    kind = JobKind(work=WORK, around=flow.answers, seconds=60, megabytes=4096, urgent=True)
    store: Any = flow.store
    job = store.take_job([RECOGNISE_ANSWER], now, now)
    assert JobRunner({RECOGNISE_ANSWER: kind}, Metrics()).attempt(job) is None
    (heard,) = talk.notes("answer_recognised", outcome="unclear")
    assert re.fullmatch(r"pocketsphinx \d[.\d]*", str(heard.note.details["engine"]))
    talk.caller.heard("not_clear")
    printed(store, talk.call.reference)
    assert "a machine's draft" in capsys.readouterr().out
    talk.over()
