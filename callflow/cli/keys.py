"""`callflow keys`: what the database is sealed with, and the rotation of CALLFLOW_SECRET_KEY."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.store.sql import SqlStore


@click.group("keys")
def command() -> None:
    """Show and rotate what the values of people in the database are sealed with.

    Each call has its own key, which is wrapped with CALLFLOW_SECRET_KEY. Secrets are shown by an id of 8 hex digits,
    which does not give them away. docs/upgrading.md has the steps of a rotation.
    """


@contextmanager
def _opened() -> Iterator["SqlStore"]:
    from callflow.store import open_existing
    from callflow.store.sql import SqlStore

    settings = Settings.from_environment(os.environ, need_provider=False)
    store = open_existing(settings.database_url, settings.secrets)
    try:
        assert isinstance(store, SqlStore)
        yield store
    finally:
        store.close()


@command.command("status")
def status() -> None:
    """Count the calls by the secret that their keys are wrapped with. Exit code 0."""
    from callflow.store.resealing import status as counted

    with _opened() as store:
        ids, found = counted(store)
    names = {ids[0]: "CALLFLOW_SECRET_KEY", **dict.fromkeys(ids[1:], "CALLFLOW_SECRET_KEY_BEFORE")}
    for id in [*ids, *sorted(id for id in found if id and id not in ids)]:
        what = names.get(id, "not known here")
        click.echo(f"{id}  {what:<26}  {_calls(found.get(id, 0))}")
    click.echo(f"{'':8}  {'not sealed':<26}  {_calls(found.get('', 0))}")
    click.echo(f"{'':8}  {'erased':<26}  {_calls(found.get(None, 0))}")
    if any(found.get(id) for id in ids[1:]):
        click.echo("before you remove the secrets before: callflow keys rewrap")
    if found.get(""):
        click.echo("when no server of the version before is left: callflow db upgrade --finish")


@command.command("rewrap")
def rewrap() -> None:
    """Wrap all keys with CALLFLOW_SECRET_KEY, so that the secrets before it are not needed any more.

    Servers go on meanwhile. Exit code 1 if the secret of some calls is not known here.
    """
    from callflow.bootstrap import system_clock
    from callflow.store.resealing import rewrap as all_of

    with _opened() as store:
        done = all_of(store, system_clock().year)
    click.echo(f"{_calls(done.calls)} wrapped anew")
    if done.unknown:
        raise click.ClickException(
            f"{_calls(done.unknown)} left: add the secret that they were wrapped with to CALLFLOW_SECRET_KEY_BEFORE "
            "(`callflow keys status` shows its id)"
        )


def _calls(count: int) -> str:
    return f"{count:,} call{'s' * (count != 1)}"
