"""Stands in for the worker that recognises recorded answers, on the virtual clock: what people say is known here."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from callflow.emulator import Emulator
from callflow.emulator.events import Event, RecordingChanged
from callflow.service.recorded_answers import RecordedAnswers
from callflow.service.recordings import RECOGNISE_ANSWER

SECONDS = 1.5
"""From when the provider has the recording: to fetch it, and for an engine to understand it."""
ENGINE = "rehearsal"


def listen(emulator: Emulator, later: Callable[[float, Callable[[], None]], None], store: Any,
           answers: RecordedAnswers) -> None:  # fmt: skip
    """From now on. ``later`` is ``World.later``."""

    def changed(event: Event) -> None:
        if isinstance(event, RecordingChanged) and event.status == "completed":
            later(SECONDS, partial(work, emulator, store, answers))

    emulator.on_event(changed)


def work(emulator: Emulator, store: Any, answers: RecordedAnswers) -> None:
    """Do every job that is due."""
    now = emulator.clock.now()
    while job := store.take_job([RECOGNISE_ANSWER], now, now + timedelta(seconds=20)):
        answers.order(job.args)  # fetches it, as the worker does
        spoken = emulator.recordings[store.recording(job.args["recording"]).provider_id].spoken
        answers.done(job.args, json.dumps({"text": " ".join(spoken), "engine": ENGINE, "version": ""}))
        store.job_done(job)
