"""The REST API: facts 26-29, and what twilio.md 5 adds. Hand-made requests; the real client is in test_client.py."""

import json
from typing import Any

import pytest

from callflow.emulator import NoAnswer, Switches
from callflow.emulator.identifiers import SID
from tests.emulator.world import (
    ANA,
    BASE,
    LINE,
    Page,
    RestFailed,
    World,
    conference,
    twiml,
    world,
)

PAGES: dict[str, Page] = {
    "/voice": twiml(conference(dial='action="/left" hangupOnStar="true"'), "<Say>Next verb</Say>"),
    "/agent": twiml(conference(dial='action="/left"')),
    "/other": twiml("<Say>Something else is said here</Say>"),
    "/music": twiml("<Say>La la la</Say>", "<Redirect/>"),
    "/left": twiml("<Say>You left</Say>"),
}
CALL = {"To": ANA, "From": LINE, "Url": f"{BASE}/agent"}


def rest_world(switches: Switches | None = None, **options: Any) -> World:
    return world(dict(PAGES), switches, **options)


def refused(it: World, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, int | None]:
    with pytest.raises(RestFailed) as caught:
        it.rest.call(method, path, form)
    return caught.value.status, caught.value.code


def test_creating_a_call_answers_201_queued() -> None:
    """Fact 26: "Calls.create answers 201, queued"; numbers are strings, times null (twilio.md 5.3)."""
    it = rest_world()
    status, body = it.rest.request("POST", "Calls.json", CALL)
    call = json.loads(body)
    assert (status, call["status"], call["direction"]) == (201, "queued", "outbound-api")
    assert (call["start_time"], call["end_time"], call["duration"], call["queue_time"]) == (None, None, None, "0")
    assert call["date_created"] == "Mon, 05 Jan 2026 09:00:00 +0000"
    assert SID.match(call["sid"])


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": LINE, "Url": f"{BASE}/agent"}, 21201),
        ({"To": ANA, "Url": f"{BASE}/agent"}, 21213),
        ({"To": ANA, "From": LINE}, 21205),
        ({"To": ANA, "From": LINE, "Url": "/agent"}, 21205),
        ({"To": "ana", "From": LINE, "Url": f"{BASE}/agent"}, 21211),
        ({"To": ANA, "From": ANA, "Url": f"{BASE}/agent"}, 21210),
        ({"To": ANA, "From": LINE, "Twiml": "<Response>" + " " * 4000}, 21624),
    ],
)
def test_bad_calls_are_refused(form: dict[str, str], code: int) -> None:
    """Fact 26: "twiml or url needed (21205); To/From needed (21201)"; other codes of twilio.md 5.0."""
    assert refused(rest_world(), "POST", "Calls.json", form) == (400, code)


def test_a_call_may_bring_its_own_twiml() -> None:
    """Fact 26; twilio.md 5.1: Twiml instead of Url."""
    it = rest_world()
    it.rest.post("Calls.json", {"To": ANA, "From": LINE, "Twiml": twiml("<Say>Hello Ana</Say>")})
    it.clock.run_for(5)
    assert it.heard(it.ana.legs[0]) == ["say Hello Ana"]


def test_redirecting_a_call_that_is_not_in_progress_is_21220() -> None:
    """Fact 26: "Redirect of an ended or unanswered call: 21220"."""
    it = rest_world()
    sid = it.rest.post("Calls.json", CALL)["sid"]
    assert refused(it, "POST", f"Calls/{sid}.json", {"Url": f"{BASE}/other"}) == (400, 21220)
    it.clock.run_for(5)
    it.ana.hang_up()
    assert refused(it, "POST", f"Calls/{sid}.json", {"Url": f"{BASE}/other"}) == (400, 21220)
    assert refused(it, "POST", f"Calls/{sid}.json", {"Status": "completed"}) == (400, 21220)


@pytest.mark.parametrize(
    "verb", ['<Gather action="/left" timeout="60"><Say>Press something</Say></Gather>', "<Say>A long story</Say>"]
)
def test_an_update_interrupts_at_once(verb: str) -> None:
    """Fact 27: "Update Url during Gather/Play/Dial interrupts at once ... pending Gather makes no action request"."""
    it = rest_world()
    it.app.pages["/voice"] = twiml(verb)
    leg = it.dial_in(0.5)
    it.caller.press("4")
    it.clock.run_for(0.1)
    it.rest.post(f"Calls/{leg.sid}.json", {"Url": f"{BASE}/other"})
    it.clock.run_for(0.1)
    assert not it.app.of("/left")
    assert it.heard(leg)[-1] == "~say Something else is said here"
    assert it.app.one("/other")["CallStatus"] == "in-progress"


