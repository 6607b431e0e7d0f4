"""Requests about a call of a sub-account go to that account, as the one who may ask there."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace

import pytest
import responses

from callflow.fast_path.http_connections import ThroughRequests
from callflow.service.ports import AnnounceRequest
from callflow.telephony.gateway import TwilioGateway
from callflow.telephony.limiter import Limiter
from tests.openapi import valid
from tests.telephony.orders import ACCOUNT, API, CALLS, LEG, ONE, REDIRECT, RELEASE, RING, URLS

SUB = "AC" + "5" * 32


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def of_sub(url: str) -> str:
    return url.replace(ACCOUNT, SUB)


def gateway() -> TwilioGateway:
    return TwilioGateway(
        account_sid=ACCOUNT, credentials=(ACCOUNT, "token"), api_base_url="https://api.twilio.com", urls=URLS,
        limiter=Limiter(lambda: 0.0, per_second=1e9), carrier=ThroughRequests(),
        credentials_of={SUB: ("SKsub", "its secret")}.__getitem__,
    )  # fmt: skip


def test_every_request_about_a_call_of_a_sub_account_goes_to_that_account(api: responses.RequestsMock) -> None:
    call, room = {"sid": LEG, "status": "in-progress"}, {"sid": "CF" + "1" * 32, "status": "init"}
    seat = {"call_sid": LEG, "status": "connected", "label": "caller-1"}
    api.add_callback("POST", of_sub(CALLS), valid(201, call))
    api.add_callback("POST", of_sub(ONE), valid(200, call))
    api.add_callback("GET", of_sub(ONE), valid(200, call))
    api.add_callback("GET", of_sub(f"{API}/Conferences.json"), valid(200, {"conferences": [room]}))
    seats = f"{API}/Conferences/{room['sid']}/Participants"
    api.add_callback("GET", of_sub(f"{seats}.json"), valid(200, {"participants": [seat]}))
    api.add_callback("POST", of_sub(f"{seats}/{LEG}.json"), valid(200, seat))
    sending = gateway()
    announce = AnnounceRequest(id="c7.caller.1.announce", call="c7", leg="caller", token=1, sid=LEG)
    for order in (RING, REDIRECT, RELEASE, announce):
        assert sending.send(replace(order, account=SUB)) == LEG
    assert sending.look_up(LEG, "call-c7", SUB).in_room
    wanted = "Basic " + b64encode(b"SKsub:its secret").decode()
    assert {one.request.headers["Authorization"] for one in api.calls} == {wanted}


def test_a_call_of_the_main_account_is_asked_for_as_before(api: responses.RequestsMock) -> None:
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG, "status": "queued"}))
    assert gateway().send(RING) == LEG
    assert api.calls[0].request.headers["Authorization"] == "Basic " + b64encode(f"{ACCOUNT}:token".encode()).decode()
