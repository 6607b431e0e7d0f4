"""Sessions, passkeys, passwords, invitations, tries, accesses and preferences, the same in every store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callflow.service.accounts import AccessEntry, AccessKind, Invitation, Passkey, Session, Tries, Way
from callflow.service.ports import Store, StoreUnavailable
from tests.contracts.sample import NOW, after
from tests.contracts.test_append_only import Open
from tests.contracts.test_sealing import rows

SAM = Session(digest="d1", person="sam", way=Way.PASSKEY, at=NOW, used=NOW, until=after(60), roles=frozenset("ab"))
WALL = Session(digest="d2", person="", way=Way.WALL, at=after(1), used=after(1))
INVITED = Invitation(digest="i1", person="sam", at=NOW, until=after(60), by="ops")
KEY = Passkey(id="k1", person="sam", public_key="cHVi", at=NOW)


def test_a_session_is_kept_used_and_ended(store: Store) -> None:
    store.add_page_session(SAM)
    store.add_page_session(WALL)
    assert (store.page_session("d1"), store.page_session("d3")) == (SAM, None)
    store.page_session_used("d1", after(5))
    assert store.page_sessions() == [replace(SAM, used=after(5)), WALL]
    assert (store.end_page_session("d1"), store.end_page_session("d1")) == (True, False)
    assert store.page_sessions() == [WALL]


def test_sessions_that_are_over_are_deleted_by_the_next_one_and_a_wallboard_stays(store: Store) -> None:
    for one in (WALL, SAM, replace(SAM, digest="d4", at=after(60))):
        store.add_page_session(one)
    assert [one.digest for one in store.page_sessions()] == ["d2", "d4"]
    assert (store.end_page_sessions_of("sam"), store.end_page_sessions_of("sam")) == (1, 0)
    assert store.end_page_sessions_of("") == 1


def test_an_invitation_is_taken_once_and_in_time(store: Store) -> None:
    store.add_invitation(INVITED)
    assert (store.invitation("i1"), store.invitation("i2")) == (INVITED, None)
    assert not store.take_invitation("i1", after(60), passkey=KEY)
    assert store.passkeys_of("sam") == []
    assert store.take_invitation("i1", after(59), passkey=KEY)
    assert not store.take_invitation("i1", after(59), password="h")
    assert (store.passkeys_of("sam"), store.password_of("sam")) == ([KEY], "")


def test_a_new_invitation_makes_the_one_before_worthless(store: Store) -> None:
    store.add_invitation(INVITED)
    store.add_invitation(replace(INVITED, person="ana", digest="i0"))
    store.add_invitation(replace(INVITED, digest="i2", at=after(1)))
    assert not store.take_invitation("i1", after(2), password="h")
    assert store.take_invitation("i2", after(2), password="h")
    assert store.password_of("sam") == "h"
    assert store.invitation("i0")


def test_passkeys_count_and_are_dropped_together(store: Store) -> None:
    other = replace(KEY, id="k2", at=after(1))
    for one in (other, KEY, replace(KEY, count=7, used=after(9), public_key="another", person="ana")):
        store.put_passkey(one)
    used = replace(KEY, count=7, used=after(9))
    assert (store.passkeys_of("sam"), store.passkey("k1"), store.passkey("k9")) == ([used, other], used, None)
    assert (store.drop_passkeys_of("sam"), store.passkeys_of("sam")) == (2, [])


def test_a_password_is_kept_and_dropped(store: Store) -> None:
    store.put_password("sam", "one", NOW)
    store.put_password("sam", "two", NOW)
    assert store.password_of("sam") == "two"
    assert (store.drop_password("sam"), store.drop_password("sam"), store.password_of("sam")) == (True, False, "")


def test_whoever_has_a_passkey_or_a_password_is_known(store: Store) -> None:
    store.put_passkey(KEY)
    store.put_password("ana", "h", NOW)
    store.put_password("sam", "h", NOW)
    assert store.people_with_accounts() == {"ana", "sam"}


def test_what_is_good_for_one_use_is_used_once(store: Store) -> None:
    assert store.use_once("c1", NOW, after(60))
    assert not store.use_once("c1", after(59), after(60))
    assert store.use_once("c2", after(61), after(90))
    assert store.use_once("c1", after(61), after(90))  # forgotten: it would not be accepted any more


def test_tries_are_counted_by_person_and_address(store: Store) -> None:
    store.wrong_try("sam", "here", NOW)
    store.wrong_try("sam", "here", after(1))
    store.wrong_try("sam", "there", after(2))
    assert store.sign_in_tries("sam", "here") == Tries(wrong=2, at=after(1))
    assert store.sign_in_tries("ana", "here") == Tries()
    store.right_try("sam", "here")
    assert (store.sign_in_tries("sam", "here"), store.sign_in_tries("sam", "there").wrong) == (Tries(), 1)
    store.wrong_try("ana", "here", after(timedelta(days=2).total_seconds()))
    assert store.sign_in_tries("sam", "there") == Tries()


def test_accesses_are_listed_the_newest_first(store: Store) -> None:
    first = AccessEntry(at=NOW, kind=AccessKind.REFUSED, person="sam", way="password", network="192.0.2.0/24")
    second = AccessEntry(at=after(1), kind=AccessKind.OPENED, person="ana", subject="number of 4F7K")
    store.add_access_entry(first)
    store.add_access_entry(second)
    assert store.access_entries() == [second, first]
    assert store.access_entries("sam") == [first]
    assert store.access_entries(limit=1) == [second]


def test_nobody_changes_the_list_of_accesses(database_url: str, opened: Open) -> None:
    opened(database_url).add_access_entry(AccessEntry(at=NOW, kind=AccessKind.REFUSED, person="sam"))
    for attack in ("UPDATE access_entries SET person = 'ana'",
                   "INSERT OR REPLACE INTO access_entries SELECT * FROM access_entries"):  # fmt: skip
        if "OR REPLACE" not in attack or database_url.startswith("sqlite"):
            with pytest.raises(StoreUnavailable, match="never changed"):
                rows(database_url, attack)


def test_preferences_are_those_of_one_person(store: Store) -> None:
    store.put_preference("sam", "board", {"teams": ["energy"], "wide": True})
    store.put_preference("sam", "board", {"teams": []})
    store.put_preference("sam", "sound", False)
    store.put_preference("ana", "board", None)
    assert store.preferences("sam") == {"board": {"teams": []}, "sound": False}
    store.put_preference("sam", "sound", None)
    assert (store.preferences("sam"), store.preferences("ana")) == ({"board": {"teams": []}}, {})
