"""A voicemail is written down by a machine, after the call, and its words are where people look for them."""

import io
import json
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callflow.audio.wav import measure
from callflow.cli.journal import printed
from callflow.core.transcription import Engine, Purpose
from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.service.configurations import Configurations
from callflow.service.jobs import Job, JobFailure, JobKind
from callflow.service.recordings import TRANSCRIBE
from callflow.service.transcripts import WORK, Transcribing, TranscriptState, meaning
from callflow.speech import activity, child, engines, models
from tests.e2e.conversation import AUDIO, Conversation, shipped
from tests.e2e.test_recordings_kept import keeper, left_a_message, run_jobs

WARNING = next(path for path in sorted((AUDIO / "en").glob("warning_final*.wav")))


class Worker:
    """The jobs of a server, with a child process of its own."""

    def __init__(self, talk: Conversation, engine: Engine, audio: bytes | None = None) -> None:
        kept = keeper(talk)
        assert run_jobs(talk, kept) == []
        self.talk = talk
        self.configurations = Configurations(replace(shipped(), engines={Purpose.VOICEMAIL: engine}))
        around = Transcribing(talk.callflow.store, (lambda _: audio) if audio else kept.audio, self.configurations,
                              talk.clock.now)  # fmt: skip
        kind = JobKind(work=WORK, around=around, seconds=120, megabytes=4096)
        self.runner = JobRunner({TRANSCRIBE: kind}, Metrics())

    def run(self, tries: int = 1) -> str:
        """Run the job; what failed, or ""."""
        call = self.talk.call.id
        (recording,) = self.talk.callflow.store.recordings(call)
        args = {"call": call, "recording": recording.id, "purpose": "voicemail"}
        job = Job(id=1, kind=TRANSCRIBE, key="", args=args, due=self.talk.clock.now(), tries=tries)
        failed = self.runner.attempt(job)
        return failed.error if failed else ""

    def written(self) -> Any:
        (one,) = self.talk.callflow.store.transcripts(self.talk.call.id)
        return one


def test_a_voicemail_is_written_down_as_a_draft(capsys: pytest.CaptureFixture[str]) -> None:
    """By a real child process, from a recording of ours, because the local provider's have no words in them."""
    worker = Worker(left_a_message(), Engine(name="pocketsphinx"), WARNING.read_bytes())
    assert worker.run() == ""
    one = worker.written()
    assert (one.state, one.engine, one.purpose) == (TranscriptState.MADE, "pocketsphinx", Purpose.VOICEMAIL)
    assert one.version[0].isdecimal()
    assert len(one.text.split()) > 5  # which words: python -m tests.bench.speech
    printed(worker.talk.callflow.store, worker.talk.call.reference)
    assert f"by pocketsphinx {one.version}, a machine's draft: {one.text}" in capsys.readouterr().out


def test_what_cannot_be_written_down_says_so_and_keeps_the_recording(capsys: pytest.CaptureFixture[str]) -> None:
    worker = Worker(left_a_message(), Engine(name="vosk", model_path="/nowhere", sha256="0" * 64))
    assert "vosk is not installed: `make setup EXTRAS=vosk`" in worker.run()
    assert worker.written().state is TranscriptState.FAILED
    printed(worker.talk.callflow.store, worker.talk.call.reference)
    assert "not written down yet, see `callflow jobs`; the recording is there" in capsys.readouterr().out
    (recording,) = worker.talk.callflow.store.recordings(worker.talk.call.id)
    assert keeper(worker.talk).audio(recording.id).startswith(b"RIFF")


def test_a_file_without_sound_fails_without_harm() -> None:
    worker = Worker(left_a_message(), Engine(name="pocketsphinx"), b"not a wav file")
    assert worker.run() == "the recording is not a WAV file"
    assert worker.written().state is TranscriptState.FAILED


def test_nothing_is_written_down_unless_somebody_chose_an_engine() -> None:
    worker = Worker(left_a_message(), Engine(name="pocketsphinx"), WARNING.read_bytes())
    worker.configurations.current = shipped()
    assert worker.run() == ""
    assert worker.talk.callflow.store.transcripts(worker.talk.call.id) == []


