"""`callflow webhooks`: the systems that are told what happens on calls; test one, send a call's events again."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from callflow.core.webhooks import Webhook
from callflow.service.jobs import JobFailure
from callflow.service.webhook_schema import SCHEMA
from callflow.service.webhooks import Webhooks, sending
from callflow.settings import Settings


@click.group("webhooks", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show the systems that are told what happens on calls (`webhooks` in callflow.yaml); test one, send again."""
    if context.invoked_subcommand is None:
        context.invoke(listed)


@contextmanager
def opened() -> Iterator[Webhooks]:
    from callflow.bootstrap import system_clock
    from callflow.cli.close import current
    from callflow.lookups.http import HttpLookupClient
    from callflow.service.configurations import Configurations
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        configurations = Configurations(current(settings, store))
        client = HttpLookupClient(os.environ)
        yield Webhooks(store, client, configurations, system_clock, os.environ, settings.public_url)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for programs.")
def listed(as_json: bool = False) -> None:
    """List the webhooks, what each is told, and whether its secret is set."""
    with opened() as webhooks:
        found = list(webhooks.configurations.current.webhooks.values())
    if as_json:
        return click.echo(json.dumps([described(one) for one in found], indent=2))
    for one in found:
        secret = one.secret if os.environ.get(one.secret) else f"{one.secret}, WHICH IS NOT SET"
        click.echo(f"{one.name}  {one.url}  signed with {secret}  {', '.join(sorted(one.subjects))}")
    if not found:
        click.echo("no webhooks: add some to callflow.yaml (`webhooks`)")
    return None


def described(one: Webhook) -> dict[str, object]:
    return {"name": one.name, "url": one.url, "secret": one.secret, "secret_is_set": bool(os.environ.get(one.secret)),
            "events": sorted(one.subjects)}  # fmt: skip


@command.command("test")
@click.argument("name")
def ping(name: str) -> None:
    """Send an event of type callflow.ping to webhook NAME now."""
    with opened() as webhooks:
        try:
            webhooks.ping(_known(webhooks, name))
        except JobFailure as failure:
            raise click.ClickException(str(failure)) from None
    click.echo(f"{name}: taken")


@command.command("replay")
@click.argument("name")
@click.argument("reference", metavar="REF")
@click.option("--from", "first", default=1, type=click.IntRange(min=1), help="The first entry of the journal.")
def replay(name: str, reference: str, first: int) -> None:
    """Send webhook NAME the events of call REF again, with their ids. A server sends them."""
    with opened() as webhooks:
        one, store = _known(webhooks, name), webhooks.store
        call = store.find(reference) or store.read(reference)
        if call is None:
            raise click.ClickException(f"no call {reference!r}: run `callflow journal` for the latest ones")
        store.put_webhook_position(one.name, call.id, first - 1)
        store.transact(lambda tx: tx.defer(sending(one.name, call.id, webhooks.clock())))
    click.echo(f"{name}: the events of {call.reference} from entry {first} on are sent again")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of the events."""
    click.echo(json.dumps(SCHEMA, indent=2))


def _known(webhooks: Webhooks, name: str) -> Webhook:
    found = webhooks.configurations.current.webhooks
    if name not in found:
        raise click.ClickException(f"no webhook {name!r} in callflow.yaml; there is {', '.join(found) or 'none'}")
    return found[name]
