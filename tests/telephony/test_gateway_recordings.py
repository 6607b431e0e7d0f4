"""The recording of a call, as the provider's OpenAPI document has it: started, paused, resumed, fetched and deleted."""

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
import responses

from callflow.service.ports import GatewayFailure, RecordRequest
from callflow.telephony.recordings import ProviderRecordings
from tests.openapi import assert_valid, valid
from tests.telephony.orders import API, LEG, URLS, gateway, refusal

RECORDINGS = f"{API}/Calls/{LEG}/Recordings"
RUNNING = f"{RECORDINGS}/Twilio.CURRENT.json"
SID = "RE" + "3" * 32


def order(change: str) -> RecordRequest:
    return RecordRequest(id=f"c7.caller.9.{change}", call="c7", leg="caller", token=9, sid=LEG, change=change)


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def sent(api: responses.RequestsMock) -> dict[str, list[str]]:
    return parse_qs(str(api.calls[-1].request.body), keep_blank_values=True)


def test_only_what_the_caller_says_is_recorded_in_one_channel(api: responses.RequestsMock) -> None:
    api.add_callback("POST", f"{RECORDINGS}.json", valid(201, {"sid": SID, "status": "in-progress"}))
    assert gateway().send(order("start")) == LEG
    assert sent(api) == {
        "RecordingChannels": ["mono"], "RecordingTrack": ["inbound"], "Trim": ["do-not-trim"],
        "RecordingStatusCallback": [URLS.leg_status("c7", "caller")], "RecordingStatusCallbackMethod": ["POST"],
        "RecordingStatusCallbackEvent": ["completed"],
    }  # fmt: skip


@pytest.mark.parametrize(("change", "fields"), [
    ("pause", {"Status": ["paused"], "PauseBehavior": ["silence"]}), ("resume", {"Status": ["in-progress"]}),
])  # fmt: skip
def test_the_running_recording_is_paused_and_resumed(
    api: responses.RequestsMock, change: str, fields: dict[str, list[str]]
) -> None:
    api.add_callback("POST", RUNNING, valid(200, {"sid": SID, "status": fields["Status"][0]}))
    assert gateway().send(order(change)) == LEG
    assert sent(api) == fields


@pytest.mark.parametrize(("change", "again"), [("start", False), ("pause", True), ("resume", True)])
def test_a_recording_that_has_not_begun_yet_is_paused_later(
    api: responses.RequestsMock, change: str, again: bool
) -> None:
    """The call is there, or its end would be reported. So the leg is never taken for gone."""
    url = f"{RECORDINGS}.json" if change == "start" else RUNNING
    api.add_callback("POST", url, valid(404, refusal(20404, 404)))
    with pytest.raises(GatewayFailure) as caught:
        gateway().send(order(change))
    assert (caught.value.retry, caught.value.gone) == (again, False)


def test_it_is_deleted_as_the_document_says(api: responses.RequestsMock) -> None:
    made = ProviderRecordings(gateway().client_of)
    api.add("DELETE", f"{API}/Recordings/{SID}.json", status=204)
    made.delete(SID)
    assert_valid(api.calls[-1].request)
    api.replace("DELETE", f"{API}/Recordings/{SID}.json", status=404, json=refusal(20404, 404))
    made.delete(SID)  # it is gone, so all is well
