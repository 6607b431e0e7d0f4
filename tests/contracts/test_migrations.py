"""A database of the Callflow of schema version 5, made by that Callflow itself, and an upgrade beside it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.core.stages import Stage
from callflow.service.ports import Store, StoreUnavailable
from callflow.store import open_store, schema, upgrades
from callflow.store.errors import WrongSchema
from callflow.store.prepared import SCHEMA_VERSION
from callflow.store.schema import Migration, Phase, migrations
from tests.contracts.sample import SECRETS

PRE, POST = ([one.name for one in migrations("sqlite") if one.phase is phase] for phase in Phase)
HERE = Path(__file__).parent / "schema5"
AUDIO = Path(__file__).parents[2] / "audio"
Open = Callable[[str], Store]


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Callflow of schema version 5, as it was."""
    folder = tmp_path_factory.mktemp("schema5")
    with tarfile.open(HERE / "callflow.tar.xz") as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # since Python 3.11.4
        packed.extractall(folder)
    return folder


def play(callflow: Path, url: str, seed: int) -> list[str]:
    """Play two calls with that Callflow. Returns their references: one is over, one is at its first menu."""
    command = [sys.executable, HERE / "play.py", url, AUDIO, str(seed)]
    environment = {**os.environ, "PYTHONPATH": str(callflow)}
    done = subprocess.run(command, env=environment, cwd=callflow, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.split()


class Old(NamedTuple):
    url: str
    references: list[str]


@pytest.fixture(scope="session")
def old_file(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Old:
    path = tmp_path_factory.mktemp("old") / "calls.db"
    return Old(str(path), play(before, f"sqlite:///{path}", 1))


@pytest.fixture(scope="session")
def old_postgres(before: Path, postgres_server: str) -> Iterator[Old]:
    import psycopg

    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE schema5 ENCODING 'UTF8' TEMPLATE template0")
        yield Old("schema5", play(before, postgres_server.replace("/postgres?", "/schema5?"), 1))
        connection.execute("DROP DATABASE schema5 WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    """A copy of a database of that Callflow."""
    if request.param == "sqlite":
        made = request.getfixturevalue("old_file")
        copy = tmp_path / "calls.db"
        with closing(sqlite3.connect(made.url)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield Old(f"sqlite:///{copy}", made.references)
        return
    import psycopg

    made, server = request.getfixturevalue("old_postgres"), request.getfixturevalue("postgres_server")
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE schema5".encode())
        yield Old(server.replace("/postgres?", f"/{name}?"), made.references)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def types(url: str, *words: str) -> Result:
    return CliRunner().invoke(
        program, ["db", *words], env={"CALLFLOW_DATABASE_URL": url, "CALLFLOW_SECRET_KEY": SECRETS[0]}
    )


def upgraded(url: str, *, finish: bool = False) -> list[str]:
    with upgrades.opened(url) as tables:
        return [one.name for one in tables.upgrade(finish=finish)]


def test_an_old_database_is_refused_with_what_to_do(old: Old) -> None:
    with pytest.raises(WrongSchema, match=f"needs {SCHEMA_VERSION}: run `callflow db upgrade`"):
        open_store(old.url, SECRETS)
    assert types(old.url, "check").exit_code == 1


def test_old_and_new_share_a_database_until_the_upgrade_is_finished(old: Old, before: Path, opened: Open) -> None:
    assert upgraded(old.url) == PRE
    references = [*old.references, *play(before, old.url, 10)]  # the old one goes on
    store = opened(old.url)
    for reference in references:
        call = store.find(reference)
        assert call is not None
        assert call.reference == reference
        assert store.journal(call.id)
    begun = store.find(references[-1])
    assert begun is not None
    assert begun.stage is Stage.ARRIVING
    assert upgraded(old.url, finish=True) == POST
    assert upgraded(old.url, finish=True) == []
    assert [found.reference for one in references if (found := store.find(one))] == references
    assert store._rows("find_in_state", part="%") == []  # type: ignore[attr-defined]  # nobody reads every call
    with pytest.raises(RuntimeError, match="schema version"):
        play(before, old.url, 20)


TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"


def columns(url: str) -> list[Any]:
    """Tables, columns, indexes and triggers as the database describes them."""
    with upgrades.opened(url) as tables:
        connection: Any = tables._connection  # type: ignore[attr-defined]
        if tables.database == "postgresql":
            described = [
                "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
                "WHERE table_schema = 'public' ORDER BY 1, 2",
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
                "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
            ]
            return [connection.execute(query).fetchall() for query in described]
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master ORDER BY name")]
        kinds = {name: connection.execute(f'PRAGMA table_info("{name}")').fetchall() for name in names}
        indexes = {name: connection.execute(f'PRAGMA index_info("{name}")').fetchall() for name in names}
        return [kinds, indexes, connection.execute(TRIGGERS).fetchall()]


def test_an_upgraded_database_is_as_a_new_one(old: Old, request: pytest.FixtureRequest) -> None:
    new = str(request.getfixturevalue("sqlite_url" if old.url.startswith("sqlite") else "postgres_url"))
    open_store(new, SECRETS).close()
    upgraded(old.url, finish=True)
    assert columns(old.url) == columns(new)


def test_a_migration_that_fails_leaves_everything_as_it_was(old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    half = ("ALTER TABLE calls ADD COLUMN half TEXT", "SELECT 1 FROM nowhere")
    with monkeypatch.context() as patched:
        patched.setattr(schema, "migrations", lambda database: [Migration(SCHEMA_VERSION, Phase.PRE, half)])
        with pytest.raises(StoreUnavailable, match="nowhere"):
            upgraded(old.url)
    assert "half" not in str(columns(old.url))
    assert upgraded(old.url) == PRE


def test_what_ops_type(old: Old) -> None:
    assert f"missing migrations  {', '.join([*PRE, *POST])}" in types(old.url, "status").output
    assert types(old.url, "upgrade").output == f"{done(PRE)}{len(PRE)} migrations run\n"
    assert types(old.url, "check").stdout == "the database fits this Callflow\n"
    assert f"usable from schema version 5 to {SCHEMA_VERSION}" in (shown := types(old.url, "status").output)
    assert shown.endswith("when no server of the version before is left: callflow db upgrade --finish\n")
    finished = types(old.url, "upgrade", "--finish").output
    assert finished == f"{done(POST)}2 calls sealed\n2 calls chained\n{len(POST)} migrations run\n"
    assert types(old.url, "upgrade", "--finish").output == "nothing to do\n"
    assert "missing migrations  none" in types(old.url, "status").output


def done(names: list[str]) -> str:
    return "".join(f"{name}  done\n" for name in names)


@pytest.mark.parametrize("words", ["status", "check", "upgrade"])
def test_a_database_that_is_not_there(words: str, tmp_path: Path) -> None:
    done = types(f"sqlite:///{tmp_path}/none.db", words)
    assert done.exit_code == 1
    assert not list(tmp_path.iterdir())


def test_a_database_of_a_later_callflow_is_refused(database_url: str) -> None:
    open_store(database_url, SECRETS).close()
    later = Migration(SCHEMA_VERSION + 1, Phase.POST, ())
    with upgrades.opened(database_url) as tables:
        tables._connection.execute(later.record())  # type: ignore[attr-defined]
    with pytest.raises(WrongSchema, match="run the newer Callflow"):
        open_store(database_url, SECRETS)


def test_additions_of_a_later_callflow_are_no_hindrance(database_url: str, opened: Open) -> None:
    opened(database_url).close()
    with upgrades.opened(database_url) as tables:
        tables._connection.execute(Migration(SCHEMA_VERSION + 1, Phase.PRE, ()).record())  # type: ignore[attr-defined]
    opened(database_url).ping()


@pytest.fixture
def file(old_file: Old, tmp_path: Path) -> Path:
    return Path(shutil.copy(old_file.url, tmp_path / "own.db"))


def test_a_server_upgrades_its_own_file_after_a_copy(file: Path, opened: Open) -> None:
    url = f"sqlite:///{file}"
    copy = upgrades.upgrade_file(url, SECRETS)
    assert copy == file.with_name("own.db.schema-5")
    assert copy.stat().st_mode & 0o777 == 0o600
    assert upgrades.upgrade_file(url, SECRETS) is None
    assert len(opened(url).calls(live=False)) == 2
    with upgrades.opened(f"sqlite:///{copy}") as tables:
        assert tables.levels() == (5, 5)


def test_an_earlier_copy_is_kept(file: Path) -> None:
    earlier = file.with_name("own.db.schema-5")
    earlier.write_text("kept")
    assert upgrades.upgrade_file(f"sqlite:///{file}", SECRETS) == file.with_name("own.db.schema-5-1")
    assert earlier.read_text() == "kept"


def test_a_new_file_needs_no_upgrade(sqlite_url: str, tmp_path: Path) -> None:
    assert upgrades.upgrade_file(sqlite_url, SECRETS) is None
    (tmp_path / "empty.db").touch()
    assert upgrades.upgrade_file(f"sqlite:///{tmp_path}/empty.db", SECRETS) is None


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_version_has_both_halves(database: str) -> None:
    found = [(one.version, one.phase) for one in migrations(database)]
    versions = list(dict.fromkeys(version for version, _ in found))
    assert found == [(version, phase) for version in versions for phase in Phase]
    assert (versions[0], versions[-1]) == (6, SCHEMA_VERSION)
