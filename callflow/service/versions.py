"""The configurations that were ever active, as the store keeps them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from callflow.core.records import record


@record
class Activation:
    """A configuration became the one that new calls begin with. ``by`` is a person, or "directory"."""

    digest: str
    at: datetime
    by: str


class Versions(Protocol):
    """Every configuration that was ever active, and who activated it when. Nothing is deleted."""

    def oldest_server(self) -> int:
        """The schema version of the oldest Callflow that may use the database (``store/migrations/README.md``)."""

    def keep_configuration(self, digest: str, files: Mapping[str, str], at: datetime) -> None:
        """Store the text of its files by path. Does nothing for a digest that is stored already."""

    def configuration(self, digest: str) -> Mapping[str, str] | None:
        """The text of its files by path, or None if it is not stored."""

    def configurations(self) -> list[tuple[str, datetime]]:
        """(digest, time when it was first stored), newest first."""

    def activate(self, digest: str, at: datetime, by: str) -> None:
        """Record that new calls begin with this configuration from now on."""

    def activations(self) -> list[Activation]:
        """All activations, newest first. The first one is in force."""
