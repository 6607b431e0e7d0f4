"""Which tests run which line, and how long they take: one run under coverage, kept until a file changes."""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from tests.mutants.trees import MUTATED, ROOT, Tree, digest

KEPT = ROOT / ".mutants"
SUITES = (
    "tests/core",
    "tests/service",
    "tests/web",
    "tests/configuration",
    "tests/contracts",
    "tests/cli",
    "tests/simulator",
    "tests/e2e",
)
WITHIN_SECONDS = 1800.0
SLOWEST_TEST_SECONDS = 20.0
SECONDS_EACH = 60.0
"""So much of the tests that run a line are run for each break of it, the quickest files first. All seconds are of CPU
and under coverage, which is two to three times as slow as without."""


@dataclass(frozen=True)
class Covering:
    """``lines[file][line]`` are numbers of tests; ``ids`` and ``seconds`` say which and how long."""

    ids: list[str]
    seconds: list[float]
    lines: dict[str, dict[int, list[int]]]

    def tests(self, name: str, executed: Iterable[int]) -> list[str]:
        """Ids of the tests that run one of these lines of a file, by file, the cheapest file first.

        A line that only importing runs (a table, a limit) concerns all tests.
        """
        lines = self.lines.get(name, {})
        found = {test for line in executed for test in lines.get(line, ())}
        if not found and any(line in lines for line in executed):
            found = set(range(len(self.ids)))
        return self._cheapest_first(found)

    def _cheapest_first(self, found: set[int]) -> list[str]:
        files: dict[str, list[int]] = defaultdict(list)
        for test in sorted(found):
            files[self.ids[test].partition("::")[0]].append(test)
        chosen, left = [], SECONDS_EACH
        for tests in sorted(files.values(), key=lambda some: sum(self.seconds[one] for one in some)):
            for test in tests:
                if self.seconds[test] <= left:
                    left -= self.seconds[test]
                    chosen.append(self.ids[test])
        return chosen

    def expected(self, tests: Iterable[str]) -> float:
        wanted = set(tests)
        return sum(seconds for id, seconds in zip(self.ids, self.seconds, strict=True) if id in wanted)


def covering(tree: Tree, folder: Path) -> Covering:
    path = KEPT / f"{digest()}.json"
    if not path.exists():
        found = _measured(tree, folder)
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir()
        path.write_text(json.dumps(found), encoding="utf-8")
    kept = json.loads(path.read_text(encoding="utf-8"))
    lines = {name: {int(line): tests for line, tests in some.items()} for name, some in kept["lines"].items()}
    return Covering(kept["ids"], kept["seconds"], lines)


def _measured(tree: Tree, folder: Path) -> dict[str, object]:
    durations = folder / "durations.json"
    sources = [f"--cov={name}" for name in MUTATED]
    code = tree.pytest(["-n", "2", *sources, "--cov-context=test", "--cov-report=", *suites()], (), WITHIN_SECONDS,
                       str(durations))  # fmt: skip
    if code:
        raise SystemExit(f"the tests must pass before anything is broken (exit code {code}):\n{tree.output[-3000:]}")
    seconds = json.loads(durations.read_text(encoding="utf-8"))
    ids = [id for id in seconds if seconds[id] <= SLOWEST_TEST_SECONDS]
    number = {id: place for place, id in enumerate(ids)}
    data, lines = CoverageData(str(folder / "coverage")), {}
    data.read()
    for file in data.measured_files():
        contexts = data.contexts_by_lineno(file)
        lines[Path(file).relative_to(tree.folder).as_posix()] = {
            line: sorted({number[id] for one in some if (id := one.rpartition("|")[0]) in number})
            for line, some in contexts.items()
        }
    return {"ids": ids, "seconds": [seconds[id] for id in ids], "lines": lines}


def suites() -> list[str]:
    """Files of tests, without those that start processes: a broken line shows elsewhere first, and cheaper."""
    paths = [path for suite in SUITES for path in sorted((ROOT / suite).rglob("test_*.py"))]
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    return [path.relative_to(ROOT).as_posix() for path in paths
            if "tests.e2e.processes" not in texts[path] and "import subprocess" not in texts[path]]  # fmt: skip
