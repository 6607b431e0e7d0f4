"""What is kept of people who sign in: passkeys, passwords, invitations, sessions, tries, and how they like a page.

Of whatever opens something (a session, an invitation) only a hash is kept, so the database alone opens nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from callflow.core.records import record


class Way(StrEnum):
    """How somebody signed in."""

    INVITATION = "invitation"
    PASSKEY = "passkey"
    PASSWORD = "password"
    OIDC = "oidc"
    WALL = "wall"


@record
class Session:
    """``digest`` is the SHA-256 of the token in the cookie (hex). ``person`` is "" for a wallboard.

    It ends at ``until`` (None: when it is revoked), and if it has not been used for a while (``sign_in.IDLE``).
    ``roles``: those that it has at most, because the firm's own sign-in says so; empty for all of the person.
    """

    digest: str
    person: str
    way: Way
    at: datetime
    used: datetime
    until: datetime | None = None
    roles: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Names it to people. Nobody gets in with it."""
        return self.digest[:8]


@record
class Passkey:
    """A public key of a person's device (WebAuthn). ``id`` and ``public_key`` are base64url; ``count`` is that of the
    last use, 0 for ever on devices that do not count."""

    id: str
    person: str
    public_key: str
    at: datetime
    count: int = 0
    used: datetime | None = None


@record
class Invitation:
    """Lets a person make a passkey or a password, once. ``by``: who invited, an id or "ops"."""

    digest: str
    person: str
    at: datetime
    until: datetime
    by: str


@record
class Tries:
    """Wrong tries in a row to sign in as ``person`` from one address, and when the last one was."""

    wrong: int = 0
    at: datetime | None = None


class AccessKind(StrEnum):
    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    SIGNED_OUT = "signed_out"
    INVITED = "invited"
    PASSKEY_ADDED = "passkey_added"
    PASSWORD_SET = "password_set"
    REMOVED = "removed"
    OPENED = "opened"
    """Somebody has opened what is private: ``subject`` says what of whom."""


@record
class AccessEntry:
    """An entry of the list of who signed in and who read what. ``network`` is a part of an address, never all of it."""

    at: datetime
    kind: AccessKind
    person: str
    way: str = ""
    network: str = ""
    subject: str = ""


class Accounts(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable."""

    def add_page_session(self, session: Session) -> None:
        """Keep it. Those that ended before ``session.at`` are deleted."""

    def page_session(self, digest: str) -> Session | None: ...

    def page_session_used(self, digest: str, at: datetime) -> None: ...

    def end_page_session(self, digest: str) -> bool:
        """Returns whether there was one."""

    def end_page_sessions_of(self, person: str) -> int:
        """End all sessions of a person ("" for all wallboards). Returns how many."""

    def page_sessions(self) -> list[Session]:
        """All, the oldest first."""

    def add_invitation(self, invitation: Invitation) -> None:
        """Keep it instead of any earlier one of this person."""

    def invitation(self, digest: str) -> Invitation | None: ...

    def take_invitation(self, digest: str, at: datetime, passkey: Passkey | None = None, password: str = "") -> bool:
        """Use it up, and keep what was made with it, all or nothing. False if it is gone or over."""

    def put_passkey(self, passkey: Passkey) -> None: ...

    def use_passkey(self, passkey: Passkey) -> bool:
        """Write ``count`` and ``used``. False if it was revoked meanwhile."""

    def passkey(self, id: str) -> Passkey | None: ...

    def passkeys_of(self, person: str) -> list[Passkey]:
        """The oldest first."""

    def drop_passkeys_of(self, person: str) -> int:
        """Returns how many."""

    def put_password(self, person: str, hash: str, at: datetime) -> None: ...

    def password_of(self, person: str) -> str:
        """The hash, or ""."""

    def drop_password(self, person: str) -> bool: ...

    def people_with_accounts(self) -> set[str]:
        """Whoever has a passkey or a password."""

    def use_once(self, digest: str, at: datetime, until: datetime) -> bool:
        """Whether this is the first use of what has this hash and is good until then."""

    def sign_in_tries(self, person: str, address: str) -> Tries: ...

    def wrong_try(self, person: str, address: str, at: datetime) -> None:
        """Count one more. Those of more than a day ago are forgotten."""

    def right_try(self, person: str, address: str) -> None:
        """Forget the wrong ones."""

    def add_access_entry(self, entry: AccessEntry) -> None: ...

    def access_entries(self, person: str | None = None, limit: int = 1000) -> list[AccessEntry]:
        """The newest first."""

    def preferences(self, person: str) -> Mapping[str, Any]:
        """How a person likes pages: name -> JSON value."""

    def put_preference(self, person: str, name: str, value: Any) -> None:
        """``value`` must fit into JSON; None removes it."""
