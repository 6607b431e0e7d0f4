"""Resources as Twilio's JSON, with numbers as strings and RFC 2822 dates (twilio.md 5.3-5.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from callflow.emulator.exchange import Exchange
from callflow.emulator.identifiers import rfc2822
from callflow.emulator.legs import API_VERSION, Leg
from callflow.emulator.messages import Message
from callflow.emulator.numbers import CallerId, Number, SipDomain
from callflow.emulator.recordings import Recording, duration
from callflow.emulator.rooms import Room, Seat

_CALL_PARTS = {
    "notifications": "Notifications", "recordings": "Recordings", "payments": "Payments", "events": "Events",
    "siprec": "Siprec", "streams": "Streams", "transcriptions": "Transcriptions",
    "user_defined_message_subscriptions": "UserDefinedMessageSubscriptions",
    "user_defined_messages": "UserDefinedMessages",
}  # fmt: skip
"""The resources below a call, and what they are called in its address."""
_PARTICIPANT_STATUS = {"queued": "queued", "initiated": "connecting", "ringing": "ringing", "in-progress": "connected",
                       "completed": "complete"}  # fmt: skip


def date(moment: datetime | None) -> str | None:
    return rfc2822(moment) if moment else None


def _account(exchange: Exchange) -> str:
    return f"/{API_VERSION}/Accounts/{exchange.account_sid}"


def _formatted(number: str) -> str:
    if number.startswith("+1") and len(number) == 12:
        return f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    return number


def call(exchange: Exchange, leg: Leg) -> dict[str, Any]:
    uri = f"{_account(exchange)}/Calls/{leg.sid}"
    number = exchange.numbers.get(leg.from_number) or exchange.numbers.get(leg.to_number)
    return {
        "sid": leg.sid,
        "account_sid": exchange.account_sid,
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "phone_number_sid": number.sid if number else None,
        "to": leg.to_number,
        "to_formatted": _formatted(leg.to_number),
        "from": leg.from_number,
        "from_formatted": _formatted(leg.from_number),
        "status": "queued" if leg.status == "initiated" else leg.status,  # the REST enum has no `initiated`
        "direction": leg.direction,
        "start_time": date(leg.answered or leg.ended),
        "end_time": date(leg.ended),
        "duration": str(leg.duration) if leg.ended else None,
        "price": None,
        "price_unit": "USD",
        "answered_by": leg.answered_by,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(leg.queue_milliseconds),
        "trunk_sid": None,
        "date_created": date(leg.created),
        "date_updated": date(leg.updated or leg.created),
        "uri": f"{uri}.json",
        "subresource_uris": {part: f"{uri}/{name}.json" for part, name in _CALL_PARTS.items()},
    }


def conference(exchange: Exchange, room: Room) -> dict[str, Any]:
    uri = f"{_account(exchange)}/Conferences/{room.sid}"
    return {
        "sid": room.sid,
        "account_sid": exchange.account_sid,
        "friendly_name": room.name,
        "status": room.status,
        "region": room.rules.region,
        "api_version": API_VERSION,
        "date_created": date(room.created),
        "date_updated": date(room.updated or room.created),
        "reason_conference_ended": room.reason_ended,
        "call_sid_ending_conference": room.ended_by,
        "uri": f"{uri}.json",
        "subresource_uris": {"participants": f"{uri}/Participants.json", "recordings": f"{uri}/Recordings.json"},
    }


def participant(exchange: Exchange, seat: Seat) -> dict[str, Any]:
    leg = seat.leg
    return {
        "account_sid": exchange.account_sid,
        "call_sid": leg.sid,
        "label": seat.label or None,
        "conference_sid": seat.room.sid,
        "muted": seat.muted,
        "hold": seat.hold,
        "coaching": seat.coaching,
        "call_sid_to_coach": seat.coached if seat.coaching else None,
        "start_conference_on_enter": seat.start_on_enter,
        "end_conference_on_exit": seat.end_on_exit,
        "status": _PARTICIPANT_STATUS.get(leg.status, "failed"),
        "queue_time": str(leg.queue_milliseconds),
        "date_created": date(seat.joined or leg.created),
        "date_updated": date(seat.updated or leg.created),
        "uri": f"{_account(exchange)}/Conferences/{seat.room.sid}/Participants/{leg.sid}.json",
    }


def recording(exchange: Exchange, each: Recording) -> dict[str, Any]:
    """A recording as its own resource."""
    uri = f"{_account(exchange)}/Recordings/{each.sid}"
    body = _recording(each, exchange, uri)
    body["media_url"] = f"{exchange.api_base}{uri}"
    body["subresource_uris"] = {
        "add_on_results": f"{uri}/AddOnResults.json",
        "transcriptions": f"{uri}/Transcriptions.json",
    }
    return body


def call_recording(exchange: Exchange, each: Recording) -> dict[str, Any]:
    """A recording below its call or conference."""
    parent = f"Conferences/{each.conference_sid}" if each.conference_sid else f"Calls/{each.call_sid}"
    body = _recording(each, exchange, f"{_account(exchange)}/{parent}/Recordings/{each.sid}")
    return body if each.conference_sid else body | {"track": each.order.track}


def _recording(each: Recording, exchange: Exchange, uri: str) -> dict[str, Any]:
    status = "stopped" if each.status == "processing" and each.order.source.startswith("StartCall") else each.status
    return {
        "sid": each.sid,
        "account_sid": exchange.account_sid,
        "api_version": API_VERSION,
        "call_sid": each.call_sid,
        "conference_sid": each.conference_sid,
        "date_created": date(each.begun),
        "date_updated": date(each.updated),
        "start_time": date(each.begun),
        "duration": str(duration(each)) if each.status == "completed" else None,
        "price": None,
        "price_unit": "USD",
        "status": status,
        "channels": each.order.channels,
        "source": each.order.source,
        "error_code": None,
        "encryption_details": None,
        "uri": f"{uri}.json",
    }


def number(exchange: Exchange, each: Number) -> dict[str, Any]:
    return {
        "sid": each.sid,
        "account_sid": exchange.account_sid,
        "phone_number": each.phone_number,
        "friendly_name": each.friendly_name,
        "voice_url": each.voice_url or None,
        "voice_method": each.voice_method,
        "voice_fallback_url": each.voice_fallback_url or None,
        "voice_fallback_method": each.voice_fallback_method,
        "voice_caller_id_lookup": each.voice_caller_id_lookup,
        "voice_application_sid": each.voice_application_sid or None,
        "voice_receive_mode": each.voice_receive_mode,
        "status_callback": each.status_callback or None,
        "status_callback_method": each.status_callback_method,
        "capabilities": {"voice": True, "sms": each.sms, "mms": False, "fax": False},
        "api_version": API_VERSION,
        "beta": False,
        "origin": "twilio",
        "trunk_sid": None,
        "address_sid": None,
        "address_requirements": "none",
        "identity_sid": None,
        "bundle_sid": None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "sms_application_sid": None,
        "sms_url": None,
        "sms_method": "POST",
        "sms_fallback_url": None,
        "sms_fallback_method": "POST",
        "status": "in-use",
        "type": "local",
        "date_created": date(each.created),
        "date_updated": date(each.updated),
        "uri": f"{_account(exchange)}/IncomingPhoneNumbers/{each.sid}.json",
    }


def caller_id(exchange: Exchange, each: CallerId) -> dict[str, Any]:
    return {
        "sid": each.sid,
        "account_sid": exchange.account_sid,
        "phone_number": each.phone_number,
        "friendly_name": each.friendly_name,
        "date_created": date(each.created),
        "date_updated": date(each.created),
        "uri": f"{_account(exchange)}/OutgoingCallerIds/{each.sid}.json",
    }


def domain(exchange: Exchange, each: SipDomain) -> dict[str, Any]:
    return {
        "sid": each.sid,
        "account_sid": exchange.account_sid,
        "domain_name": each.phone_number,
        "friendly_name": each.friendly_name,
        "auth_type": "",
        "voice_url": each.voice_url or None,
        "voice_method": each.voice_method,
        "voice_fallback_url": each.voice_fallback_url or None,
        "voice_fallback_method": each.voice_fallback_method,
        "voice_status_callback_url": each.status_callback or None,
        "voice_status_callback_method": each.status_callback_method,
        "sip_registration": False,
        "emergency_calling_enabled": False,
        "secure": False,
        "byoc_trunk_sid": None,
        "emergency_caller_sid": None,
        "api_version": API_VERSION,
        "date_created": date(each.created),
        "date_updated": date(each.updated),
        "uri": f"{_account(exchange)}/SIP/Domains/{each.sid}.json",
    }


def message(exchange: Exchange, one: Message) -> dict[str, Any]:
    """Just taken: its segments are not counted, and nothing is known of its delivery."""
    uri = f"{_account(exchange)}/Messages/{one.sid}"
    return {
        "sid": one.sid, "account_sid": exchange.account_sid, "messaging_service_sid": None, "api_version": API_VERSION,
        "to": one.to_number, "from": one.from_number, "body": one.body, "status": "queued",
        "direction": "outbound-api", "num_segments": "1", "num_media": "0", "price": None, "price_unit": "USD",
        "error_code": None, "error_message": None, "date_created": date(one.created), "date_sent": None,
        "date_updated": date(one.created), "uri": f"{uri}.json", "subresource_uris": {"media": f"{uri}/Media.json"},
    }  # fmt: skip
