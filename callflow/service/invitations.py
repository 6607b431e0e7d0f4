"""Invitations: the only way to a first sign-in, and back after a lost phone. Each works once, for a limited time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from callflow.core.configuration import Configuration
from callflow.core.records import immutable
from callflow.service.accounts import AccessEntry, AccessKind, Accounts, Invitation, Passkey, Way
from callflow.service.sign_in import digest_of, new_token
from callflow.service.viewers import roles_of

HOURS: Final = 24
LEAST_CHARACTERS: Final = 15
"""Of a password that stands alone (NIST SP 800-63B-4, 3.1.1.2)."""
MOST_CHARACTERS: Final = 200
LEAST_DIFFERENT: Final = 6


def invite(store: Accounts, person: str, at: datetime, by: str, hours: int = HOURS) -> str:
    """Invite a person. Returns the token of the link. Any earlier invitation of theirs is worthless now."""
    token = new_token()
    until = at + timedelta(hours=hours)
    store.add_invitation(Invitation(digest=digest_of(token), person=person, at=at, until=until, by=by))
    store.add_access_entry(AccessEntry(at=at, kind=AccessKind.INVITED, person=person, subject=f"by {by}"))
    return token


def forget(store: Accounts, person: str, at: datetime) -> tuple[int, int, bool]:
    """Let nothing open that a person has. Returns how many sessions and passkeys there were, and if a password."""
    gone = (store.end_page_sessions_of(person), store.drop_passkeys_of(person), store.drop_password(person))
    store.add_access_entry(AccessEntry(at=at, kind=AccessKind.REMOVED, person=person))
    return gone


@immutable
class Invitations:
    """All methods raise StoreUnavailable."""

    store: Accounts
    clock: Callable[[], datetime]

    def person(self, token: str, configuration: Configuration) -> str:
        """Who is invited, "" if it is nobody (any more)."""
        found = self.store.invitation(digest_of(token))
        if found is None or found.until <= self.clock() or not roles_of(found.person, configuration):
            return ""
        return found.person

    def accept(self, token: str, person: str, network: str, passkey: Passkey | None = None, password: str = "") -> bool:
        """Keep the passkey, or the hash of the password, of ``person``. False if somebody was faster."""
        at = self.clock()
        if not self.store.take_invitation(digest_of(token), at, passkey, password):
            return False
        kind, way = (AccessKind.PASSKEY_ADDED, Way.PASSKEY) if passkey else (AccessKind.PASSWORD_SET, Way.PASSWORD)
        self.store.add_access_entry(AccessEntry(at=at, kind=kind, person=person, way=way, network=network))
        return True


def not_a_password(password: str, *known: str) -> str:
    """Why this cannot be a password, as a sentence; "" if it can. ``known``: words that anybody would try first."""
    if len(password) < LEAST_CHARACTERS:
        return f"A password needs at least {LEAST_CHARACTERS} characters: four or five words are easy to remember."
    if len(password) > MOST_CHARACTERS:
        return f"A password has at most {MOST_CHARACTERS} characters."
    rest = password.casefold()
    for word in known:
        rest = rest.replace(word.casefold(), "") if len(word) > 2 else rest
    if len(set(rest)) < LEAST_DIFFERENT:
        return "This password is among the first that anybody would try."
    return ""
