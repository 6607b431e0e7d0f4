"""The version of the tables in a database, and the migrations between versions (``migrations/README.md``).

Two versions are on record: the oldest Callflow that may use the database, and the newest whose additions are in it. So
two versions of Callflow share a database during an upgrade. Pure, except that it reads the files of this package.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

from callflow.store.errors import WrongSchema
from callflow.store.prepared import SCHEMA_VERSION, blocks

FOLDER: Final = Path(__file__).with_name("migrations")
FILE: Final = re.compile(r"(\d{4})-(pre|post)(?:\.(sqlite|postgresql))?\.sql")
SEALED_SINCE: Final = 7
"""Servers of schema versions before this one cannot open what is sealed."""
META_QUERY: Final = "SELECT name, value FROM meta"


class Phase(StrEnum):
    """``PRE`` adds what the new version needs; ``POST`` removes what only the old one needed."""

    PRE = "pre"
    POST = "post"


RECORDED: Final[Mapping[Phase, str]] = {Phase.PRE: "schema_additions", Phase.POST: "schema_version"}
"""The row of ``meta`` with the version of the last migration of a phase."""


class Levels(NamedTuple):
    """The versions of a database: the oldest Callflow that may use it, and the newest whose additions are in it."""

    oldest: int
    newest: int


class Migration(NamedTuple):
    version: int
    phase: Phase
    statements: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.version:04}-{self.phase}"

    def record(self) -> str:
        """The statement that records this migration. It is part of the migration's transaction."""
        return (
            f"INSERT INTO meta (name, value) VALUES ('{RECORDED[self.phase]}', '{self.version}') "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )


def levels(meta: Iterable[tuple[str, str]]) -> Levels | None:
    """The versions by the rows of ``meta``; None if they are not those of a Callflow database."""
    rows = dict(meta)
    oldest = rows.get(RECORDED[Phase.POST], "")
    newest = rows.get(RECORDED[Phase.PRE], oldest)
    return Levels(int(oldest), int(newest)) if oldest.isdecimal() and newest.isdecimal() else None


def problem(found: Levels | None) -> str:
    """Why this Callflow cannot use the database, and what to do; "" if it can."""
    if found is None:
        return "the database is not one of Callflow's: point CALLFLOW_DATABASE_URL at another one"
    if found.newest < SCHEMA_VERSION:
        return (
            f"the database has schema version {found.newest}, this Callflow needs {SCHEMA_VERSION}: "
            "run `callflow db upgrade` (servers of the version before may go on meanwhile)"
        )
    if found.oldest > SCHEMA_VERSION:
        return (
            f"the database has been upgraded to schema version {found.oldest}, this Callflow needs {SCHEMA_VERSION}: "
            "run the newer Callflow"
        )
    return ""


def sealed(found: Levels | None) -> bool:
    """Whether no server uses the database that cannot open what is sealed. Raises WrongSchema with ``problem``."""
    if found is None or problem(found):
        raise WrongSchema(problem(found))
    return found.oldest >= SEALED_SINCE


def migrations(database: str) -> list[Migration]:
    """All migrations of "sqlite" or "postgresql", the oldest first, of a version the first phase first."""
    found = []
    for path in FOLDER.iterdir():
        match = FILE.fullmatch(path.name)
        if match and match[3] in (None, database):
            statements = tuple(text for _, text in blocks(path))
            found.append(Migration(int(match[1]), Phase(match[2]), statements))
    order = list(Phase)
    return sorted(found, key=lambda one: (one.version, order.index(one.phase)))


def pending(database: str, found: Levels, *, finish: bool) -> list[Migration]:
    """The migrations that the database lacks, in order. Those of the second phase only to ``finish``."""
    known = migrations(database)
    additions = [one for one in known if one.phase is Phase.PRE and one.version > found.newest]
    removals = [one for one in known if one.phase is Phase.POST and one.version > found.oldest]
    return [*additions, *(removals if finish else ())]
