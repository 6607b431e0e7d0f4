"""Draws the ladder: the conversation on top, the three steps below it, and the refusals under each step."""

from callflow.core.configuration import Configuration
from callflow.core.stages import Stage as S
from callflow.diagrams.ladder import Arrow, Box, arrows, boxes, protecting, refusals
from callflow.diagrams.svg import MARGIN, Page, wrapped

COLUMN, LANE, GAP = 250.0, 62.0, 50.0
STEP = COLUMN + 2 * LANE
LINE, PAD = 15.0, 10.0
TITLES = {1: "1. Time out", 2: "2. Delegate upwards", 3: "3. Draw the line"}
SMALL = 10.5


class Ladder:
    """The layout of the ladder. Arrows down from the conversation run left of each column, arrows back on its right."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.page = Page("The ladder, as it is configured")
        self.at: dict[S, tuple[float, float, float, float]] = {}
        self.column = {box.stage: box.column for box in boxes(configuration)}
        self.labels: list[tuple[float, float, str, str]] = []
        self.used: dict[tuple[int, str], int] = {}

    def drawn(self) -> Page:
        self.page.text(MARGIN, 34, self.page.title, size=17, bold=True)
        self.page.text(MARGIN, 52, "Solid: by a key or a yes. Dashed: by itself.", size=11)
        bottom = self._place()
        for arrow in arrows(self.configuration):
            self._arrow(arrow)
        for box in boxes(self.configuration):
            self._box(box)
        for x, y, words, at in self.labels:
            self.page.text(x, y, words, size=SMALL, at=at, halo=True)
        self._notes(bottom)
        return self.page

    def _place(self) -> float:
        whole = 3 * STEP
        top = 66.0
        lowest = 0.0
        for column in (1, 2, 3):
            x, y = MARGIN + (column - 1) * STEP + LANE, top + 150
            self.page.text(x + COLUMN / 2, y - 14, TITLES[column], size=14, at="middle", bold=True, halo=True)
            for box in (one for one in boxes(self.configuration) if one.column == column):
                height = 2 * PAD + LINE * (1 + len(box.lines))
                self.at[box.stage] = (x, y, COLUMN, height)
                y += height + GAP
            lowest = max(lowest, y)
        self.at[S.TALKING] = (MARGIN, top, whole, 2 * PAD + 2 * LINE)
        x = MARGIN + 2 * STEP + LANE
        height = 2 * PAD + 3 * LINE
        under = self.at[S.CLOSING]
        self.at[S.AFTERCARE] = (x, under[1] + under[3] + GAP, COLUMN, height)
        return max(lowest, under[1] + under[3] + GAP + height + 20)

    def _box(self, box: Box) -> None:
        x, y, w, h = self.at[box.stage]
        kind = "person" if box.stage is S.TALKING else "end" if box.stage is S.AFTERCARE else ""
        self.page.box(x, y, w, h, mark=kind)
        self.page.text(x + w / 2, y + PAD + 11, box.title, size=13, at="middle", bold=True)
        lines = [part for line in box.lines for part in wrapped(line, w - 12, 11)]
        for number, line in enumerate(lines, 1):
            self.page.text(x + w / 2, y + PAD + 10 + LINE * number, line, size=11, at="middle")

    def _arrow(self, arrow: Arrow) -> None:
        mark = "by-itself" if arrow.by_itself else ""
        if arrow.start is S.TALKING:
            self._down(arrow, mark)
        elif arrow.end is S.TALKING:
            self._back(arrow, mark)
        elif self.column[arrow.start] not in (0, self.column[arrow.end]) and self.column[arrow.end]:
            self._across(arrow, mark)
        else:
            self._next(arrow, mark)

    def _down(self, arrow: Arrow, mark: str) -> None:
        """From the conversation into the left side of a box, on a track of its own."""
        x, y, _, _ = self.at[arrow.end]
        track = self._track(self.column[arrow.end], "down")
        lane, floor, into = x - 14 - 14 * track, self._floor(), y + 18
        self.page.line([(lane, floor), (lane, into), (x, into)], mark=mark)
        beside = (lane - 5, "end") if track else (lane + 5, "start")
        self.labels.append((beside[0], floor + 24, arrow.label, beside[1]))

    def _back(self, arrow: Arrow, mark: str) -> None:
        """Out of the right side of a box and up to the conversation."""
        x, y, w, h = self.at[arrow.start]
        track = self._track(self.column[arrow.start], "back")
        lane, out = x + w + 28 + 12 * track, y + h - 14
        self.page.line([(x + w, out), (lane, out), (lane, self._floor())], mark=mark)
        if arrow.label:
            self.labels.append((x + w + 4, out - 4, arrow.label, "start"))

    def _across(self, arrow: Arrow, mark: str) -> None:
        """From one column into the next."""
        x, y, w, _ = self.at[arrow.start]
        to_x, to_y, _, to_h = self.at[arrow.end]
        lane, out, into = to_x - 14, y + 20, to_y + to_h - 14
        self.page.line([(x + w, out), (lane, out), (lane, into), (to_x, into)], mark=mark)
        self.labels.append((x + w + 4, out - 4, arrow.label, "start"))

    def _next(self, arrow: Arrow, mark: str) -> None:
        """Down to the next box, or left of the boxes to a later one."""
        x, y, w, h = self.at[arrow.start]
        to_x, to_y, _, _ = self.at[arrow.end]
        if to_y - (y + h) <= GAP + 1:
            middle = x + w / 2
            self.page.line([(middle, y + h), (middle, to_y)], mark=mark)
            self.labels.append((middle + 6, y + h + GAP / 2 + 4, arrow.label, "start"))
            return
        lane = x - 14
        self.page.line([(x, y + h - 14), (lane, y + h - 14), (lane, to_y + 18), (to_x, to_y + 18)], mark=mark)
        self.labels.append((lane + 5, y + h + GAP / 2 + 4, arrow.label, "start"))

    def _track(self, column: int, lane: str) -> int:
        self.used[column, lane] = self.used.get((column, lane), 0) + 1
        return self.used[column, lane] - 1

    def _floor(self) -> float:
        _, y, _, h = self.at[S.TALKING]
        return y + h

    def _notes(self, bottom: float) -> None:
        """Write the refusals under each column, and below them the keys that work at any moment."""
        lowest = bottom
        for column in (1, 2, 3):
            x, y = MARGIN + (column - 1) * STEP + 20, bottom
            self.page.text(x, y, "Refused, with the way forward:", size=11, bold=True)
            for said in refusals(self.configuration, column):
                for number, line in enumerate(wrapped(said, STEP - 60, SMALL)):
                    y += 14 if number else 18
                    self.page.text(x, y, line, size=SMALL)
            lowest = max(lowest, y)
        for sentence in protecting(self.configuration):
            lowest += 10
            for line in wrapped(sentence, 3 * STEP, 12):
                lowest += 16
                self.page.text(MARGIN, lowest, line)


def draw(configuration: Configuration, *, styled: bool = True) -> str:
    return Ladder(configuration).drawn().written(styled=styled)
