"""Our requests about phone calls and those of twilio-python are the same, and so is what we make of the answers."""

from dataclasses import replace
from typing import Any

import pytest
import requests

from callflow.core.call import CALLER
from callflow.service.ports import GatewayFailure, LegRequest, RedirectRequest, ReleaseRequest, RingRequest
from callflow.telephony.gateway import TwilioGateway
from callflow.telephony.limiter import Limiter
from callflow.telephony.rest_client import gateway_failures
from tests.telephony.orders import ACCOUNT, LEG, REDIRECT, RELEASE, RING, URLS

SHOWING = replace(RING, caller="+15550100199", call_token="%7B%22parentCallInfoToken%22%3A%22eyJ%22%7D")
ORDERS = [
    RING, replace(RING, extension="ww204#"), replace(RING, to="sip:zoë@pbx.example.com"), SHOWING, REDIRECT,
    replace(REDIRECT, leg="s2"), RELEASE, replace(REDIRECT, account="AC" + "5" * 32),
]  # fmt: skip


class Answers:
    """Carries nothing: remembers the requests, and gives each the same answer."""

    def __init__(self, status: int = 200, body: bytes = b'{"sid": "%s"}' % LEG.encode()) -> None:
        self.status, self.body, self.seen = status, body, list[tuple[Any, ...]]()

    def carry(self, method: str, url: str, headers: Any, body: str) -> requests.Response:
        self.seen.append((method, url, dict(headers), body))
        response = requests.Response()
        response.status_code, response._content = self.status, self.body
        return response


def gateway(carrier: Answers) -> TwilioGateway:
    return TwilioGateway(account_sid=ACCOUNT, credentials=(ACCOUNT, "token"), api_base_url="https://api.twilio.com",
                         urls=URLS, limiter=Limiter(lambda: 0.0, per_second=1e9), carrier=carrier,
                         credentials_of=lambda account: ("SKsub", account))  # fmt: skip


def with_theirs(made: TwilioGateway, order: LegRequest) -> str:
    """The same order with the resources of twilio-python."""
    fallback = {"fallback_url": URLS.fallback(order.call, staff=order.leg != CALLER), "fallback_method": "POST"}
    entered = {"url": URLS.enter(order.call, order.leg, order.token), "method": "POST", **fallback}
    calls = made.client_of(order.account).calls
    with gateway_failures(order.kind, leg=not isinstance(order, RingRequest)):
        match order:
            case RedirectRequest():
                return str(calls(order.sid).update(**entered).sid)
            case ReleaseRequest():
                return str(calls(order.sid).update(status="completed").sid)
            case RingRequest():
                more = {"send_digits": order.extension} if order.extension else {}
                more |= {"call_token": order.call_token} if order.call_token else {}
                sid = calls.create(
                    to=order.to, from_=order.caller or order.caller_id, timeout=order.ring_seconds, **entered, **more,
                    status_callback=URLS.leg_status(order.call, order.leg), status_callback_event=["completed"],
                    status_callback_method="POST",
                ).sid  # fmt: skip
                return str(sid)
    raise AssertionError(order)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.kind)
def test_the_same_request_as_twilio_python(order: LegRequest) -> None:
    ours, theirs = Answers(), Answers()
    assert gateway(ours).send(order) == with_theirs(gateway(theirs), order) == LEG
    assert ours.seen == theirs.seen


@pytest.mark.parametrize("order", [RING, REDIRECT, RELEASE], ids=lambda order: order.kind)
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"code": 21210}'), (404, b'{"code": 20404}'), (404, b"not here"), (429, b""), (500, b"oops"),
        (302, b""), (200, b"not JSON"),
    ],
)  # fmt: skip
def test_the_same_failure_as_with_twilio_python(order: LegRequest, status: int, body: bytes) -> None:
    failures = []
    for send in (TwilioGateway.send, with_theirs):
        with pytest.raises(GatewayFailure) as caught:
            send(gateway(Answers(status, body)), order)
        failed = caught.value
        failures.append((failed.retry, failed.gone, failed.after, failed.code, failed.advice))
    assert failures[0] == failures[1]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"sid": null}'])
def test_an_answer_without_an_id_is_asked_for_again(body: bytes) -> None:
    with pytest.raises(GatewayFailure) as caught:
        gateway(Answers(200, body)).send(REDIRECT)
    assert caught.value.retry
