"""The staff line's PINs and sessions (``service.staff_sessions``), for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from callflow.core.codec import from_micros, to_micros
from callflow.core.staff_line.pins import Pin
from callflow.core.staff_line.session import Session, from_json, to_json
from callflow.core.tries import AWAY_AFTER
from callflow.service.jobs import NewJob
from callflow.service.people import Presence
from callflow.service.prompt_recordings import PromptRecording
from callflow.service.staff_sessions import StaffUnit
from callflow.store.prompt_recordings import put_prompt
from callflow.store.rows import present, unknown
from callflow.store.sealing import Wrapper

if TYPE_CHECKING:  # a memory store needs nothing of it
    from callflow.store.keys import Keys
    from callflow.store.transaction import SqlTransaction

T = TypeVar("T")
KEPT: Final = timedelta(hours=6)
"""How long a session is kept after its last answer: longer than any call to the staff line."""


class SqlStaffUnit:
    """Implements ``StaffUnit`` inside of a unit of work of the store."""

    def __init__(self, unit: "SqlTransaction") -> None:
        self._unit = unit

    def session(self, id: str) -> Session | None:
        rows = self._unit.rows("staff_session_locked", {"id": id})
        return _session(rows[0][0], self._unit.keys.wrapper) if rows else None

    def put_session(self, session: Session, at: datetime) -> None:
        if session.token == 1:
            self._unit.run("drop_staff_sessions", {"before": to_micros(at - KEPT)})
        values = {"id": session.id, "at": to_micros(at), "body": _body(session, self._unit.keys.wrapper)}
        self._unit.run("put_staff_session", values)

    def pin(self, person: str) -> Pin | None:
        rows = self._unit.rows("staff_pin_locked", {"person": person})
        return _pin(rows[0]) if rows else None

    def put_pin(self, pin: Pin) -> None:
        locked_until = None if pin.locked_until is None else to_micros(pin.locked_until)
        values = {"person": pin.person, "hash": pin.hash, "wrong": pin.wrong, "locked_until": locked_until}
        self._unit.run("put_staff_pin", values)

    def set_away(self, person: str, away: bool) -> None:
        self._unit.run("set_missed", {"person": person, "missed": AWAY_AFTER if away else 0})

    def set_busy(self, person: str, at: datetime, until: datetime) -> None:
        self._unit.run("set_busy", {"person": person, "at": to_micros(at), "until": to_micros(until)})

    def set_free(self, person: str, at: datetime) -> None:
        self._unit.run("set_free", {"person": person, "at": to_micros(at)})

    def put_prompt(self, one: PromptRecording) -> None:
        put_prompt(self._unit, one)

    def prompt_told(self, id: str) -> None:
        self._unit.run("prompt_told", {"id": id})

    def defer(self, job: NewJob) -> None:
        self._unit.defer(job)


class SqlStaffLine(ABC):
    """Uses ``_unit``, ``_rows`` and ``_keys`` of ``sql.SqlStore``."""

    _keys: "Keys"

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def in_staff_line(self, work: Callable[[StaffUnit], T]) -> T:
        done: T = self._unit(lambda unit: work(SqlStaffUnit(unit)))
        return done

    def staff_session(self, id: str) -> Session | None:
        rows = self._rows("staff_session", id=id)
        return _session(rows[0][0], self._keys.wrapper) if rows else None

    def drop_staff_session(self, id: str) -> None:
        self._unit(lambda unit: unit.run("drop_staff_session", {"id": id}))

    def staff_pins(self) -> dict[str, Pin]:
        return {row[0]: _pin(row) for row in self._rows("staff_pins")}

    def put_staff_pin(self, pin: Pin) -> None:
        self._unit(lambda unit: SqlStaffUnit(unit).put_pin(pin))

    def drop_staff_pin(self, person: str) -> None:
        self._unit(lambda unit: unit.run("drop_staff_pin", {"person": person}))


def _body(session: Session, wrapper: Wrapper) -> str:
    """The session as text, with the number of a customer sealed."""
    sealed = wrapper.wrapped(session.number.encode(), _of(session.id)) if session.number else ""
    return to_json(replace(session, number=sealed))


def _session(body: str, wrapper: Wrapper) -> Session:
    """Undo ``_body``. Raises CannotOpen."""
    found = from_json(body)
    if not found.number:
        return found
    return replace(found, number=wrapper.unwrapped(found.number, _of(found.id)).decode())


def _of(id: str) -> str:
    return f"number in staff line {id}"


def _pin(row: Any) -> Pin:
    person, hash, wrong, until = row
    return Pin(person=person, hash=hash, wrong=wrong, locked_until=None if until is None else from_micros(until))


class MemoryStaffLine:
    """Implements ``StaffUnit``, too: one lock for all, and what a unit writes is undone if it fails."""

    def __init__(self) -> None:
        super().__init__()
        self._staff_sessions: dict[str, tuple[Session, datetime]] = {}
        self._staff_pins: dict[str, Pin] = {}

    def in_staff_line(self: Any, work: Callable[[StaffUnit], T]) -> T:
        with self._lock:
            self._check()
            before = (dict(self._staff_sessions), dict(self._staff_pins), dict(self._people), dict(self._prompts),
                      dict(self._jobs))  # fmt: skip
            try:
                return work(self)
            except BaseException:
                self._staff_sessions, self._staff_pins, self._people, self._prompts, self._jobs = before
                raise

    def session(self, id: str) -> Session | None:
        found = self._staff_sessions.get(id)
        return found[0] if found else None

    def put_session(self, session: Session, at: datetime) -> None:
        kept = {id: one for id, one in self._staff_sessions.items() if one[1] >= at - KEPT}
        self._staff_sessions = {**kept, session.id: (session, at)}

    def pin(self, person: str) -> Pin | None:
        return self._staff_pins.get(person)

    def put_pin(self, pin: Pin) -> None:
        self._staff_pins[pin.person] = pin

    def set_busy(self: Any, person: str, at: datetime, until: datetime) -> None:
        known = present(self._people.get(person) or unknown(person), at)
        if known.presence in (Presence.FREE, Presence.STAFF_LINE):
            self._people[person] = replace(known, presence=Presence.STAFF_LINE, call="", since=at, until=until)
            self._version += 1

    def set_free(self: Any, person: str, at: datetime) -> None:
        known = self._people.get(person)
        if known and known.presence is Presence.STAFF_LINE:
            self._people[person] = replace(known, presence=Presence.FREE, since=at, until=None)
            self._version += 1

    def put_prompt(self: Any, one: PromptRecording) -> None:
        self._prompts.setdefault(one.id, one)

    def prompt_told(self: Any, id: str) -> None:
        if known := self._prompts.get(id):
            self._prompts[id] = replace(known, told=True)

    def defer(self: Any, job: NewJob) -> None:
        self._defer(job)

    staff_session, put_staff_pin = session, put_pin

    def drop_staff_session(self, id: str) -> None:
        self._staff_sessions.pop(id, None)

    def staff_pins(self) -> dict[str, Pin]:
        return dict(sorted(self._staff_pins.items()))

    def drop_staff_pin(self, person: str) -> None:
        self._staff_pins.pop(person, None)
