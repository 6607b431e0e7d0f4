"""Callers who wait alone in a room are found and sent to us. Every request is valid by the provider's own document."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses
from responses.matchers import query_param_matcher

from callflow.fast_path.http_connections import ThroughRequests
from callflow.service.ports import GatewayFailure
from callflow.telephony.rest_client import rest_client
from callflow.telephony.urls import Urls
from callflow.telephony.waiting_callers import ProviderCallers
from tests.openapi import valid
from tests.telephony.orders import API, LEG, ONE, refusal

ACCOUNT = "AC" + "0" * 32
LINE = "+15550100100"
URLS = Urls("https://a.example", "https://a.example", "a secret of ours", document="https://handler.example/twiml/EH1")
SUB = "AC" + "5" * 32


def client(account: str) -> Any:
    sid = account or ACCOUNT
    return rest_client(sid, (sid, "token"), "https://api.twilio.com", ThroughRequests())


CALLERS = ProviderCallers(client, URLS)


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def test_rooms_in_which_one_caller_waits(api: responses.RequestsMock) -> None:
    found = [{"sid": "CF1", "friendly_name": f"call-{LEG}"}, {"sid": "CF2", "friendly_name": "somebody else's"}]
    match = [query_param_matcher({"Status": "init", "PageSize": "100"})]
    api.add_callback("GET", f"{API}/Conferences.json", valid(200, {"conferences": found}), match=match)
    assert CALLERS.alone() == [LEG]


def test_a_caller_is_sent_to_us_as_if_they_had_just_called(api: responses.RequestsMock) -> None:
    call = {"sid": LEG, "status": "in-progress", "direction": "inbound", "to": LINE}
    api.add_callback("GET", ONE, valid(200, call))
    api.add_callback("POST", ONE, valid(200, call))
    assert CALLERS.take_up(LEG, {LINE: "front_desk"})
    assert {name: values[0] for name, values in parse_qs(str(api.calls[-1].request.body)).items()} == {
        "Url": URLS.inbound(), "Method": "POST", "FallbackUrl": URLS.fallback(), "FallbackMethod": "POST",
    }  # fmt: skip


def test_a_caller_of_a_sub_account_is_found_and_taken_up_there(api: responses.RequestsMock) -> None:
    other, one = f"{API.replace(ACCOUNT, SUB)}/Conferences.json", ONE.replace(ACCOUNT, SUB)
    call = {"sid": LEG, "status": "in-progress", "direction": "inbound", "to": LINE}
    api.add_callback("GET", f"{API}/Conferences.json", valid(200, {"conferences": []}))
    found = [{"sid": "CF1", "friendly_name": f"call-{LEG}"}]
    api.add_callback("GET", other, valid(200, {"conferences": found}))
    api.add_callback("GET", one, valid(200, call))
    api.add_callback("POST", one, valid(200, call))
    callers = ProviderCallers(client, URLS, [SUB])
    assert callers.alone() == [LEG]
    assert callers.take_up(LEG, {LINE: "front_desk"})


def test_a_caller_of_a_sip_address_in_another_spelling_is(api: responses.RequestsMock) -> None:
    call = {"sid": LEG, "status": "in-progress", "direction": "inbound", "to": "sip:Desk@example.sip.test:5060"}
    api.add_callback("GET", ONE, valid(200, call))
    api.add_callback("POST", ONE, valid(200, call))
    assert CALLERS.take_up(LEG, {"sip:desk@example.sip.test": "front_desk"})


@pytest.mark.parametrize("other", [{"to": "+15550199999"}, {"status": "completed"}, {"direction": "outbound-api"}])
def test_nobody_else_is(api: responses.RequestsMock, other: dict[str, str]) -> None:
    """Another application may have rooms and numbers in the same account."""
    call = {"sid": LEG, "status": "in-progress", "direction": "inbound", "to": LINE}
    api.add_callback("GET", ONE, valid(200, {**call, **other}))
    assert not CALLERS.take_up(LEG, {LINE: "front_desk"})


def test_a_room_that_is_not_named_after_a_caller(api: responses.RequestsMock) -> None:
    api.add_callback("GET", ONE, valid(404, refusal(20404, 404)))
    with pytest.raises(GatewayFailure) as caught:
        CALLERS.take_up(LEG, {LINE: "front_desk"})
    assert caught.value.gone
