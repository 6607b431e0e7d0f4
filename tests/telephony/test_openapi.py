"""The check of REST requests against the OpenAPI document is strict."""

import pytest
from requests import Request

from tests.openapi import assert_valid

CALLS = "/2010-04-01/Accounts/AC" + "0" * 32 + "/Calls"
ONE = CALLS + "/CA" + "1" * 32 + ".json"
CREATE = {"To": "+15550100111", "From": "+15550100100", "Url": "https://a.example/voice#rc=2"}


def judge(method: str, path: str, **fields: object) -> None:
    assert_valid(Request(method, "http://127.0.0.1:8901" + path, data=fields, auth=("AC1", "token")).prepare())


def test_good_requests_pass_whatever_the_host() -> None:
    judge("POST", CALLS + ".json", **CREATE, StatusCallbackEvent=["initiated", "completed"], Timeout=20)
    judge("POST", ONE, Status="completed")
    judge("GET", ONE)
    judge("GET", CALLS + ".json?PageSize=1")


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("POST", CALLS + ".json", {"From": "+15550100100", "Url": "https://a.example"}),
        ("POST", CALLS + ".json", {**CREATE, "StatusCallbackEvent": ["initated"]}),
        ("POST", CALLS + ".json", {**CREATE, "StatusCalback": "https://a.example"}),
        ("POST", CALLS + ".json", {**CREATE, "Timeout": "abc"}),
        ("POST", ONE, {"Status": "complted"}),
        ("POST", CALLS + "/CA1.json", {"Status": "completed"}),
        ("GET", CALLS + ".json?PageSze=1", {}),
        ("DELETE", CALLS + ".json", {}),
        ("GET", CALLS + "/nothing/here.json", {}),
    ],
)
def test_bad_requests_are_refused(method: str, path: str, fields: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        judge(method, path, **fields)


def test_credentials_are_asked_for() -> None:
    with pytest.raises(AssertionError):
        assert_valid(Request("GET", "https://api.twilio.com" + ONE).prepare())
