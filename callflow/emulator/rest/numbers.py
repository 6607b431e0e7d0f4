"""IncomingPhoneNumbers: create, list, fetch, update, delete (twilio.md 5.7)."""

from __future__ import annotations

import fnmatch
from functools import partial

from callflow.emulator.numbers import Number
from callflow.emulator.rest import render
from callflow.emulator.rest.pages import page_of
from callflow.emulator.rest.problems import invalid, not_found
from callflow.emulator.rest.request import METHODS, Request, Response

_FIELDS = {
    "FriendlyName": "friendly_name",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "VoiceReceiveMode": "voice_receive_mode",
}


def create(request: Request) -> Response:
    """201. PhoneNumber must not be taken yet."""
    exchange, phone_number = request.exchange, request.get("PhoneNumber")
    if not phone_number.startswith("+") or not phone_number[1:].isdigit():
        raise invalid(21421, f"PhoneNumber is invalid: {phone_number}")
    if phone_number in exchange.numbers:
        raise invalid(21422, f"{phone_number} is not available")
    now = exchange.clock.now()
    number = Number(exchange.sids.new("PN"), phone_number, now, now, phone_number)
    _set(request, number)
    exchange.numbers[phone_number] = number
    return Response(201, render.number(exchange, number))


def _set(request: Request, number: Number) -> None:
    for name, field in _FIELDS.items():
        if not request.has(name):
            continue
        value = request.get(name)
        if name.endswith("Method") and value.upper() not in METHODS:
            raise invalid(20001, f"{name} must be GET or POST")
        if name.endswith(("Url", "StatusCallback")):
            request.target(name, name + "Method") if value else None
        if name == "FriendlyName" and len(value) > 64:
            raise invalid(20001, "FriendlyName is over 64 characters")
        setattr(number, field, value.upper() if name.endswith("Method") else value)
    number.voice_caller_id_lookup = request.flag("VoiceCallerIdLookup", number.voice_caller_id_lookup)
    number.updated = request.exchange.clock.now()


def _number_of(request: Request) -> Number:
    for number in request.exchange.numbers.values():
        if number.sid == request.ids[0]:
            return number
    raise not_found(request.path)


def fetch(request: Request) -> Response:
    return Response(200, render.number(request.exchange, _number_of(request)))


def update(request: Request) -> Response:
    number = _number_of(request)
    _set(request, number)
    return Response(200, render.number(request.exchange, number))


def delete(request: Request) -> Response:
    del request.exchange.numbers[_number_of(request).phone_number]
    return Response(204)


def list_all(request: Request) -> Response:
    """PhoneNumber may contain `*`; without a plus it matches anywhere in the number."""
    pattern, name = request.get("PhoneNumber"), request.get("FriendlyName")
    wanted = [
        number
        for number in request.exchange.numbers.values()
        if (not pattern or fnmatch.fnmatchcase(number.phone_number, pattern if pattern[0] == "+" else f"*{pattern}*"))
        and name in {"", number.friendly_name}
    ]
    return page_of(request, "incoming_phone_numbers", wanted, partial(render.number, request.exchange))
