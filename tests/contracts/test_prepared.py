"""The SQL files match each other, the tables, and the code that runs their statements."""

import ast
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

from callflow.store.prepared import blocks, prepared

STORE = Path(__file__).parents[2] / "callflow" / "store"
SQLITE, POSTGRES = prepared("sqlite"), prepared("postgresql")
JOBS = {name for file in STORE.glob("*_jobs.sql") for name, _ in blocks(file)}
"""The statements about jobs, which are in other tables on PostgreSQL."""


TYPES = re.compile(r" (BIGSERIAL|INTEGER|BLOB|BYTEA)\b")


class Asked(dict[str, str]):
    """A value for any name. Remembers the names that were read."""

    def __missing__(self, name: str) -> str:
        self[name] = name
        return name


def tables(creation: list[str]) -> dict[str, list[str]]:
    """By table, its columns in order, each with its definition but without its type."""
    found = {}
    for statement in creation:
        made = re.match(r"CREATE TABLE (\w+) \(\n(.*)\n\)$", re.sub(r",? --.*|,$", "", statement, flags=re.M), re.S)
        if made:
            found[made[1]] = [TYPES.sub("", line.strip()) for line in made[2].splitlines()]
    return found


def test_both_databases_have_the_same_statements_with_the_same_parameters() -> None:
    bound = [{name: one.bind(Asked()) for name, one in some.statements.items() if name not in JOBS}
             for some in (SQLITE, POSTGRES)]  # fmt: skip
    assert bound[0] == bound[1]


def test_both_databases_have_the_same_tables_and_indexes() -> None:
    ours = tables(SQLITE.creation)
    assert ours.pop("jobs")
    assert ours == {name: columns for name, columns in tables(POSTGRES.creation).items() if name in ours}
    assert len(ours) >= 11
    indexes = [[one.replace("closed = 0", "closed = FALSE") for one in some.creation
                if re.match("CREATE INDEX (?!jobs)", one)] for some in (SQLITE, POSTGRES)]  # fmt: skip
    assert [one.splitlines()[-1] for one in indexes[0]] == [one.splitlines()[-1] for one in indexes[1]]


def test_every_statement_fits_the_tables() -> None:
    """On SQLite. The contract tests cover PostgreSQL."""
    connection = sqlite3.connect(":memory:")
    for statement in SQLITE.creation:
        connection.execute(statement)
    for name, one in SQLITE.statements.items():
        values = one.bind(Asked())
        assert one.text.count("?") == len(values), name
        connection.execute(f"EXPLAIN {one.text}", values)
    connection.close()


def test_every_statement_is_run_by_somebody() -> None:
    texts = {node.value for path in STORE.glob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Constant)}  # fmt: skip
    assert set(SQLITE.statements) <= texts


def test_a_store_opens_without_sqlalchemy() -> None:
    code = "import sys, callflow.store.sqlite; assert 'sqlalchemy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
