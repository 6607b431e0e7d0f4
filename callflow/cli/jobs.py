"""`callflow jobs`: slow work that waits, runs or has failed for good, for ops."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import click

from callflow.service.jobs import Job, JobState
from callflow.service.ports import Store
from callflow.settings import Settings


@click.group("jobs", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show slow work (jobs). Retry or drop what has failed for good.

    A server tries a failed job again, after 10 seconds and then ever later. After its last try it stays in this list.
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@contextmanager
def opened() -> Iterator[tuple[Store, datetime]]:
    from callflow.bootstrap import system_clock
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        yield store, system_clock()


@command.command("list")
@click.option("--failed", is_flag=True, help="Only those that have failed for good.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for programs.")
def listed(failed: bool = False, as_json: bool = False) -> None:
    """List all jobs that are not done, in the order in which they were deferred."""
    with opened() as (store, now):
        found = [one for one in store.jobs(now) if not failed or one.state is JobState.FAILED]
    if as_json:
        return click.echo(json.dumps([described(one) for one in found], indent=2))
    for one in found:
        key = f"  for {one.key}" if one.key else ""
        error = f"  {one.error}" if one.error else ""
        click.echo(
            f"{one.id:>6}  {one.kind}{key}  {one.state}  due {one.due:%Y-%m-%d %H:%M:%SZ}  tries {one.tries}{error}"
        )
    if not found:
        click.echo("no jobs have failed for good" if failed else "no jobs")
    return None


def described(job: Job) -> dict[str, object]:
    return {"id": job.id, "kind": job.kind, "key": job.key, "args": dict(job.args), "state": job.state,
            "due": job.due.isoformat(timespec="seconds"), "tries": job.tries, "error": job.error}  # fmt: skip


@command.command("retry")
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Every job that has failed for good.")
def retry(ids: tuple[int, ...], every: bool) -> None:
    """Run failed jobs again, now and with all their tries."""
    with opened() as (store, now):
        changed(store, ids or failed_ids(store, now, every), lambda id: store.retry_job(id, now), "is tried again")


@command.command("drop")
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "every", is_flag=True, help="Every job that has failed for good.")
def drop(ids: tuple[int, ...], every: bool) -> None:
    """Delete failed jobs: their work is never done."""
    with opened() as (store, now):
        changed(store, ids or failed_ids(store, now, every), store.drop_job, "is dropped")


def failed_ids(store: Store, now: datetime, every: bool) -> tuple[int, ...]:
    if not every:
        raise click.UsageError("say which: ids of `callflow jobs list --failed`, or --all")
    return tuple(one.id for one in store.jobs(now) if one.state is JobState.FAILED)


def changed(store: Store, ids: tuple[int, ...], change: Callable[[int], bool], said: str) -> None:
    missing = [id for id in ids if not _told(id, change(id), said)]
    if missing:
        raise click.ClickException(
            f"no job {', '.join(map(str, missing))} has failed for good: see `callflow jobs list`"
        )


def _told(id: int, done: bool, said: str) -> bool:
    if done:
        click.echo(f"job {id} {said}")
    return done
