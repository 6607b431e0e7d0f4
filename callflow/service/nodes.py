"""Which servers run on this database: each says every half minute that it is there, and what it runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from callflow.core.records import immutable, record
from callflow.service.configurations import Configurations

SAY_SECONDS: Final = 30.0
GONE: Final = timedelta(minutes=2)
"""Who has said nothing for so long does not run any more, or cannot reach the database."""
FORGET: Final = timedelta(days=1)


@record
class Node:
    """A process. ``configuration``: the digest of the one that its new calls begin with."""

    name: str
    version: str
    configuration: str
    started: datetime
    seen: datetime


class NodeRows(Protocol):
    """Implemented by ``ports.Store``. Both raise StoreUnavailable."""

    def put_node(self, node: Node, forget: datetime) -> None:
        """Write it, and forget those that were seen last before ``forget``."""

    def nodes(self) -> list[Node]:
        """By name."""


@immutable
class NodeNotice:
    """Says that this process is there. ``say`` is to be called every ``SAY_SECONDS``."""

    rows: NodeRows
    configurations: Configurations
    clock: Callable[[], datetime]
    name: str
    version: str
    started: datetime

    def say(self) -> None:
        now = self.clock()
        self.rows.put_node(Node(name=self.name, version=self.version, configuration=self.configurations.current.digest,
                                started=self.started, seen=now), now - FORGET)  # fmt: skip
