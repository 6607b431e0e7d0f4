"""What happens if nobody does anything: documents end, deadlines pass, and the search for staff answers.

Every path must come to rest: the caller is with a person, has hung up, or has reached the end of the flow. A path may
contain a cycle, as a search does, if a deadline is running throughout the cycle that nothing in it sets again, and
that leads out of the cycle when it passes.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from callflow.core.call import Call
from callflow.core.events import TimerFired
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.timer_names import Timer, TimerName
from callflow.proof.alphabet import Kind
from callflow.proof.exploring import Edge, Explored

Graph = Mapping[int, list[Edge]]


@dataclass(frozen=True, slots=True)
class Restless:
    """A state that never comes to rest. ``circle`` is the cycle, empty if nothing happens any more."""

    state: int
    circle: tuple[Edge, ...]


def at_rest(call: Call) -> bool:
    """Whether the caller is with a person, or no longer on the phone."""
    if not call.caller.live or call.caller.at(P.GONE):
        return True
    people = (call.lead_leg, call.helper_leg)
    together = call.caller.in_room and any(leg and leg.live and leg.in_room for leg in people)
    return together and call.stage in (S.TALKING, S.INTRODUCING)


def restless(explored: Explored, edges: Iterable[Edge], handed_over: Callable[[Call], bool]) -> list[Restless]:
    """States that never come to rest by these edges, the nearest to the beginning first. Empty if all do."""
    calls = explored.calls
    good = {number for number, call in enumerate(calls) if at_rest(call) or handed_over(call)}
    edges_from: dict[int, list[Edge]] = {number: [] for number in range(len(calls))}
    for edge in edges:
        if edge.start not in good:
            edges_from[edge.start].append(edge)
    bad = _settle(edges_from, good)
    while bad and (circles := [one for one in _circles(edges_from, bad) if _runs_out(one, edges_from, explored)]):
        for circle in circles:
            for number in circle:
                edges_from[number] = [edge for edge in edges_from[number] if edge.end not in circle]
        bad = _settle(edges_from, good)
    return [Restless(number, _round(number, edges_from, bad)) for number in sorted(bad)]


def _settle(edges_from: Graph, good: set[int]) -> set[int]:
    """Add to ``good`` every state whose edges all lead to good states. Returns the other states."""
    into: dict[int, list[int]] = defaultdict(list)
    left = {number: len(edges) for number, edges in edges_from.items()}
    for edges in edges_from.values():
        for edge in edges:
            into[edge.end].append(edge.start)
    ahead = list(good)
    while ahead:
        for start in into[ahead.pop()]:
            left[start] -= 1
            if left[start] == 0 and start not in good:
                good.add(start)
                ahead.append(start)
    return set(edges_from) - good


def _runs_out(circle: set[int], edges_from: Graph, explored: Explored) -> bool:
    """Whether a deadline runs throughout the cycle without being set again, so that it ends the cycle."""
    inside = [edge for number in circle for edge in edges_from[number] if edge.end in circle]
    if not inside:
        return False
    pending = set.intersection(*({*explored.calls[number].deadlines} for number in circle))
    fired = {edge.trial.event.name for edge in inside if isinstance(edge.trial.event, TimerFired)}
    return any(all(_keeps(edge, name) for edge in inside) for name in pending - fired)


def _keeps(edge: Edge, name: TimerName) -> bool:
    """Whether the deadline is unchanged after this edge."""
    return edge.deadlines.get(name) == edge.trial.call.deadlines[name]


def _circles(edges_from: Graph, among: set[int]) -> list[set[int]]:
    """Strongly connected components (Tarjan's algorithm, without recursion: a flow may be long)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    found: list[set[int]] = []
    for root in among:
        if root in order:
            continue
        work = [(root, iter(_next(root, edges_from, among)))]
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
                work.append((ahead, iter(_next(ahead, edges_from, among))))
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


def _next(number: int, edges_from: Graph, among: set[int]) -> list[int]:
    return [edge.end for edge in edges_from[number] if edge.end in among]


def _round(start: int, edges_from: Graph, bad: set[int]) -> tuple[Edge, ...]:
    """A path from here that never comes to rest, up to the first repeated state."""
    path: list[Edge] = []
    met: set[int] = set()
    number = start
    while number not in met:
        met.add(number)
        onward = min((edge for edge in edges_from[number] if edge.end in bad), default=None,
                     key=lambda edge: (edge.end in met, _likely(edge)))  # fmt: skip
        if onward is None:
            break
        path.append(onward)
        number = onward.end
    return tuple(path)


def _likely(edge: Edge) -> int:
    """A sort key: deadlines first, so that a cycle is told as a passing of time; that of a lost report last."""
    event = edge.trial.event
    return 1 if not isinstance(event, TimerFired) else 2 if event.name == Timer.STEP else 0


def without_reports(edges: Iterable[Edge]) -> list[Edge]:
    """The edges of deadlines and searches only, as if no report of a document ever arrived."""
    return [edge for edge in edges if edge.trial.kind is not Kind.DOCUMENT]
