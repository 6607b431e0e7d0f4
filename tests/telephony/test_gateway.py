"""REST requests, checked against Twilio's OpenAPI document, and the failures that errors are converted to."""

import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
import requests
import responses

from callflow.fast_path.http_connections import ThroughRequests
from callflow.service.ports import GatewayFailure, LegRequest
from callflow.telephony.gateway import TwilioGateway
from callflow.telephony.limiter import Limiter
from callflow.telephony.refusals import UNKNOWN
from tests.openapi import assert_valid, valid
from tests.telephony.orders import ACCOUNT, CALLS, LEG, NUMBER, ONE, REDIRECT, RELEASE, RING, URLS, gateway, refusal


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def form(request: requests.PreparedRequest) -> dict[str, list[str]]:
    body = request.body or ""
    return parse_qs(body.decode() if isinstance(body, bytes) else body)


def failure(order: LegRequest) -> GatewayFailure:
    with pytest.raises(GatewayFailure) as caught:
        gateway().send(order)
    assert NUMBER not in "".join(traceback.format_exception(caught.value))
    return caught.value


def test_ring(api: responses.RequestsMock) -> None:
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG, "status": "queued"}))
    assert gateway().send(RING) == LEG
    assert form(api.calls[0].request) == {
        "To": [NUMBER],
        "From": ["+15550100100"],
        "Url": [URLS.enter("c7", "s2", 1)],
        "Method": ["POST"],
        "FallbackUrl": [URLS.fallback("c7", staff=True)],
        "FallbackMethod": ["POST"],
        "StatusCallback": [URLS.leg_status("c7", "s2")],
        "StatusCallbackEvent": ["completed"],
        "StatusCallbackMethod": ["POST"],
        "Timeout": ["20"],
    }


def test_an_extension_is_sent_after_the_answer(api: responses.RequestsMock) -> None:
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG, "status": "queued"}))
    assert gateway().send(replace(RING, extension="ww204#")) == LEG
    assert form(api.calls[0].request)["SendDigits"] == ["ww204#"]


@pytest.mark.parametrize("to", ["sip:kai@pbx.example.com", "client:lea"])
def test_a_phone_that_is_no_number_is_rung(api: responses.RequestsMock, to: str) -> None:
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG, "status": "queued"}))
    assert gateway().send(replace(RING, to=to)) == LEG
    assert form(api.calls[0].request)["To"] == [to]


SHOWING = replace(RING, caller=NUMBER, call_token="%7B%22parentCallInfoToken%22%3A%22eyJ%22%7D")


def test_the_callers_number_is_shown_with_the_proof_of_the_call(api: responses.RequestsMock) -> None:
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG, "status": "queued"}))
    assert gateway().send(SHOWING) == LEG
    sent = form(api.calls[0].request)
    assert (sent["From"], sent["CallToken"]) == ([NUMBER], [SHOWING.call_token])
    assert SHOWING.call_token not in repr(SHOWING)


def test_ours_is_shown_where_the_provider_refuses_the_callers(api: responses.RequestsMock) -> None:
    api.add_callback("POST", CALLS, valid(400, refusal(21210, 400)))
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG, "status": "queued"}))
    assert gateway().send(SHOWING) == LEG
    assert [form(one.request)["From"] for one in api.calls] == [[NUMBER], [RING.caller_id]]
    assert "CallToken" not in form(api.calls[1].request)


@pytest.mark.parametrize("status", [429, 503])
def test_a_provider_in_trouble_has_refused_nothing(api: responses.RequestsMock, status: int) -> None:
    """It may have placed the call: the request is repeated by the dispatcher, and not with another number at once."""
    api.add_callback("POST", CALLS, valid(status, refusal(20429 if status == 429 else 20500, status)))
    assert failure(SHOWING).retry
    assert len(api.calls) == 1


