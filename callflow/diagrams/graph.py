"""A flow as a graph of nodes and edges, or two versions of a flow with their differences marked."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from callflow.core.configuration import Configuration, Flow
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.hours import HoursStep
from callflow.core.flow.lookup import LookupStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow_step import Choice, Step, StepWithChoices
from callflow.core.opening_hours import Hours


class Mark(StrEnum):
    SAME = ""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


SIGNS = {Mark.SAME: "", Mark.ADDED: "+ ", Mark.REMOVED: "− ", Mark.CHANGED: "~ "}
END = "(end)"
FIRST = 34
"""So many characters of a line are shown."""
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BY_ITSELF = frozenset({"next", "otherwise"})
PERSONAL = frozenset({"connect", "forward", "voicemail", "call_back"})


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    lines: tuple[str, ...]
    kind: str = ""
    """person: somebody answers, or a call back is promised; end: the call is over."""
    mark: Mark = Mark.SAME
    words: str = ""
    """All that is spoken there, for whoever points at it."""


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
        nodes[END] = Node(END, _after(configuration, flow), "end")
    return Graph(flow.start, nodes, [edge for edge in edges if edge.end in nodes])


def _after(configuration: Configuration, flow: Flow) -> tuple[str, ...]:
    """What comes after the last step: goodbye, or the step at which each flow that calls this one goes on."""
    calling = [(other.name, step) for other in configuration.flows.values() for step in other.steps.values()
               if getattr(step, "flow", "") == flow.name]  # fmt: skip
    back = [f"back to {name}: {step.next or step.otherwise or END}" for name, step in calling]
    called = flow.name in configuration.numbers.values()
    return (*(["goodbye"] if called or not back else []), *back)


def edges_of(step: Step) -> list[Edge]:
    """The edges of a step, one for each key."""
    choices = step.choices if isinstance(step, StepWithChoices) else {}
    by_key = [Edge(step.name, choice.next, _key(key, choice), False) for key, choice in choices.items()]
    own = [Edge(step.name, end, label, True) for label, end in _own(step)]
    over = [] if by_key or own or step.verb == "end" else [Edge(step.name, END, "", True)]
    return [*by_key, *own, *over]


def _key(key: str, choice: Choice) -> str:
    """The key and what it means, as staff are told or as it may be said."""
    return f"{key} {choice.reason or (choice.words[0] if choice.words else '')}".strip()


def _own(step: Step) -> list[tuple[str, str]]:
    """(label, step) for ``next`` and ``otherwise``."""
    names = {"hours": ("open", "closed"), "connect": ("", "nobody free"), "menu": ("", "no key"),
             "lookup": ("found", "failed"), "forward": ("", "not reached")}  # fmt: skip
    done, nothing = names.get(step.verb, ("", "otherwise"))
    return [(label, end) for label, end in ((done, step.next), (nothing, step.otherwise)) if end]


def _node(configuration: Configuration, step: Step) -> Node:
    kind = "person" if step.verb in PERSONAL else "end" if step.verb == "end" else ""
    words = _spoken(configuration, step)
    lines = (_what(step), _first(words), *_more(configuration, step))
    return Node(step.name, tuple(one for one in lines if one), kind, words=words)


def _spoken(configuration: Configuration, step: Step) -> str:
    """The line of a step in the language of the house, or ""."""
    language = configuration.languages.get(configuration.language)
    script = language.scripts.get(getattr(step, "script", "")) if language else None
    return script.text if script else ""


def _first(words: str) -> str:
    """The first words of a line, in quotes."""
    shown = words[:FIRST].rpartition(" ")[0] if len(words) > FIRST else words
    return f"\u201c{shown}{' …' if len(words) > len(shown) else ''}\u201d" if words else ""


def _what(step: Step) -> str:
    what = getattr(step, {"connect": "team", "flow": "flow", "hours": "calendar"}.get(step.verb, "script"), "")
    return f"{step.verb}: {what}" if what else step.verb


def _more(configuration: Configuration, step: Step) -> list[str]:
    """The figures of a step, who answers, when it is open, and what is asked."""
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
        case HoursStep(hours=Hours() as hours):
            return _hours(hours)
        case HoursStep() if step.calendar in configuration.calendars:
            return _hours(configuration.calendars[step.calendar])
        case LookupStep():
            address = urlsplit(step.lookup.url)
            return [f"asks {step.lookup.method} {address.netloc}{address.path}"]
        case _:
            return []


def _hours(hours: Hours) -> list[str]:
    """The opening hours, days with the same ones together, and how many dates are different."""
    lines, first = [], 0
    for day in range(1, len(hours.weekly) + 1):
        if day < len(hours.weekly) and hours.weekly[day] == hours.weekly[first]:
            continue
        name = DAYS[first] if day - first == 1 else f"{DAYS[first]} to {DAYS[day - 1]}"
        ranges = ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in hours.weekly[first])
        lines.append(f"{name} {ranges or 'closed'}")
        first = day
    dates = len(hours.holidays) + len(hours.special_hours)
    return [*lines, f"{dates} other dates" if dates > 1 else "1 other date" if dates else "", hours.timezone]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


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
    return Node(node.name, node.lines, node.kind, mark, node.words)
