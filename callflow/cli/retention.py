"""`callflow retention`: what is to be deleted and why, what is held, and what was done."""

import json
from collections import Counter
from datetime import datetime
from typing import Any

import click

from callflow.cli.ending import opened_ending
from callflow.keepers import Ending
from callflow.service.retention import Deletion
from callflow.service.retention_keeper import limits

SHOWN = 20
MOST = 10_000


@click.command("retention")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with everything that is listed, for programs.")
@click.option("--reports", default=5, show_default=True, type=click.IntRange(0), help="How many of the latest reports.")
def command(as_json: bool, reports: int) -> None:
    """Show what is listed to be deleted in the next nights, what is held, and the latest reports.

    What is due is listed at 3:00 UTC and deleted in the next night, unless a hold is put on its call meanwhile
    (`callflow hold put`), or `retention` in callflow.yaml says otherwise by then.
    """
    from callflow.bootstrap import system_clock

    with opened_ending() as ending:
        found = _found(ending, system_clock(), reports)
    if as_json:
        return click.echo(json.dumps(found, indent=2))
    return _print(found)


def _found(ending: Ending, now: datetime, reports: int) -> dict[str, Any]:
    store = ending.holds.store
    rules = limits(ending.holds.configurations.current.retention, now)
    return {
        "ends_before": {kind.value: before.isoformat(timespec="seconds") if before else None
                        for kind, before in rules.items()},
        "proposed": [_described(one) for one in store.deletions(now, limit=MOST)],
        "held": [{"reference": call.reference, "owner": one.owner, "review": one.review.isoformat(timespec="seconds"),
                  "overdue": one.review <= now}
                 for one in store.holds() if (call := store.read(one.call))],
        "reports": [{"at": one.at.isoformat(timespec="seconds"), **one.body}
                    for one in store.deletion_reports(reports)],
    }  # fmt: skip


def _described(one: Deletion) -> dict[str, str]:
    return {"kind": one.kind.value, "reference": one.reference, "item": one.item,
            "since": one.since.isoformat(timespec="seconds"),
            "proposed": one.proposed.isoformat(timespec="seconds")}  # fmt: skip


def _print(found: dict[str, Any]) -> None:
    counts = Counter(one["kind"] for one in found["proposed"])
    for kind, before in found["ends_before"].items():
        what = f"ends if it is from before {before[:10]}" if before else "is kept for ever"
        click.echo(f"{kind:<11} {what}, {counts[kind]} listed to be deleted")
    for one in found["proposed"][:SHOWN]:
        click.echo(f"  {one['reference']}  {one['kind']} of {one['since'][:10]}, listed {one['proposed'][:16]}Z")
    if len(found["proposed"]) > SHOWN:
        click.echo(f"  and {len(found['proposed']) - SHOWN} more (--json has them all)")
    for one in found["held"]:
        late = ", REVIEW IS OVERDUE" if one["overdue"] else ""
        click.echo(f"held: {one['reference']} by {one['owner']}, review on {one['review'][:10]}{late}")
    for one in found["reports"]:
        click.echo(f"{one['at'][:16]}Z  {_words(one)}")


def _words(report: dict[str, Any]) -> str:
    def counted(some: dict[str, int]) -> str:
        return ", ".join(f"{count} {kind}" for kind, count in some.items()) or "nothing"

    failed = f", FAILED: {'; '.join(report['failed'])}" if report["failed"] else ""
    return f"deleted {counted(report['deleted'])}; proposed {counted(report['proposed'])}{failed}"