def test_a_model_that_is_not_the_chosen_one_is_not_loaded(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"weights")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "words.txt").write_bytes(b"words")
    digest = models.digest(tmp_path)
    assert models.checked(str(tmp_path), digest.upper()) == str(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"weight5")
    with pytest.raises(JobFailure, match="not the one in callflow"):
        models.checked(str(tmp_path), digest)
    with pytest.raises(JobFailure, match="there is no model at"):
        models.checked(str(tmp_path / "gone"), digest)


def test_pocketsphinx_does_not_guess_at_other_languages() -> None:
    with pytest.raises(JobFailure, match="only English"):
        engines.recognise(WARNING.read_bytes(), Engine(name="pocketsphinx"), "de-DE")


def test_talking_over_a_warning_is_measured_in_seconds() -> None:
    spoken = WARNING.read_bytes()
    whole = activity.spoken_seconds(spoken)
    length = measure(spoken).seconds
    assert 0.5 * length < whole <= length
    assert activity.spoken_seconds(spoken, begins=length / 2) < whole
    assert activity.spoken_seconds(spoken, begins=length + 5) == 0
    assert activity.spoken_seconds(_silence(3)) == 0


def _silence(seconds: int) -> bytes:
    import wave

    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000 * seconds))
    return out.getvalue()


@pytest.mark.parametrize(("readings", "means"), [
    ("yes please", "yes"), ("no", "no"), ("", ""), ("yes but make it quick", ""), ("yes yes yes yes yes yes", ""),
    ("yes", ""), ("yes yes", ""),
])  # fmt: skip
def test_a_recorded_answer_is_judged_like_a_spoken_one(readings: str, means: str) -> None:
    """And more strictly: one word may have been almost anything, so it is no yes, however often it is said."""
    assert _meaning([readings] * 3) == means


@pytest.mark.parametrize(
    ("readings", "means"),
    [
        (["Yes, please.", "yes please", "Yeah, please!"], "yes"),
        (["Yes, okay.", "yesterday", "Yes, okay."], ""),
        (["okay thank you", "okay thank you", ""], ""),
        (["okay thank you", "no thank you", "okay thank you"], "no"),
        (["okay thank you"], ""),
    ],
)
def test_a_recorded_yes_is_heard_again_in_slower_and_faster_copies(readings: list[str], means: str) -> None:
    assert _meaning(readings) == means


def _meaning(readings: list[str]) -> str:
    worker = Worker(left_a_message(), Engine(name="pocketsphinx"))
    args = {"call": worker.talk.call.id, "recording": "r", "purpose": "consent"}
    kind = worker.runner.kinds[TRANSCRIBE]
    assert kind.around
    kind.around.done(args, json.dumps({"text": "\n".join(readings), "engine": "vosk", "version": "1"}))
    one = worker.written()
    assert meaning(worker.configurations, "en", replace(one, state=TranscriptState.FAILED)) == ""
    assert child.work.__module__ == WORK.partition(":")[0]
    return meaning(worker.configurations, "en", one)


def test_an_answer_is_written_down_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[float] = []

    def heard(wav: bytes, engine: Engine, language: str) -> str:
        lengths.append(measure(wav).seconds)
        return f"heard  {len(lengths)}"

    adapter = replace(engines.ADAPTERS["pocketsphinx"], recognise=heard)
    monkeypatch.setattr(engines, "ADAPTERS", {"pocketsphinx": adapter})
    engine = {"name": "pocketsphinx", "model_path": "", "sha256": ""}
    args = {"audio": b64encode(_silence(2)).decode(), "engine": engine, "language": "en-US", "readings": 3}
    assert json.loads(child.work(args))["text"] == "heard 1\nheard 2\nheard 3"
    assert lengths == pytest.approx([2, 2 / 0.9, 2 / 1.1], abs=0.01)
