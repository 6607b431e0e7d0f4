"""`callflow journal`: print the incident journal of a call."""

import os
import sys
from contextlib import closing

import click

from callflow.service.ports import Store
from callflow.settings import Settings


@click.command("journal")
@click.argument("call", required=False)
def command(call: str | None) -> None:
    """Print the journal of CALL (its spoken reference or its id); without CALL, list the latest calls."""
    from callflow.store import open_store

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_store(settings.database_url, settings.secrets)) as store:
        printed(store, call)


def printed(store: Store, call: str | None) -> None:
    from callflow.simulator.transcript import journal_lines

    if not call:
        for one in store.calls(live=False, limit=20):
            click.echo(
                f"{one.reference}  {one.id}  {one.started_at:%Y-%m-%d %H:%M:%SZ}  {one.stage.value}  {one.outcome}"
            )
        return
    found = store.read(call) or store.find(call)
    if found is None:
        click.echo(f"no call {call!r}: run `callflow journal` for the latest ones", err=True)
        sys.exit(1)
    for line in journal_lines(store.journal(found.id)):
        click.echo(line)
