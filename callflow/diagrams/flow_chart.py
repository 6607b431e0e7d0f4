"""Draws a flow: boxes in rows, edges with right angles, each on a track of its own."""

from callflow.diagrams.graph import SIGNS, Edge, Graph, Mark, Node
from callflow.diagrams.layers import passing, rows
from callflow.diagrams.svg import MARGIN, Page, Point, width_of

LINE, PAD, GAP, TRACK = 16.0, 8.0, 24.0, 6.0
TOP = 66.0
LABEL = 12.0
NAME, TEXT = 15.0, 13.0
NARROWEST = 120.0


class Chart:
    """The layout of a flow. Edges are drawn first, so that boxes and labels are on top of them."""

    def __init__(self, title: str, graph: Graph) -> None:
        self.page, self.graph = Page(title), graph
        self.rows, self.back = rows(graph)
        self.left: dict[str, float] = {}
        self.size: dict[str, tuple[float, float]] = {}
        self.row_top: list[float] = []
        self.row_bottom: list[float] = []
        self.number = {spot.name: row for row, spots in enumerate(self.rows) for spot in spots}
        self.out = {name: [edge for edge in graph.edges if edge.start == name] for name in graph.nodes}
        self.labels: list[tuple[float, float, str]] = []

    def drawn(self) -> Page:
        self.page.text(MARGIN, 34, self.page.title, size=17, bold=True)
        self._measure()
        self._place()
        self._edges()
        for node in self.graph.nodes.values():
            self._box(node)
        for x, y, words in self.labels:
            self.page.text(x, y, words, size=LABEL, halo=True)
        return self.page

    def _measure(self) -> None:
        for name, node in self.graph.nodes.items():
            widest = max(
                [width_of(SIGNS[node.mark] + name, NAME) * 1.08, *(width_of(line, TEXT) for line in node.lines)]
            )
            ports = sum(width_of(edge.label, LABEL) + 16 for edge in self.out[name])
            self.size[name] = max(NARROWEST, widest + 2 * PAD, ports), 2 * PAD + LINE * (1 + len(node.lines))

    def _place(self) -> None:
        widths = [sum(self._width(spot.name) + GAP for spot in row) - GAP for row in self.rows]
        widest, y = max(widths), TOP
        for row, width in zip(self.rows, widths, strict=True):
            x = MARGIN + (widest - width) / 2
            for spot in row:
                self.left[spot.name] = x
                x += self._width(spot.name) + GAP
            self.row_top.append(y)
            y += max(self.size.get(spot.name, (0, 0))[1] for spot in row)
            self.row_bottom.append(y)
            y += 30 + TRACK * self._tracks(len(self.row_top) - 1)
        self.right = MARGIN + widest

    def _width(self, name: str) -> float:
        return self.size[name][0] if name in self.size else 14.0

    def _tracks(self, row: int) -> int:
        """The number of edges that need a track of their own below this row, including passing ones."""
        down = [edge for edge in self.graph.edges if edge not in self.back]
        passing_by = sum(self.number[edge.start] <= row < self.number[edge.end] for edge in down)
        return passing_by + sum(self.number[edge.start] == row for edge in self.back)

    def _edges(self) -> None:
        track: dict[int, int] = {}
        arrivals = {name: sorted((edge for edge in self.graph.edges if edge.end == name and edge not in self.back),
                                 key=lambda edge: self._middle(edge.start)) for name in self.graph.nodes}  # fmt: skip
        for name, edges in self.out.items():
            ports = self._ports(name, edges)
            for edge, x in ports:
                points: list[Point] = [(x, self._bottom(name))]
                if edge.label:
                    self.labels.append((x + 4, self._bottom(name) + 14, edge.label))
                mark = f"{'by-itself' if edge.by_itself else ''} {edge.mark}".strip()
                if edge in self.back:
                    self._draw_back(edge, points, track, mark)
                    continue
                goals = [(self._middle(spot.name), self.number[spot.name]) for spot in passing(edge, self.rows)]
                goals.append((self._arrival(edge, arrivals[edge.end]), self.number[edge.end]))
                for goal, row in goals:
                    y = self._track(row - 1, track)
                    points += [(points[-1][0], y), (goal, y), (goal, self.row_top[row])]
                self.page.line(points, mark=mark)

    def _ports(self, name: str, edges: list[Edge]) -> list[tuple[Edge, float]]:
        """Each edge with the x where it leaves the box, ordered by where it goes."""
        ordered = sorted(edges, key=lambda edge: (edge in self.back, self._first_goal(edge)))
        wide = [width_of(edge.label, LABEL) + 16 for edge in ordered]
        x = self.left[name] + (self.size[name][0] - sum(wide)) / 2
        placed = []
        for edge, width in zip(ordered, wide, strict=True):
            placed.append((edge, x + (8 if edge.label else width / 2)))
            x += width
        return placed

    def _first_goal(self, edge: Edge) -> float:
        spots = passing(edge, self.rows)
        return self._middle(spots[0].name if spots else edge.end)

    def _arrival(self, edge: Edge, edges: list[Edge]) -> float:
        width = self.size[edge.end][0]
        return self.left[edge.end] + width * (edges.index(edge) + 1) / (len(edges) + 1)

    def _track(self, row: int, used: dict[int, int]) -> float:
        used[row] = used.get(row, 0) + 1
        return self.row_bottom[row] + 17 + TRACK * used[row]

    def _draw_back(self, edge: Edge, points: list[Point], used: dict[int, int], mark: str) -> None:
        """Draw an edge that leads back: out to the right of everything, up, and into the side of the box."""
        self.right += 14
        y = self._track(self.number[edge.start], used)
        into = self.row_top[self.number[edge.end]] + self.size[edge.end][1] / 2
        side = self.left[edge.end] + self.size[edge.end][0]
        self.page.line([*points, (points[0][0], y), (self.right, y), (self.right, into), (side, into)], mark=mark)

    def _middle(self, name: str) -> float:
        return self.left[name] + self._width(name) / 2

    def _bottom(self, name: str) -> float:
        return self.row_top[self.number[name]] + self.size[name][1]

    def _box(self, node: Node) -> None:
        x, y = self.left[node.name], self.row_top[self.number[node.name]]
        w, h = self.size[node.name]
        self.page.box(x, y, w, h, mark=f"{node.kind} {node.mark}".strip(), round_=14 if node.kind == "end" else 6,
                      hint=node.words)  # fmt: skip
        sign = SIGNS[node.mark]
        self.page.text(x + w / 2, y + PAD + 12, sign + node.name, size=NAME, at="middle", bold=True)
        for number, line in enumerate(node.lines, 1):
            self.page.text(x + w / 2, y + PAD + 12 + LINE * number, line, size=TEXT, at="middle")


def draw(title: str, graph: Graph, *, styled: bool = True) -> str:
    """The SVG of a flow, or of two compared versions."""
    chart = Chart(title, graph)
    page = chart.drawn()
    _key(
        page, any(node.mark is not Mark.SAME for node in graph.nodes.values()) or any(edge.mark for edge in graph.edges)
    )
    return page.written(styled=styled)


def _key(page: Page, changes: bool) -> None:
    """Write the meaning of line styles and frames."""
    words = "Solid: by a key. Dashed: by itself. Thick frame: a person, or a promise."
    if changes:
        words = "+ added (thick), − removed (dashed), ~ changed (dash and dot)"
    page.text(MARGIN, 52, words, size=11)
