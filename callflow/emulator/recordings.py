"""Recordings: how they begin, pause, stop and become ready, and their callbacks (twilio.md 5.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from callflow.emulator.events import RecordingChanged
from callflow.emulator.exchange import Exchange
from callflow.emulator.identifiers import rfc2822
from callflow.emulator.immutable import immutable
from callflow.emulator.legs import API_VERSION
from callflow.emulator.sending import send_callback
from callflow.emulator.webhook import Target, Webhook

RUNNING = frozenset({"in-progress", "paused"})


@immutable
class RecordingOrder:
    """How to record. `source` is Twilio's name (RecordVerb, DialVerb, OutboundAPI, StartCallRecordingAPI,
    StartCallRecordingTwiML, Conference); `events`: some of in-progress, completed, absent."""

    source: str
    channels: int = 1
    track: str = "both"
    callback: Target | None = None
    events: frozenset[str] = frozenset({"completed"})
    name: str = ""


@dataclass(eq=False)
class Recording:
    """`status`: in-progress, paused, processing, completed or absent. `spoken`: what people said during it."""

    sid: str
    call_sid: str | None
    conference_sid: str | None
    order: RecordingOrder
    begun: datetime
    begun_at: float
    status: str = "in-progress"
    seconds: float | None = None
    paused_at: float | None = None
    left_out: float = 0.0
    skips_pauses: bool = False
    deleted: bool = False
    updated: datetime | None = None
    spoken: list[str] = field(default_factory=list)
    media: bytes = b""
    """A WAV file instead of silence, for a test in which something is heard in it."""


def start_recording(
    exchange: Exchange, order: RecordingOrder, call_sid: str | None, conference_sid: str | None = None
) -> Recording:
    """Start recording a call or a conference."""
    now = exchange.clock.now()
    sid = exchange.sids.new("RE")
    recording = Recording(sid, call_sid, conference_sid, order, now, exchange.clock.monotonic(), updated=now)
    exchange.recordings[sid] = recording
    _report(exchange, recording, "in-progress")
    return recording


def pause_recording(exchange: Exchange, recording: Recording, skip: bool) -> None:
    if recording.status == "in-progress":
        recording.status, recording.paused_at = "paused", exchange.clock.monotonic()
        recording.skips_pauses = skip


def resume_recording(exchange: Exchange, recording: Recording) -> None:
    if recording.status == "paused" and recording.paused_at is not None:
        if recording.skips_pauses:
            recording.left_out += exchange.clock.monotonic() - recording.paused_at
        recording.status, recording.paused_at = "in-progress", None


def stop_recording(exchange: Exchange, recording: Recording, keep: bool = True) -> None:
    """Stop. The media are ready a moment later; with `keep` False nothing was recorded, and the status is absent."""
    if recording.status not in RUNNING:
        return
    resume_recording(exchange, recording)
    recording.seconds = max(0.0, exchange.clock.monotonic() - recording.begun_at - recording.left_out)
    recording.status = "processing"
    ready = partial(_ready, exchange, recording, keep)
    exchange.clock.after(exchange.switches.recording_seconds_until_ready, ready)


def stop_recordings_of(exchange: Exchange, call_sid: str = "", conference_sid: str = "") -> None:
    """Stop all recordings of a call or conference that has ended."""
    for recording in running_recordings(exchange, call_sid, conference_sid):
        stop_recording(exchange, recording)


def running_recordings(exchange: Exchange, call_sid: str = "", conference_sid: str = "") -> list[Recording]:
    if not exchange.recordings:
        return []
    return [
        recording
        for recording in exchange.recordings.values()
        if recording.status in RUNNING
        and ((call_sid and recording.call_sid == call_sid and not recording.conference_sid)
             or (conference_sid and recording.conference_sid == conference_sid))
    ]  # fmt: skip


def recording_url(exchange: Exchange, recording: Recording) -> str:
    """The URL without a suffix, as Twilio sends it."""
    return f"{exchange.api_base}/{API_VERSION}/Accounts/{exchange.account_sid}/Recordings/{recording.sid}"


def duration(recording: Recording) -> int:
    """The duration in whole seconds, at least 1 unless the recording is empty."""
    return max(1, round(recording.seconds or 0.0))


def _ready(exchange: Exchange, recording: Recording, keep: bool) -> None:
    recording.status = "completed" if keep else "absent"
    _report(exchange, recording, recording.status)


def _report(exchange: Exchange, recording: Recording, status: str) -> None:
    recording.updated = exchange.clock.now()
    leg = exchange.legs.get(recording.call_sid or "")
    exchange.emit(RecordingChanged(exchange.clock.now(), recording.call_sid or "", recording.sid, status))
    order = recording.order
    if order.callback is None or status not in order.events:
        return
    form = {
        "AccountSid": exchange.account_sid,
        "RecordingSid": recording.sid,
        "RecordingUrl": recording_url(exchange, recording),
        "RecordingStatus": status,
        "RecordingChannels": str(order.channels),
        "RecordingSource": order.source,
        "RecordingTrack": order.track,
        "RecordingStartTime": rfc2822(recording.begun),
        "ErrorCode": "0",
    }
    if recording.conference_sid:
        form["ConferenceSid"] = recording.conference_sid
    if recording.call_sid:
        form["CallSid"] = recording.call_sid
    if status == "completed":
        form["RecordingDuration"] = str(duration(recording))
    send_callback(exchange, Webhook("recording-status", order.callback, form, leg))
