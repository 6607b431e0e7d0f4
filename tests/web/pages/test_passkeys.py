"""Invitations, passkeys and links of wallboards: who gets in with them, and who does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from callflow.service.accounts import AccessKind
from callflow.service.challenges import LASTS
from callflow.service.invitations import invite
from callflow.service.sign_in import begin_wall
from callflow.web.pages import passkeys
from tests.web.edge import Edge
from tests.web.pages.authenticator import Device
from tests.web.pages.signed_in import STAFFED, browser

INVITED, SIGN_IN = "/sign-in/invitation", "/sign-in/passkey"


@pytest.fixture
def edge() -> Edge:
    return Edge(STAFFED)


def accepts(edge: Edge, device: Device, token: str) -> TestResponse:
    client = browser(edge.callflow.app)
    asked: Any = client.post(f"{INVITED}/ask", json={"token": token}).json
    return client.post(f"{INVITED}/passkey", json={"token": token, "answer": device.makes(asked["options"])})


def invited(edge: Edge, person: str = "sam", device: Device | None = None) -> Device:
    """A device whose passkey this person has just made with an invitation."""
    device = device or Device()
    assert accepts(edge, device, invite(edge.store, person, edge.now, "ops")).status_code == 200
    return device


def signs_in(edge: Edge, device: Device, next: str = "") -> TestResponse:
    client = browser(edge.callflow.app)
    asked = client.post(f"{SIGN_IN}/ask").data
    return client.post(SIGN_IN, json={"answer": device.signs(asked), "next": next})


def test_an_invitation_leads_to_a_passkey_and_a_passkey_to_the_page(edge: Edge) -> None:
    client = browser(edge.callflow.app)
    token = invite(edge.store, "sam", edge.now, "ops")
    assert "Your invitation" in client.get(INVITED).text
    asked: Any = client.post(f"{INVITED}/ask", json={"token": token}).json
    assert (asked["name"], asked["person"]) == ("Sam", "sam")
    device = Device()
    done = client.post(f"{INVITED}/passkey", json={"token": token, "answer": device.makes(asked["options"])})
    assert done.json == {"next": "/sign-in"}
    assert client.post("/sign-in/still-here").status_code == 200  # signed in already
    for _ in range(2):
        signed = signs_in(edge, device, "/board")
        assert (signed.status_code, signed.json) == (200, {"next": "/board"})
    assert "__Host-callflow=" in signed.headers["Set-Cookie"]
    kinds = [(one.kind, one.person, one.way) for one in reversed(edge.store.access_entries())]
    assert kinds == [(AccessKind.INVITED, "sam", ""), (AccessKind.PASSKEY_ADDED, "sam", "passkey"),
                     (AccessKind.SIGNED_IN, "sam", "invitation"), (AccessKind.SIGNED_IN, "sam", "passkey"),
                     (AccessKind.SIGNED_IN, "sam", "passkey")]  # fmt: skip


def test_an_invitation_works_once_and_in_time(edge: Edge) -> None:
    token = invite(edge.store, "sam", edge.now, "ops")
    assert accepts(edge, Device(), token).status_code == 200
    client = browser(edge.callflow.app)
    for path in ("ask", "passkey", "password"):
        reply = client.post(f"{INVITED}/{path}", json={"token": token, "password": "four words, easily kept"})
        assert (reply.status_code, "works once" in str(reply.json)) == (403, True)
    late = invite(edge.store, "ana", edge.now, "ops")
    edge.now += timedelta(hours=24)
    assert client.post(f"{INVITED}/ask", json={"token": late}).status_code == 403
    assert client.post(f"{INVITED}/ask").status_code == 403
    assert [one.way for one in edge.store.access_entries(limit=2)] == ["invitation", "invitation"]


def test_an_invitation_of_whoever_is_not_here_any_more_is_worth_nothing(edge: Edge) -> None:
    token = invite(edge.store, "omar", edge.now, "ops")
    edge.callflow.configurations.adopt(replace(STAFFED, digest="another", ops={}))
    assert browser(edge.callflow.app).post(f"{INVITED}/ask", json={"token": token}).status_code == 403


def test_a_passkey_of_whoever_is_not_here_any_more_opens_nothing(edge: Edge) -> None:
    device = invited(edge, "omar")
    edge.callflow.configurations.adopt(replace(STAFFED, digest="another", ops={}))
    refused = signs_in(edge, device)
    assert (refused.status_code, "not among the people" in str(refused.json)) == (403, True)
    assert "Set-Cookie" not in refused.headers
    assert [(one.kind, one.person) for one in edge.store.access_entries(limit=1)] == [(AccessKind.REFUSED, "omar")]


def test_an_answer_is_good_once(edge: Edge) -> None:
    device, client = invited(edge), browser(edge.callflow.app)
    answer = device.signs(client.post(f"{SIGN_IN}/ask").data)
    assert client.post(SIGN_IN, json={"answer": answer}).status_code == 200
    assert client.post(SIGN_IN, json={"answer": answer}).status_code == 403


def test_an_answer_is_good_for_some_minutes(edge: Edge) -> None:
    device, client = invited(edge), browser(edge.callflow.app)
    answer = device.signs(client.post(f"{SIGN_IN}/ask").data)
    edge.now += LASTS + timedelta(seconds=1)
    refused = client.post(SIGN_IN, json={"answer": answer})
    assert (refused.status_code, refused.json) == (403, {"why": "That took too long. Please try again."})


def test_a_challenge_of_an_invitation_is_none_for_a_sign_in(edge: Edge) -> None:
    device, client = invited(edge), browser(edge.callflow.app)
    token = invite(edge.store, "ana", edge.now, "ops")
    asked: Any = client.post(f"{INVITED}/ask", json={"token": token}).json
    options = asked["options"].replace('"rp": {', '"rpId": "app.test", "rp": {')
    assert client.post(SIGN_IN, json={"answer": device.signs(options)}).status_code == 403


WRONG: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://app.test.evil.test"}, "nobody's finger": {"verified": False},
    "a copy": {"count": -1}, "another key": {"key": None},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_answer_that_is_not_right_opens_nothing(edge: Edge, wrong: dict[str, Any]) -> None:
    device = invited(edge, device=Device(count=7))
    other = replace(device, **{**wrong, "key": Device().key if "key" in wrong else device.key})
    assert signs_in(edge, other).status_code == 403
    assert signs_in(edge, device).status_code == 200


@pytest.mark.parametrize(
    "answer", [{}, {"id": "unknown"}, {"id": "x", "response": {"clientDataJSON": "&"}}, [], "text", 7]
)
def test_nonsense_is_refused_and_no_fault(edge: Edge, answer: Any) -> None:
    client = browser(edge.callflow.app)
    token = invite(edge.store, "ana", edge.now, "ops")
    assert client.post(SIGN_IN, json={"answer": answer}).status_code == 403
    assert client.post(f"{INVITED}/passkey", json={"token": token, "answer": answer}).status_code == 403
    assert client.post(SIGN_IN, data=b"{").status_code == 403


def test_a_passkey_is_not_slowed_down_by_wrong_passwords(edge: Edge) -> None:
    device, client = invited(edge), browser(edge.callflow.app)
    for _ in range(9):
        edge.store.wrong_try("sam", "", edge.now)
        client.post(SIGN_IN, json={"answer": {}})
    assert signs_in(edge, device).status_code == 200


def test_nobody_learns_who_has_a_passkey(edge: Edge) -> None:
    invited(edge)
    asked: Any = browser(edge.callflow.app).post(f"{SIGN_IN}/ask").json
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"


def test_a_device_makes_one_passkey_for_a_person(edge: Edge) -> None:
    device, token = invited(edge), invite(edge.store, "sam", edge.now, "ops")
    asked: Any = browser(edge.callflow.app).post(f"{INVITED}/ask", json={"token": token}).json
    assert f'"excludeCredentials": [{{"id": "{passkeys._text(device.id)}"' in asked["options"]


def test_where_browsers_offer_no_passkeys_the_page_says_why() -> None:
    assert passkeys.usable("https://calls.example.com")
    assert passkeys.usable("http://localhost:8000")
    for address in ("http://calls.example.com", "https://192.0.2.1", "http://127.0.0.1:8000", "https://[::1]"):
        assert not passkeys.usable(address)


def test_a_link_of_a_wallboard_serves_several_televisions_until_it_is_revoked(edge: Edge) -> None:
    token = begin_wall(edge.store, edge.now)
    for _ in range(2):
        client = browser(edge.callflow.app)
        assert "Wallboard" in client.get("/sign-in/wall").text
        assert client.post("/sign-in/wall", json={"token": token}).json == {"next": "/board?wall=1"}
        assert client.post("/sign-in/still-here").status_code == 403  # a wall is nobody
    edge.store.end_page_sessions_of("")
    assert client.post("/sign-in/wall", json={"token": token}).status_code == 403


def test_a_session_of_a_person_is_no_link_of_a_wallboard(edge: Edge) -> None:
    client: Any = browser(edge.callflow.app)
    token = invite(edge.store, "sam", edge.now, "ops")
    assert client.post("/sign-in/wall", json={"token": token}).status_code == 403


def test_whoever_signs_in_again_leaves_no_session_behind(edge: Edge) -> None:
    device, client = invited(edge), browser(edge.callflow.app)
    for _ in range(3):
        asked = client.post(f"{SIGN_IN}/ask").data
        assert client.post(SIGN_IN, json={"answer": device.signs(asked)}).status_code == 200
    assert len(edge.store.page_sessions()) == 2  # that of the invitation, in another browser, and this one


def test_a_stranger_who_sends_nonsense_all_day_fills_no_table(edge: Edge) -> None:
    client = browser(edge.callflow.app)
    for _ in range(60):
        edge.now += timedelta(seconds=1)
        client.post(SIGN_IN, json={"answer": {}})
        client.post(f"{INVITED}/ask", json={"token": "guessed"})
    assert len(edge.store.access_entries()) < 10
