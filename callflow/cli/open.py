"""`callflow open`: open a flow again that was closed by hand."""

import getpass

import click

from callflow.cli.config import opened
from callflow.service.flow_closings import FlowClosing


@click.command("open")
@click.argument("flow")
@click.option("--by", default=None, help="Who decides this; your login name if not given.")
def command(flow: str, by: str | None) -> None:
    """Open FLOW again, which `callflow close` has closed: its opening hours decide as before."""
    from callflow.bootstrap import system_clock

    now = system_clock()
    with opened() as (_, store):
        closed = [one.flow for one in store.closed_flows(now)]
        if flow not in closed:
            raise click.ClickException(f"{flow} is not closed by hand; closed are: {', '.join(closed) or 'none'}")
        store.close_flow(FlowClosing(flow=flow, at=now, until=now, by=by or getpass.getuser()))
    click.echo(f"{flow} is open again, in its opening hours")
