"""`callflow db`: the versions of the database, its upgrades, and copies of it."""

import os
from pathlib import Path

import click

from callflow.settings import Settings

NO_TABLES = "no tables of Callflow; the first server makes them, if there are no others"


@click.group("db")
def command() -> None:
    """Show and upgrade the version of the database at CALLFLOW_DATABASE_URL, and copy it.

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
    click.echo("the database fits this Callflow" if found else NO_TABLES)


@command.command("upgrade")
@click.option("--finish", is_flag=True, help="Also remove what servers of the version before need. None may be left.")
def upgrade(finish: bool) -> None:
    """Run the migrations that the database lacks, each in one transaction. Make a backup first (docs/upgrading.md).

    With --finish, the values of people in calls that are not sealed yet are sealed with CALLFLOW_SECRET_KEY.
    """
    from callflow.store import keys_of
    from callflow.store.upgrades import opened, seal_calls

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
    click.echo(f"{ran} migration{'s' * (ran != 1)} run" if ran else "nothing to do")


@command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def copy(file: Path) -> None:
    """Copy the SQLite database to FILE, which must not exist, while the server runs (docs/operations.md)."""
    from callflow.store.backup import backup

    calls = backup(_url(), file)
    click.echo(f"{file}: {calls} call{'s' * (calls != 1)}")
