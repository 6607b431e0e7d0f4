"""`callflow db`: the versions of the database, its upgrades, copies and roles, and the space of erased calls."""

import getpass
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.store.upgrades import Tables

Function = TypeVar("Function", bound=Callable[..., Any])
ACCESSES_MONTHS = 6
"""The least time that accesses are kept: for so long it can still be asked who has read what."""
NO_TABLES = "no tables of Callflow; the first server makes them, if there are no others"


@click.group("db")
def command() -> None:
    """Show, upgrade, copy and maintain the database at CALLFLOW_DATABASE_URL.

    `callflow serve` upgrades an SQLite file by itself, after a copy of it. On PostgreSQL, two versions of Callflow
    share the database during an upgrade: `upgrade`, replace the servers one by one, then `upgrade --finish`.
    """


def _settings() -> Settings:
    return Settings.from_environment(os.environ, need_provider=False)


def _url() -> str:
    return _settings().database_url


@command.command("status")
def status() -> None:
    """Print the versions of the database, and which migrations it lacks. Exit code 0."""
    from callflow.store.prepared import SCHEMA_VERSION
    from callflow.store.schema import pending, problem
    from callflow.store.upgrades import opened

    with opened(_url()) as tables:
        found = tables.levels()
        click.echo(f"this Callflow       schema version {SCHEMA_VERSION}")
        if found is None:
            return click.echo(f"database            {NO_TABLES}")
        click.echo(f"database            usable from schema version {found.oldest} to {found.newest}")
        missing = [one.name for one in pending(tables.database, found, finish=True)]
        click.echo(f"missing migrations  {', '.join(missing) or 'none'}")
        if wrong := problem(found):
            click.echo(wrong)
        elif missing:
            click.echo("when no server of the version before is left: callflow db upgrade --finish")
    return None


@command.command("check")
def check() -> None:
    """Exit with 0 if this Callflow can use the database, with 1 and the reason if not: for a step of a deployment."""
    from callflow.store.schema import problem
    from callflow.store.upgrades import opened

    with opened(_url()) as tables:
        found = tables.levels()
        if found and (wrong := problem(found)):
            raise click.ClickException(wrong)
        if found and tables.database == "postgresql":
            _check_rights(tables)
    click.echo("the database fits this Callflow" if found else NO_TABLES)


def _check_rights(tables: "Tables") -> None:
    from callflow.store.roles import may_change_the_journal, missing

    with tables.transaction() as run:
        if lacking := missing(run):
            raise click.ClickException(
                f"this role lacks {', '.join(lacking)}: the owner runs what `callflow db grants` prints"
            )
        if may_change_the_journal(run):
            click.echo("this role may change the tables: servers need one of their own (docs/security.md)", err=True)


@command.command("upgrade")
@click.option("--finish", is_flag=True, help="Also remove what servers of the version before need. None may be left.")
def upgrade(finish: bool) -> None:
    """Run the migrations that the database lacks, each in one transaction. Make a backup first (docs/upgrading.md).

    With --finish, the values of people in calls that are not sealed yet are sealed with CALLFLOW_SECRET_KEY, and
    entries of the journal that have no link in its chain are chained.
    """
    from callflow.store import keys_of
    from callflow.store.upgrades import chain_calls, opened, seal_calls

    settings = _settings()
    if finish:
        keys_of(settings.secrets)  # before anything is changed
    with opened(settings.database_url) as tables:
        ran = 0
        for migration in tables.upgrade(finish=finish):
            click.echo(f"{migration.name}  done")
            ran += 1
    sealed = seal_calls(settings.database_url, settings.secrets) if finish else 0
    if sealed:
        click.echo(f"{sealed:,} call{'s' * (sealed != 1)} sealed")
    chained = chain_calls(settings.database_url, settings.secrets) if finish else 0
    if chained:
        click.echo(f"{chained:,} call{'s' * (chained != 1)} chained")
    click.echo(f"{ran} migration{'s' * (ran != 1)} run" if ran else "nothing to do")


@command.command("create")
def create() -> None:
    """Make the tables in an empty PostgreSQL database, as the role that owns them.

    Servers with a role of their own cannot; others, and servers with an SQLite file, do it when they are started first.
    """
    from callflow.store.upgrades import opened

    with opened(_url()) as tables:
        tables.create()
    click.echo("the tables are made")


def _role(context: click.Context, option: click.Parameter, name: str) -> str:
    from callflow.store.roles import NAME

    if not NAME.fullmatch(name):
        raise click.BadParameter("lower-case letters, digits and _ only")
    return name


def _name(option: str, default: str, meaning: str) -> Callable[[Function], Function]:
    return click.option(option, default=default, show_default=True, callback=_role, help=meaning)


@command.command("grants")
@_name("--application", "callflow_app", "Role of the servers.")
@_name("--maintenance", "callflow_maintenance", "Role of `callflow db reclaim`.")
@_name("--database", "callflow", "Name of the database.")
def grants(application: str, maintenance: str, database: str) -> None:
    """Print the SQL that gives the roles of PostgreSQL their rights. The owner runs it, after each upgrade again."""
    from callflow.store.roles import statements

    for statement in statements(application, maintenance, database):
        click.echo(statement)


@command.command("reclaim")
@click.option("--days", default=30, show_default=True, type=click.IntRange(0), help="Only calls that ended before.")
@click.option("--by", default=None, help="Who decides this; your login name if not given.")
@click.option(
    "--accesses-months",
    default=None,
    type=click.IntRange(ACCESSES_MONTHS),
    help="Also delete what is older in the list of accesses (`callflow people accesses`).",
)
@click.option("--list", "only_list", is_flag=True, help="List what was reclaimed, and by whom; delete nothing.")
def reclaim(days: int, by: str | None, accesses_months: int | None, only_list: bool) -> None:
    """Delete the journal and the history of calls that were erased, which nobody can read any more.

    Each such call is recorded with who did it and when, and so are accesses. On PostgreSQL use the URL of the
    maintenance role.
    """
    from callflow.bootstrap import system_clock
    from callflow.core.retention import months_before
    from callflow.store.reclaiming import forget_accesses, reclaim, reclaimed

    if only_list:
        for one in reclaimed(_url()):
            click.echo(f"{one.reference}  {one.at:%Y-%m-%d %H:%M:%SZ}  {one.by}  "
                       f"{one.entries} entries, {one.moments} moments")  # fmt: skip
        return
    now = system_clock()
    who = by or getpass.getuser()
    done = reclaim(_url(), ended_before=now - timedelta(days=days), at=now, by=who)
    click.echo(f"{done} call{'s' * (done != 1)} reclaimed")
    if before := months_before(now, accesses_months):
        gone = forget_accesses(_url(), before=before, at=now, by=who)
        click.echo(f"{gone} access{'es' * (gone != 1)} deleted")


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def copy(file: Path) -> None:
    """Copy the SQLite database to FILE, which must not exist, while the server runs (docs/operations.md)."""
    from callflow.store.backup import backup

    calls = backup(_url(), file)
    click.echo(f"{file}: {calls} call{'s' * (calls != 1)}")
