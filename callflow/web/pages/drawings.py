"""The flows and the ladder of a configuration as drawings in a page, and in words beside them."""

from threading import Lock
from typing import NamedTuple

from markupsafe import Markup

from callflow.core.configuration import INSTANCE, Configuration

LADDER = "ladder"


class Step(NamedTuple):
    """A step of a flow in words: what it does, and where it leads."""

    name: str
    lines: tuple[str, ...]
    ways: tuple[str, ...]


class Drawings:
    """Keeps what was drawn of the last configuration. What draws is imported when somebody looks."""

    def __init__(self) -> None:
        self._mutex, self._digest = Lock(), ""
        self._kept: dict[str, Markup] = {}

    @staticmethod
    def names(configuration: Configuration) -> dict[str, str]:
        """Titles by name: the ladder, and the flows, those with numbers first."""
        flows = sorted(configuration.flows, key=lambda one: one not in configuration.numbers.values())
        return {LADDER: "The ladder", **{one: f"Flow {one.replace(INSTANCE, ' / ')}" for one in flows}}

    def svg(self, configuration: Configuration, name: str) -> Markup:
        with self._mutex:
            if self._digest != configuration.digest:
                self._digest, self._kept = configuration.digest, {}
            if name not in self._kept:
                self._kept[name] = Markup(_drawn(configuration, name))
            return self._kept[name]

    @staticmethod
    def steps(configuration: Configuration, name: str) -> list[Step]:
        """The same in words, for those who cannot see it; none for the ladder, which is in words already."""
        from callflow.diagrams import graph

        if name == LADDER:
            return []
        found = graph.graph(configuration, configuration.flows[name])
        return [Step(one.name, one.lines, tuple(f"{edge.label or 'then'}: {edge.end}" for edge in found.edges
                                                if edge.start == one.name))
                for one in found.nodes.values()]  # fmt: skip


def _drawn(configuration: Configuration, name: str) -> str:
    from callflow.diagrams import flow_chart, graph, ladder_chart

    if name == LADDER:
        return ladder_chart.draw(configuration, styled=False)
    flow = configuration.flows[name]
    title = f"Flow {name.replace(INSTANCE, ' / ')}"
    return flow_chart.draw(title, graph.graph(configuration, flow), styled=False)
