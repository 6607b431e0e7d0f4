"""`callflow alarms`: what a supervisor must look at, until it is cleared."""

import getpass
import json

import click

from callflow.cli.promises import opened
from callflow.core.alarms import AlarmState, CannotClear
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.service.ports import Store


@click.group("alarms", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show what a supervisor must look at: late call backs, holds that overran, locked calls without help, breaks
    left out, more closings than expected. Clear one by saying what was done."""
    if context.invoked_subcommand is None:
        context.invoke(listed)


@command.command("list")
@click.option("--all", "closed", is_flag=True, help="Also those that are cleared.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for programs.")
def listed(closed: bool = False, as_json: bool = False) -> None:
    """List the alarms, with the reference of their call, their owner, and since when."""
    with opened() as (_, store):
        found = [described(store, one) for one in store.follow_ups(FollowUpKind.ALARM, closed=closed)
                 if one.state != AlarmState.WATCHED]  # fmt: skip
    if as_json:
        return click.echo(json.dumps(found, indent=2))
    for one in found:
        click.echo("  ".join(str(one[name]) for name in ("id", "reference", "cause", "person", "since", "state")))
    if not found:
        click.echo("no alarms")
    return None


def described(store: Store, one: FollowUp) -> dict[str, str]:
    call = store.read(one.call)
    return {"id": one.id, "reference": call.reference if call else "", "cause": str(one.body.get("cause", "")),
            "person": one.person, "since": f"{one.at:%Y-%m-%d %H:%M:%SZ}", "state": one.state}  # fmt: skip


@command.command("clear")
@click.argument("id")
@click.option("--done", required=True, help="What was done about it; it is kept with the alarm.")
@click.option("--by", default=None, help="Who did it, for the journal; your login name if not given.")
def clear(id: str, done: str, by: str | None) -> None:
    """Clear alarm ID."""
    from callflow.bootstrap import system_clock
    from callflow.cli.close import current
    from callflow.keepers import follow_up_keeper
    from callflow.service import alarms
    from callflow.service.configurations import Configurations

    with opened() as (settings, store):
        if store.follow_up(id) is None:
            raise click.ClickException(f"no alarm {id!r}: run `callflow alarms`")
        keeper = follow_up_keeper(store, Configurations(current(settings, store)), system_clock)
        try:
            alarms.clear(keeper, id, by or getpass.getuser(), done)
        except CannotClear as refusal:
            raise click.ClickException(str(refusal)) from None
    click.echo(f"{id}: cleared")
