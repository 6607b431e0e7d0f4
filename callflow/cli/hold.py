"""`callflow hold`: calls of which nothing is deleted, because the law or a claim needs them."""

import getpass
import json
from collections.abc import Callable
from datetime import UTC, datetime

import click

from callflow.cli.dates import DATE
from callflow.cli.ending import BY, opened, opened_ending
from callflow.service.legal_holds import CannotHold, LegalHolds
from callflow.service.ports import Store
from callflow.service.retention import LegalHold

REF = click.argument("reference", metavar="REF")
OWNER = click.option("--owner", default="", help="Only the hold of this owner, where a call has several.")


@click.group("hold", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List legal holds, put one on a call, say that somebody has looked, release one.

    Nothing of a held call is deleted, whatever `retention` says and whoever asks. The threat key puts one by itself.
    A hold never ends by itself: when its review date is over, it is shown as such, every night anew.
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@command.command("list")
@click.option("--all", "released", is_flag=True, help="Also those that were released.")
@click.option("--reasons", is_flag=True, help="Also why: a reason may name a person.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for programs.")
def listed(released: bool = False, reasons: bool = False, as_json: bool = False) -> None:
    """List the holds, the one that has to be looked at first at the top."""
    from callflow.bootstrap import system_clock

    now = system_clock()
    with opened() as store:
        found = [_described(store, one, now, reasons) for one in store.holds(released=released)]
    if as_json:
        return click.echo(json.dumps(found, indent=2))
    for one in found:
        state = "released" if one["released"] else "REVIEW IS OVERDUE" if one["overdue"] else "held"
        line = f"{one['reference']}  {one['owner']}  {state}, review on {one['review'][:10]}  {one.get('reason', '')}"
        click.echo(line.rstrip())
    if not found:
        click.echo("no holds")
    return None


def _described(store: Store, one: LegalHold, now: datetime, reasons: bool) -> dict[str, str]:
    call = store.read(one.call)
    found: dict[str, str] = {
        "reference": call.reference if call else "", "owner": one.owner, "since": one.at.isoformat(timespec="seconds"),
        "review": one.review.isoformat(timespec="seconds"),
        "released": one.released.isoformat(timespec="seconds") if one.released else "",
        "released_by": one.released_by, "overdue": "yes" if not one.released and one.review <= now else "",
    }  # fmt: skip
    return {**found, "reason": one.reason} if reasons else found


@command.command("put")
@REF
@click.option("--owner", required=True, help="Who decides when it ends: an id of people.yaml.")
@click.option("--reason", required=True, help="Why; it is stored sealed.")
@click.option("--review", required=True, type=DATE, help="When to look whether it is still needed.")
@BY
def put(reference: str, owner: str, reason: str, review: datetime, by: str | None) -> None:
    """Keep everything of the call REF until the hold is released."""
    _done(reference, lambda holds, call: holds.put(call, owner, reason, _utc(review), by or getpass.getuser()))
    click.echo(f"{reference}: held, {owner} looks again on {review:%Y-%m-%d}")


@command.command("review")
@REF
@click.option("--until", required=True, type=DATE, help="When to look again.")
@OWNER
@BY
def review(reference: str, until: datetime, owner: str, by: str | None) -> None:
    """Say that the hold on REF is still needed."""
    _done(reference, lambda holds, call: holds.review(call, _utc(until), by or getpass.getuser(), owner))
    click.echo(f"{reference}: to be reviewed on {until:%Y-%m-%d}")


@command.command("release")
@REF
@OWNER
@BY
def release(reference: str, owner: str, by: str | None) -> None:
    """End the hold on REF. What is due by then is listed the next night, and deleted the night after."""
    _done(reference, lambda holds, call: holds.release(call, by or getpass.getuser(), owner))
    click.echo(f"{reference}: released")


def _done(reference: str, work: Callable[[LegalHolds, str], object]) -> None:
    with opened_ending() as ending:
        store = ending.holds.store
        call = store.read(reference) or store.find(reference)
        if call is None:
            raise click.ClickException(f"no call {reference!r}: run `callflow journal` for the latest ones")
        try:
            work(ending.holds, call.id)
        except CannotHold as refusal:
            raise click.ClickException(str(refusal)) from None


def _utc(date: datetime) -> datetime:
    return date.replace(tzinfo=UTC)
