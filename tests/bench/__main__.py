"""``make bench``: measures every goal of docs/performance.md and prints a table; exit code 1 when one does not hold.

    python -m tests.bench [--quick] [G1 G4 ...]

Goals are ratios of things measured in turns on this machine, so they travel. Server on core 0, load on core 1.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    board_speed,
    chain,
    check_speed,
    dispatch,
    latency,
    load,
    recordings_speed,
    rehearsals,
    sealing,
    second_node,
    start,
    stores,
    throughput,
)
from tests.bench.goals import Measured, say, table
from tests.bench.servers import OUR_CORE

Goal = Callable[[Path, bool], list[Measured]]
GOALS: dict[str, Goal] = {
    "G1 G2 G3": lambda folder, quick: throughput.measure(folder, 3 if quick else 5, 2.0 if quick else 4.0),
    "G4": lambda folder, quick: latency.measure(folder, 3 if quick else 6, 5.0 if quick else 10.0),
    "G5 G6": lambda folder, quick: stores.measure(folder, 100_000 if quick else 1_000_000),
    "G7": lambda folder, quick: start.measure(folder, 5 if quick else 11),
    "G8": lambda folder, quick: rehearsals.measure(folder, 50 if quick else 200),
    "G9": lambda folder, quick: dispatch.measure(folder, 20 if quick else 60),
    "G10": lambda folder, quick: second_node.measure(folder, 3.0 if quick else 10.0),
    "G11": lambda folder, _: check_speed.measure(folder),
    "G12": lambda folder, quick: sealing.measure(folder, 40 if quick else 150),
    "G13": lambda folder, quick: load.measure(folder, 5.0 if quick else 15.0),
    "G14": lambda folder, quick: recordings_speed.measure(folder, 10.0 if quick else 30.0),
    "G15": lambda folder, quick: chain.measure(folder, 40 if quick else 150),
    "G20": lambda folder, quick: board_speed.measure(folder, 3 if quick else 6, 5.0 if quick else 10.0),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="two minutes instead of six, less exact")
    parser.add_argument("goals", nargs="*", help="only these, by their number (G1 to G15, G20)")
    wanted = parser.parse_args()
    os.sched_setaffinity(0, {OUR_CORE})
    rows: list[Measured] = []
    for names, measure in GOALS.items():
        if not wanted.goals or set(wanted.goals) & set(names.split()):
            say(f"{names} ...")
            with tempfile.TemporaryDirectory(prefix="callflow-bench-") as folder:
                rows += measure(Path(folder), wanted.quick)
    say(f"\n{table(rows)}")
    return int(any(row.good is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
