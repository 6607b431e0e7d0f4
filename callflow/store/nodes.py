"""The servers that run on a database (``service.nodes``), for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any

from callflow.core.codec import from_micros, to_micros
from callflow.service.nodes import Node
from callflow.store.transaction import SqlTransaction


class SqlNodes(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``."""

    @abstractmethod
    def _unit(self, work: Callable[[SqlTransaction], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def put_node(self, node: Node, forget: datetime) -> None:
        values = {"name": node.name, "version": node.version, "configuration": node.configuration,
                  "started": to_micros(node.started), "seen": to_micros(node.seen)}  # fmt: skip

        def work(unit: SqlTransaction) -> None:
            unit.run("put_node", values)
            unit.run("forget_nodes", {"forget": to_micros(forget)})

        self._unit(work)

    def nodes(self) -> list[Node]:
        return [Node(name=name, version=version, configuration=configuration, started=from_micros(started),
                     seen=from_micros(seen))
                for name, version, configuration, started, seen in self._rows("nodes")]  # fmt: skip


class MemoryNodes:
    def __init__(self) -> None:
        super().__init__()
        self._nodes: dict[str, Node] = {}

    def put_node(self, node: Node, forget: datetime) -> None:
        self._nodes = {name: one for name, one in {**self._nodes, node.name: node}.items() if one.seen >= forget}

    def nodes(self) -> list[Node]:
        return [one for _, one in sorted(self._nodes.items())]
