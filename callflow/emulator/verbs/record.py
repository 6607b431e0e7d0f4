"""Record (twilio.md 3.5): one person's message. A key, silence, its maximum length or a hang-up ends it."""

from __future__ import annotations

from callflow.emulator.document import Verb
from callflow.emulator.program import Body, Key, Signal, Speech, SpeechBegan, Wait
from callflow.emulator.recordings import (
    Recording,
    RecordingOrder,
    duration,
    recording_url,
    start_recording,
    stop_recording,
)
from callflow.emulator.running import FAILED, Outcome, Run, verb
from callflow.emulator.verbs.playing import sound
from callflow.emulator.webhook import Target, Webhook

BEEP_SECONDS = 0.5


def recording_order(run: Run, each: Verb, source: str, channels: int = 1) -> RecordingOrder:
    """The recordingStatusCallback attributes of a verb or noun."""
    url = each.get("recordingStatusCallback")
    events = each.get("recordingStatusCallbackEvent", "completed").split()
    return RecordingOrder(
        source=source,
        channels=channels,
        track=each.get("recordingTrack") or each.get("track") or "both",
        callback=run.target(url, each.get("recordingStatusCallbackMethod")) if url else None,
        events=frozenset(events),
        name=each.get("name"),
    )


@verb("Record")
def record(run: Run, each: Verb) -> Body[Outcome]:
    target = run.target(each.get("action"), each.get("method"))
    if target is None:
        return FAILED
    if each.flag("playBeep", True):
        yield from sound(run, "beep", "beep", "record", BEEP_SECONDS)
    run.leg.doing = "record"
    recording = start_recording(run.exchange, recording_order(run, each, "RecordVerb"), run.leg.sid)
    run.leg.hangup_action = lambda: _hangup_action(run, target, recording)
    turn = run.leg.begin_turn(run.exchange.clock.monotonic())
    try:
        key = yield from _listen(run, each, recording)
    finally:
        run.leg.end_turn(turn, run.exchange.clock.monotonic())
        stop_recording(run.exchange, recording)
        run.leg.hangup_action = None
    return run.goto(each, extra=_parameters(run, recording, key))


def _listen(run: Run, each: Verb, recording: Recording) -> Body[str]:
    """Wait for the end of the message. Returns the finishing key, or '' after silence or the maximum length."""
    clock = run.exchange.clock
    longest = each.whole("maxLength", 120 if each.flag("transcribe", False) else 3600)
    silence_timeout = each.whole("timeout", 5)
    finish_keys = each.get("finishOnKey", "1234567890*#")
    silent_since = clock.monotonic()
    while True:
        now = clock.monotonic()
        silent_since = max(silent_since, min(run.leg.talking_until, now))
        left = recording.begun_at + longest - now
        quiet = silent_since + silence_timeout - now if silence_timeout else left
        if run.leg.talking_until > now:
            quiet = run.leg.talking_until + (silence_timeout or longest) - now
        if min(left, quiet) <= 0.001:
            return ""
        signal: Signal | None = yield Wait(min(left, quiet), (Key, SpeechBegan, Speech))
        if isinstance(signal, Key) and signal.key in finish_keys:
            return signal.key


def _parameters(run: Run, recording: Recording, digits: str) -> dict[str, str]:
    return {
        "RecordingUrl": recording_url(run.exchange, recording),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(duration(recording)),
        "Digits": digits,
    }


def _hangup_action(run: Run, target: Target, recording: Recording) -> Webhook:
    """A hang-up during Record requests the action with Digits=hangup (twilio.md 1.4)."""
    stop_recording(run.exchange, recording)
    return run.webhook(target, _parameters(run, recording, "hangup"), "hangup-action")
