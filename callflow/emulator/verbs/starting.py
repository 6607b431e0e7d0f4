"""Start, Stop, Connect (twilio.md 3.11). Only Start and Stop Recording are emulated; the rest is reported as noted."""

from __future__ import annotations

from callflow.emulator.document import Verb
from callflow.emulator.program import Body
from callflow.emulator.recordings import running_recordings, start_recording, stop_recording
from callflow.emulator.running import Outcome, Run, verb
from callflow.emulator.verbs.record import recording_order


@verb("Start")
def start(run: Run, each: Verb) -> Body[Outcome]:
    """Start it in the background; the document goes on at once."""
    yield from ()
    for noun in each.children:
        if noun.name != "Recording":
            run.exchange.note(f"<Start><{noun.name}> is accepted and not emulated", run.leg)
            continue
        callback = noun.get("recordingStatusCallback")
        if callback and "://" not in callback:
            run.exchange.complain(11200, "Start->Recording: recordingStatusCallback must be absolute", run.leg)
        channels = 1 if noun.get("channels") == "mono" else 2
        order = recording_order(run, noun, "StartCallRecordingTwiML", channels)
        start_recording(run.exchange, order, run.leg.sid)
    return None


@verb("Stop")
def stop(run: Run, each: Verb) -> Body[Outcome]:
    yield from ()
    for noun in each.children:
        for recording in running_recordings(run.exchange, run.leg.sid):
            if noun.name == "Recording" and noun.get("name") in {"", recording.order.name}:
                stop_recording(run.exchange, recording)
    return None


@verb("Connect")
def connect(run: Run, each: Verb) -> Body[Outcome]:
    yield from ()
    run.exchange.note("<Connect> is accepted and not emulated", run.leg)
    return None
