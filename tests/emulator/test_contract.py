"""What the REST API answers, judged by the schemas of Twilio's own OpenAPI document (twilio.md, header and 5)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS30Validator

from tests.emulator.world import ANA, BASE, BEN, LINE, Page, World, conference, twiml, world

DOCUMENT = Path(__file__).parents[1] / "twilio_api_v2010.json"
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
PAGES: dict[str, Page] = {
    "/voice": twiml(conference(record="record-from-start")),
    "/agent": twiml(conference(participantLabel="agent")),
}


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return loaded


def problems(pattern: str, method: str, status: int, body: dict[str, Any]) -> list[str]:
    """What the document has against this answer: wrong values, and properties it has or lacks."""
    answer = document()["paths"][ACCOUNT + pattern][method]["responses"][str(status)]
    schema = answer["content"]["application/json"]["schema"]
    whole = {**schema, "components": document()["components"]}
    found = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in OAS30Validator(whole).iter_errors(body)]
    # its description says "When a conference is in progress, will be `null`"; its type forgets that
    found = [one for one in found if "reason_conference_ended: None" not in one]
    known = _properties(schema)
    return found + [f"unknown {name}" for name in body.keys() - known] + [f"no {name}" for name in known - body.keys()]


def _properties(schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema["properties"])


def judge(
    it: World, pattern: str, path: str, method: str = "get", form: dict[str, Any] | None = None
) -> dict[str, Any]:
    status, answer = it.rest.request(method.upper(), path, form)
    body: dict[str, Any] = json.loads(answer)
    assert problems(pattern, method, status, body) == [], (pattern, body)
    return body


@pytest.fixture
def talk() -> World:
    """Two people in a recorded room."""
    it = world(dict(PAGES))
    it.dial_in(1)
    it.call_out()
    return it


def test_calls(talk: World) -> None:
    form = {"To": BEN, "From": LINE, "Url": f"{BASE}/agent"}
    sid = judge(talk, "/Calls.json", "Calls.json", "post", form)["sid"]
    judge(talk, "/Calls/{Sid}.json", f"Calls/{sid}.json")
    judge(talk, "/Calls/{Sid}.json", f"Calls/{sid}.json", "post", {"Status": "canceled"})
    assert len(judge(talk, "/Calls.json", "Calls.json")["calls"]) == 3


def test_conferences_and_participants(talk: World) -> None:
    sid = talk.emulator.rooms["room"].sid
    judge(talk, "/Conferences.json", "Conferences.json")
    judge(talk, "/Conferences/{Sid}.json", f"Conferences/{sid}.json")
    all_of_them = "/Conferences/{ConferenceSid}/Participants.json"
    one = "/Conferences/{ConferenceSid}/Participants/{CallSid}.json"
    judge(talk, one, f"Conferences/{sid}/Participants/agent.json")
    judge(talk, one, f"Conferences/{sid}/Participants/agent.json", "post", {"Hold": "true"})
    judge(talk, all_of_them, f"Conferences/{sid}/Participants.json")
    judge(talk, all_of_them, f"Conferences/{sid}/Participants.json", "post", {"To": BEN, "From": LINE})
    judge(talk, "/Conferences/{Sid}.json", f"Conferences/{sid}.json", "post", {"Status": "completed"})


def test_recordings(talk: World) -> None:
    leg = next(leg for leg in talk.emulator.legs.values() if leg.person == ANA)
    path = f"Calls/{leg.sid}/Recordings"
    sid = judge(talk, "/Calls/{CallSid}/Recordings.json", f"{path}.json", "post", {})["sid"]
    judge(talk, "/Calls/{CallSid}/Recordings.json", f"{path}.json")
    one = "/Calls/{CallSid}/Recordings/{Sid}.json"
    judge(talk, one, f"{path}/{sid}.json", "post", {"Status": "paused"})
    judge(talk, one, f"{path}/Twilio.CURRENT.json", "post", {"Status": "stopped"})
    talk.clock.run_for(3)
    judge(talk, one, f"{path}/{sid}.json")
    judge(talk, "/Recordings/{Sid}.json", f"Recordings/{sid}.json")
    judge(talk, "/Recordings.json", "Recordings.json")
    room = talk.emulator.rooms["room"].sid
    found = judge(talk, "/Conferences/{ConferenceSid}/Recordings.json", f"Conferences/{room}/Recordings.json")
    judge(
        talk, "/Conferences/{ConferenceSid}/Recordings/{Sid}.json",
        f"Conferences/{room}/Recordings/{found['recordings'][0]['sid']}.json", "post", {"Status": "paused"},
    )  # fmt: skip


def test_incoming_phone_numbers(talk: World) -> None:
    form = {"PhoneNumber": "+15550100108", "VoiceUrl": f"{BASE}/voice"}
    sid = judge(talk, "/IncomingPhoneNumbers.json", "IncomingPhoneNumbers.json", "post", form)["sid"]
    path = f"IncomingPhoneNumbers/{sid}.json"
    judge(talk, "/IncomingPhoneNumbers/{Sid}.json", path)
    judge(talk, "/IncomingPhoneNumbers/{Sid}.json", path, "post", {"VoiceMethod": "GET"})
    judge(talk, "/IncomingPhoneNumbers.json", "IncomingPhoneNumbers.json")


def test_outgoing_caller_ids(talk: World) -> None:
    sid = talk.emulator.verify_caller_id("+15550100109").sid
    judge(talk, "/OutgoingCallerIds/{Sid}.json", f"OutgoingCallerIds/{sid}.json")
    judge(talk, "/OutgoingCallerIds.json", "OutgoingCallerIds.json")
