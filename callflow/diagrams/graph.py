"""A flow as a graph of nodes and edges, or two versions of a flow with their differences marked."""

from dataclasses import dataclass
from enum import StrEnum

from callflow.core.configuration import Configuration, Flow
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow_step import Step, StepWithChoices


class Mark(StrEnum):
    SAME = ""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


SIGNS = {Mark.SAME: "", Mark.ADDED: "+ ", Mark.REMOVED: "− ", Mark.CHANGED: "~ "}
END = "(end)"
BY_ITSELF = frozenset({"next", "otherwise"})
PERSONAL = frozenset({"connect", "forward", "voicemail", "call_back"})


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    lines: tuple[str, ...]
    kind: str = ""
    """person: somebody answers, or a call back is promised; end: the call is over."""
    mark: Mark = Mark.SAME


@dataclass(frozen=True, slots=True)
class Edge:
    start: str
    end: str
    label: str
    by_itself: bool
    mark: Mark = Mark.SAME


@dataclass(frozen=True, slots=True)
class Graph:
    start: str
    nodes: dict[str, Node]
    edges: list[Edge]


def graph(configuration: Configuration, flow: Flow) -> Graph:
    nodes = {step.name: _node(configuration, step) for step in flow.steps.values()}
    edges = [edge for step in flow.steps.values() for edge in edges_of(step)]
    if any(edge.end == END for edge in edges):
        nodes[END] = Node(END, ("goodbye",), "end")
    return Graph(flow.start, nodes, [edge for edge in edges if edge.end in nodes])


def edges_of(step: Step) -> list[Edge]:
    """The edges of a step. Keys that lead to the same step share one edge."""
    labels: dict[str, list[str]] = {}
    for key, choice in step.choices.items() if isinstance(step, StepWithChoices) else ():
        labels.setdefault(choice.next, []).append(key)
    by_key = [Edge(step.name, end, ", ".join(keys), False) for end, keys in labels.items()]
    own = [Edge(step.name, end, label, True) for label, end in _own(step)]
    over = [] if by_key or own or step.verb == "end" else [Edge(step.name, END, "", True)]
    return [*by_key, *own, *over]


def _own(step: Step) -> list[tuple[str, str]]:
    """(label, step) for ``next`` and ``otherwise``."""
    names = {"hours": ("open", "closed"), "connect": ("", "nobody free"), "menu": ("", "no key"),
             "lookup": ("found", "failed"), "forward": ("", "not reached")}  # fmt: skip
    done, nothing = names.get(step.verb, ("", "otherwise"))
    return [(label, end) for label, end in ((done, step.next), (nothing, step.otherwise)) if end]


def _node(configuration: Configuration, step: Step) -> Node:
    kind = "person" if step.verb in PERSONAL else "end" if step.verb == "end" else ""
    return Node(step.name, tuple(one for one in (_what(step), *_more(configuration, step)) if one), kind)


def _what(step: Step) -> str:
    what = getattr(step, {"connect": "team", "flow": "flow", "hours": "calendar"}.get(step.verb, "script"), "")
    return f"{step.verb}: {what}" if what else step.verb


def _more(configuration: Configuration, step: Step) -> list[str]:
    """The figures of a step, and who answers."""
    match step:
        case MenuStep():
            return [f"{step.attempts} times, {step.seconds} s for a key"]
        case ConnectStep():
            team = configuration.teams.get(step.team)
            pool = f"{len(team.agents)} agents, {len(team.supervisors)} supervisors" if team else ""
            return [
                f"rings {team.ring.value.replace('_', ' ')}" if team else "",
                pool,
                f"waits up to {step.wait_seconds} s",
            ]
        case _:
            return []


def compared(old: Graph, new: Graph) -> Graph:
    """Both graphs in one, with added, removed and changed nodes and edges marked."""
    nodes = {name: _marked(name, old, new) for name in {**new.nodes, **old.nodes}}
    before, after = ({(edge.start, edge.end, edge.label): edge for edge in one.edges} for one in (old, new))
    edges = [
        Edge(edge.start, edge.end, edge.label, edge.by_itself,
            Mark.REMOVED if key not in after else Mark.ADDED if key not in before else Mark.SAME)
        for key, edge in {**after, **before}.items()
    ]  # fmt: skip
    return Graph(new.start, nodes, edges)


def _marked(name: str, old: Graph, new: Graph) -> Node:
    before, after = old.nodes.get(name), new.nodes.get(name)
    node = after or before
    assert node is not None
    mark = Mark.REMOVED if after is None else Mark.ADDED if before is None else Mark.SAME
    if before and after and before != after:
        mark = Mark.CHANGED
    return Node(node.name, node.lines, node.kind, mark)
