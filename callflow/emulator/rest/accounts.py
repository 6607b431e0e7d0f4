"""The account itself: fetch (twilio.com/docs/iam/api/account). Its type and status are set on the Exchange."""

from __future__ import annotations

from callflow.emulator.legs import API_VERSION
from callflow.emulator.rest import render
from callflow.emulator.rest.request import Request, Response

_PARTS = ("addresses", "applications", "calls", "conferences", "incoming_phone_numbers", "messages", "recordings")


def fetch(request: Request) -> Response:
    exchange = request.exchange
    uri, main = f"/{API_VERSION}/Accounts/{exchange.account_sid}", exchange.main or exchange
    created = render.date(exchange.clock.now())
    return Response(200, {
        "sid": exchange.account_sid, "owner_account_sid": main.account_sid, "friendly_name": "A local account",
        "status": exchange.account_status, "type": exchange.account_type, "auth_token": exchange.auth_token,
        "date_created": created, "date_updated": created, "uri": f"{uri}.json",
        "subresource_uris": {part: f"{uri}/{part}.json" for part in _PARTS},
    })  # fmt: skip
