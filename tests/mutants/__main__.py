"""``make mutants``: breaks lines of core and service, one at a time, and tells which breaks no test notices.

    python -m tests.mutants [--seed 1] [--count 200] [--only core/keys]

Exit code 1 when fewer than 90 % are noticed. What is broken is drawn by the seed and takes place in copies of the
checkout. A break that keeps its module from being imported, or that no test notices but mypy does, counts for nothing,
and another one is drawn for it.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from threading import Lock

from tests.mutants.covering import Covering, covering
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.sampling import Mutant, drawn
from tests.mutants.trees import FAILED, PASSED, TIMED_OUT, UNREADABLE, Tree

GOAL = 0.90
PROCESSES = 2
KILLED, SURVIVED, STUCK = "killed", "SURVIVED", "killed (time)"
UNUSABLE, ILL_TYPED, SAME = "not importable", "ill-typed", "equivalent"
COUNTED = (KILLED, SURVIVED, STUCK)


@dataclass(frozen=True)
class Result:
    mutant: Mutant
    outcome: str

    def row(self) -> str:
        """What became of it, where it was, and the change with a few words before it."""
        before, after = self.mutant.change()
        differs = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
        start = max(0, differs - 40)
        told = (shorten(one[start:], 90, placeholder=" ...") for one in (before, after))
        name, line = self.mutant.place
        return f"{self.outcome:15}{name.removeprefix('callflow/')}:{line}  {'  =>  '.join(told)}"


class Run:
    """Takes mutants from the draw until enough of them have counted."""

    def __init__(self, draw: Iterator[Mutant], count: int, cover: Covering) -> None:
        self.cover = cover
        self.results: list[Result] = []
        self._draw, self._left, self._lock = draw, count, Lock()

    def work(self, tree: Tree) -> None:
        while mutant := self._next():
            result = Result(mutant, self._outcome(tree, mutant))
            with self._lock:
                self._left += result.outcome not in COUNTED
                self.results.append(result)
                say(result.row())

    def _next(self) -> Mutant | None:
        with self._lock:
            if not self._left:
                return None
            self._left -= 1
            return next(self._draw, None)

    def _outcome(self, tree: Tree, mutant: Mutant) -> str:
        if mutant.change() in EQUIVALENT:
            return SAME
        tests = self.cover.tests(mutant.name, mutant.broken.executed)
        if not tests:
            return SURVIVED
        files = list(dict.fromkeys(one.partition("::")[0] for one in tests))
        options = ["-x", "-n", "0", "-o", "faulthandler_timeout=30", "-o", "faulthandler_exit_on_timeout=true"]
        with tree.broken(mutant.name, mutant.code):
            code = tree.pytest([*options, *files], tests, within=60 + 4 * self.cover.expected(tests))
            if code == PASSED:
                return SURVIVED if tree.well_typed() else ILL_TYPED
            if code == TIMED_OUT or "Timeout (" in tree.output:
                return STUCK
            return KILLED if code == FAILED or (code == UNREADABLE and tree.imports(mutant.name)) else UNUSABLE


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--seed", type=int, default=1, help="another seed breaks other lines")
    parser.add_argument("--count", type=int, default=200, help="how many breaks must have counted")
    parser.add_argument("--only", default="", help="only modules whose path contains this")
    wanted = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="callflow-mutants-") as folder, suppress(KeyboardInterrupt):
        trees = [Tree(Path(folder, str(number))) for number in range(PROCESSES)]
        say("which tests run which line ...")
        run = Run(drawn(wanted.seed, wanted.only), wanted.count, covering(trees[0], Path(folder, "0")))
        with ThreadPoolExecutor(PROCESSES) as pool:
            for done in [pool.submit(run.work, tree) for tree in trees]:
                done.result()
    return _verdict(run.results, wanted.seed, (time.monotonic() - begun) / 60)


def _verdict(results: list[Result], seed: int, minutes: float) -> int:
    outcomes = Counter(one.outcome for one in results)
    counted = sum(outcomes[one] for one in COUNTED)
    caught = (counted - outcomes[SURVIVED]) / max(1, counted)
    survivors = sorted((one for one in results if one.outcome == SURVIVED), key=lambda one: one.mutant.place)
    say("\n".join([f"\nSurvivors of seed {seed}:", *(one.row() for one in survivors)]))
    told = ", ".join(f"{name} {number}" for name, number in outcomes.most_common())
    say(f"\n{told}; {minutes:.0f} minutes\n{caught:.1%} of {counted} noticed, and {GOAL:.0%} must be")
    return int(caught < GOAL)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
