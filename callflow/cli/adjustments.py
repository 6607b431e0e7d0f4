"""`callflow adjustments`: what callers have said that they need, by letter or to somebody here."""

import click

from callflow.cli import json_output, typed
from callflow.cli.caller_records import by, call_named, day, everything, reason, told
from callflow.core.recognised import NEEDS
from callflow.service.adjustments import Adjustments
from callflow.service.caller_records import NotPossible, RecordKind
from callflow.service.ports import Store
from callflow.settings import Settings


@click.group("adjustments")
def command() -> None:
    """Keep what a caller needs, for later calls from the same number.

    It belongs to the caller, who can say, hear, change and delete it on a call, too (the verb `adjustments`). Whoever
    reads or changes it here is on record, with the reason. docs/callers.md says what it changes on a call.
    """


def service(settings: Settings, store: Store) -> Adjustments:
    from callflow.bootstrap import system_clock

    return Adjustments(store, settings.secrets, system_clock)


NEED = click.option("--need", "needs", multiple=True, required=True, type=click.Choice(NEEDS), help="May be repeated.")


@command.command("add")
@click.option("--call", help="A call of this caller: its reference or its id.")
@click.option("--number", help='The caller\'s number (E.164); "-" to be asked for it, so that no shell keeps it, or '
                               "to read it from the first line of the input.")  # fmt: skip
@NEED
@click.option("--letter", is_flag=True, help="The caller asked for it in writing. Else it is a proposal.")
@reason
@by
def add(call: str | None, number: str | None, needs: tuple[str, ...], letter: bool, reason: str, by: str) -> None:
    """Keep what a caller needs. Without --letter it has no effect before the caller confirms it on a call."""
    if (call is None) == (number is None):
        raise click.UsageError("give either --call or --number")
    with everything() as (settings, store, _):
        of = call_named(store, call).number if call else number or ""
        of = typed.secret("number") if of == "-" else of
        if not of:
            raise NotPossible("that caller withheld the number: there is nobody to recognise")
        id = service(settings, store).add(of, needs, by, reason, confirmed=letter)
    click.echo(f"{id}: {'it counts from the next call on' if letter else 'the caller is asked to confirm it'}")


@command.command("list")
@json_output.OPTION
def listed(as_json: bool) -> None:
    """List all that are kept, without what is in them."""
    with everything() as (_, store, _configuration):
        found = store.caller_records(RecordKind.ADJUSTMENT)
        if as_json:
            return json_output.show([{"id": one.id, "since": one.at, "state": one.state} for one in found])
        for one in found:
            click.echo(f"{one.id}  {day(one.at)}  {one.state}")
    return None


@command.command("show")
@click.argument("id")
@reason
@by
def show(id: str, reason: str, by: str) -> None:
    """Show one, and who did what with it. That you read it is on record."""
    with everything() as (settings, store, _):
        found = service(settings, store).read(id, by, reason)
        click.echo(f"{found.id}  {day(found.at)}  {found.state}  {', '.join(found.body.get('needs', ()))}")
        told(store, id)


@command.command("change")
@click.argument("id")
@NEED
@reason
@by
def change(id: str, needs: tuple[str, ...], reason: str, by: str) -> None:
    """Change what a caller needs, as the caller asked."""
    with everything() as (settings, store, _):
        service(settings, store).change(id, needs, by, reason)
    click.echo(f"{id}: changed")


@command.command("remove")
@click.argument("id")
@reason
@by
def remove(id: str, reason: str, by: str) -> None:
    """Remove it for good, as the caller asked. What was in it, and the reasons, can be read by nobody any more."""
    with everything() as (settings, store, _):
        service(settings, store).remove(id, by, reason)
    click.echo(f"{id}: removed")
