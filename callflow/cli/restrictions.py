"""`callflow restrictions`: contact restrictions, decided by a senior who was not on the call (policy rule 33)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click

from callflow.cli import json_output
from callflow.cli.caller_records import by, call_named, day, everything, reason, told
from callflow.cli.dates import DATE
from callflow.core.opening_hours import Hours
from callflow.service.caller_records import CallerRecord, NotPossible
from callflow.service.ports import Store
from callflow.service.restrictions import Restrictions

CALENDAR = click.option("--calendar", help="The calendar of your working days (calendars.yaml); else Monday to Friday.")


@click.group("restrictions")
def command() -> None:
    """Contact restrictions. None blocks anybody: a restricted caller is answered as always, by somebody prepared.

    Seniors decide (`seniors` in people.yaml), never whoever was on the call. A restriction lapses on its review date
    unless it was renewed with reasons. Every read is on record, with the reason.
    """


@contextmanager
def service(calendar: str | None = None) -> Iterator[tuple[Store, Restrictions]]:
    from callflow.bootstrap import system_clock

    with everything() as (_, store, configuration):
        hours: Hours | None = None
        if calendar:
            hours = configuration.calendars.get(calendar)
            if hours is None:
                raise NotPossible(f"there is no calendar {calendar!r} in calendars.yaml")
        yield store, Restrictions(store, configuration, system_clock, hours)


def as_date(given: datetime | None) -> date | None:
    return given.date() if given else None


@command.command("propose")
@click.argument("call")
@click.option("--scope", required=True, help='What is restricted: "telephone calls about the bill of March".')
@click.option("--channel", required=True, help='What stays open: "letters to ...".')
@reason
@by
def propose(call: str, scope: str, channel: str, reason: str, by: str) -> None:
    """Propose a restriction after CALL (its reference or its id). It has no effect before a senior decides."""
    with service() as (store, restrictions):
        id = restrictions.propose(call_named(store, call), by, reason, scope, channel)
    click.echo(f"{id}: proposed; a senior who was not on the call decides: callflow restrictions decide {id}")


@command.command("decide")
@click.argument("id")
@click.option("--agree/--refuse", "agreed", required=True, help="Whether it comes into force.")
@click.option("--letter-sent", type=DATE, help="When the letter was sent that says why, what, how long, how to appeal.")
@click.option("--review", type=DATE, help="The day on which it lapses; in six months if not given, a year at most.")
@reason
@by
def decide(id: str, agreed: bool, letter_sent: datetime | None, review: datetime | None, reason: str, by: str) -> None:
    """Decide on a proposal, as a senior who was not on the call."""
    with service() as (_, restrictions):
        found = restrictions.decide(id, by, reason, agreed=agreed, letter_sent=as_date(letter_sent),
                                    review=as_date(review))  # fmt: skip
    until = f", until it is reviewed on {found.body['review']}" if agreed else ""
    click.echo(f"{id}: {'on' if agreed else 'refused'}{until}")


@command.command("list")
@json_output.OPTION
@reason
@by
def listed(reason: str, by: str, as_json: bool) -> None:
    """List all restrictions. That you read them is on record."""
    with service() as (_, restrictions):
        found = restrictions.listed(by, reason)
        if as_json:
            return json_output.show([
                {"id": one.id, "since": one.at, "standing": standing, "until": one.body.get("review"),
                 "scope": one.body.get("scope")} for one, standing in found
            ])  # fmt: skip
        for one, standing in found:
            click.echo(line(one, standing))
    return None


def line(one: CallerRecord, standing: str) -> str:
    return f"{one.id}  {day(one.at)}  {standing}  until {one.body.get('review', '-')}  {one.body.get('scope', '')}"


@command.command("show")
@click.argument("id")
@reason
@by
def show(id: str, reason: str, by: str) -> None:
    """Show one restriction, and who did what with it. That you read it is on record."""
    with service() as (store, restrictions):
        found = restrictions.read(id, by, reason)
        click.echo(line(found, restrictions.standing(found)))
        for name in ("reason", "channel", "call", "proposed_by", "decided_by", "letter_sent"):
            click.echo(f"  {name.replace('_', ' ')}: {found.body.get(name, '-')}")
        told(store, id)


@command.command("renew")
@click.argument("id")
@click.option("--review", type=DATE, help="The next review; in six months if not given, a year at most.")
@reason
@by
def renew(id: str, review: datetime | None, reason: str, by: str) -> None:
    """Renew a restriction before it lapses, with reasons, as a senior who was not on the call."""
    with service() as (_, restrictions):
        found = restrictions.renew(id, by, reason, as_date(review))
    click.echo(f"{id}: on, until it is reviewed on {found.body['review']}")


@command.command("appeal")
@click.argument("id")
@CALENDAR
@reason
@by
def appeal(id: str, calendar: str | None, reason: str, by: str) -> None:
    """Take down the caller's appeal. Another senior answers within 20 working days."""
    with service(calendar) as (_, restrictions):
        found = restrictions.appeal(id, by, reason)
    click.echo(f"{id}: to be answered by {found.body['appeal']['due']}, by another senior")


@command.command("answer")
@click.argument("id")
@click.option("--uphold/--grant", "upheld", required=True, help="Whether the restriction stays, or is lifted at once.")
@reason
@by
def answer(id: str, upheld: bool, reason: str, by: str) -> None:
    """Answer an appeal, as a senior who neither decided nor was on the call."""
    with service() as (_, restrictions):
        restrictions.answer(id, by, reason, upheld=upheld)
    click.echo(f"{id}: {'the restriction stays' if upheld else 'lifted'}")


@command.command("lift")
@click.argument("id")
@reason
@by
def lift(id: str, reason: str, by: str) -> None:
    """Lift a restriction before its review, as a senior."""
    with service() as (_, restrictions):
        restrictions.lift(id, by, reason)
    click.echo(f"{id}: lifted")
