"""For how many seconds a caller talked over each warning, on calls that are recorded: told to the journal, beside the
warning, after the call. Nothing decides on it: what counts is that the warning was played to its end (policy rule 24).
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from callflow.core.call import Call
from callflow.core.events import Event, TalkOverMeasured
from callflow.core.notes import NoteKind
from callflow.core.transcription import Purpose
from callflow.service.jobs import Args, NewJob
from callflow.service.ports import Store
from callflow.service.recordings import Recording
from callflow.service.transcripts import Report, Transcribing

MEASURE: Final = "measure_talk_over"
"""The kind of job. ``args``: call, recording, ``warning`` (its number in the call, from 0), ``begins`` and ``ends``
(seconds of the recording)."""


def jobs(store: Store, recording: Recording, at: datetime) -> Iterator[NewJob]:
    """One for each warning that was heard in full while this recording ran. A pause is silence in it, so it keeps the
    time of the call."""
    call = store.read(recording.call)
    for entry in store.journal(recording.call):
        if entry.note.kind == NoteKind.CALL_RECORDED and (ago := float(entry.note.details.get("ago", 0))):
            yield from _of(call, recording, entry.at - timedelta(seconds=ago), at)


def _of(call: Call | None, recording: Recording, begun: datetime, at: datetime) -> Iterator[NewJob]:
    for number, one in enumerate(call.warnings if call else ()):
        if one.heard_at and (ends := (one.heard_at - begun).total_seconds()) > one.elapsed_seconds:
            args = {"call": recording.call, "recording": recording.id, "warning": number,
                    "begins": round(ends - one.elapsed_seconds, 1), "ends": round(ends, 1)}  # fmt: skip
            yield NewJob(kind=MEASURE, at=at, args=args)


class TalkOver:
    """Around the work of the child (``jobs.AroundWork``)."""

    def __init__(self, store: Store, transcribing: Transcribing, report: Report) -> None:
        self._store, self._transcribing, self._report = store, transcribing, report

    def order(self, args: Args) -> Args | None:
        return self._transcribing.order({**args, "purpose": Purpose.TALK_OVER.value})

    def done(self, args: Args, answer: str) -> None:
        found: dict[str, Any] = json.loads(answer)
        if self._noted(args):
            return  # the job has run before
        engine = f"{found['engine']} {found['version']}".rstrip()

        def facts(call: Call, at: datetime) -> Sequence[Event]:
            return [TalkOverMeasured(at=at, warning=args["warning"], seconds=found["seconds"], engine=engine)]

        self._report(args["call"], facts)

    def failed(self, args: Args) -> None:
        """`callflow jobs` says so; the warning and the recording are what they are."""

    def _noted(self, args: Args) -> bool:
        notes = [entry.note for entry in self._store.journal(args["call"])]
        return any(
            one.kind == NoteKind.TALK_OVER and one.details.get("warning") == args["warning"] + 1 for one in notes
        )