def test_redirect(api: responses.RequestsMock) -> None:
    api.add_callback("POST", ONE, valid(200, {"sid": LEG, "status": "in-progress"}))
    assert gateway().send(REDIRECT) == LEG
    assert form(api.calls[0].request) == {
        "Url": [URLS.enter("c7", "caller", 5)],
        "Method": ["POST"],
        "FallbackUrl": [URLS.fallback("c7", staff=False)],
        "FallbackMethod": ["POST"],
    }


def test_release(api: responses.RequestsMock) -> None:
    api.add_callback("POST", ONE, valid(200, {"sid": LEG, "status": "completed"}))
    assert gateway().send(RELEASE) == LEG
    assert form(api.calls[0].request) == {"Status": ["completed"]}


@pytest.mark.parametrize("order", [RING, REDIRECT, RELEASE], ids=lambda order: order.kind)
@pytest.mark.parametrize(
    ("status", "headers", "after"),
    [
        (429, {"Retry-After": "3"}, 3.0),
        (429, {}, None),
        (503, {"Retry-After": "Sun, 22 Nov 2026 10:00:07 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 7.0),
        (503, {"Retry-After": "Sun, 22 Nov 2026 10:00:07 GMT"}, None),
        (503, {"Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT", "Date": "Sun, 22 Nov 2026 10:00:09 GMT"}, 0.0),
        (500, {"Retry-After": "soon"}, None),
    ],
)
def test_busy_and_broken_are_tried_again(
    api: responses.RequestsMock, order: LegRequest, status: int, headers: dict[str, str], after: float | None
) -> None:
    url = CALLS if order is RING else ONE
    code = 20429 if status == 429 else 20500
    api.add_callback("POST", url, valid(status, refusal(code, status), headers))
    failed = failure(order)
    assert (failed.retry, failed.gone, failed.after) == (True, False, after)
    assert str(status) in str(failed)
    assert len(api.calls) == 1, "nothing is repeated behind the outbox's back"


@pytest.mark.parametrize("order", [RING, REDIRECT], ids=lambda order: order.kind)
@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectTimeout(f"to {NUMBER}"),
        requests.ReadTimeout(f"to {NUMBER}"),
        requests.ConnectionError(f"to {NUMBER}"),
        requests.exceptions.ChunkedEncodingError(f"to {NUMBER}"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_answer_is_tried_again(api: responses.RequestsMock, order: LegRequest, error: Exception) -> None:
    api.post(CALLS if order is RING else ONE, body=error)
    failed = failure(order)
    assert (failed.retry, failed.gone, failed.after) == (True, False, None)
    assert type(error).__name__ in str(failed)
    assert "TWILIO_API_BASE_URL" in failed.advice


@pytest.mark.parametrize("order", [REDIRECT, RELEASE], ids=lambda order: order.kind)
@pytest.mark.parametrize(("status", "code"), [(400, 21220), (404, 20404)])
def test_a_leg_that_is_over_is_gone(api: responses.RequestsMock, order: LegRequest, status: int, code: int) -> None:
    api.add_callback("POST", ONE, valid(status, refusal(code, status)))
    failed = failure(order)
    assert (failed.retry, failed.gone) == (False, True)


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [
        (RING, 400, 21211),
        (RING, 400, 21216),
        (RING, 401, 20003),
        (RING, 403, 10002),
        (RING, 404, 20404),  # the account is unknown; there was no leg that could be over
        (REDIRECT, 400, 21205),
        (REDIRECT, 401, 20003),
    ],
)
def test_other_refusals_are_final(api: responses.RequestsMock, order: LegRequest, status: int, code: int) -> None:
    api.add_callback("POST", CALLS if order is RING else ONE, valid(status, refusal(code, status)))
    failed = failure(order)
    assert (failed.retry, failed.gone) == (False, False)
    assert str(code) in str(failed)
    assert failed.code == str(code)
    assert failed.advice != UNKNOWN, "a code of which the documentation says what to do"


def test_a_refusal_in_the_new_shape(api: responses.RequestsMock) -> None:
    """Bodies of RFC 9457 raise another exception in twilio-python (twilio.md 5.0)."""
    problem = {"type": "https://x", "title": f"{NUMBER} gone", "status": 400, "code": 21220}
    api.add_callback("POST", ONE, valid(400, problem))
    assert failure(REDIRECT).gone
    api.replace("POST", ONE, status=429, json=problem | {"code": 20429})
    assert failure(REDIRECT).retry


def test_too_many_at_a_time_may_come_with_another_status(api: responses.RequestsMock) -> None:
    api.add_callback("POST", ONE, valid(400, refusal(20429, 400)))
    assert failure(REDIRECT).retry


def test_a_bare_404_of_some_proxy_gives_nobody_up(api: responses.RequestsMock) -> None:
    api.post(ONE, status=404, body="<html>not found</html>")
    failed = failure(REDIRECT)
    assert (failed.retry, failed.gone) == (False, False)


@pytest.mark.parametrize("body", ["<html>sign in</html>", "", "{}", '{"sid": null}'])
def test_an_unreadable_success_is_tried_again(api: responses.RequestsMock, body: str) -> None:
    api.post(CALLS, status=201, body=body)
    assert failure(RING).retry


def test_a_second_ring_waits_for_its_turn_and_sends_nothing(api: responses.RequestsMock) -> None:
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG}))
    now = [100.0]
    made = gateway(limiter=Limiter(lambda: now[0]))
    made.send(RING)
    second = replace(RING, id="c8.s2.1.ring", call="c8")
    with pytest.raises(GatewayFailure) as caught:
        made.send(second)
    assert (caught.value.retry, caught.value.after) == (True, 1.0)
    assert len(api.calls) == 1
    now[0] += 1.0
    assert made.send(second) == LEG


