"""Accounts of people who sign in (``service.accounts``), in memory."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from callflow.service.accounts import AccessEntry, Invitation, Passkey, Session, Tries
from callflow.store.accounts import TRIES_KEPT


class MemoryAccounts:
    """Uses dictionaries under the store's lock."""

    def __init__(self) -> None:
        super().__init__()
        self._page_sessions: dict[str, Session] = {}
        self._invitations: dict[str, Invitation] = {}
        self._passkeys: dict[str, Passkey] = {}
        self._passwords: dict[str, str] = {}
        self._used_once: dict[str, datetime] = {}
        self._tries: dict[tuple[str, str], Tries] = {}
        self._access: list[AccessEntry] = []
        self._preferences: dict[str, dict[str, str]] = {}

    def add_page_session(self: Any, session: Session) -> None:
        with self._lock:
            self._check()
            _drop(self._page_sessions, lambda one: one.until is not None and one.until <= session.at)
            self._page_sessions[session.digest] = session

    def page_session(self: Any, digest: str) -> Session | None:
        with self._lock:
            self._check()
            found: Session | None = self._page_sessions.get(digest)
            return found

    def page_session_used(self: Any, digest: str, at: datetime) -> None:
        with self._lock:
            if known := self._page_sessions.get(digest):
                self._page_sessions[digest] = replace(known, used=at)

    def end_page_session(self, digest: str) -> bool:
        return self._page_sessions.pop(digest, None) is not None

    def end_page_sessions_of(self: Any, person: str) -> int:
        with self._lock:
            return _drop(self._page_sessions, lambda one: one.person == person)

    def page_sessions(self) -> list[Session]:
        return sorted(self._page_sessions.values(), key=lambda one: (one.at, one.digest))

    def add_invitation(self: Any, invitation: Invitation) -> None:
        with self._lock:
            _drop(self._invitations, lambda one: one.person == invitation.person or one.until <= invitation.at)
            self._invitations[invitation.digest] = invitation

    def invitation(self, digest: str) -> Invitation | None:
        return self._invitations.get(digest)

    def take_invitation(self: Any, digest: str, at: datetime, passkey: Passkey | None = None, password: str = ""
                        ) -> bool:  # fmt: skip
        with self._lock:
            known = self._invitations.get(digest)
            if known is None or known.until <= at:
                return False
            del self._invitations[digest]
            if passkey:
                self.put_passkey(passkey)
            if password:
                self.put_password(known.person, password, at)
            return True

    def put_passkey(self, passkey: Passkey) -> None:
        known = self._passkeys.get(passkey.id, passkey)
        self._passkeys[passkey.id] = replace(known, count=passkey.count, used=passkey.used)

    def use_passkey(self, passkey: Passkey) -> bool:
        if known := passkey.id in self._passkeys:
            self.put_passkey(passkey)
        return known

    def passkey(self, id: str) -> Passkey | None:
        return self._passkeys.get(id)

    def passkeys_of(self, person: str) -> list[Passkey]:
        found = [one for one in list(self._passkeys.values()) if one.person == person]
        return sorted(found, key=lambda one: (one.at, one.id))

    def drop_passkeys_of(self: Any, person: str) -> int:
        with self._lock:
            return _drop(self._passkeys, lambda one: one.person == person)

    def put_password(self, person: str, hash: str, at: datetime) -> None:
        self._passwords[person] = hash

    def password_of(self, person: str) -> str:
        return self._passwords.get(person, "")

    def drop_password(self, person: str) -> bool:
        return self._passwords.pop(person, None) is not None

    def people_with_accounts(self) -> set[str]:
        return {one.person for one in list(self._passkeys.values())} | set(self._passwords)

    def use_once(self: Any, digest: str, at: datetime, until: datetime) -> bool:
        with self._lock:
            _drop(self._used_once, lambda over: over <= at)
            first = digest not in self._used_once
            self._used_once.setdefault(digest, until)
            return first

    def sign_in_tries(self, person: str, address: str) -> Tries:
        return self._tries.get((person, address), Tries())

    def wrong_try(self: Any, person: str, address: str, at: datetime) -> None:
        with self._lock:
            _drop(self._tries, lambda one: one.at < at - TRIES_KEPT)
            self._tries[person, address] = Tries(wrong=self.sign_in_tries(person, address).wrong + 1, at=at)

    def right_try(self, person: str, address: str) -> None:
        self._tries.pop((person, address), None)

    def add_access_entry(self, entry: AccessEntry) -> None:
        self._access.append(entry)

    def access_entries(self, person: str | None = None, limit: int = 1000) -> list[AccessEntry]:
        return [one for one in reversed(self._access) if person in (None, one.person)][:limit]

    def preferences(self, person: str) -> Mapping[str, Any]:
        return {name: json.loads(value) for name, value in sorted(self._preferences.get(person, {}).items())}

    def put_preference(self: Any, person: str, name: str, value: Any) -> None:
        with self._lock:
            kept = self._preferences.setdefault(person, {})
            if value is None:
                kept.pop(name, None)
            else:
                kept[name] = json.dumps(value)


def _drop(table: dict[Any, Any], which: Callable[[Any], bool]) -> int:
    """Delete these values. Returns how many."""
    gone = [key for key, value in table.items() if which(value)]
    for key in gone:
        del table[key]
    return len(gone)
