"""Transcripts: a machine writes down what a recording says, after the call, as a draft that a person may check.

The child process that recognises words has no database. The server gives it the sound, and stores what it found; if it
fails, that is stored as well, the recording stays, and the job is tried again.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from callflow.core.call import Call
from callflow.core.events import Event
from callflow.core.flow.speech import READINGS, recorded_answer
from callflow.core.records import record
from callflow.core.transcription import Purpose
from callflow.service.configurations import Configurations
from callflow.service.jobs import Args, JobFailure
from callflow.service.recordings import AudioMissing, AudioUnavailable, Recording, RecordingRows

WORK: Final = "callflow.speech.child:work"
"""Named and not imported: no server loads a recogniser."""
LONGEST_TEXT: Final = 50_000
DRAFT: Final = "a machine's draft"
Report = Callable[[str, Callable[[Call, datetime], Sequence[Event]]], Any]
"""``CallService.report``: tells a call of facts."""


class TranscriptState(StrEnum):
    MADE = "made"
    FAILED = "failed"
    """The last attempt failed. `callflow jobs` says why, and whether it is tried again. The recording is there."""


@record
class Transcript:
    """What ``engine`` of ``version`` wrote down of a recording; an answer (``CONSENT``) several times, a line for each.
    ``seconds`` of speech, where only that was measured."""

    recording: str
    call: str
    purpose: Purpose
    state: TranscriptState
    at: datetime
    engine: str
    version: str = ""
    text: str = ""
    seconds: float | None = None


class TranscriptRows(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable, and CannotOpen for another secret."""

    def keep_transcript(self, transcript: Transcript) -> None:
        """Write it, in place of an earlier one of the same recording and purpose. Sealed; nothing of an erased call."""

    def transcripts(self, call: str) -> list[Transcript]:
        """Those of a call, in the order of their recordings."""


class Transcribing:
    """What the server does around the work of the child: ``jobs.AroundWork`` of the job ``recordings.TRANSCRIBE``."""

    def __init__(self, store: Any, audio: Callable[[str], bytes], configurations: Configurations,
                 clock: Callable[[], datetime]) -> None:  # fmt: skip
        """``audio``: the WAV file of a recording, by its id (``RecordingKeeper.audio``)."""
        self._rows: TranscriptRows = store
        self._recordings: RecordingRows = store
        self._read, self._audio, self._configurations, self._clock = store.read, audio, configurations, clock

    def order(self, args: Args) -> Args | None:
        """What the child needs: the audio and the engine. None if there is nothing to do any more."""
        found, engine = self._recordings.recording(args["recording"]), self._engine(args)
        if found is None or engine is None:
            return None
        try:
            audio = self._audio(found.id)
        except AudioMissing:
            return None  # it was deleted, or its call erased
        except AudioUnavailable as failure:
            raise JobFailure(str(failure)) from None
        times = {name: args[name] for name in ("begins", "ends") if name in args}
        return {
            "audio": b64encode(audio).decode(),
            "engine": asdict(engine),
            "language": self._language(found),
            "readings": READINGS if args["purpose"] == Purpose.CONSENT else 1,
            **times,
        }

    def done(self, args: Args, answer: str) -> None:
        self.written(args, answer)

    def written(self, args: Args, answer: str) -> Transcript:
        """What the child found, as it is stored now."""
        found: dict[str, Any] = json.loads(answer)
        return self._keep(args, TranscriptState.MADE, engine=found["engine"], version=found["version"],
                          text=found["text"][:LONGEST_TEXT], seconds=found.get("seconds"))  # fmt: skip

    def failed(self, args: Args) -> None:
        if engine := self._engine(args):
            self._keep(args, TranscriptState.FAILED, engine=engine.name)

    def _keep(self, args: Args, state: TranscriptState, **more: Any) -> Transcript:
        transcript = Transcript(recording=args["recording"], call=args["call"], purpose=Purpose(args["purpose"]),
                                state=state, at=self._clock(), **more)  # fmt: skip
        self._rows.keep_transcript(transcript)
        return transcript

    def _engine(self, args: Args) -> Any:
        return self._configurations.current.engines.get(Purpose(args["purpose"]))

    def _language(self, found: Recording) -> str:
        """The tag of the language that the person who was recorded speaks with us."""
        configuration, call = self._configurations.current, self._read(found.call)
        code = configuration.language_of(found.person)
        if found.person == "caller" and call:
            code = call.language
        speaks = configuration.languages.get(code)
        return speaks.tag if speaks else code


def meaning(configurations: Configurations, language: str, transcript: Transcript) -> str:
    """What a recorded answer to a question means: "yes", "no" or "" (``recorded_answer``).

    A transcript that was not made is no answer.
    """
    if transcript.state is not TranscriptState.MADE:
        return ""
    return recorded_answer(configurations.current.answers(language), transcript.text.split("\n"))