def test_ping(api: responses.RequestsMock) -> None:
    api.add_callback("GET", CALLS, valid(200, {"calls": []}))
    gateway().ping()
    api.replace("GET", CALLS, status=401, json=refusal(20003, 401))
    with pytest.raises(GatewayFailure, match="20003"):
        gateway().ping()


def test_nothing_is_logged(api: responses.RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api.add_callback("POST", CALLS, valid(201, {"sid": LEG}))
    gateway().send(RING)
    assert NUMBER not in caplog.text
    assert NUMBER.strip("+") not in caplog.text


def test_every_request_names_the_account_even_with_an_api_key(api: responses.RequestsMock) -> None:
    made = TwilioGateway(
        account_sid=ACCOUNT,
        credentials=("SK" + "4" * 32, "secret"),
        api_base_url="https://api.twilio.com",
        urls=URLS,
        limiter=Limiter(lambda: 0.0),
        carrier=ThroughRequests(),
    )
    api.add("POST", CALLS, status=201, json={"sid": LEG})
    made.send(RING)
    assert_valid(api.calls[0].request)
    assert requests.auth._basic_auth_str("SK" + "4" * 32, "secret") == api.calls[0].request.headers["Authorization"]


@pytest.mark.parametrize(("code", "said"), [
    (21210, "caller_id"), (21211, "people.yaml"), (13223, "people.yaml"), (21215, "geographic permissions"),
    (20003, "TWILIO_AUTH_TOKEN"), (20429, "CALLFLOW_CALLS_PER_SECOND"), (21219, "trial"), (99999, "error dictionary"),
])  # fmt: skip
def test_a_refusal_says_what_to_do(api: responses.RequestsMock, code: int, said: str) -> None:
    api.add_callback("POST", CALLS, valid(400, refusal(code, 400)))
    failed = failure(RING)
    assert (failed.code, said in failed.advice) == (str(code), True)
    assert NUMBER not in failed.advice + str(failed)


def test_a_refusal_without_a_code_has_its_status(api: responses.RequestsMock) -> None:
    api.post(CALLS, status=503, body="<html>busy</html>")
    failed = failure(RING)
    assert (failed.code, failed.retry) == ("503", True)
    assert "status page" in failed.advice
