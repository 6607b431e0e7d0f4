"""A spoken yes or no that was recorded: recognised while the caller waits, and told to the call (policy rules 3 and 9).

The webhook only says that there is a recording. This fetches it and has a child process write it down; what that means
is decided by the same rule for words as everywhere (``transcripts.meaning``). Whatever fails or takes too long, the
caller's document goes on by itself: they are asked again, and then it is a no.
"""

from collections.abc import Sequence
from datetime import datetime

from callflow.core.call import CALLER, Call
from callflow.core.events import AnswerRecognised, ConsentGiven, ConsentNotHeard, ConsentRefused, Event
from callflow.core.recorded_answer import is_awaited
from callflow.core.recordings import number_of
from callflow.core.transcription import Purpose
from callflow.service.jobs import Args
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.transcripts import Report, Transcribing, Transcript, meaning

HOW = "recording"
"""How the yes was given, in the journal; with "key" or "speech" in its place nobody of ours has recognised it."""


class RecordedAnswers:
    """Around the work of the child: ``jobs.AroundWork`` of the job ``recordings.RECOGNISE_ANSWER``."""

    def __init__(self, keeper: RecordingKeeper, transcribing: Transcribing, report: Report) -> None:
        self._keeper, self._transcribing, self._report = keeper, transcribing, report

    def order(self, args: Args) -> Args | None:
        """The answer for the child; None if nobody waits for it any more, or no engine is configured."""
        call, found = self._keeper.store.read(args["call"]), self._keeper.store.recording(args["recording"])
        if not call or not found or not is_awaited(call, number_of(found.id), self._keeper.clock()):
            return None
        self._keeper.fetched(found)
        return self._transcribing.order(_of_consent(args))

    def done(self, args: Args, answer: str) -> None:
        written = self._transcribing.written(_of_consent(args), answer)
        self._report(args["call"], lambda call, at: self._facts(call, at, written))

    def failed(self, args: Args) -> None:
        self._transcribing.failed(_of_consent(args))

    def _facts(self, call: Call, at: datetime, written: Transcript) -> Sequence[Event]:
        number = number_of(written.recording)
        if not is_awaited(call, number, at):
            return ()
        meant = meaning(self._keeper.configurations, call.language, written)
        engine = f"{written.engine} {written.version}".rstrip()
        heard = AnswerRecognised(at=at, leg=CALLER, recording=number, meaning=meant, engine=engine)
        if meant == "yes":
            return [heard, ConsentGiven(at=at, leg=CALLER, how=HOW)]
        if meant == "no":
            return [heard, ConsentRefused(at=at, leg=CALLER, how=HOW)]
        return [heard, ConsentNotHeard(at=at, leg=CALLER)]


def _of_consent(args: Args) -> Args:
    return {**args, "purpose": Purpose.CONSENT.value}
