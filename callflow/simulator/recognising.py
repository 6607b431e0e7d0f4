"""Stands in for the worker that recognises recorded answers, on the virtual clock: what people say is known here."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from callflow.core.flow.speech import READINGS
from callflow.core.recordings import RecordingKind
from callflow.emulator import Emulator
from callflow.emulator.events import RecordingChanged
from callflow.service.ports import Store
from callflow.service.recorded_answers import RecordedAnswers

SECONDS = 1.5
"""From when the provider has the recording: to fetch it, and for an engine to understand it."""
ENGINE = "rehearsal"


def listen(emulator: Emulator, later: Callable[[float, Callable[[], None]], None], store: Store,
           answers: RecordedAnswers) -> None:  # fmt: skip
    """From now on. ``later`` is ``World.later``."""

    def changed(event: Any) -> None:
        if event.status == "completed":
            later(SECONDS, partial(work, event.recording, emulator, store, answers))

    emulator.on_event(changed, RecordingChanged)


def work(recording: str, emulator: Emulator, store: Store, answers: RecordedAnswers) -> None:
    """Recognise what the provider calls ``recording``, if it is an answer."""
    for one in store.recordings():
        if one.kind is RecordingKind.CONSENT and one.provider_id == recording:
            args = {"call": one.call, "recording": one.id}
            answers.order(args)  # fetches it, as the worker does
            spoken = " ".join(emulator.recordings[recording].spoken)
            answers.done(args, json.dumps({"text": "\n".join([spoken] * READINGS), "engine": ENGINE, "version": ""}))