def test_an_update_takes_a_leg_out_of_its_room() -> None:
    """Fact 27, Dial Conference: the others stay; ReasonParticipantLeft participant_updated_via_api (twilio.md 3.8)."""
    it = rest_world()
    leg = it.dial_in(1)
    it.call_out()
    it.rest.post(f"Calls/{leg.sid}.json", {"Twiml": twiml("<Say>Out of the room</Say>")})
    it.clock.run_for(1)
    assert not it.app.of("/left")
    assert it.app.of("/conference")[-1]["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert list(it.emulator.rooms["room"].seats) == [it.ana.legs[0].sid]


@pytest.mark.parametrize("ends", [True, False])
def test_switch_redirect_ends_room(ends: bool) -> None:
    """Switch: 12.3, does a REST redirect of a leg with endConferenceOnExit=true end the room?"""
    it = rest_world(Switches(redirect_ends_room=ends))
    it.app.pages["/agent"] = twiml(conference(endConferenceOnExit="true"))
    it.dial_in(1)
    agent = it.call_out()
    it.rest.post(f"Calls/{agent.sid}.json", {"Url": f"{BASE}/other"})
    it.clock.run_for(0.1)
    assert ("room" not in it.emulator.rooms) is ends


def test_the_last_update_wins() -> None:
    """twilio.md 5.2 (assumed): "last REST update wins, late TwiML response is discarded"."""
    it = rest_world()
    leg = it.dial_in(1)
    it.rest.post(f"Calls/{leg.sid}.json", {"Url": f"{BASE}/music"})
    it.rest.post(f"Calls/{leg.sid}.json", {"Url": f"{BASE}/other"})
    it.clock.run_for(1)
    assert it.heard(leg)[-1] == "~say Something else is said here"
    assert "say La la la" not in it.heard(leg)


def test_canceled_affects_only_calls_that_were_not_answered() -> None:
    """Fact 28: "Status=canceled only affects queued/ringing; completed works always"."""
    it = rest_world()
    it.ana.behave(NoAnswer())
    ringing = it.call_out()
    it.rest.post(f"Calls/{ringing.sid}.json", {"Status": "canceled"})
    live = it.dial_in(1)
    body = it.rest.post(f"Calls/{live.sid}.json", {"Status": "canceled"})
    assert (ringing.status, live.status, body["status"]) == ("canceled", "in-progress", "in-progress")
    it.rest.post(f"Calls/{live.sid}.json", {"Status": "completed"})
    assert live.status == "completed"


def test_cancelling_a_queued_call_sends_no_callback() -> None:
    """twilio.md 1.6: "Cancel while `queued`: no callback at all"."""
    it = rest_world(cps=1.0)
    it.rest.post("Calls.json", CALL)
    second = it.rest.post("Calls.json", CALL | {"StatusCallback": f"{BASE}/st"})
    it.rest.post(f"Calls/{second['sid']}.json", {"Status": "canceled"})
    it.clock.run_for(10)
    assert not it.app.of("/st")


def test_completing_a_conference_drops_everyone_to_their_next_twiml() -> None:
    """Fact 29: "Completing a conference drops all participants to their next TwiML"."""
    it = rest_world()
    it.dial_in(1)
    it.call_out()
    sid = it.emulator.rooms["room"].sid
    body = it.rest.post(f"Conferences/{sid}.json", {"Status": "completed"})
    assert (body["status"], body["reason_conference_ended"]) == ("completed", "conference-ended-via-api")
    it.clock.run_for(0.2)
    assert len(it.app.of("/left")) == 2
    leaves = [seen for seen in it.app.of("/conference") if seen["StatusCallbackEvent"] == "participant-leave"]
    assert [seen["ReasonParticipantLeft"] for seen in leaves] == ["conference_ended_via_api"] * 2
    assert it.rest.get(f"Conferences/{sid}/Participants.json")["participants"] == []


@pytest.mark.parametrize("fails", [True, False])
def test_switch_completing_unstarted_room_fails(fails: bool) -> None:
    """Switch: 5.5, completing a room that has not started gives 400 in reports (twilio-node #663, #681)."""
    it = rest_world(Switches(completing_unstarted_room_fails=fails))
    it.dial_in(1)
    path = f"Conferences/{it.emulator.rooms['room'].sid}.json"
    status, _ = it.rest.request("POST", path, {"Status": "completed"})
    assert status == (400 if fails else 200)


def test_wrong_credentials_are_401_20003() -> None:
    """twilio.md 11.1: "Basic auth 401/20003"."""
    it = rest_world()
    it.rest._emulator.auth_token = "wrong"
    assert refused(it, "GET", "Calls.json") == (401, 20003)


def test_unknown_things_are_404_20404() -> None:
    """twilio.md 5.0: error body with code, message, more_info, status."""
    it = rest_world()
    status, body = it.rest.request("GET", "Calls/CA" + "9" * 32 + ".json")
    error = json.loads(body)
    assert (status, error["code"], error["status"]) == (404, 20404, 404)
    assert error["more_info"] == "https://www.twilio.com/docs/errors/20404"
    assert refused(it, "GET", "Nonsense.json") == (404, 20404)


def test_lists_come_in_pages() -> None:
    """twilio.md 5.0: first_page_uri, next_page_uri (with PageToken), page, page_size, start, end."""
    it = rest_world()
    for number in range(5):
        it.rest.post("Calls.json", CALL | {"To": f"+1555010020{number}"})
    page = it.rest.get("Calls.json", {"PageSize": "2"})
    assert (len(page["calls"]), page["page"], page["start"], page["end"]) == (2, 0, 0, 1)
    assert "PageToken" in page["next_page_uri"]
    last = it.rest.get("Calls.json", {"PageSize": "2", "Page": "2"})
    assert (len(last["calls"]), last["next_page_uri"]) == (1, None)
    assert "Page=1" in last["previous_page_uri"]


def test_calls_can_be_filtered() -> None:
    """twilio.md 5.2: list filters To, From, ParentCallSid, Status, StartTime."""
    it = rest_world()
    it.dial_in(1)
    it.call_out()
    for form, found in [
        ({"To": ANA}, 1), ({"From": LINE}, 1), ({"Status": "in-progress"}, 2), ({"Status": "busy"}, 0),
        ({"StartTime": "2026-01-05"}, 2), ({"StartTime>": "2026-01-06"}, 0), ({"StartTime<": "2026-01-06"}, 2),
    ]:  # fmt: skip
        assert len(it.rest.get("Calls.json", form)["calls"]) == found, form
