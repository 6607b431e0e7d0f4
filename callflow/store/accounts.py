"""Accounts of people who sign in (``service.accounts``), for the SQL stores."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from callflow.core.codec import from_micros, to_micros
from callflow.service.accounts import AccessEntry, AccessKind, Invitation, Passkey, Session, Tries, Way

if TYPE_CHECKING:
    from callflow.store.transaction import SqlTransaction

TRIES_KEPT: Final = timedelta(days=1)


class SqlAccounts(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``. Implements ``Accounts``."""

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def _write(self, statement: str, /, **values: Any) -> None:
        self._unit(lambda unit: unit.run(statement, values))

    def _changed(self, statement: str, /, **values: Any) -> int:
        """How many rows a statement that returns them has changed."""
        return len(self._unit(lambda unit: unit.rows(statement, values)))

    def add_page_session(self, session: Session) -> None:
        def work(unit: "SqlTransaction") -> None:
            unit.run("drop_page_sessions", {"at": to_micros(session.at)})
            unit.run("add_page_session", {
                "digest": session.digest, "person": session.person, "way": session.way.value,
                "roles": " ".join(sorted(session.roles)), "at": to_micros(session.at),
                "used": to_micros(session.used), "until": _micros(session.until),
            })  # fmt: skip

        self._unit(work)

    def page_session(self, digest: str) -> Session | None:
        rows = self._rows("page_session", digest=digest)
        return _session(rows[0]) if rows else None

    def page_session_used(self, digest: str, at: datetime) -> None:
        self._write("page_session_used", digest=digest, at=to_micros(at))

    def end_page_session(self, digest: str) -> bool:
        return bool(self._changed("end_page_session", digest=digest))

    def end_page_sessions_of(self, person: str) -> int:
        return self._changed("end_page_sessions_of", person=person)

    def page_sessions(self) -> list[Session]:
        return [_session(row) for row in self._rows("page_sessions")]

    def add_invitation(self, invitation: Invitation) -> None:
        def work(unit: "SqlTransaction") -> None:
            unit.run("drop_invitations", {"person": invitation.person, "at": to_micros(invitation.at)})
            unit.run("add_invitation", {
                "digest": invitation.digest, "person": invitation.person, "at": to_micros(invitation.at),
                "until": to_micros(invitation.until), "by": invitation.by,
            })  # fmt: skip

        self._unit(work)

    def invitation(self, digest: str) -> Invitation | None:
        rows = self._rows("invitation", digest=digest)
        if not rows:
            return None
        person, at, until, by = rows[0]
        return Invitation(digest=digest, person=person, at=from_micros(at), until=from_micros(until), by=by)

    def take_invitation(self, digest: str, at: datetime, passkey: Passkey | None = None, password: str = "") -> bool:
        def work(unit: "SqlTransaction") -> bool:
            rows = unit.rows("take_invitation", {"digest": digest, "at": to_micros(at)})
            if rows and passkey:
                unit.run("put_passkey", _of_passkey(passkey))
            if rows and password:
                unit.run("put_password", {"person": rows[0][0], "hash": password, "at": to_micros(at)})
            return bool(rows)

        return bool(self._unit(work))

    def put_passkey(self, passkey: Passkey) -> None:
        self._write("put_passkey", **_of_passkey(passkey))

    def use_passkey(self, passkey: Passkey) -> bool:
        return bool(self._unit(lambda unit: unit.rows("use_passkey", _of_passkey(passkey))))

    def passkey(self, id: str) -> Passkey | None:
        rows = self._rows("passkey", id=id)
        return _passkey(rows[0]) if rows else None

    def passkeys_of(self, person: str) -> list[Passkey]:
        return [_passkey(row) for row in self._rows("passkeys_of", person=person)]

    def drop_passkeys_of(self, person: str) -> int:
        return self._changed("drop_passkeys_of", person=person)

    def put_password(self, person: str, hash: str, at: datetime) -> None:
        self._write("put_password", person=person, hash=hash, at=to_micros(at))

    def password_of(self, person: str) -> str:
        rows = self._rows("password_of", person=person)
        return str(rows[0][0]) if rows else ""

    def drop_password(self, person: str) -> bool:
        return bool(self._changed("drop_password", person=person))

    def people_with_accounts(self) -> set[str]:
        return {person for (person,) in self._rows("people_with_accounts")}

    def use_once(self, digest: str, at: datetime, until: datetime) -> bool:
        def work(unit: "SqlTransaction") -> bool:
            unit.run("drop_used_once", {"at": to_micros(at)})
            return bool(unit.rows("use_once", {"digest": digest, "until": to_micros(until)}))

        return bool(self._unit(work))

    def sign_in_tries(self, person: str, address: str) -> Tries:
        rows = self._rows("sign_in_tries", person=person, address=address)
        return Tries(wrong=rows[0][0], at=from_micros(rows[0][1])) if rows else Tries()

    def wrong_try(self, person: str, address: str, at: datetime) -> None:
        def work(unit: "SqlTransaction") -> None:
            unit.run("forget_tries", {"before": to_micros(at - TRIES_KEPT)})
            unit.run("wrong_try", {"person": person, "address": address, "at": to_micros(at)})

        self._unit(work)

    def right_try(self, person: str, address: str) -> None:
        self._write("right_try", person=person, address=address)

    def add_access_entry(self, entry: AccessEntry) -> None:
        self._write("add_access_entry", at=to_micros(entry.at), kind=entry.kind.value, person=entry.person,
                    way=entry.way, network=entry.network, subject=entry.subject)  # fmt: skip

    def access_entries(self, person: str | None = None, limit: int = 1000) -> list[AccessEntry]:
        rows = self._rows("access_entries", anybody=int(person is None), person=person or "", limit=limit)
        return [
            AccessEntry(
                at=from_micros(at), kind=AccessKind(kind), person=who, way=way, network=network, subject=subject
            )
            for at, kind, who, way, network, subject in rows
        ]

    def preferences(self, person: str) -> Mapping[str, Any]:
        return {name: json.loads(value) for name, value in self._rows("preferences", person=person)}

    def put_preference(self, person: str, name: str, value: Any) -> None:
        if value is None:
            return self._write("drop_preference", person=person, name=name)
        return self._write("put_preference", person=person, name=name, value=json.dumps(value))


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _session(row: Any) -> Session:
    digest, person, way, roles, at, used, until = row
    return Session(digest=digest, person=person, way=Way(way), roles=frozenset(roles.split()), at=from_micros(at),
                   used=from_micros(used), until=None if until is None else from_micros(until))  # fmt: skip


def _of_passkey(one: Passkey) -> dict[str, Any]:
    return {"id": one.id, "person": one.person, "public_key": one.public_key, "at": to_micros(one.at),
            "count": one.count, "used": _micros(one.used)}  # fmt: skip


def _passkey(row: Any) -> Passkey:
    id, person, public_key, at, count, used = row
    return Passkey(id=id, person=person, public_key=public_key, at=from_micros(at), count=count,
                   used=None if used is None else from_micros(used))  # fmt: skip
