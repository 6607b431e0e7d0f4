"""Asking the provider about a leg: is it alive, and is it in the room."""

from collections.abc import Iterator

import pytest
import responses
from responses.matchers import query_param_matcher

from callflow.service.ports import GatewayFailure
from tests.openapi import valid
from tests.telephony.orders import API, LEG, ONE, gateway, refusal

ROOM = "CF" + "2" * 32


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def seats(*, label: str | None = "s2", call: str = LEG) -> dict[str, object]:
    seat = {"call_sid": call, "label": label, "conference_sid": ROOM, "status": "connected"}
    return {"participants": [seat | {"date_created": "Sun, 22 Nov 2026 10:00:07 +0000"}], "next_page_uri": None}


def rooms(api: responses.RequestsMock) -> None:
    """One of two people: the room has not begun. A list without a status would leave it out."""
    for status, found in (("in-progress", []), ("init", [{"sid": ROOM, "status": "init"}])):
        match = [query_param_matcher({"FriendlyName": "call-c7", "PageSize": "20", "Status": status})]
        api.add_callback("GET", f"{API}/Conferences.json", valid(200, {"conferences": found}), match=match)


def test_look_up_a_leg_in_its_room(api: responses.RequestsMock) -> None:
    api.add_callback("GET", ONE, valid(200, {"sid": LEG, "status": "in-progress"}))
    rooms(api)
    api.add_callback("GET", f"{API}/Conferences/{ROOM}/Participants.json", valid(200, seats()))
    report = gateway().look_up(LEG, "call-c7")
    assert (report.status, report.in_room, report.label) == ("in-progress", True, "s2")
    assert report.joined_at is not None
    assert report.joined_at.isoformat() == "2026-11-22T10:00:07+00:00"


@pytest.mark.parametrize("found", ["another leg", "room just over"])
def test_look_up_a_leg_elsewhere(api: responses.RequestsMock, found: str) -> None:
    api.add_callback("GET", ONE, valid(200, {"sid": LEG, "status": "in-progress"}))
    rooms(api)
    url = f"{API}/Conferences/{ROOM}/Participants.json"
    if found == "another leg":
        api.add_callback("GET", url, valid(200, seats(call="CA" + "9" * 32, label=None)))
    else:
        api.add_callback("GET", url, valid(404, refusal(20404, 404)))
    report = gateway().look_up(LEG, "call-c7")
    assert (report.status, report.in_room, report.joined_at, report.label) == ("in-progress", False, None, "")


def test_look_up_a_leg_that_is_over_asks_once(api: responses.RequestsMock) -> None:
    api.add_callback(
        "GET", ONE, valid(200, {"sid": LEG, "status": "completed", "end_time": "Sun, 22 Nov 2026 10:00:09 +0000"})
    )
    report = gateway().look_up(LEG, "call-c7")
    assert report.status == "completed"
    assert report.ended_at is not None
    assert report.ended_at.isoformat() == "2026-11-22T10:00:09+00:00"


def test_look_up_an_unknown_leg(api: responses.RequestsMock) -> None:
    api.add_callback("GET", ONE, valid(404, refusal(20404, 404)))
    with pytest.raises(GatewayFailure) as caught:
        gateway().look_up(LEG, "call-c7")
    assert caught.value.gone
