"""The journal is append-only: what an attacker tries on it, as any program, as the server, and as each role."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from callflow.bootstrap import system_clock
from callflow.cli import program
from callflow.core.stages import Stage
from callflow.service.accounts import AccessEntry, AccessKind
from callflow.service.ports import Store, StoreUnavailable
from callflow.store.prepared import prepared
from callflow.store.reclaiming import forget_accesses, reclaim, reclaimed
from callflow.store.roles import APPLICATION, MAINTENANCE, statements
from tests.contracts.attacks import ANY_PROGRAM, AS_APPLICATION, AS_MAINTENANCE, AS_OWNER, DENIED, ENTRY, THE_SERVER
from tests.contracts.sample import NOW, SECRETS, a_call, note, save
from tests.web.edge import Edge

Open = Callable[[str], Store]
Run = Callable[[str], list[Any]]
SECRET = {"CALLFLOW_SECRET_KEY": SECRETS[0]}


@pytest.fixture
def file(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


def filled(store: Store) -> Store:
    """Two calls, the first with two entries."""
    save(store, a_call(), notes=[note(), note("second")])
    save(store, a_call("c2"))
    return store


@pytest.mark.parametrize("attack", ANY_PROGRAM)
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
def test_no_program_can_change_the_journal_of_a_file(
    opened: Open, sqlite_url: str, file: Path, attack: str, recursive: str
) -> None:
    store = filled(opened(sqlite_url))
    before = store.journal("c1")
    with closing(sqlite3.connect(file, isolation_level=None)) as shell:
        shell.execute(f"PRAGMA recursive_triggers = {recursive}")
        for keys in ("OFF", "ON"):
            shell.execute(f"PRAGMA foreign_keys = {keys}")
            with suppress(sqlite3.IntegrityError):
                shell.execute(ANY_PROGRAM[attack])
    assert store.journal("c1")[: len(before)] == before
    assert store.read("c1") == a_call()
    assert store.read("c2") == a_call("c2")
    save(store, a_call("c3"), notes=[note()])
    assert len(store.journal("c3")) == 1


def test_the_server_cannot_remove_what_protects_a_file(opened: Open, sqlite_url: str) -> None:
    """An attacker who makes the server run a statement, on its writing and on its reading connections."""
    store: Any = filled(opened(sqlite_url))
    for connection in (store._writer._connection, store._reader()):
        for attack in THE_SERVER:
            with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited|may not be modified"):
                connection.execute(attack)
    assert len(store.journal("c1")) == 2


@pytest.fixture
def roles(postgres_server: str, postgres_url: str, opened: Open) -> Iterator[dict[str, Run]]:
    """A database with two calls, in which each role runs statements."""
    import psycopg

    opened(postgres_url).close()
    name = postgres_url.rpartition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        for role in ("callflow_app", "callflow_maintenance"):
            owner.execute(
                f"DO 'BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END'".encode()
            )
        for statement in statements("callflow_app", "callflow_maintenance", name):
            owner.execute(statement.encode())
    filled(opened(postgres_url))

    def runs(url: str) -> Run:
        def run(statement: str) -> list[Any]:
            with psycopg.connect(url, autocommit=True) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []

        return run

    yield {role: runs(as_role(postgres_url, role)) for role in ("postgres", "callflow_app", "callflow_maintenance")}
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute("DROP OWNED BY callflow_app, callflow_maintenance")


def as_role(url: str, role: str) -> str:
    return re.sub(r"//postgres(?=[:@])", f"//{role}", url)


def refused(run: Run, attack: str, why: str) -> None:
    import psycopg

    with pytest.raises(psycopg.Error, match=why):
        run(attack)


@pytest.mark.postgres
def test_no_role_can_change_the_journal_of_postgresql(roles: dict[str, Run]) -> None:
    before = roles["postgres"]("SELECT * FROM journal ORDER BY 1")
    roles["callflow_app"]("GRANT ALL ON journal TO callflow_app")  # a warning, and nothing is granted
    for attack in AS_APPLICATION:
        refused(roles["callflow_app"], attack, DENIED)
    for attack in AS_MAINTENANCE:
        refused(roles["callflow_maintenance"], attack, DENIED)
    for attack in AS_OWNER:
        refused(roles["postgres"], attack, "append-only|only a call that was erased")
    refused(roles["callflow_maintenance"], "DELETE FROM journal", "append-only")
    refused(
        roles["callflow_maintenance"], "INSERT INTO reclaimed VALUES (1, 0, 'x', 0, 0)", "only a call that was erased"
    )
    assert roles["postgres"]("SELECT * FROM journal ORDER BY 1") == before


@pytest.mark.postgres
def test_copy_appends_and_never_replaces(roles: dict[str, Run], postgres_url: str) -> None:
    import psycopg

    before = roles["postgres"]("SELECT * FROM journal ORDER BY 1")
    with (
        psycopg.connect(as_role(postgres_url, "callflow_app"), autocommit=True) as application,
        pytest.raises(psycopg.errors.UniqueViolation),
        application.cursor().copy(f"COPY journal (call, seq, {ENTRY} FROM STDIN") as copy,
    ):
        copy.write_row((1, 1, 0, "forged", "", "", "", "", "", "", ""))
    assert roles["postgres"]("SELECT * FROM journal ORDER BY 1") == before


@pytest.mark.postgres
def test_every_statement_of_the_servers_runs_with_the_rights_of_the_application(roles: dict[str, Run]) -> None:
    refusals = {}
    for name, statement in prepared("postgresql").statements.items():
        try:
            roles["callflow_app"](f"EXPLAIN {statement.text.replace('%s', 'NULL')}")
        except Exception as error:
            refusals[name] = str(error)
    assert {name: why for name, why in refusals.items() if "permission denied" in why} == {}


@pytest.mark.postgres
def test_a_whole_call_runs_with_the_rights_of_the_application(
    roles: dict[str, Run], postgres_url: str, opened: Open
) -> None:
    store = opened(as_role(postgres_url, "callflow_app"))
    store.ping()
    edge = Edge(store=store)
    edge.now = NOW + timedelta(days=1)
    assert edge.talking().call.stage is Stage.TALKING
    assert store.journal(edge.call.id)


def test_every_table_has_its_rights() -> None:
    made = re.findall(r"CREATE TABLE (\w+)", "\n".join(prepared("postgresql").creation))
    assert set(made) == {*APPLICATION, *MAINTENANCE}


def test_rights_are_printed_for_the_owner() -> None:
    printed = types("grants", "--application", "app", "--database", "calls")
    assert printed.output.splitlines() == list(statements("app", "callflow_maintenance", "calls"))
    assert types("grants", "--application", "app; DROP TABLE calls").exit_code == 2


def types(*words: str, url: str = "sqlite:///none.db") -> Result:
    return CliRunner().invoke(program, ["db", *words], env={"CALLFLOW_DATABASE_URL": url})


@pytest.fixture
def erased(database_url: str, opened: Open, request: pytest.FixtureRequest) -> str:
    """The URL for maintenance of a database with two calls that are over, ``c1`` erased and ``c2`` not."""
    if database_url.startswith("sqlite"):
        store = filled(opened(database_url))
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as shell:
            erase(shell.execute)
        assert store.read("c1")
        return database_url
    erase(request.getfixturevalue("roles")["postgres"])
    return as_role(database_url, "callflow_maintenance")


def erase(run: Callable[[str], object]) -> None:
    run("UPDATE calls SET ended_at = 1000")
    run("UPDATE calls SET \"key\" = NULL WHERE id = 'c1'")


def test_only_the_space_of_erased_calls_is_reclaimed_and_it_is_written_down(
    erased: str, database_url: str, opened: Open
) -> None:
    store = opened(database_url)
    save(store, a_call("c4"), notes=[note()])
    assert reclaim(erased, ended_before=NOW, at=NOW, by="dana") == 1
    assert reclaim(erased, ended_before=NOW, at=NOW + timedelta(days=1), by="eve") == 0
    assert store.journal("c1") == []
    assert store.read("c1") is not None
    assert len(store.journal("c4")) == 1
    (row,) = reclaimed(erased)
    assert row == ("4F7K", NOW, "dana", 2, row.moments)
    assert "dana  2 entries" in types("reclaim", "--list", url=erased).output
    assert types("reclaim", url=erased).output == "0 calls reclaimed\n"
    printed = CliRunner().invoke(program, ["journal", "c1"], env={"CALLFLOW_DATABASE_URL": database_url, **SECRET})
    assert printed.output.startswith("its entries were deleted after it was erased")


@pytest.mark.postgres
def test_a_role_is_told_which_rights_it_lacks_or_has_too_many_of(roles: dict[str, Run], postgres_url: str) -> None:
    application = as_role(postgres_url, "callflow_app")
    fits = types("check", url=application)
    assert (fits.exit_code, fits.output) == (0, "the database fits this Callflow\n")
    assert "servers need one of their own" in types("check", url=postgres_url).output
    roles["postgres"]("REVOKE DELETE ON orders FROM callflow_app")
    roles["postgres"]("REVOKE UPDATE (due) ON calls FROM callflow_app")
    lacks = types("check", url=application)
    assert lacks.exit_code == 1
    assert "this role lacks UPDATE on calls (due), DELETE on orders: the owner runs" in lacks.output


@pytest.mark.postgres
def test_a_server_role_cannot_reclaim(roles: dict[str, Run], postgres_url: str) -> None:
    erase(roles["postgres"])
    with pytest.raises(StoreUnavailable, match="InsufficientPrivilege"):
        reclaim(as_role(postgres_url, "callflow_app"), ended_before=NOW, at=NOW, by="x")
    assert roles["postgres"]("SELECT count(*) FROM journal") == [(2,)]


def access(days_ago: int, person: str) -> AccessEntry:
    return AccessEntry(at=NOW - timedelta(days=days_ago), kind=AccessKind.SIGNED_IN, person=person, way="passkey")


def test_old_accesses_are_deleted_and_it_is_written_down(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    for days_ago, person in ((400, "ana"), (399, "sam"), (10, "sam")):
        store.add_access_entry(access(days_ago, person))
    before = NOW - timedelta(days=365)
    assert forget_accesses(database_url, before=before, at=NOW, by="dana") == 2
    assert forget_accesses(database_url, before=before, at=NOW, by="dana") == 0
    deleted, kept = store.access_entries()
    assert (deleted.at, deleted.kind) == (NOW, AccessKind.REMOVED)
    assert deleted.subject == f"2 accesses of before {before:%Y-%m-%d}, by dana"
    assert kept == access(10, "sam")


def test_accesses_of_the_last_half_year_stay(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    for days_ago, person in ((300, "ana"), (40, "sam")):
        at = system_clock() - timedelta(days=days_ago)
        store.add_access_entry(AccessEntry(at=at, kind=AccessKind.OPENED, person=person))
    early = types("reclaim", "--accesses-months", "1", url=database_url)
    assert (early.exit_code, "1 is not in the range x>=6" in early.output) == (2, True)
    assert types("reclaim", url=database_url).output == "0 calls reclaimed\n"
    done = types("reclaim", "--accesses-months", "6", "--by", "dana", url=database_url)
    assert done.output == "0 calls reclaimed\n1 access deleted\n"
    assert [one.person for one in store.access_entries()] == ["", "sam"]


@pytest.mark.postgres
def test_accesses_are_deleted_by_the_maintenance_role_alone(roles: dict[str, Run], postgres_url: str) -> None:
    roles["callflow_app"](
        "INSERT INTO access_entries (at, kind, person, way, network, subject) VALUES (1, 'opened', 'ana', '', '', '')"
    )
    with pytest.raises(StoreUnavailable, match="InsufficientPrivilege"):
        forget_accesses(as_role(postgres_url, "callflow_app"), before=NOW, at=NOW, by="x")
    assert forget_accesses(as_role(postgres_url, "callflow_maintenance"), before=NOW, at=NOW, by="dana") == 1
    assert roles["postgres"]("SELECT count(*) FROM access_entries") == [(1,)]


@pytest.mark.postgres
def test_tables_are_made_for_servers_that_cannot(postgres_url: str, opened: Open) -> None:
    assert types("create", url=postgres_url).output == "the tables are made\n"
    opened(postgres_url).ping()
    again = types("create", url=postgres_url)
    assert (again.exit_code, str(again.exception)) == (1, "the tables are there already")
