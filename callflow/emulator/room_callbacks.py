"""Status callbacks of a conference (twilio.md 4), to the URL of the first participant, numbered from 1 per room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callflow.emulator.exchange import Exchange
from callflow.emulator.identifiers import rfc2822
from callflow.emulator.sending import send_callback
from callflow.emulator.webhook import Webhook

if TYPE_CHECKING:
    from callflow.emulator.rooms import Room, Seat

SUBSCRIPTION = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}
SUBSCRIBABLE = frozenset(SUBSCRIPTION.values())


def boolean(value: bool) -> str:
    return "true" if value else "false"


def participant_parameters(seat: Seat) -> dict[str, str]:
    """The parameters of every event about a participant."""
    return {
        "CallSid": seat.leg.sid,
        "Muted": boolean(seat.muted),
        "Hold": boolean(seat.hold),
        "Coaching": boolean(seat.coaching),
        "EndConferenceOnExit": boolean(seat.end_on_exit),
        "StartConferenceOnEnter": boolean(seat.start_on_enter),
        "ParticipantLabel": seat.label,
    }


def report(
    exchange: Exchange, room: Room, event: str, seat: Seat | None = None, extra: dict[str, str] | None = None
) -> None:
    """Send `event` if the room's first participant subscribed to it."""
    rules = room.rules
    if rules.callback is None or SUBSCRIPTION[event] not in rules.events:
        return
    room.sequence += 1
    form = {
        "ConferenceSid": room.sid,
        "FriendlyName": room.name,
        "AccountSid": exchange.account_sid,
        "SequenceNumber": str(room.sequence),
        "Timestamp": rfc2822(exchange.clock.now()),
        "StatusCallbackEvent": event,
    }
    if seat is not None:
        form |= participant_parameters(seat)
    form |= extra or {}
    send_callback(exchange, Webhook("conference-status", rules.callback, form, seat.leg if seat else None))
