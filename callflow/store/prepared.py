"""The statements as the drivers run them, read from the files that ``statements`` writes.

A server has no other use for SQLAlchemy, and starts 250 ms earlier and 17 MB smaller without it (tests/bench, G7).
After a change of a table or a statement: ``python -m callflow.store.statements``; a test sees to it.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

SCHEMA_VERSION: Final = 4
"""2: the table of the history; 3: configurations and their activations; 4: the column ``queue``."""
VERSION_QUERY: Final = "SELECT value FROM meta WHERE name = 'schema_version'"

Values = Mapping[str, Any]


class Statement(NamedTuple):
    """A statement keeps the order of its parameters, so callers name them and nobody counts marks."""

    text: str
    bind: Callable[[Values], tuple[Any, ...]]


class Prepared(NamedTuple):
    """All statements by name; ``creation`` makes an empty database ours, in order."""

    statements: dict[str, Statement]
    creation: list[str]


def file_of(database: str) -> Path:
    return Path(__file__).with_name(f"{database}.json")


@cache
def prepared(database: str) -> Prepared:
    """What runs on this database: sqlite or postgresql."""
    found = json.loads(file_of(database).read_text(encoding="utf-8"))
    return Prepared({name: _statement(**one) for name, one in found["statements"].items()}, found["creation"])


def _statement(text: str, names: list[str], fixed: dict[str, Any]) -> Statement:
    # An itemgetter of one name gives no tuple, one of none does not exist, and none knows the statement's own values.
    if len(names) > 1 and not fixed:
        return Statement(text, itemgetter(*names))
    return Statement(text, lambda values: tuple(values[name] if name in values else fixed[name] for name in names))
