"""A goal, what it must be, what was measured; and the table of them."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """``good`` None: a figure that is only told. ``note`` says what is behind the number."""

    goal: str
    must: str
    measured: str
    good: bool | None
    note: str = ""


def at_least(goal: str, least: float, value: float, unit: str = "", note: str = "") -> Measured:
    return Measured(goal, f">= {least:g}{unit}", f"{value:.2f}{unit}", value >= least, note)


def at_most(goal: str, most: float, value: float, unit: str = "", note: str = "") -> Measured:
    return Measured(goal, f"<= {most:g}{unit}", f"{value:.2f}{unit}", value <= most, note)


def told(goal: str, measured: str, note: str = "") -> Measured:
    return Measured(goal, "-", measured, None, note)


def table(rows: Sequence[Measured]) -> str:
    heads = ("goal", "must", "measured", "pass", "")
    verdict = {True: "yes", False: "NO", None: ""}
    cells = [heads, *((row.goal, row.must, row.measured, verdict[row.good], row.note) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[4]]).rstrip()
             for line in cells]  # fmt: skip
    return "\n".join([lines[0], "-" * (sum(widths) + 6), *lines[1:]])


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
