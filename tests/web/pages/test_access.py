"""Who may open which page: every route of the pages for every role, and what strangers and ended sessions get."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.routing import Rule

from callflow.service.accounts import AccessKind, Way
from callflow.service.sign_in import IDLE, LASTS, begin_wall
from callflow.service.viewers import ViewerRole
from callflow.web.pages import access, security
from tests.web.edge import Edge
from tests.web.pages.signed_in import STAFFED, browser, on_the_wall, pages_of, sessions, signed_in

WHO = {ViewerRole.AGENT: "ana", ViewerRole.SUPERVISOR: "sam", ViewerRole.REVIEWER: "rae", ViewerRole.OPS: "omar",
       ViewerRole.AUDITOR: "ada"}  # fmt: skip
USE = "/sign-in/still-here"


@pytest.fixture
def edge() -> Edge:
    return Edge(STAFFED)


def pages(edge: Edge) -> list[Rule]:
    return list(pages_of(edge.callflow.app).url_map.iter_rules())


def filled(rule: Rule) -> str:
    """An address that this route answers."""
    return re.sub(r"<(int:)?[^>]+>", lambda found: "1" if found[1] else "x", rule.rule)


def test_every_page_has_its_row_and_every_row_its_page(edge: Edge) -> None:
    found = {rule.endpoint for rule in pages(edge)}
    assert found == {*access.ROUTES, *access.STRANGERS}
    assert not access.ROUTES.keys() & access.STRANGERS


@pytest.mark.parametrize("role", list(ViewerRole))
def test_every_route_is_open_to_its_roles_and_closed_to_the_others(edge: Edge, role: ViewerRole) -> None:
    app = edge.callflow.app
    client = on_the_wall(app) if role is ViewerRole.WALL else signed_in(app, WHO[role])
    for rule in pages(edge):
        if rule.endpoint in access.ROUTES:
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                status = client.open(filled(rule), method=method).status_code
                allowed = role in access.ROUTES[rule.endpoint].roles
                assert (status != 403) == allowed, f"{role} {method} {rule.endpoint}: {status}"


def test_a_stranger_is_sent_to_the_sign_in_and_a_script_is_told(edge: Edge) -> None:
    client = browser(edge.callflow.app)
    for rule in pages(edge):
        if rule.endpoint in access.ROUTES:
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                reply = client.open(filled(rule), method=method)
                assert reply.status_code == (303 if method == "GET" else 401), rule
                script = client.open(filled(rule), method=method, headers={"HX-Request": "true"})
                assert (script.status_code, script.headers["HX-Refresh"]) == (401, "true")


def test_another_site_can_change_nothing_in_the_name_of_whoever_is_signed_in(edge: Edge) -> None:
    client = signed_in(edge.callflow.app, "sam")
    for site in ("cross-site", "same-site", "none"):
        assert client.post(USE, headers={"Sec-Fetch-Site": site}).status_code == 403
    del client.environ_base["HTTP_SEC_FETCH_SITE"]  # an older browser
    for origin, status in (("https://evil.test", 403), ("null", 403), ("", 403), ("https://app.test", 200),
                           ("http://localhost", 200)):  # fmt: skip
        assert client.post(USE, headers={"Origin": origin} if origin else {}).status_code == status, origin


def test_every_answer_of_a_page_has_the_strict_policy(edge: Edge) -> None:
    client = browser(edge.callflow.app)
    reply = client.post(USE)
    assert reply.headers["Content-Security-Policy"] == (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
    assert {name: reply.headers.get(name) for name in security.HEADERS} == security.HEADERS


def test_whoever_is_taken_out_of_the_people_loses_access_at_once(edge: Edge) -> None:
    client = signed_in(edge.callflow.app, "sam")
    assert client.post(USE).status_code == 200
    without = {id: one for id, one in STAFFED.supervisors.items() if id != "sam"}
    edge.callflow.configurations.adopt(replace(STAFFED, digest="another", supervisors=without))
    assert client.post(USE).status_code == 401


def test_a_session_ends_after_a_shift_however_much_it_is_used(edge: Edge) -> None:
    client, begun = signed_in(edge.callflow.app, "sam"), edge.now
    while edge.now < begun + LASTS - IDLE:
        edge.now += IDLE - timedelta(seconds=1)
        assert client.post(USE).status_code == 200
    edge.now = begun + LASTS
    assert client.post(USE).status_code == 401


def test_a_page_that_nobody_uses_ends_its_session_although_it_asks_every_second(edge: Edge) -> None:
    app = edge.callflow.app
    token = sessions(app).begin("sam", Way.PASSWORD)
    for _ in range(3):
        edge.now += timedelta(minutes=9)
        assert sessions(app).read(token, poll=True)
    edge.now += timedelta(minutes=3)
    assert sessions(app).read(token, poll=True) is None
    assert sessions(app).read(token) is None


def test_the_desk_of_an_agent_waits_as_long_as_the_next_call_does(edge: Edge) -> None:
    client = signed_in(edge.callflow.app, "ana")
    edge.now += timedelta(hours=11)
    assert client.post(USE).status_code == 200


def test_whoever_signs_out_is_out_and_it_is_on_record(edge: Edge) -> None:
    client = signed_in(edge.callflow.app, "sam")
    token = client.get_cookie("__Host-callflow")
    assert token
    assert client.post("/sign-out").status_code == 303
    assert client.get_cookie("__Host-callflow") is None
    assert browser(edge.callflow.app, token.value).post(USE).status_code == 401
    kinds = [(one.kind, one.person, one.way) for one in edge.store.access_entries()]
    assert kinds == [(AccessKind.SIGNED_OUT, "sam", ""), (AccessKind.SIGNED_IN, "sam", "passkey")]


def test_the_session_of_a_wallboard_has_no_end_but_can_be_revoked(edge: Edge) -> None:
    app = edge.callflow.app
    token = begin_wall(edge.store, edge.now)
    edge.now += timedelta(days=900)
    found = sessions(app).read(token)
    assert found
    assert (found.viewer.roles, found.viewer.person, found.ends) == ({ViewerRole.WALL}, "", None)
    assert edge.store.end_page_sessions_of("") == 1
    assert sessions(app).read(token) is None
