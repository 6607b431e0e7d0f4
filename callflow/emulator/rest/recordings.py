"""Recordings: of calls, of conferences, and as a resource of their own, with their media (twilio.md 5.4)."""

from __future__ import annotations

from functools import partial

from callflow.emulator.recordings import (
    RUNNING,
    Recording,
    RecordingOrder,
    pause_recording,
    resume_recording,
    running_recordings,
    start_recording,
    stop_recording,
)
from callflow.emulator.rest import render
from callflow.emulator.rest.calls import call_of
from callflow.emulator.rest.conferences import room_of
from callflow.emulator.rest.pages import on_day, page_of
from callflow.emulator.rest.problems import Problem, invalid, not_found, not_in_progress
from callflow.emulator.rest.request import Handler, Request, Response
from callflow.emulator.wav import silent_wav

CURRENT = "Twilio.CURRENT"
LONGEST_MEDIA_SECONDS = 600.0


def create_for_call(request: Request) -> Response:
    return _with_faults(request, "start", _create_for_call)


def _with_faults(request: Request, what: str, handler: Handler) -> Response:
    status, carried_out = request.exchange.recording_faults.get(what, (0, False))
    if not status:
        return handler(request)
    if carried_out:
        handler(request)
    raise Problem(status, 20000 + status, "Simulated fault")


def _create_for_call(request: Request) -> Response:
    """Record a live call (21220 otherwise). A second start is a no-op that answers with the running recording."""
    exchange, leg = request.exchange, call_of(request)
    if leg.status != "in-progress":
        raise not_in_progress()
    running = [each for each in running_recordings(exchange, leg.sid) if each.order.source == "StartCallRecordingAPI"]
    if running:
        return Response(201, render.call_recording(exchange, running[0]))
    order = RecordingOrder(
        source="StartCallRecordingAPI",
        channels=2 if request.get("RecordingChannels", "mono") == "dual" else 1,
        track=request.get("RecordingTrack", "both"),
        callback=request.target("RecordingStatusCallback", "RecordingStatusCallbackMethod"),
        events=frozenset(request.all("RecordingStatusCallbackEvent")) or frozenset({"completed"}),
    )
    return Response(201, render.call_recording(exchange, start_recording(exchange, order, leg.sid)))


def update_of_call(request: Request) -> Response:
    return _with_faults(request, request.get("Status"), _update_of_call)


def _update_of_call(request: Request) -> Response:
    leg = call_of(request)
    if request.ids[1] == CURRENT:
        running = running_recordings(request.exchange, leg.sid)
        if len(running) != 1:
            raise not_found(request.path) if not running else invalid(20001, "Several recordings are in progress")
        recording = running[0]
    else:
        recording = _of_call(request)
    return _update(request, recording, stoppable=True)


def update_of_conference(request: Request) -> Response:
    """Pause or resume. A conference recording cannot be stopped."""
    return _update(request, _of_conference(request), stoppable=False)


def _update(request: Request, recording: Recording, stoppable: bool) -> Response:
    exchange, status = request.exchange, request.get("Status")
    if status not in {"in-progress", "paused", *(["stopped"] if stoppable else [])}:
        raise invalid(20001, f"Invalid Status: {status}")
    if recording.status not in RUNNING:
        raise invalid(21220, "Recording is not in-progress")
    if status == "stopped":
        stop_recording(exchange, recording)
    elif status == "paused":
        pause_recording(exchange, recording, request.get("PauseBehavior", "silence") == "skip")
    else:
        resume_recording(exchange, recording)
    return Response(200, render.call_recording(exchange, recording))


def _found(request: Request, position: int) -> Recording:
    recording = request.exchange.recordings.get(request.ids[position])
    if recording is None or recording.deleted:
        raise not_found(request.path)
    return recording


def _of_call(request: Request) -> Recording:
    recording = _found(request, 1)
    if recording.call_sid != call_of(request).sid:
        raise not_found(request.path)
    return recording


def _of_conference(request: Request) -> Recording:
    recording = _found(request, 1)
    if recording.conference_sid != room_of(request).sid:
        raise not_found(request.path)
    return recording


def fetch_of_call(request: Request) -> Response:
    return Response(200, render.call_recording(request.exchange, _of_call(request)))


def fetch_of_conference(request: Request) -> Response:
    return Response(200, render.call_recording(request.exchange, _of_conference(request)))


def fetch(request: Request) -> Response:
    return Response(200, render.recording(request.exchange, _found(request, 0)))


def delete_of_call(request: Request) -> Response:
    return _delete(_of_call(request))


def delete(request: Request) -> Response:
    return _delete(_found(request, 0))


def _delete(recording: Recording) -> Response:
    if recording.status not in {"completed", "absent"}:
        raise Problem(409, 20009, "Cannot delete this resource before it is complete")
    recording.deleted = True
    return Response(204)


def list_of_call(request: Request) -> Response:
    leg = call_of(request)
    return _list(request, [each for each in _kept(request) if each.call_sid == leg.sid], render.call_recording)


def list_of_conference(request: Request) -> Response:
    room = room_of(request)
    return _list(request, [each for each in _kept(request) if each.conference_sid == room.sid], render.call_recording)


def list_all(request: Request) -> Response:
    call, conference = request.get("CallSid"), request.get("ConferenceSid")
    wanted = [
        each
        for each in _kept(request)
        if call in {"", each.call_sid}
        and conference in {"", each.conference_sid}
        and on_day(request, "DateCreated", each.begun)
    ]
    return _list(request, wanted, render.recording)


def _kept(request: Request) -> list[Recording]:
    deleted_too = request.flag("IncludeSoftDeleted", False)
    return [each for each in reversed(request.exchange.recordings.values()) if deleted_too or not each.deleted]


def _list(request: Request, wanted: list[Recording], shown: object) -> Response:
    renderer = render.recording if shown is render.recording else render.call_recording
    return page_of(request, "recordings", wanted, partial(renderer, request.exchange))


def media(request: Request) -> Response:
    """`.wav` or `.mp3`, once the recording is completed: silence of the right length, at most 10 minutes."""
    recording = _found(request, 0)
    if recording.status != "completed":
        raise not_found(request.path)
    channels = int(request.number("RequestedChannels", recording.order.channels, 2)) or 1
    if channels > recording.order.channels:
        raise invalid(20001, "A dual-channel version is not available")
    seconds = min(recording.seconds or 0.0, LONGEST_MEDIA_SECONDS)
    if request.ids[1] == "mp3":
        return Response(200, bytes(int(seconds * 4000)), "audio/mpeg")
    return Response(200, recording.media or silent_wav(seconds, channels), "audio/x-wav")
