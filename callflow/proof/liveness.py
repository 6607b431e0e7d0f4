"""Nobody does anything any more: only documents end, deadlines pass and our search answers. Where does it lead?

From every state every way must come to rest: the caller with a person, or gone by their own will or by the end of
the flow that ops wrote. A way may go round in circles for a while, as a search does, if over the whole circle one
deadline is running that nothing in the circle sets anew, and which leads out of it when it passes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from callflow.core.call import Call
from callflow.core.decide import decide
from callflow.core.events import TimerFired
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.proof.alphabet import Kind
from callflow.proof.exploring import Edge, Explored

Graph = Mapping[int, list[Edge]]


@dataclass(frozen=True, slots=True)
class Restless:
    """A state from which it never comes to rest; ``circle`` is how it goes round, empty where nothing ever happens."""

    state: int
    circle: tuple[Edge, ...]


def at_rest(call: Call) -> bool:
    """The caller is with a person, or is not on the phone any more."""
    if not call.caller.live or call.caller.at(P.GONE):
        return True
    people = (call.lead_leg, call.helper_leg)
    together = call.caller.in_room and any(leg and leg.live and leg.in_room for leg in people)
    return together and call.stage in (S.TALKING, S.INTRODUCING)


def restless(explored: Explored, edges: Iterable[Edge], handed_over: Callable[[Call], bool]) -> list[Restless]:
    """States that never come to rest by these edges; the nearest to the beginning first. Empty: it is proved."""
    calls = explored.calls
    good = {number for number, call in enumerate(calls) if at_rest(call) or handed_over(call)}
    ways: dict[int, list[Edge]] = {number: [] for number in range(len(calls))}
    for edge in edges:
        if edge.start not in good:
            ways[edge.start].append(edge)
    bad = _settle(ways, good)
    while bad and (circles := [one for one in _circles(ways, bad) if _runs_out(one, ways, explored)]):
        for circle in circles:
            for number in circle:
                ways[number] = [edge for edge in ways[number] if edge.end not in circle]
        bad = _settle(ways, good)
    return [Restless(number, _round(number, ways, bad)) for number in sorted(bad)]


def _settle(ways: Graph, good: set[int]) -> set[int]:
    """Adds to ``good`` every state all of whose ways lead to good ones; the rest is the answer."""
    into: dict[int, list[int]] = defaultdict(list)
    left = {number: len(edges) for number, edges in ways.items()}
    for edges in ways.values():
        for edge in edges:
            into[edge.end].append(edge.start)
    ahead = list(good)
    while ahead:
        for start in into[ahead.pop()]:
            left[start] -= 1
            if left[start] == 0 and start not in good:
                good.add(start)
                ahead.append(start)
    return set(ways) - good


def _runs_out(circle: set[int], ways: Graph, explored: Explored) -> bool:
    """Some deadline runs all the way round, is not set anew, and leads out when it passes."""
    inside = [edge for number in circle for edge in ways[number] if edge.end in circle]
    if not inside:
        return False
    pending = set.intersection(*({*explored.calls[number].deadlines} for number in circle))
    fired = {edge.trial.event.name for edge in inside if isinstance(edge.trial.event, TimerFired)}
    return any(all(_keeps(edge, name, explored) for edge in inside) for name in pending - fired)


def _keeps(edge: Edge, name: str, explored: Explored) -> bool:
    """The deadline stands afterwards just where it stood before."""
    trial = edge.trial
    after = decide(trial.call, trial.event, explored.configuration).call
    return after.deadlines.get(name) == trial.call.deadlines[name]


def _circles(ways: Graph, among: set[int]) -> list[set[int]]:
    """Strongly connected components (Tarjan's algorithm, without recursion: a flow may be long)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    found: list[set[int]] = []
    for root in among:
        if root in order:
            continue
        work = [(root, iter(_next(root, ways, among)))]
        order[root] = low[root] = len(order)
        stack.append(root)
        while work:
            number, following = work[-1]
            ahead = next((one for one in following if one not in order or one in stack), None)
            if ahead is None:
                work.pop()
                _close(number, work, order, low, stack, found)
            elif ahead in order:
                low[number] = min(low[number], order[ahead])
            else:
                order[ahead] = low[ahead] = len(order)
                stack.append(ahead)
                work.append((ahead, iter(_next(ahead, ways, among))))
    return found


def _close(number: int, work: list[tuple[int, Iterable[int]]] | list, order: dict[int, int], low: dict[int, int],  # type: ignore[type-arg]
           stack: list[int], found: list[set[int]]) -> None:  # fmt: skip
    if work:
        parent = work[-1][0]
        low[parent] = min(low[parent], low[number])
    if low[number] == order[number]:
        place = stack.index(number)
        found.append(set(stack[place:]))
        del stack[place:]


def _next(number: int, ways: Graph, among: set[int]) -> list[int]:
    return [edge.end for edge in ways[number] if edge.end in among]


def _round(start: int, ways: Graph, bad: set[int]) -> tuple[Edge, ...]:
    """How it goes on from here without ever coming to rest, until something comes again."""
    way: list[Edge] = []
    met: set[int] = set()
    number = start
    while number not in met:
        met.add(number)
        onward = min((edge for edge in ways[number] if edge.end in bad), default=None,
                     key=lambda edge: (edge.end in met, edge.trial.kind is not Kind.TIMER))  # fmt: skip
        if onward is None:
            break
        way.append(onward)
        number = onward.end
    return tuple(way)


def without_reports(edges: Iterable[Edge]) -> list[Edge]:
    """Only our own clock and search: as if no report of any document ever reached us."""
    return [edge for edge in edges if edge.trial.kind is not Kind.DOCUMENT]
