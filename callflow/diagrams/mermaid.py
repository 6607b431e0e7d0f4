"""The diagrams as Mermaid text, for wikis that render it."""

import re

from callflow.core.configuration import Configuration
from callflow.diagrams.graph import SIGNS, Graph, Mark, Node
from callflow.diagrams.ladder import arrows, boxes, protecting

SHAPES = {"": ("[", "]"), "person": ("[[", "]]"), "end": ("([", "])")}
CLASSES = """  classDef added stroke:#176117,stroke-width:3px
  classDef removed stroke:#a11,stroke-dasharray:7 4
  classDef changed stroke:#8a5a00,stroke-width:3px,stroke-dasharray:12 3 2 3"""


def flow(title: str, graph: Graph) -> str:
    lines = ["---", f"title: {_words(title)}", "---", "flowchart TD"]
    ids = {name: f"s{number}" for number, name in enumerate(graph.nodes)}
    lines += [f"  {ids[name]}{_shape(node)}" for name, node in graph.nodes.items()]
    for edge in graph.edges:
        line = "-.->" if edge.by_itself else "-->"
        label = SIGNS[edge.mark] + edge.label
        lines.append(f"  {ids[edge.start]} {line}{f'|{_quoted(label)}|' if label else ''} {ids[edge.end]}")
    marked = [(ids[name], node.mark) for name, node in graph.nodes.items() if node.mark is not Mark.SAME]
    if marked:
        lines += [CLASSES, *(f"  class {id} {mark}" for id, mark in marked)]
    return "\n".join([*lines, ""])


def _shape(node: Node) -> str:
    left, right = SHAPES[node.kind]
    text = "<br/>".join([SIGNS[node.mark] + node.name, *node.lines])
    return f"{left}{_quoted(text)}{right}"


def ladder(configuration: Configuration) -> str:
    lines = ["---", "title: The ladder, as it is configured", "---", "stateDiagram-v2"]
    for box in boxes(configuration):
        text = "<br/>".join(_words(one) for one in (box.title, *box.lines))
        lines.append(f"  {box.stage.value}: {text}")
    lines.append("  [*] --> talking")
    lines += [
        f"  {one.start.value} --> {one.end.value}{f': {_words(one.label)}' if one.label else ''}"
        for one in arrows(configuration)
    ]
    lines += ["  aftercare --> [*]", "  note left of talking"]
    lines += [f"    {_words(sentence)}" for sentence in protecting(configuration)]
    return "\n".join([*lines, "  end note", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'


def _words(text: str) -> str:
    """Replace colons and semicolons, which have a meaning in Mermaid."""
    return re.sub(r"[:;]", ",", text)
