"""Configurations and their activations (``service.versions``), for the SQL stores and the memory store."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from callflow.core.codec import from_micros, to_micros
from callflow.service.versions import Activation
from callflow.store.prepared import SCHEMA_VERSION

if TYPE_CHECKING:  # a memory store needs nothing of it
    from callflow.store.transaction import SqlTransaction


class SqlVersions(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``."""

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def oldest_server(self) -> int:
        found: int = self._unit(lambda unit: int(unit.rows("schema_version", {})[0][0]))
        return found

    def keep_configuration(self, digest: str, files: Mapping[str, str], at: datetime) -> None:
        values = {"digest": digest, "files": json.dumps(dict(files)), "at": to_micros(at)}
        self._unit(lambda unit: unit.run("add_configuration", values))

    def configuration(self, digest: str) -> Mapping[str, str] | None:
        rows = self._rows("configuration", digest=digest)
        found: Mapping[str, str] | None = json.loads(rows[0][0]) if rows else None
        return found

    def configurations(self) -> list[tuple[str, datetime]]:
        return [(digest, from_micros(at)) for digest, at in self._rows("configurations")]

    def activate(self, digest: str, at: datetime, by: str) -> None:
        values = {"digest": digest, "at": to_micros(at), "by": by}
        self._unit(lambda unit: unit.run("add_activation", values))

    def activations(self) -> list[Activation]:
        return [Activation(digest=digest, at=from_micros(at), by=by) for digest, at, by in self._rows("activations")]


class MemoryVersions:
    """Uses lists and dictionaries, whose single operations are atomic."""

    def __init__(self) -> None:
        super().__init__()
        self._configurations: dict[str, tuple[Mapping[str, str], datetime]] = {}
        self._activations: list[Activation] = []

    def oldest_server(self) -> int:
        return SCHEMA_VERSION

    def keep_configuration(self, digest: str, files: Mapping[str, str], at: datetime) -> None:
        self._configurations.setdefault(digest, (dict(files), at))

    def configuration(self, digest: str) -> Mapping[str, str] | None:
        found = self._configurations.get(digest)
        return found[0] if found else None

    def configurations(self) -> list[tuple[str, datetime]]:
        kept = [(digest, at) for digest, (_, at) in self._configurations.items()]
        return sorted(kept, key=lambda one: (-one[1].timestamp(), one[0]))

    def activate(self, digest: str, at: datetime, by: str) -> None:
        self._activations.insert(0, Activation(digest=digest, at=at, by=by))

    def activations(self) -> list[Activation]:
        return list(self._activations)
