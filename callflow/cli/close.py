"""`callflow close`: close a flow by hand until a time, on every node."""

import getpass
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from callflow.cli import json_output
from callflow.cli.config import opened
from callflow.core.configuration import Configuration, file_of
from callflow.core.flow.hours import HoursStep
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.service.flow_closings import FlowClosing
from callflow.service.ports import Store
from callflow.settings import Settings

TIME_OF_DAY = re.compile(r"\d\d:\d\d")
SHOWN = "%a %Y-%m-%d %H:%M"


@click.command("close")
@click.argument("flow", required=False)
@click.option("--until", help='When it opens again by itself: "17:00", "2026-12-24" or "2026-12-24 17:00".')
@click.option("--by", default=None, help="Who decides this; your login name if not given.")
@json_output.OPTION
def command(flow: str | None, until: str | None, by: str | None, as_json: bool) -> None:
    """Close FLOW now: its `hours` steps, and those of the flows it calls, lead to `closed`.

    A flow with parameters is closed wherever it is used; practice:north is closed alone.

    Running servers follow within two seconds. Without FLOW, list what is closed. `callflow open FLOW` opens it before.
    """
    from callflow.bootstrap import system_clock

    now = system_clock()
    with opened() as (settings, store):
        if flow is None:
            listed(store, now, as_json)
            return
        zone = ZoneInfo(timezone_of(current(settings, store), flow))
        if until is None:
            raise click.UsageError("--until is missing: a line that stays closed by mistake is noticed by nobody")
        closing = FlowClosing(flow=flow, at=now, until=moment(until, zone, now), by=by or getpass.getuser())
        store.close_flow(closing)
    click.echo(f"{flow} is closed until {closing.until.astimezone(zone):{SHOWN}} ({zone.key})")


def listed(store: Store, now: datetime, for_programs: bool = False) -> None:
    closings = store.closed_flows(now)
    if for_programs:
        json_output.show([{"flow": one.flow, "until": one.until, "since": one.at, "by": one.by} for one in closings])
        return
    for one in closings:
        click.echo(f"{one.flow} is closed until {one.until:{SHOWN}}Z, since {one.at:{SHOWN}}Z by {one.by}")
    if not closings:
        click.echo("no flow is closed by hand")


def current(settings: Settings, store: Store) -> Configuration:
    """The configuration that new calls begin with; that of the directory if no server was ever started."""
    from callflow.configuration.snapshots import load_texts, texts

    past = store.activations()
    files = store.configuration(past[0].digest) if past else None
    return load_texts(files or texts(settings.config), settings.audio)


def timezone_of(configuration: Configuration, flow: str) -> str:
    """The time zone of the flow's first hours. Raises ClickException if closing the flow would change nothing."""
    met: set[str] = set()
    named = [one for one in configuration.flows if flow in (one, file_of(one))]
    if not named:
        from callflow.configuration.problems import did_you_mean

        raise click.ClickException(f'there is no flow "{flow}"{did_you_mean(flow, configuration.flows)}')
    step = next((step for one in named for step in hours_steps(configuration, one, met)), None)
    if step is None:
        message = f"closing {flow} would change nothing: neither it nor a flow that it calls has an `hours` step"
        raise click.ClickException(f"{message} (docs/flows.md, hours)")
    return (step.hours or configuration.calendars[step.calendar]).timezone


def hours_steps(configuration: Configuration, flow: str, met: set[str]) -> Iterator[HoursStep]:
    """The steps of the flow and of those that it calls. ``met`` are flows that were looked through."""
    met.add(flow)
    for step in configuration.flows[flow].steps.values():
        if isinstance(step, HoursStep):
            yield step
        if isinstance(step, SubFlowStep) and step.flow not in met:
            yield from hours_steps(configuration, step.flow, met)


def moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A time to come, in UTC; a time of day is the next one. Raises UsageError."""
    try:
        if TIME_OF_DAY.fullmatch(text):
            today = now.astimezone(zone).date()
            of_day = time.fromisoformat(text)
            days = (datetime.combine(today + timedelta(days=ahead), of_day, zone) for ahead in (0, 1))
            return next(at.astimezone(UTC) for at in days if at.astimezone(UTC) > now)
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f'"{text}" is no time: "17:00", "2026-12-24" or "2026-12-24 17:00"') from None
    found = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    if found <= now:
        raise click.UsageError(f"{text} is over")
    return found
