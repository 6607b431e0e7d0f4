"""A call told in three columns, for people who do not read logs: caller, agent, supervisors.

columns = Columns(width=100, colour=False, places={"Caller": 0, "Ana": 1, "Sam": 2, "Sky": 2})
for line in columns.event(Told(1.2, "Ana", "presses *")): print(line)
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from callflow.simulator.transcript import Told

NARROWEST: Final = 60
WIDEST: Final = 130
TIME: Final = 7
GAP: Final = 2
CUT: Final = "(and no more of it)"
TOGETHER: Final = "-- in the room together: "
COLOURS: Final = ("\x1b[36m", "\x1b[32m", "\x1b[35m")  # caller, agent, supervisors
BOLD, DIM, END = "\x1b[1m", "\x1b[2m", "\x1b[0m"
LIST_END: Final = re.compile(r", (?=[^,]*$)")


class Columns:
    """Makes lines of at most ``width`` characters (60 to 130), wrapped at words. ``colour``: with ANSI colours.

    ``places`` is the column (0 to 2) of each name; ``titles`` are the headings of the columns, and ``rule`` is
    the character of lines.
    """

    def __init__(self, width: int, colour: bool, places: Mapping[str, int], titles: Sequence[str],
                 rule: str = "─") -> None:  # fmt: skip
        self.width = min(max(width, NARROWEST), WIDEST)
        self._colour, self._places, self._titles, self._rule = colour, places, titles, rule
        self._column = (self.width - TIME - 2 * GAP) // 3
        self._shared = {place for place in places.values() if list(places.values()).count(place) > 1}

    def titles(self) -> Iterator[str]:
        """Who is in which column."""
        cells = [textwrap.wrap(title, self._column) for title in self._titles]
        for row in range(max(map(len, cells))):
            texts = [cell[row] if row < len(cell) else "" for cell in cells]
            yield " " * TIME + (" " * GAP).join(self._styled(f"{text:<{self._column}}", COLOURS[place] + BOLD)
                                                for place, text in enumerate(texts)).rstrip()  # fmt: skip

    def heading(self, title: str, text: str) -> Iterator[str]:
        """The beginning of a step: its name, and what is going to happen."""
        yield ""
        yield self._styled(f"{title} {self._rule * (self.width - len(title) - 1)}", BOLD)
        yield from textwrap.wrap(text, self.width)
        if text:
            yield ""

    def aside(self, text: str, at: float | None = None) -> Iterator[str]:
        """A remark across all columns, such as what was promised and what was kept."""
        time = _clock(at) if at is not None else ""
        for number, line in enumerate(textwrap.wrap(text, self.width - TIME)):
            yield f"{time if number == 0 else '':<{TIME}}" + self._styled(line, BOLD)

    def event(self, told: Told) -> Iterator[str]:
        """The lines of what a person noticed; none for what only engineers want to know."""
        if told.what.strip() == CUT:
            return
        if told.what.startswith(TOGETHER):
            names = LIST_END.sub(" and ", told.what.removeprefix(TOGETHER)).replace("Caller", "the caller")
            yield from self.aside(f"{names} are in one conversation.", told.seconds)
            return
        place = self._places.get(told.who, 2)
        name = f"{told.who} " if place in self._shared else ""
        lines = textwrap.wrap(name + _plain(told.what), self._column, subsequent_indent="  ")
        indent = " " * (place * (self._column + GAP))
        acts = told.what.startswith(("presses", "says", "calls", "picks", "hangs"))
        style = COLOURS[place] + (BOLD if acts else "")
        for number, line in enumerate(lines):
            time = self._styled(f"{_clock(told.seconds) if number == 0 else '':<{TIME}}", DIM)
            yield time + indent + self._styled(line, style)

    def _styled(self, text: str, style: str) -> str:
        return f"{style}{text}{END}" if self._colour and text.strip() else text


def _plain(what: str) -> str:
    """The event without what distinguishes recordings from voices."""
    return re.sub(r"\s+", " ", what.replace("a recording: ", "").replace(", as long as this wait lasts", ""))


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60):2d}:{int(seconds % 60):02d}"
