"""Signing in with the account of the firm (OpenID Connect): who gets in, as whom, and with which roles."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from werkzeug.test import TestResponse

from callflow.core.firm_sign_in import FirmSignIn
from callflow.service.accounts import AccessKind
from callflow.service.sign_in import digest_of
from tests.web.edge import Edge
from tests.web.pages.signed_in import STAFFED, browser, sessions

ISSUER = "https://login.example.com"
FIRM = FirmSignIn(name="Example", issuer=ISSUER, client_id="callflow", domain="example.com")
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
CLAIMS: dict[str, Any] = {"iss": ISSUER, "aud": "callflow", "sub": "1", "preferred_username": "sam@example.com"}


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    """The server of the firm. It discovers itself; ``signs`` has it answer for a code."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        discovers(mocked)
        mocked.get(f"{ISSUER}/keys", json=KeySet([KEY]).as_dict(private=False))
        yield mocked


def discovers(server: responses.RequestsMock, issuer: str = ISSUER) -> None:
    server.upsert("GET", f"{ISSUER}/.well-known/openid-configuration", json={
        "issuer": issuer, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys", "id_token_signing_alg_values_supported": ["ES256"],
    })  # fmt: skip


def house(firm: FirmSignIn = FIRM) -> Edge:
    return Edge(replace(STAFFED, firm=firm))


def begins(client: FlaskClient, next: str = "/board") -> dict[str, str]:
    """What the firm's server is asked."""
    sent = client.get(f"/sign-in/firm?next={next}")
    assert sent.status_code == 302, sent.text
    return {name: value for name, (value,) in parse_qs(urlsplit(sent.location).query).items()}


def comes_back(edge: Edge, server: responses.RequestsMock, *, nonce: str = "", key: ECKey = KEY, state: str = "",
               **claims: Any) -> TestResponse:  # fmt: skip
    """Somebody signs in at the firm, whose server says this of them, and comes back."""
    client = browser(edge.callflow.app)
    asked = begins(client)
    now = int(time.time())
    said = {**CLAIMS, "iat": now, "exp": now + 60, "nonce": nonce or asked["nonce"], **claims}
    token = jwt.encode({"alg": "ES256", "kid": "one"}, said, key)
    server.post(f"{ISSUER}/token", json={"token_type": "Bearer", "access_token": "a", "id_token": token})
    return client.get(f"/sign-in/firm/back?code=c&state={state or asked['state']}")


def test_whoever_signs_in_at_the_firm_is_signed_in_here(server: responses.RequestsMock) -> None:
    edge = house()
    done = comes_back(edge, server)
    assert (done.status_code, done.location) == (303, "/board")
    assert any(one.startswith("__Host-callflow=") for one in done.headers.getlist("Set-Cookie"))
    (session,) = edge.store.page_sessions()
    assert (session.person, session.way, session.roles) == ("sam", "oidc", frozenset())


def test_the_firm_is_asked_with_a_proof_that_only_we_have(server: responses.RequestsMock) -> None:
    edge = house()
    asked = begins(browser(edge.callflow.app))
    assert asked["redirect_uri"] == "https://app.test/sign-in/firm/back"
    assert (asked["code_challenge_method"], asked["response_type"], asked["scope"]) == (
        "S256", "code", "openid profile email")  # fmt: skip
    comes_back(edge, server)
    token = next(call for call in server.calls if call.request.url == f"{ISSUER}/token")
    assert "code_verifier=" in str(token.request.body)


def test_what_the_firm_says_of_a_person_limits_the_roles(server: responses.RequestsMock) -> None:
    people = replace(STAFFED, ops={"sam": STAFFED.supervisors["sam"]})
    firm = replace(FIRM, roles={"callflow-ops": "ops", "callflow-auditors": "auditor"})
    edge = Edge(replace(people, firm=firm))
    done = comes_back(edge, server, groups=["staff", "callflow-ops", "callflow-auditors"])
    token = next(one for one in done.headers.getlist("Set-Cookie") if one.startswith("__Host-callflow="))
    found = sessions(edge.callflow.app).read(token.partition("=")[2].partition(";")[0])
    assert found.viewer.roles == {
        "ops"
    }  # no auditor, because people.yaml says nothing of it; no supervisor by the firm
    assert edge.store.page_session(digest_of(token.partition("=")[2].partition(";")[0]))


