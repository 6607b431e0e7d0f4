"""Places nodes in rows from the start downwards, ordered so that few edges cross.

The four steps of Sugiyama's method: leave out edges that lead back, put each node below those that lead to it, give
long edges a point in every row that they pass, and sort each row by the positions of its neighbours.
"""

from dataclasses import dataclass
from itertools import pairwise

from callflow.diagrams.graph import Edge, Graph

SWEEPS = 8
MOST_IN_ROW = 3
"""With 11 points, three boxes fit across a page of A4 (tests/diagrams)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, or with ``edge`` a point through which a long edge passes."""

    name: str
    edge: Edge | None = None


Rows = list[list[Spot]]


def rows(graph: Graph) -> tuple[Rows, list[Edge]]:
    """The rows from top to bottom, and the edges that lead back up."""
    back = _leading_back(graph)
    down = [edge for edge in graph.edges if edge not in back]
    row_of = _narrow(graph, down)
    placed: Rows = [[] for _ in range(max(row_of.values(), default=0) + 1)]
    for name in graph.nodes:
        placed[row_of[name]].append(Spot(name))
    for edge in down:
        for row in range(row_of[edge.start] + 1, row_of[edge.end]):
            placed[row].append(Spot(f"{edge.start}>{edge.end}>{edge.label}>{row}", edge))
    return _sorted(placed, down), back


def passing(edge: Edge, placed: Rows) -> list[Spot]:
    """The points of an edge between its two nodes, from the top."""
    return [spot for row in placed for spot in row if spot.edge is edge]


def _leading_back(graph: Graph) -> list[Edge]:
    """Edges that close a cycle (depth-first search without recursion)."""
    out: dict[str, list[Edge]] = {name: [] for name in graph.nodes}
    for one in graph.edges:
        out[one.start].append(one)
    found: list[Edge] = []
    done: set[str] = set()
    for root in [graph.start, *graph.nodes]:
        if root in done or root not in out:
            continue
        stack, open_ = [(root, iter(out[root]))], {root}
        while stack:
            name, edges = stack[-1]
            edge: Edge | None = next(edges, None)
            if edge is None:
                stack.pop()
                open_.discard(name)
                done.add(name)
            elif edge.end in open_:
                found.append(edge)
            elif edge.end not in done:
                open_.add(edge.end)
                stack.append((edge.end, iter(out[edge.end])))
    return found


def _narrow(graph: Graph, down: list[Edge]) -> dict[str, int]:
    """Node -> row, with at most ``MOST_IN_ROW`` nodes in each, so that a page is higher than it is wide.

    Those beyond that move to the next row, with what comes after them: first those that lead nowhere further.
    """
    least: dict[str, int] = {}
    row_of = _row_of(graph, down, least)
    leads = {edge.start for edge in down}
    number = 0
    while number <= max(row_of.values(), default=0):
        row = [name for name in graph.nodes if row_of[name] == number]
        row.sort(key=lambda name: name not in leads)
        if len(row) > MOST_IN_ROW:
            least |= dict.fromkeys(row[MOST_IN_ROW:], number + 1)
            row_of = _row_of(graph, down, least)
        number += 1
    return row_of


def _row_of(graph: Graph, down: list[Edge], least: dict[str, int]) -> dict[str, int]:
    """Node -> row: the length of the longest path to it, or ``least``."""
    row = {name: least.get(name, 0) for name in graph.nodes}
    for _ in graph.nodes:
        moved = False
        for edge in down:
            if row[edge.end] < row[edge.start] + 1:
                row[edge.end] = row[edge.start] + 1
                moved = True
        if not moved:
            break
    return row


def _sorted(placed: Rows, down: list[Edge]) -> Rows:
    """Sort each row by the mean position of its neighbours, downwards and upwards in turn."""
    links = _links(placed, down)
    for sweep in range(SWEEPS):
        order = range(1, len(placed)) if sweep % 2 == 0 else range(len(placed) - 2, -1, -1)
        for number in order:
            beside = placed[number - 1 if sweep % 2 == 0 else number + 1]
            at = {spot.name: place for place, spot in enumerate(beside)}
            keyed = [(_middle(spot, links, at, place), place, spot) for place, spot in enumerate(placed[number])]
            placed[number] = [spot for _, _, spot in sorted(keyed, key=lambda one: one[:2])]
    return placed


def _middle(spot: Spot, links: dict[str, set[str]], at: dict[str, int], place: int) -> float:
    near = [at[name] for name in links.get(spot.name, ()) if name in at]
    return sum(near) / len(near) if near else float(place)


def _links(placed: Rows, down: list[Edge]) -> dict[str, set[str]]:
    links: dict[str, set[str]] = {}
    for edge in down:
        chain = [edge.start, *(spot.name for spot in passing(edge, placed)), edge.end]
        for one, other in pairwise(chain):
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
    return links
