"""What `callflow demo` prints: three columns, a heading for each step, what was kept, and five lines at the end."""

import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from threading import RLock

import click

from callflow.cli import terminal
from callflow.core.configuration import Configuration
from callflow.service.ports import Entry
from callflow.simulator import demo_script, demo_summary
from callflow.simulator.columns import Columns
from callflow.simulator.demo_promises import Promises
from callflow.simulator.transcript import Told, journal_lines

PIPED_WIDTH = 100
PLACES = {"Caller": 0, "Ana": 1, "Sam": 2, "Sky": 2}
TITLES = ("Caller", "Ana, agent", "Sam and Sky, supervisors")


class DemoScreen:
    """Thread-safe: with a real clock events come from the emulator's threads."""

    def __init__(self, configuration: Configuration, journal: bool) -> None:
        self._configuration, self._journal = configuration, journal
        self._colour = terminal.colour(sys.stdout)
        width = shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
        self._columns = Columns(width if sys.stdout.isatty() else PIPED_WIDTH, self._colour, PLACES, TITLES,
                                "─" if sys.stdout.encoding.lower().startswith("utf") else "-")  # fmt: skip
        self._promises, self._headings = Promises(), demo_script.headings()
        self._mutex = RLock()
        self._closed = False

    def begin(self, fast: bool) -> None:
        changed = ", ".join(f"{name} {value}" for part in demo_script.SHORTER.values() for name, value in part.items())
        how = "in a moment, on a virtual clock" if fast else "live, in three and a half minutes"
        self._wrapped(f"One call through all three steps, {how}. The software is the real one; only the telephones "
                      "and the people are played. Shorter here than usual, inside the permitted ranges: "
                      f"{changed}.")  # fmt: skip

    def step(self, position: int) -> None:
        """Before this step of the script happens."""
        if found := self._headings.get(position):
            self._write(self._columns.heading(*found))
            self._write(self._columns.titles())

    def event(self, told: Told) -> None:
        self._write(self._columns.event(told))
        if remark := self._promises.remark(told):
            self._write(self._columns.aside(remark, told.seconds))

    def end(self, entries: Sequence[Entry]) -> None:
        self._write(self._columns.heading("What came of it", ""))
        for title, text in demo_summary.lines(entries, self._configuration):
            self._write(textwrap.wrap(f"{title + ':':<12}{text}", self._columns.width, subsequent_indent=" " * 12))
        if self._journal:
            self._write(["", "The journal of this call (UTC; who, what, key, script@version/language, outcome):"])
            self._write(journal_lines(entries))
        else:
            self._write([""])
            self._wrapped(
                "Next: `callflow demo --browser` (or `make phones`) to take this call yourself, and README.md for your "
                "own."
            )
        self.check()

    def check(self) -> None:
        """Raise BrokenPipeError if nobody reads this any more."""
        if self._closed:
            raise BrokenPipeError

    def _wrapped(self, text: str) -> None:
        self._write(textwrap.wrap(text, self._columns.width))

    def _write(self, lines: Iterable[str]) -> None:
        with self._mutex:
            for line in lines:
                try:
                    click.echo(line, color=self._colour)
                except BrokenPipeError:
                    self._closed = True