REFUSED: dict[str, dict[str, Any]] = {
    "somebody of another firm": {"preferred_username": "sam@evil.test"},
    "somebody without a firm": {"preferred_username": "sam"},
    "nobody here": {"preferred_username": "olga@example.com"},
    "nobody at all": {"preferred_username": None},
    "another server": {"iss": "https://login.evil.test"},
    "another client": {"aud": "another"},
    "an answer of yesterday": {"exp": 1_600_000_000},
    "an answer to somebody else": {"nonce": "another"},
    "another key": {"key": ECKey.generate_key("P-256", {"kid": "one"})},
    "another browser": {"state": "another"},
}


@pytest.mark.parametrize("wrong", REFUSED.values(), ids=REFUSED)
def test_anybody_else_is_refused(server: responses.RequestsMock, wrong: dict[str, Any]) -> None:
    edge = house()
    refused = comes_back(edge, server, **wrong)
    assert refused.status_code == 403
    assert 'role="alert"' in refused.text
    assert edge.store.page_sessions() == []
    assert [(one.kind, one.way) for one in edge.store.access_entries()] == [(AccessKind.REFUSED, "oidc")]


def test_whoever_has_no_role_at_the_firm_is_refused(server: responses.RequestsMock) -> None:
    edge = house(replace(FIRM, roles={"callflow-ops": "ops"}))
    assert "has no role here" in comes_back(edge, server, groups="callflow-ops").text  # sam is none of ops
    assert "has no role here" in comes_back(edge, server).text


def test_an_answer_is_taken_once(server: responses.RequestsMock) -> None:
    edge = house()
    done = comes_back(edge, server)
    assert done.status_code == 303
    again = done.request.environ["QUERY_STRING"]
    client = browser(edge.callflow.app)
    for cookie in done.headers.getlist("Set-Cookie"):
        name, _, value = cookie.partition(";")[0].partition("=")
        client.set_cookie(name, value, secure=True)
    assert client.get(f"/sign-in/firm/back?{again}").status_code == 403


@pytest.mark.parametrize("fault", [requests.ConnectionError("down"), requests.Timeout("slow")])
def test_while_the_firm_cannot_be_reached_the_page_says_what_else_there_is(fault: Exception) -> None:
    client = browser(house().callflow.app)
    with responses.RequestsMock() as server:
        server.get(f"{ISSUER}/.well-known/openid-configuration", body=fault)
        said = client.get("/sign-in/firm")
    assert (said.status_code, "Use a passkey or a password" in said.text) == (403, True)


def test_a_discovery_document_of_another_issuer_is_not_believed(server: responses.RequestsMock) -> None:
    discovers(server, "https://login.evil.test")
    assert browser(house().callflow.app).get("/sign-in/firm").status_code == 403


def test_the_button_is_there_if_the_firm_has_a_sign_in() -> None:
    assert "Sign in with Example" in browser(house().callflow.app).get("/sign-in").text
    without = browser(Edge(STAFFED).callflow.app)
    assert "Sign in with Example" not in without.get("/sign-in").text
    assert without.get("/sign-in/firm").status_code == 403


def test_who_somebody_is_can_be_written_down() -> None:
    firm = replace(FIRM, person="email", people={"Samira.Smith@example.com": "sam"})
    assert firm.person_of({"email": "samira.smith@example.com"}) == "sam"
    assert firm.person_of({"email": "ana@example.com"}) == "ana"
    assert firm.person_of({"email": "ana@example.com", "email_verified": False}) == ""
