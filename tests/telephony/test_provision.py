"""The URLs of numbers are set only where they differ, and problems are reported."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses
from responses.matchers import query_param_matcher

from callflow.fast_path.http_connections import ThroughRequests
from callflow.telephony.provision import Outcome, check_caller_id, provision, wanted_settings
from callflow.telephony.rest_client import rest_client
from callflow.telephony.urls import Urls
from tests.openapi import valid

ACCOUNT, SID = "AC" + "0" * 32, "PN" + "1" * 32
API = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}"
NUMBER, OTHER = "+15550100100", "+15550100101"
URLS = Urls("https://a.example", "https://b.example", "a secret of ours")
WANTED = wanted_settings(URLS)
NOTHING = {"voice_application_sid": "", "trunk_sid": None}
CLIENT = rest_client(ACCOUNT, (ACCOUNT, "token"), "https://api.twilio.com", ThroughRequests())


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def lists(api: responses.RequestsMock, number: str, *found: dict[str, Any]) -> None:
    match = [query_param_matcher({"PhoneNumber": number, "PageSize": "20"})]
    answer = valid(200, {"incoming_phone_numbers": list(found)})
    api.add_callback("GET", f"{API}/IncomingPhoneNumbers.json", answer, match=match)


def number(**settings: str) -> dict[str, Any]:
    return {"sid": SID, "phone_number": NUMBER, **NOTHING, **WANTED, **settings}


def test_a_new_number_gets_everything(api: responses.RequestsMock) -> None:
    fresh = {"sid": SID, "phone_number": NUMBER, **NOTHING, "voice_url": "https://demo.twilio.com/welcome/voice/"}
    lists(api, NUMBER, fresh | {"voice_method": "POST", "status_callback_method": "POST"})
    api.add_callback("POST", f"{API}/IncomingPhoneNumbers/{SID}.json", valid(200, {"sid": SID}))
    (change,) = provision(CLIENT, URLS, [NUMBER])
    assert change.outcome is Outcome.CHANGED
    assert not change.is_problem
    assert change.fields["voice_url"] == ("https://demo.twilio.com/welcome/voice/", URLS.inbound())
    body = api.calls[-1].request.body
    assert {name: values[0] for name, values in parse_qs(str(body)).items()} == {
        "VoiceUrl": URLS.inbound(),
        "VoiceFallbackUrl": URLS.fallback(),
        "VoiceFallbackMethod": "POST",
        "StatusCallback": URLS.status(),
    }


DOMAIN = {"sid": "SD" + "1" * 32, "domain_name": "Example.sip.twilio.com", "voice_url": "https://old.example/voice",
          "voice_method": "POST", "voice_fallback_method": "POST", "voice_status_callback_method": "POST"}  # fmt: skip


def test_a_called_sip_address_sets_its_domain(api: responses.RequestsMock) -> None:
    api.add_callback("GET", f"{API}/SIP/Domains.json", valid(200, {"domains": [DOMAIN]}))
    api.add_callback("POST", f"{API}/SIP/Domains/{DOMAIN['sid']}.json", valid(200, {"sid": DOMAIN["sid"]}))
    (change,) = provision(CLIENT, URLS, ["sip:desk@example.sip.twilio.com;transport=tls"])
    assert change.outcome is Outcome.CHANGED
    assert {name: values[0] for name, values in parse_qs(str(api.calls[-1].request.body)).items()} == {
        "VoiceUrl": URLS.inbound(),
        "VoiceFallbackUrl": URLS.fallback(),
        "VoiceStatusCallbackUrl": URLS.status(),
    }


def test_a_sip_domain_of_somebody_else_is_missing(api: responses.RequestsMock) -> None:
    api.add_callback("GET", f"{API}/SIP/Domains.json", valid(200, {"domains": [DOMAIN]}))
    (change,) = provision(CLIENT, URLS, ["sip:desk@other.sip.twilio.com"])
    assert (change.outcome, "no SIP domain of this account" in change.advice) == (Outcome.MISSING, True)


def test_only_what_differs_is_sent(api: responses.RequestsMock) -> None:
    lists(api, NUMBER, number(voice_method="GET"))
    api.add_callback("POST", f"{API}/IncomingPhoneNumbers/{SID}.json", valid(200, {"sid": SID}))
    (change,) = provision(CLIENT, URLS, [NUMBER])
    assert change.fields == {"voice_method": ("GET", "POST")}
    assert api.calls[-1].request.body == "VoiceMethod=POST"


def test_what_is_right_is_left_alone(api: responses.RequestsMock) -> None:
    lists(api, NUMBER, number())
    (change,) = provision(CLIENT, URLS, [NUMBER, NUMBER])
    assert (change.outcome, change.fields, len(api.calls)) == (Outcome.RIGHT, {}, 1)


def test_a_dry_run_sends_nothing(api: responses.RequestsMock) -> None:
    lists(api, NUMBER, number(voice_url=""))
    (change,) = provision(CLIENT, URLS, [NUMBER], dry_run=True)
    assert change.outcome is Outcome.WOULD_CHANGE
    assert change.fields == {"voice_url": ("", URLS.inbound())}
    assert len(api.calls) == 1


def test_a_number_of_somebody_else(api: responses.RequestsMock) -> None:
    lists(api, NUMBER, number() | {"phone_number": NUMBER + "7"})
    (change,) = provision(CLIENT, URLS, [NUMBER])
    assert change.outcome is Outcome.MISSING
    assert change.is_problem
    assert "not a number of this account" in change.advice


@pytest.mark.parametrize(
    ("setting", "sid", "said"),
    [("voice_application_sid", "AP" + "2" * 32, "TwiML application"), ("trunk_sid", "TK" + "3" * 32, "SIP trunk")],
)
def test_a_number_whose_voice_url_would_be_ignored(
    api: responses.RequestsMock, setting: str, sid: str, said: str
) -> None:
    lists(api, NUMBER, number(voice_url="https://old.example") | {setting: sid})
    (change,) = provision(CLIENT, URLS, [NUMBER])
    assert change.outcome is Outcome.OVERRIDDEN
    assert said in change.advice
    assert sid in change.advice
    assert "remove that from the number" in change.advice


def test_one_failure_does_not_stop_the_others(api: responses.RequestsMock) -> None:
    lists(api, NUMBER, number(voice_url=""))
    refused = {"code": 20003, "message": f"not you, {NUMBER}", "status": 401}
    api.add_callback("POST", f"{API}/IncomingPhoneNumbers/{SID}.json", valid(401, refused))
    lists(api, OTHER, number() | {"phone_number": OTHER})
    first, second = provision(CLIENT, URLS, [NUMBER, OTHER])
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.RIGHT)
    assert "code 20003: check the account" in first.advice


def verified(api: responses.RequestsMock, number: str, *found: dict[str, Any]) -> None:
    match = [query_param_matcher({"PhoneNumber": number, "PageSize": "20"})]
    answer = valid(200, {"outgoing_caller_ids": list(found)})
    api.add_callback("GET", f"{API}/OutgoingCallerIds.json", answer, match=match)


def test_a_caller_id_that_nobody_may_show_is_found_before_the_first_call(api: responses.RequestsMock) -> None:
    lists(api, OTHER)
    verified(api, OTHER, {"sid": SID, "phone_number": OTHER + "7"})
    checked = check_caller_id(CLIENT, OTHER)
    assert (checked.outcome, checked.is_problem) == (Outcome.MISSING, True)
    assert "caller_id in callflow.yaml is not ours" in checked.advice


@pytest.mark.parametrize("bought", [True, False])
def test_a_caller_id_may_be_bought_or_verified(api: responses.RequestsMock, bought: bool) -> None:
    lists(api, OTHER, *([number() | {"phone_number": OTHER}] if bought else []))
    verified(api, OTHER, *([] if bought else [{"sid": SID, "phone_number": OTHER}]))
    assert check_caller_id(CLIENT, OTHER).outcome is Outcome.RIGHT


def test_a_caller_id_that_cannot_be_checked_is_not_right(api: responses.RequestsMock) -> None:
    lists(api, OTHER)
    refused = {"code": 20003, "message": f"not you, {OTHER}", "status": 401}
    api.add_callback("GET", f"{API}/OutgoingCallerIds.json", valid(401, refused))
    checked = check_caller_id(CLIENT, OTHER)
    assert checked.outcome is Outcome.FAILED
    assert "code 20003: check the account" in checked.advice


def test_a_failure_that_may_pass(api: responses.RequestsMock) -> None:
    api.get(f"{API}/IncomingPhoneNumbers.json", body=requests.ConnectTimeout())
    (change,) = provision(CLIENT, URLS, [NUMBER])
    assert change.outcome is Outcome.FAILED
    assert "try again" in change.advice
