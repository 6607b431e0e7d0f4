"""Problems of a configuration, as shown to ops: file, line, column, code, message and fix."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from callflow.configuration.codes import CODES, Severity


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """``line`` and ``column`` count from 1; ``code`` is explained in ``codes.md``."""

    file: str
    line: int
    column: int
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.code} {self.message}"

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    @property
    def fix(self) -> str:
        """What to do, in one sentence."""
        return CODES[self.code].fix


class ConfigurationError(Exception):
    """The configuration has errors and cannot be used. ``problems`` has all of them, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class NoConfiguration(ConfigurationError):
    """Nothing of a configuration is in the directory. The message says so once, and not for every file."""

    def __init__(self, directory: Path, message: str) -> None:
        super().__init__([Problem(directory.as_posix(), 1, 1, "CF001", message)])
        self.args = (message,)


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A hint in brackets, with a space before it; "" if no known name is similar."""
    near = difflib.get_close_matches(wrong, sorted(known), n=1, cutoff=0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""
