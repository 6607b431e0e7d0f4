"""Signing in with a password: who gets in, who must wait, and what is on record."""

from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from werkzeug.test import TestResponse

from callflow.runtime import password_hashing
from callflow.runtime.password_hashing import WAITING, Busy, PasswordHashing
from callflow.service.accounts import AccessKind
from callflow.service.invitations import invite
from callflow.service.sign_in_tries import network_of
from tests.web.edge import Edge
from tests.web.pages.signed_in import STAFFED, browser

GOOD = "four words, easily kept"


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Edge:
    """Hashes cost a thousandth of what they do; ``test_a_password_costs_an_attacker_64_mib`` looks at the real cost."""
    monkeypatch.setattr(password_hashing, "KIBIBYTES", 64)
    monkeypatch.setattr(password_hashing, "ROUNDS", 1)
    edge = Edge(STAFFED)
    token = invite(edge.store, "sam", edge.now, "ops")
    kept = browser(edge.callflow.app).post("/sign-in/invitation/password", json={"token": token, "password": GOOD})
    assert kept.json == {"next": "/sign-in"}
    return edge


def tries(edge: Edge, password: str, person: str = "sam", address: str = "192.0.2.7", **more: str) -> TestResponse:
    client = browser(edge.callflow.app)
    form = {"person": person, "password": password, **more}
    return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})


def test_the_right_password_leads_to_the_page_that_was_wanted(edge: Edge) -> None:
    done = tries(edge, GOOD, person=" Sam ", next="/board?team=energy")
    assert (done.status_code, done.location) == (303, "/board?team=energy")
    cookie = done.headers["Set-Cookie"]
    assert cookie.startswith("__Host-callflow=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/\\evil.test", "board", "/a\r\nX: b"])
def test_nobody_is_sent_to_another_site(edge: Edge, elsewhere: str) -> None:
    assert tries(edge, GOOD, next=elsewhere).location == "/sign-in"


def test_whoever_is_unknown_hears_the_same_as_whoever_mistypes(edge: Edge) -> None:
    said = [tries(edge, "wrong " * 4, person=person) for person in ("sam", "ana", "nobody")]
    assert {one.status_code for one in said} == {403}
    assert all("The name or the password is not right." in one.text for one in said)


def test_what_was_typed_is_not_kept_or_shown(edge: Edge) -> None:
    said = tries(edge, "my secret of before", person="my secret in the wrong field")
    assert "my secret of before" not in said.text
    assert "my secret" not in repr(edge.store.access_entries())


def test_a_person_may_mistype_and_then_waits_longer_and_longer(edge: Edge) -> None:
    for _ in range(5):
        assert tries(edge, "wrong").status_code == 403
    paused = tries(edge, GOOD)
    assert (paused.status_code, paused.headers["Retry-After"]) == (429, "10")
    assert "Try again in 10 seconds, or sign in with a passkey." in paused.text
    edge.now += timedelta(seconds=11)
    assert tries(edge, "wrong").status_code == 403
    assert tries(edge, GOOD).headers["Retry-After"] == "20"
    edge.now += timedelta(seconds=21)
    assert tries(edge, GOOD).status_code == 303
    assert tries(edge, "wrong").status_code == 403  # and the count begins anew


def test_nobody_is_locked_out_by_tries_of_somebody_else(edge: Edge) -> None:
    for _ in range(6):
        tries(edge, "wrong", address="198.51.100.9")
    assert tries(edge, GOOD, address="198.51.100.9").status_code == 429
    assert tries(edge, GOOD).status_code == 303
    assert tries(edge, "wrong", person="ana", address="198.51.100.9").status_code == 403  # nor a colleague beside them


