"""Which box goes where: rows from the start downwards, and in each row the order with the fewest crossings.

The usual four steps (Sugiyama): ways that lead back are set aside, boxes go below all that lead to them, long ways get
a point in every row they pass, and each row is sorted by where its neighbours are.
"""

from dataclasses import dataclass
from itertools import pairwise

from callflow.diagrams.graph import Edge, Graph

SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Spot:
    """A box, or (way is not None) a point through which a long way passes."""

    name: str
    way: Edge | None = None


Rows = list[list[Spot]]


def rows(graph: Graph) -> tuple[Rows, list[Edge]]:
    """Rows of spots from top to bottom, and the ways that lead back up."""
    back = _leading_back(graph)
    down = [way for way in graph.edges if way not in back]
    row_of = _row_of(graph, down)
    placed: Rows = [[] for _ in range(max(row_of.values(), default=0) + 1)]
    for name in graph.nodes:
        placed[row_of[name]].append(Spot(name))
    for way in down:
        for row in range(row_of[way.start] + 1, row_of[way.end]):
            placed[row].append(Spot(f"{way.start}>{way.end}>{way.label}>{row}", way))
    return _sorted(placed, down), back


def passing(way: Edge, placed: Rows) -> list[Spot]:
    """The points of a way between its two boxes, from the top."""
    return [spot for row in placed for spot in row if spot.way is way]


def _leading_back(graph: Graph) -> list[Edge]:
    """Ways to a step that is on the way to here (depth first, without recursion)."""
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
            way: Edge | None = next(edges, None)
            if way is None:
                stack.pop()
                open_.discard(name)
                done.add(name)
            elif way.end in open_:
                found.append(way)
            elif way.end not in done:
                open_.add(way.end)
                stack.append((way.end, iter(out[way.end])))
    return found


def _row_of(graph: Graph, down: list[Edge]) -> dict[str, int]:
    """As far down as the longest way to it."""
    row = dict.fromkeys(graph.nodes, 0)
    for _ in graph.nodes:
        moved = False
        for way in down:
            if row[way.end] < row[way.start] + 1:
                row[way.end] = row[way.start] + 1
                moved = True
        if not moved:
            break
    return row


def _sorted(placed: Rows, down: list[Edge]) -> Rows:
    """Each row by the middle of its neighbours, downwards and upwards in turn."""
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
    for way in down:
        chain = [way.start, *(spot.name for spot in passing(way, placed)), way.end]
        for one, other in pairwise(chain):
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
    return links
