"""Databases that fail as they do in life: a real SQLite file, a cable that can be pulled, and a replica that lags."""

import os
import resource
import sqlite3
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from callflow.service.ports import Store, StoreUnavailable
from callflow.store import open_store
from callflow.store.memory import MemoryStore
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import Conversation
from tests.faults.wires import slow_replies

BUSY_SECONDS = 1.5
"""How long a webhook waits for another program's transaction (``store.sqlite.BUSY_SECONDS``)."""
LOST = timedelta(seconds=3)


def on_a_file(folder: Path) -> dict[str, Any]:
    with patch("callflow.store.sqlite.BUSY_SECONDS", 0.001):  # the time is modelled on the virtual clock
        return {"store": open_store(f"sqlite:///{folder / 'calls.db'}", SECRETS)}


def file_of(talk: Conversation) -> Path:
    return talk.callflow.store._path  # type: ignore[attr-defined, no-any-return]


class Locked:
    """Another program keeps the file's write lock, and every webhook waits for it in vain."""

    def begin(self, talk: Conversation) -> None:
        self._other = sqlite3.connect(file_of(talk), isolation_level=None)
        self._other.execute("BEGIN IMMEDIATE")
        self._undo = slow_replies(talk, BUSY_SECONDS)

    def end(self, talk: Conversation) -> None:
        self._other.close()
        self._undo()


class Full:
    """No file can grow, as on a full disk."""

    def begin(self, talk: Conversation) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, self._before[1]))

    def end(self, talk: Conversation) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


class ReadOnly:
    """The file can be read only, as after the system has remounted a failing disk."""

    def begin(self, talk: Conversation) -> None:
        self._writes(talk, "ON")

    def end(self, talk: Conversation) -> None:
        self._writes(talk, "OFF")

    def _writes(self, talk: Conversation, only: str) -> None:
        connection = talk.callflow.store._writer._connection  # type: ignore[attr-defined]
        connection.set_authorizer(None)
        connection.execute(f"PRAGMA query_only={only}")


class Moved:
    """Somebody has moved the file away, and brings it back."""

    def begin(self, talk: Conversation) -> None:
        self._file = file_of(talk)
        os.rename(self._file, self._away)

    def end(self, talk: Conversation) -> None:
        os.rename(self._away, self._file)

    @property
    def _away(self) -> Path:
        return self._file.with_name("moved.db")


class Cable:
    """A store behind a network: while it is cut, every use raises StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self.store, self.cut = store, False

    def close(self) -> None:
        self.store.close()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.store, name)
        return self._guarded(found) if callable(found) else found

    def _guarded(self, use: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*what: Any, **how: Any) -> Any:
            if self.cut:
                raise StoreUnavailable("away")
            return use(*what, **how)

        return guarded


class Replicated(Cable):
    """A database server with a replica that has all but the last seconds. A failover loses those."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self._past: list[tuple[datetime, MemoryStore]] = []

    def transact(self, work: Callable[[Any], Any]) -> Any:
        if self.cut:
            raise StoreUnavailable("away")
        calls = self.store.calls(live=False)
        if calls:
            self._past.append((max(call.at for call in calls), copy_of(self.store)))
        return self.store.transact(work)

    def fail_over(self, now: datetime) -> None:
        """The replica takes over, without what was written in the last seconds."""
        self.store = next((kept for at, kept in reversed(self._past) if at <= now - LOST), MemoryStore())


def copy_of(store: Any) -> MemoryStore:
    made = MemoryStore()
    for name, value in vars(store).items():
        if not name.endswith(("_lock", "_inside")):
            setattr(made, name, _copied(value))
    return made


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    if isinstance(value, list | set):
        return type(value)(_copied(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type) and not value.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return replace(value, **{one.name: getattr(value, one.name) for one in fields(value)})
    return value
