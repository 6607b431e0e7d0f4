"""What the commands about callers share: who asks, for which call, and what was done with a record."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import click

from callflow.cli.config import opened
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.service.caller_records import CallerRecords, NotPossible
from callflow.service.ports import Store
from callflow.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])
SHOWN = "%Y-%m-%d %H:%M:%SZ"


def by(function: F) -> F:
    return click.option("--by", default=getpass.getuser, help="Your id in people.yaml; your login name if not given.")(
        function
    )


def reason(function: F) -> F:
    return click.option("--reason", required=True, help="Why; it is kept with the record.")(function)


@contextmanager
def refusing() -> Iterator[None]:
    """What is not possible is said in words, with exit code 1."""
    try:
        yield
    except NotPossible as refusal:
        raise click.ClickException(str(refusal)) from None


@contextmanager
def everything() -> Iterator[tuple[Settings, Store, Configuration]]:
    from callflow.cli.close import current

    with opened() as (settings, store), refusing():
        yield settings, store, current(settings, store)


def call_named(store: Store, call: str) -> Call:
    found = store.read(call) or store.find(call)
    if found is None:
        raise click.ClickException(f"no call {call!r}: run `callflow journal` for the latest ones")
    return found


def told(store: CallerRecords, id: str) -> None:
    """Print the entries of a record, with their reasons."""
    for one in store.caller_record_entries(id):
        click.echo(f"  {one.at:{SHOWN}}  {one.kind}  {one.actor}  {one.reason}".rstrip())


def day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""
