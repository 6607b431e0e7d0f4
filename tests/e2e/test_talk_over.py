"""How long a caller talked over a warning stands beside it in the journal, and decides nothing."""

import io
import wave
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from callflow.core.configuration import Configuration, Recording
from callflow.core.transcription import Engine, Purpose
from callflow.service.recordings import FETCH
from callflow.service.talk_over import MEASURE, TalkOver
from callflow.service.transcripts import Transcribing
from callflow.speech.child import work
from tests.audio.voices import speech
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import warned


def listening() -> Configuration:
    recording = replace(shipped().recording, mode=Recording.NOTICE)
    return replace(shipped(), recording=recording, engines={Purpose.TALK_OVER: Engine(name="webrtcvad")})


def warned_call() -> Conversation:
    talk = Conversation(listening())
    talk.caller.dials().hears("reason_menu").presses("1").heard("recording_notice").hears("connecting")
    talk.ana.hears("offer").presses("1")
    return warned(talk.together("caller", "ana").wait(2)).wait(3)


def talking_from(seconds: float, length: float) -> bytes:
    """A recording of a minute in which the caller talks for so long."""
    with wave.open(io.BytesIO(speech(seconds=length, before=0, after=0))) as said:
        sound = said.readframes(said.getnframes())
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * round(seconds * 8000)) + sound + bytes(2 * 8000 * 60))
    return out.getvalue()


def measured(talk: Conversation, recorded: bytes) -> list[dict[str, Any]]:
    """Run the jobs of the call's recording; the windows that were looked at."""
    flow = talk.callflow
    next(one for one in talk.emulator.recordings.values()).media = recorded
    transcribing = Transcribing(flow.store, flow.recordings.audio, flow.configurations, talk.clock.now)
    around = TalkOver(flow.store, transcribing, flow.calls.report)
    windows = []
    for kind in (FETCH, MEASURE, MEASURE):  # a job may run twice
        for job in flow.store.jobs(talk.clock.now()):
            if job.kind == kind == FETCH:
                flow.recordings.run(job.args)
            elif job.kind == kind and (order := around.order(job.args)):
                around.done(job.args, work(order))
                windows.append(dict(order))
    return windows[: len(windows) // 2]


@pytest.mark.parametrize(("name", "before"), [("over it", 0.5), ("before it", -6.0)])
def test_the_journal_says_for_how_long_the_caller_talked_over_the_warning(name: str, before: float) -> None:
    talk = warned_call()
    (warning, *_) = talk.call.warnings
    begun = talk.emulator.recordings[next(iter(talk.emulator.recordings))].begun
    assert warning.heard_at
    began = (warning.heard_at - begun).total_seconds() - warning.elapsed_seconds
    talk.over().wait(3)
    windows = measured(talk, talking_from(began + before, 4))
    assert windows[0]["begins"] == pytest.approx(began, abs=1.1)
    notes = [one.note for one in talk.notes("talk_over", "caller")]
    assert [(one.script, one.details["warning"]) for one in notes] == [
        (each.script, number) for number, each in enumerate(talk.call.warnings, 1)
    ]
    (first, *_) = notes
    spoke = float(first.details["seconds"])
    assert (spoke > 1) is (name == "over it"), spoke
    assert str(first.details["engine"]).startswith("webrtcvad ")


def test_it_decides_nothing() -> None:
    """The same steps are open after a warning that was talked over as after one that was heard in silence."""
    loud, quiet = warned_call(), warned_call()
    for talk, sound in ((loud, talking_from(1, 40)), (quiet, talking_from(1, 0.1))):
        talk.over().wait(3)
        measured(talk, sound)
    outcome: Callable[[Conversation], object] = lambda talk: (  # noqa: E731
        [(one.script, one.heard_at is not None, one.cut) for one in talk.call.warnings], talk.call.outcome)  # fmt: skip
    assert outcome(loud) == outcome(quiet)


def test_without_a_recording_or_an_engine_nothing_is_measured() -> None:
    talk = warned_call()
    talk.callflow.configurations.current = replace(listening(), engines={})
    talk.over().wait(3)
    assert measured(talk, talking_from(1, 40)) == []
    assert not talk.notes("talk_over")
