"""`callflow people invite`, `wall-link`, `sessions`, `sign-out` and `accesses`, as ops type them."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.bootstrap import system_clock
from callflow.cli import program
from callflow.service.accounts import Passkey, Session, Way
from callflow.service.ports import Store
from callflow.service.sign_in import digest_of
from callflow.store import open_store
from tests.contracts.sample import SECRETS

ROOT = Path(__file__).parents[2]
NOW = system_clock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/callflow.db"
    open_store(url, SECRETS).close()
    return url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with closing(open_store(url, SECRETS)) as opened:
        yield opened


def types(url: str, *words: str, public: str = "https://calls.example.com/line") -> Result:
    environment = {"CALLFLOW_DATABASE_URL": url, "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_PUBLIC_URL": public,
                   "CALLFLOW_SECRET_KEY": SECRETS[0]}  # fmt: skip
    return CliRunner().invoke(program, ["people", *words], env=environment, catch_exceptions=True)


def signed_in(store: Store, person: str, name: str) -> Session:
    at = NOW + timedelta(seconds=len(store.page_sessions()))
    session = Session(digest=digest_of(name), person=person, way=Way.PASSKEY, at=at, used=at,
                      until=at + timedelta(hours=12))  # fmt: skip
    store.add_page_session(session)
    return session


def test_an_invitation_is_a_link_that_is_good_for_a_day(url: str, store: Store) -> None:
    done = types(url, "invite", "sam")
    assert done.exit_code == 0, done.output
    found = re.fullmatch(r"https://calls\.example\.com/line/sign-in/invitation#([\w-]{43})\n", done.stdout)
    assert found
    invitation = store.invitation(digest_of(found[1]))
    assert invitation
    assert (invitation.person, invitation.by) == ("sam", "ops")
    assert invitation.until - invitation.at == timedelta(hours=24)
    assert found[1] not in repr(store.access_entries())
    assert "for Sam, once, until 2" in done.stderr


def test_nobody_is_invited_who_is_not_in_the_people(url: str) -> None:
    done = types(url, "invite", "sma")
    assert done.exit_code == 1
    assert "nobody has the id 'sma'; did you mean sam?" in done.output


def test_an_invitation_needs_the_address_of_the_pages(url: str) -> None:
    assert "CALLFLOW_PUBLIC_URL is not set" in str(types(url, "invite", "sam", public="").exception)
    assert "is not https" in types(url, "invite", "sam", public="http://calls.example.com").stderr
    assert "is not https" not in types(url, "invite", "sam", public="http://localhost:8000").stderr


def test_after_the_loss_of_a_device_an_invitation_replaces_all_that_it_had(url: str, store: Store) -> None:
    signed_in(store, "sam", "one")
    store.put_passkey(Passkey(id="k", person="sam", public_key="p", at=NOW))
    done = types(url, "invite", "sam", "--replace", "--hours", "2")
    assert "sam is signed out: 1 session, 1 passkey and no password are gone" in done.stderr
    assert (store.page_sessions(), store.passkeys_of("sam")) == ([], [])


def test_who_is_signed_in_is_listed_and_can_be_signed_out(url: str, store: Store) -> None:
    one, _ = signed_in(store, "sam", "x"), signed_in(store, "ana", "y")
    wall = types(url, "wall-link").stdout.strip()
    assert wall.startswith("https://calls.example.com/line/sign-in/wall#")
    lines = types(url, "sessions").output.splitlines()
    assert [line.split()[1] for line in lines] == ["sam", "ana", "wallboard"]
    assert lines[0].startswith(f"{one.id}  sam           passkey     since 2")
    assert lines[2].endswith("until revoked")
    listed = json.loads(types(url, "sessions", "sam", "--json").output)
    assert [(found["id"], found["way"], found["person"]) for found in listed] == [(one.id, "passkey", "sam")]
    assert types(url, "sign-out", "--session", one.id).output == "1 session ended\n"
    assert types(url, "sign-out", "ana").output == "1 session ended\n"
    assert types(url, "sign-out", "--wall").output == "1 session ended\n"
    nothing = types(url, "sign-out", "--session", "nothing")
    assert (nothing.exit_code, "no session 'nothing'" in nothing.output) == (1, True)
    assert types(url, "sessions").output == ""


def test_sign_out_says_what_to_type(url: str) -> None:
    for words in ([], ["sam", "--wall"], ["--wall", "--forget"]):
        done = types(url, "sign-out", *words)
        assert (done.exit_code, "say who" in done.output) == (2, True)


def test_accesses_are_listed(url: str, store: Store) -> None:
    signed_in(store, "sam", "one")
    types(url, "invite", "ana")
    types(url, "sign-out", "sam")
    types(url, "sign-out", "sam", "--forget")
    lines = [line.split()[2:] for line in types(url, "accesses").output.splitlines()]
    assert lines == [["removed", "sam"], ["signed_out", "sam", "by", "ops"], ["invited", "ana", "by", "ops"]]
    assert len(types(url, "accesses", "sam", "--limit", "1").output.splitlines()) == 1
    assert [one["kind"] for one in json.loads(types(url, "accesses", "ana", "--json").output)] == ["invited"]
