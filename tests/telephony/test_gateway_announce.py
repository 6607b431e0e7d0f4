"""The sound of waiting: an announcement to one participant, never the provider's hold."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
import responses
from responses.matchers import query_param_matcher

from callflow.service.ports import AnnounceRequest, GatewayFailure
from tests.openapi import valid
from tests.telephony.orders import API, LEG, URLS, gateway, refusal

ROOM = "CF" + "2" * 32
SEAT = f"{API}/Conferences/{ROOM}/Participants/{LEG}.json"
ANNOUNCE = AnnounceRequest(id="c7.caller.9.announce", call="c7", leg="caller", token=9, sid=LEG)


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def rooms(api: responses.RequestsMock, **by_status: str) -> None:
    for status, sid in by_status.items():
        name = status.replace("_", "-")
        found = [{"sid": sid, "status": name}] if sid else []
        match = [query_param_matcher({"FriendlyName": "call-c7", "Status": name, "PageSize": "1"})]
        api.add_callback("GET", f"{API}/Conferences.json", valid(200, {"conferences": found}), match=match)


def test_an_announcement_is_made_to_the_participant_of_the_room_in_progress(api: responses.RequestsMock) -> None:
    rooms(api, in_progress=ROOM)
    api.add_callback("POST", SEAT, valid(200, {"call_sid": LEG, "conference_sid": ROOM}))
    assert gateway().send(ANNOUNCE) == LEG
    sent = str(api.calls[-1].request.body)
    assert parse_qs(sent, keep_blank_values=True) == {
        "AnnounceUrl": [URLS.waiting("c7", "caller")], "AnnounceMethod": ["POST"], "WaitUrl": [""]
    }  # fmt: skip


def test_or_of_one_that_nobody_else_has_joined(api: responses.RequestsMock) -> None:
    rooms(api, in_progress="", init=ROOM)
    api.add_callback("POST", SEAT, valid(200, {"call_sid": LEG, "conference_sid": ROOM}))
    assert gateway().send(ANNOUNCE) == LEG


@pytest.mark.parametrize("missing", ["room", "participant"])
def test_a_leg_that_is_not_in_the_room_is_gone_from_it(api: responses.RequestsMock, missing: str) -> None:
    if missing == "room":
        rooms(api, in_progress="", init="")
    else:
        rooms(api, in_progress=ROOM)
        api.add_callback("POST", SEAT, valid(404, refusal(20404, 404)))
    with pytest.raises(GatewayFailure) as caught:
        gateway().send(ANNOUNCE)
    assert caught.value.gone
