"""The SQL statements, read from the files in this package.

``statements.sql`` has those that are the same on both databases; ``sqlite.sql`` and ``postgresql.sql`` have the tables
and the others, ``sqlite_jobs.sql`` and ``postgresql_jobs.sql`` all about jobs. The driver's own cursor runs them: with
SQLAlchemy a unit of work takes 200 us instead of 27.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from callflow import extras

SCHEMA_VERSION: Final = 28
"""Of the tables in ``sqlite.sql`` and ``postgresql.sql``. Databases from version 5 on are upgraded (``schema``)."""
_KEEP_VERSION: Final = (
    f"INSERT INTO meta (name, value) VALUES ('schema_version', '{SCHEMA_VERSION}'), "
    f"('schema_additions', '{SCHEMA_VERSION}')"
)
_NAME: Final = "-- name: "
_PARAMETER: Final = re.compile(r":(\w+)")
_INCLUDE: Final = "\\i "
"""psql's word for another file; here a file in an installed package."""
_MARKS: Final = {"sqlite": "?", "postgresql": "%s"}

Values = Mapping[str, Any]


class Statement(NamedTuple):
    """``bind`` converts values by name to the sequence of parameters of ``text``."""

    text: str
    bind: Callable[[Values], tuple[Any, ...]]


class Prepared(NamedTuple):
    """All statements by name. ``creation`` are the statements that create the tables, in order."""

    statements: dict[str, Statement]
    creation: list[str]


@cache
def prepared(database: str) -> Prepared:
    """The statements for a database: "sqlite" or "postgresql"."""
    folder = Path(__file__).parent
    files = ("statements", database, f"{database}_jobs")
    found = [block for name in files for block in blocks(folder / f"{name}.sql")]
    statements = {name: _statement(text, _MARKS[database]) for name, text in found if name}
    return Prepared(statements, [*(text for name, text in found if not name), _KEEP_VERSION])


def blocks(file: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of the statements in a file. Those without a ``-- name: `` have the name ""."""
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        lines = block.strip().splitlines()
        text = "\n".join(line for line in lines if not line.startswith("--"))
        if text:
            name = lines[0].removeprefix(_NAME) if lines[0].startswith(_NAME) else ""
            yield name, _included(text) if text.startswith(_INCLUDE) else text.removesuffix(";")


def _included(text: str) -> str:
    package, _, path = text.removeprefix(_INCLUDE).partition("/")
    spec = find_spec(package)  # without importing it
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"PostgreSQL needs {package}: {extras.how('postgres')}", name=package)
    return (Path(spec.origin).parent / path).read_text(encoding="utf-8")


def _statement(written: str, mark: str) -> Statement:
    names = _PARAMETER.findall(written)
    text = _PARAMETER.sub(mark, written)
    if len(names) > 1:
        return Statement(text, itemgetter(*names))
    # itemgetter needs at least one name, and with one name it does not return a tuple.
    return Statement(text, lambda values: tuple([values[name] for name in names]))
