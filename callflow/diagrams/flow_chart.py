"""The picture of one flow: boxes in rows, ways with right angles, each on a track of its own."""

from callflow.diagrams.graph import SIGNS, Edge, Graph, Mark, Node
from callflow.diagrams.layers import passing, rows
from callflow.diagrams.svg import MARGIN, Page, Point, width_of

LINE, PAD, GAP, TRACK = 15.0, 10.0, 26.0, 9.0
TOP = 66.0
LABEL = 10.5
NARROWEST = 120.0


class Chart:
    """Where everything is; drawn ways first, so that boxes and labels lie on top."""

    def __init__(self, title: str, graph: Graph) -> None:
        self.page, self.graph = Page(title), graph
        self.rows, self.back = rows(graph)
        self.left: dict[str, float] = {}
        self.size: dict[str, tuple[float, float]] = {}
        self.row_top: list[float] = []
        self.row_bottom: list[float] = []
        self.number = {spot.name: row for row, spots in enumerate(self.rows) for spot in spots}
        self.out = {name: [way for way in graph.edges if way.start == name] for name in graph.nodes}
        self.labels: list[tuple[float, float, str]] = []

    def drawn(self) -> Page:
        self.page.text(MARGIN, 34, self.page.title, size=17, bold=True)
        self._measure()
        self._place()
        self._ways()
        for node in self.graph.nodes.values():
            self._box(node)
        for x, y, words in self.labels:
            self.page.text(x, y, words, size=LABEL, halo=True)
        return self.page

    def _measure(self) -> None:
        for name, node in self.graph.nodes.items():
            widest = max([width_of(SIGNS[node.mark] + name, 13) * 1.08, *(width_of(line, 11) for line in node.lines)])
            ports = sum(width_of(way.label, LABEL) + 16 for way in self.out[name])
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
            y += 40 + TRACK * self._tracks(len(self.row_top) - 1)
        self.right = MARGIN + widest

    def _width(self, name: str) -> float:
        return self.size[name][0] if name in self.size else 14.0

    def _tracks(self, row: int) -> int:
        """How many ways need a track of their own below this row, passing ones too."""
        down = [way for way in self.graph.edges if way not in self.back]
        passing_by = sum(self.number[way.start] <= row < self.number[way.end] for way in down)
        return passing_by + sum(self.number[way.start] == row for way in self.back)

    def _ways(self) -> None:
        track: dict[int, int] = {}
        arrivals = {name: sorted((way for way in self.graph.edges if way.end == name and way not in self.back),
                                 key=lambda way: self._middle(way.start)) for name in self.graph.nodes}  # fmt: skip
        for name, edges in self.out.items():
            ports = self._ports(name, edges)
            for way, x in ports:
                points: list[Point] = [(x, self._bottom(name))]
                if way.label:
                    self.labels.append((x + 4, self._bottom(name) + 14, way.label))
                mark = f"{'by-itself' if way.by_itself else ''} {way.mark}".strip()
                if way in self.back:
                    self._draw_back(way, points, track, mark)
                    continue
                goals = [(self._middle(spot.name), self.number[spot.name]) for spot in passing(way, self.rows)]
                goals.append((self._arrival(way, arrivals[way.end]), self.number[way.end]))
                for goal, row in goals:
                    y = self._track(row - 1, track)
                    points += [(points[-1][0], y), (goal, y), (goal, self.row_top[row])]
                self.page.line(points, mark=mark)

    def _ports(self, name: str, edges: list[Edge]) -> list[tuple[Edge, float]]:
        """Where each way leaves the box, in the order of where it goes."""
        ordered = sorted(edges, key=lambda way: (way in self.back, self._first_goal(way)))
        wide = [width_of(way.label, LABEL) + 16 for way in ordered]
        x = self.left[name] + (self.size[name][0] - sum(wide)) / 2
        placed = []
        for way, width in zip(ordered, wide, strict=True):
            placed.append((way, x + (8 if way.label else width / 2)))
            x += width
        return placed

    def _first_goal(self, way: Edge) -> float:
        spots = passing(way, self.rows)
        return self._middle(spots[0].name if spots else way.end)

    def _arrival(self, way: Edge, edges: list[Edge]) -> float:
        width = self.size[way.end][0]
        return self.left[way.end] + width * (edges.index(way) + 1) / (len(edges) + 1)

    def _track(self, row: int, used: dict[int, int]) -> float:
        used[row] = used.get(row, 0) + 1
        return self.row_bottom[row] + 20 + TRACK * used[row]

    def _draw_back(self, way: Edge, points: list[Point], used: dict[int, int], mark: str) -> None:
        """Out to the right of everything, up, and into the side of the box."""
        self.right += 14
        y = self._track(self.number[way.start], used)
        into = self.row_top[self.number[way.end]] + self.size[way.end][1] / 2
        side = self.left[way.end] + self.size[way.end][0]
        self.page.line([*points, (points[0][0], y), (self.right, y), (self.right, into), (side, into)], mark=mark)

    def _middle(self, name: str) -> float:
        return self.left[name] + self._width(name) / 2

    def _bottom(self, name: str) -> float:
        return self.row_top[self.number[name]] + self.size[name][1]

    def _box(self, node: Node) -> None:
        x, y = self.left[node.name], self.row_top[self.number[node.name]]
        w, h = self.size[node.name]
        self.page.box(x, y, w, h, mark=f"{node.kind} {node.mark}".strip(), round_=14 if node.kind == "end" else 6)
        sign = SIGNS[node.mark]
        self.page.text(x + w / 2, y + PAD + 11, sign + node.name, size=13, at="middle", bold=True)
        for number, line in enumerate(node.lines, 1):
            self.page.text(x + w / 2, y + PAD + 10 + LINE * number, line, size=11, at="middle")


def draw(title: str, graph: Graph) -> str:
    """The SVG of a flow, or of what changed in one."""
    chart = Chart(title, graph)
    page = chart.drawn()
    _key(page, any(node.mark is not Mark.SAME for node in graph.nodes.values()) or any(way.mark for way in graph.edges))
    return page.written()


def _key(page: Page, changes: bool) -> None:
    """What lines and frames mean."""
    words = "Solid: by a key. Dashed: by itself. Thick frame: a person, or a promise."
    if changes:
        words = "+ added (thick), − removed (dashed), ~ changed (dash and dot)"
    page.text(MARGIN, 52, words, size=11)
