"""Copies of the checkout, in which lines are broken and tests are run: the checkout itself is never touched."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

ROOT = Path(__file__).parents[2]
MUTATED = ("callflow/core", "callflow/service")
PASSED, FAILED, UNREADABLE, TIMED_OUT = 0, 1, 2, -1
"""Exit codes of pytest; with the third one a file of tests could not be imported. The last one is ours."""


def files() -> list[str]:
    """What git knows or would add, by path."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(name for name in names if name and (ROOT / name).is_file())


def modules() -> list[str]:
    return [name for name in files() if name.startswith(MUTATED) and name.endswith(".py")]


def digest() -> str:
    """Of everything that can change which test runs which line."""
    found = hashlib.sha256()
    for name in files():
        if name.startswith(("callflow/", "tests/", "config/", "requirements-dev")) or name == "pyproject.toml":
            found.update(name.encode() + b"\0" + (ROOT / name).read_bytes() + b"\0")
    return found.hexdigest()[:16]


class Tree:
    """One copy. Each content of a module gets a time of its own, so that no stale bytecode is used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tree"
        self._scratch = folder
        self._times = count(1_000_000_000, 10)
        for name in files():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)

    @contextmanager
    def broken(self, name: str, code: str) -> Iterator[None]:
        self._write(name, code)
        try:
            yield
        finally:
            self._write(name, (ROOT / name).read_text(encoding="utf-8"))
            shutil.rmtree(self.folder / ".hypothesis", ignore_errors=True)  # the next one is not to learn from this one

    def imports(self, name: str) -> bool:
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return self._python(["-c", f"import callflow.bootstrap, {module}"], 60) == PASSED

    def well_typed(self) -> bool:
        return self._python(["-m", "mypy"], 600) == PASSED

    def pytest(self, arguments: Sequence[str], wanted: Iterable[str], within: float, durations: str = "") -> int:
        """Exit code of pytest with these tests, ``TIMED_OUT`` after so many seconds."""
        selection = self._scratch / "selection.json"
        selection.write_text(json.dumps({"wanted": [*wanted], "durations": durations}), encoding="utf-8")
        options = ["-q", "-p", "no:cacheprovider", "-p", "tests.mutants.selection", "--hypothesis-seed=0"]
        marks = ["-m", "not slow and not postgres and not browser"]
        return self._python(["-m", "pytest", *options, *marks, *arguments], within, selection)

    def _write(self, name: str, code: str) -> None:
        path, time = self.folder / name, next(self._times)
        path.write_text(code, encoding="utf-8")
        os.utime(path, (time, time))

    def _python(self, arguments: Sequence[str], within: float, selection: Path | None = None) -> int:
        environment = os.environ | {
            "CALLFLOW_TESTS_SELECTION": str(selection), "COVERAGE_FILE": str(self._scratch / "coverage"),
            "PYTHONPYCACHEPREFIX": str(self._scratch / "bytecode"), "TMPDIR": str(self._scratch),
        }  # fmt: skip
        with (self._scratch / "output.txt").open("wb") as output:
            process = subprocess.Popen([sys.executable, *arguments], cwd=self.folder, env=environment, stdout=output,
                                       stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip
            try:
                return process.wait(within)
            except subprocess.TimeoutExpired:
                return TIMED_OUT
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    @property
    def output(self) -> str:
        return (self._scratch / "output.txt").read_text(encoding="utf-8", errors="replace")
