"""SIP domains: list, fetch, update. A call to any user of a domain requests its voice URL."""

from __future__ import annotations

from functools import partial

from callflow.emulator.numbers import SipDomain
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
    "VoiceStatusCallbackUrl": "status_callback",
    "VoiceStatusCallbackMethod": "status_callback_method",
}


def _domain_of(request: Request) -> SipDomain:
    found = next((one for one in request.exchange.domains.values() if one.sid == request.ids[0]), None)
    if found is None:
        raise not_found(request.path)
    return found


def fetch(request: Request) -> Response:
    return Response(200, render.domain(request.exchange, _domain_of(request)))


def update(request: Request) -> Response:
    domain = _domain_of(request)
    for name, field in _FIELDS.items():
        value = request.get(name)
        if name.endswith("Method") and request.has(name) and value.upper() not in METHODS:
            raise invalid(20001, f"{name} must be GET or POST")
        if request.has(name):
            setattr(domain, field, value.upper() if name.endswith("Method") else value)
    domain.updated = request.exchange.clock.now()
    return Response(200, render.domain(request.exchange, domain))


def list_all(request: Request) -> Response:
    return page_of(
        request, "domains", list(request.exchange.domains.values()), partial(render.domain, request.exchange)
    )