def test_behind_our_proxy_the_address_is_the_one_that_it_saw(edge: Edge) -> None:
    client = browser(edge.callflow.app)
    form = {"person": "sam", "password": "wrong"}
    for _ in range(6):
        last = client.post("/sign-in", data=form, headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.9"})
    assert last.status_code == 429
    again = client.post("/sign-in", data=form, headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.5"})
    assert again.status_code == 403
    far = tries(edge, "wrong", address="198.51.100.9")
    assert far.status_code == 429


def test_sign_ins_and_failed_ones_are_on_record_without_an_address(edge: Edge) -> None:
    tries(edge, "wrong")
    tries(edge, "wrong", person="nobody")
    tries(edge, GOOD)
    found = [(one.kind, one.person, one.way, one.network) for one in edge.store.access_entries(limit=3)]
    assert found == [
        (AccessKind.SIGNED_IN, "sam", "password", "192.0.2.0/24"),
        (AccessKind.REFUSED, "", "password", "192.0.2.0/24"),
        (AccessKind.REFUSED, "sam", "password", "192.0.2.0/24"),
    ]


def test_of_an_address_a_part_is_kept() -> None:
    assert network_of("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network_of("::ffff:192.0.2.7") == "192.0.2.0/24"
    assert network_of("unknown") == ""


@pytest.mark.parametrize(("password", "why"), [
    ("short", "at least 15 characters"), ("sam sam sam sam sam", "among the first"), ("a" * 20, "among the first"),
    ("x" * 201, "at most 200"),
])  # fmt: skip
def test_a_password_that_anybody_would_try_is_not_taken(edge: Edge, password: str, why: str) -> None:
    token = invite(edge.store, "sam", edge.now, "ops")
    reply = browser(edge.callflow.app).post("/sign-in/invitation/password", json={"token": token, "password": password})
    assert reply.status_code == 400
    assert why in str(reply.json)


def test_a_password_is_stored_as_a_hash_that_needs_the_secret_key(edge: Edge) -> None:
    stored = edge.store.password_of("sam")
    assert stored.startswith("$argon2id$")
    assert PasswordHashing(("a secret of sixteen",)).verified(stored, GOOD, "") == stored
    assert PasswordHashing(("another secret here",)).verified(stored, GOOD, "") == ""


def test_a_password_is_moved_to_a_new_secret_key_when_it_is_used(edge: Edge) -> None:
    stored = edge.store.password_of("sam")
    moved = PasswordHashing(("a newer one, in use", "a secret of sixteen")).verified(stored, GOOD, "")
    assert moved not in ("", stored)
    assert PasswordHashing(("a newer one, in use",)).verified(moved, GOOD, "") == moved


def test_a_password_is_moved_to_a_new_cost_when_it_is_used(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    before = edge.store.password_of("sam")
    monkeypatch.setattr(password_hashing, "ROUNDS", 2)
    assert tries(edge, GOOD).status_code == 303
    assert (before.count("t=1"), edge.store.password_of("sam").count("t=2")) == (1, 1)
    assert tries(edge, GOOD).status_code == 303


def test_a_password_costs_an_attacker_64_mib() -> None:
    assert PasswordHashing(("secret",)).hashed(GOOD, "").startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert PasswordHashing(("secret",)).verified("", GOOD, "") == ""


def test_while_many_sign_in_the_next_one_is_told_so_at_once(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    go, hashing = Event(), PasswordHashing(("secret",))
    monkeypatch.setattr(password_hashing, "_verified", lambda *_: go.wait(10))
    waiting = [Thread(target=hashing.verified, args=("", GOOD, f"192.0.2.{number}")) for number in range(WAITING)]
    for one in waiting:
        one.start()
    while len(hashing._waiting) < WAITING:
        pass
    with pytest.raises(Busy):
        hashing.verified("", GOOD, "192.0.2.99")
    go.set()
    for one in waiting:
        one.join()
    hashing.verified("", GOOD, "192.0.2.99")


def test_one_address_takes_one_turn_only(monkeypatch: pytest.MonkeyPatch) -> None:
    go, hashing = Event(), PasswordHashing(("secret",))
    monkeypatch.setattr(password_hashing, "_verified", lambda *_: go.wait(10))
    first = Thread(target=hashing.verified, args=("", GOOD, "192.0.2.1"))
    first.start()
    while not hashing._waiting:
        pass
    with pytest.raises(Busy):
        hashing.verified("", GOOD, "192.0.2.1")
    go.set()
    first.join()


def test_after_the_loss_of_a_phone_nothing_of_before_opens_anything(edge: Edge) -> None:
    from callflow.service.invitations import forget

    client: Any = browser(edge.callflow.app)
    assert client.post("/sign-in", data={"person": "sam", "password": GOOD}).status_code == 303
    assert client.post("/sign-in/still-here").status_code == 200
    assert forget(edge.store, "sam", edge.now) == (2, 0, True)
    assert client.post("/sign-in/still-here").status_code == 401
    assert tries(edge, GOOD).status_code == 403
