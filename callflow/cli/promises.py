"""`callflow promises`: the call backs that callers were promised, and what becomes of them."""

import getpass
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import click

from callflow.core.promises import CannotChange
from callflow.service.ports import Store
from callflow.service.promises import Promise, Promises, listed, of_call
from callflow.settings import Settings

BY = click.option("--by", default=None, help="Who does it, for the journal; your login name if not given.")
REF = click.argument("reference", metavar="REF")


@click.group("promises", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show the call backs that were promised to callers; keep, give or withdraw one.

    REF is the reference of the call that the caller was told. What is done with a promise stands in its journal.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_command)


@contextmanager
def opened() -> Iterator[tuple[Settings, Store]]:
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        yield settings, store


@contextmanager
def opened_promises() -> Iterator[Promises]:
    from callflow.bootstrap import system_clock
    from callflow.cli.call import outgoing_calls
    from callflow.keepers import promises_of

    with opened() as (settings, store):
        outgoing = outgoing_calls(settings, store)
        yield promises_of(store, outgoing.calls.configurations, system_clock, outgoing)


@command.command("list")
@click.option("--all", "closed", is_flag=True, help="Also those that were kept or withdrawn.")
@click.option("--person", default="", help="Only those of this person (an id of people.yaml).")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for programs.")
def list_command(closed: bool = False, person: str = "", as_json: bool = False) -> None:
    """List open promises, the one that is due first at the top. Numbers are not shown."""
    from callflow.bootstrap import system_clock

    with opened() as (_, store):
        found = listed(store, person, closed=closed)
    if as_json:
        return click.echo(json.dumps([described(one) for one in found], indent=2))
    now = system_clock()
    for one in found:
        late = "  LATE" if not one.follow_up.closed and one.due <= now else ""
        number = "" if one.number else "  no number"
        click.echo(f"{one.call.reference}  {one.follow_up.person}  due {one.due:%Y-%m-%d %H:%M:%SZ}  "
                   f"{one.follow_up.state}{late}{number}")  # fmt: skip
    if not found:
        click.echo("no promises" if closed else "no open promises")
    return None


def described(one: Promise) -> dict[str, object]:
    return {"id": one.follow_up.id, "reference": one.call.reference, "person": one.follow_up.person,
            "state": one.follow_up.state, "closed": one.follow_up.closed, "has_number": bool(one.number),
            "made": one.follow_up.at.isoformat(timespec="seconds"),
            "due": one.due.isoformat(timespec="seconds")}  # fmt: skip


@command.command("kept")
@REF
@BY
def kept(reference: str, by: str | None) -> None:
    """Say that the caller was reached by other means than a call of Callflow's."""
    _changed(reference, lambda promises, id: promises.kept(id, by or getpass.getuser()))
    click.echo(f"{reference}: kept")


@command.command("withdraw")
@REF
@click.option("--reason", required=True, help="Why the caller is not called back; it is kept with the promise.")
@BY
def withdraw(reference: str, reason: str, by: str | None) -> None:
    """Say that the caller is not to be called back any more, and why."""
    _changed(reference, lambda promises, id: promises.withdrawn(id, by or getpass.getuser(), reason))
    click.echo(f"{reference}: withdrawn")


@command.command("give")
@REF
@click.argument("person")
@BY
def give(reference: str, person: str, by: str | None) -> None:
    """Let another PERSON (an id of people.yaml) keep it. Its due time stays as it is."""
    _changed(reference, lambda promises, id: promises.given(id, by or getpass.getuser(), person))
    click.echo(f"{reference}: {person} is to keep it")


@command.command("call")
@REF
@click.option("--person", default="", help="Who calls; its owner if not given.")
def call(reference: str, person: str) -> None:
    """Ring the owner now, and after their key the caller. A server dials.

    The promise is kept when the caller has pressed a key, which no voicemail does.
    """
    _changed(reference, lambda promises, id: promises.call(id, person))
    click.echo(f"{reference}: a server rings {person or 'its owner'} now, and then the caller")


def _changed(reference: str, work: Callable[[Promises, str], object]) -> None:
    with opened_promises() as promises:
        try:
            work(promises, of_call(promises.keeper.store, reference).follow_up.id)
        except (CannotChange, promises.refused) as refusal:
            raise click.ClickException(str(refusal)) from None
