"""OutgoingCallerIds: list, fetch, delete. Verifying a number by a call is not emulated; see `verify_caller_id`."""

from __future__ import annotations

from functools import partial

from callflow.emulator.numbers import CallerId
from callflow.emulator.rest import render
from callflow.emulator.rest.pages import page_of
from callflow.emulator.rest.problems import not_found
from callflow.emulator.rest.request import Request, Response


def _caller_id_of(request: Request) -> CallerId:
    found = next((one for one in request.exchange.caller_ids.values() if one.sid == request.ids[0]), None)
    if found is None:
        raise not_found(request.path)
    return found


def fetch(request: Request) -> Response:
    return Response(200, render.caller_id(request.exchange, _caller_id_of(request)))


def delete(request: Request) -> Response:
    del request.exchange.caller_ids[_caller_id_of(request).phone_number]
    return Response(204)


def list_all(request: Request) -> Response:
    number, name = request.get("PhoneNumber"), request.get("FriendlyName")
    wanted = [
        one for one in request.exchange.caller_ids.values()
        if number in {"", one.phone_number} and name in {"", one.friendly_name}
    ]  # fmt: skip
    return page_of(request, "outgoing_caller_ids", wanted, partial(render.caller_id, request.exchange))
