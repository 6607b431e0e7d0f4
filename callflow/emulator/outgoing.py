"""What an outgoing leg does when answered: run its TwiML or join a room, after answering machine detection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from callflow.emulator.calls import finish, run_program
from callflow.emulator.exchange import Exchange
from callflow.emulator.extensions import seconds
from callflow.emulator.immutable import immutable
from callflow.emulator.legs import Leg
from callflow.emulator.phones import Voicemail
from callflow.emulator.program import Body, Wait
from callflow.emulator.recordings import RecordingOrder, start_recording
from callflow.emulator.room_callbacks import report
from callflow.emulator.rooms import Seat, end_room
from callflow.emulator.sending import send_callback
from callflow.emulator.verbs.conference import Stay, occupy
from callflow.emulator.webhook import Target, Webhook

DETECTION_SECONDS = 4.0


@immutable
class Detection:
    """Answering machine detection. With `callback` it is asynchronous, and the call does not wait for it."""

    waits_for_end: bool = False
    callback: Target | None = None
    asynchronous: bool = False


@immutable
class Outgoing:
    """How to place a call. `time_limit` is in seconds; `recording` starts when the call is answered."""

    body: Callable[[Leg], Body[str]]
    time_limit: float = 14400.0
    recording: RecordingOrder | None = None
    detection: Detection | None = None


def prepare(exchange: Exchange, leg: Leg, order: Outgoing) -> None:
    """Set up `leg` to do what `order` says when it is answered."""
    leg.on_answer = lambda answered: _answered(exchange, answered, order)


def _answered(exchange: Exchange, leg: Leg, order: Outgoing) -> None:
    limit = exchange.clock.after(order.time_limit, partial(finish, exchange, leg, "completed", "exchange"))
    leg.timers.append(limit)
    if order.recording is not None:
        start_recording(exchange, order.recording, leg.sid)
    run_program(exchange, leg, _detected(exchange, leg, order))


def _detected(exchange: Exchange, leg: Leg, order: Outgoing) -> Body[str]:
    detection = order.detection
    if detection is not None and detection.asynchronous:
        exchange.clock.after(DETECTION_SECONDS, partial(_tell, exchange, leg, detection))
    elif detection is not None:
        leg.doing = "machine detection"
        length = _seconds(leg, detection)
        yield Wait(length)
        leg.answered_by = _who(leg, detection)
        leg.add_parameter("AnsweredBy", leg.answered_by)
        leg.add_parameter("MachineDetectionDuration", str(round(length * 1000)))
    if leg.send_digits and leg.phone is not None:
        leg.doing = "sending digits"
        yield Wait(seconds(leg.send_digits))
        leg.phone.ring_behind(leg)
    return (yield from order.body(leg))


def _who(leg: Leg, detection: Detection) -> str:
    if leg.phone is None or not isinstance(leg.phone.behaviour, Voicemail):
        return "human"
    return "machine_end_beep" if detection.waits_for_end else "machine_start"


def _seconds(leg: Leg, detection: Detection) -> float:
    machine = leg.phone.behaviour if leg.phone else None
    if detection.waits_for_end and isinstance(machine, Voicemail):
        return machine.greeting_seconds
    return DETECTION_SECONDS


def _tell(exchange: Exchange, leg: Leg, detection: Detection) -> None:
    leg.answered_by = _who(leg, detection)
    if leg.live and detection.callback is not None:
        form = {
            "CallSid": leg.sid,
            "AccountSid": leg.account_sid,
            "AnsweredBy": leg.answered_by,
            "MachineDetectionDuration": str(round(DETECTION_SECONDS * 1000)),
        }
        send_callback(exchange, Webhook("amd-status", detection.callback, form, leg))


def seat_on_answer(exchange: Exchange, seat: Seat, time_limit: float) -> Callable[[Leg], Body[str]]:
    """A participant created by REST joins when it answers; its call ends when it leaves the room."""

    def body(_leg: Leg) -> Body[str]:
        if seat.room.status == "completed":
            return "hangup"
        yield from occupy(exchange, seat, Stay(time_limit))
        return "hangup"

    seat.leg.on_end = partial(_never_joined, exchange, seat)
    return body


def _never_joined(exchange: Exchange, seat: Seat, leg: Leg) -> None:
    room = seat.room
    if room.pending.pop(leg.sid, None) is None or room.status == "completed":
        return
    extra = {"ParticipantCallStatus": leg.status, "ReasonParticipantLeft": "participant_add_failed"}
    report(exchange, room, "participant-leave", seat, extra)
    if not room.seats and not room.pending:
        end_room(exchange, room, "last-participant-left", "", seat)
