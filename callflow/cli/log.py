"""`callflow log`: the log of finished calls, its key, and its checkpoints."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.log_keeping.keeper import LogKeeper
    from callflow.service.ports import Store


@click.group("log", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show the log of finished calls, sign a checkpoint now, make its key, print the proof of a call.

    docs/evidence.md says what it proves, and what it cannot.
    """
    if context.invoked_subcommand is None:
        context.invoke(status)


@contextmanager
def _opened() -> Iterator[tuple["Store", "LogKeeper"]]:
    from callflow.bootstrap import system_clock
    from callflow.log_keeping.keeper import keeper_of
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        yield store, keeper_of(settings.log, store, system_clock)


@command.command("status")
def status() -> None:
    """Print how long the log is, its last checkpoint, and who has seen which one. Exit code 0."""
    with _opened() as (_, keeper):
        last, pending = keeper.log.last_checkpoint(), keeper.pending()
        click.echo(f"leaves           {keeper.log.size():,}")
        if last is None:
            return click.echo("last checkpoint  none: set CALLFLOW_LOG_KEY (callflow log key)")
        click.echo(f"last checkpoint  {last.number}, over {last.size:,} leaves, {last.at:%Y-%m-%d %H:%M:%SZ}")
        for name, (number, at) in keeper.log.last_seen().items():
            click.echo(f"seen by          {name}: checkpoint {number}, {at:%Y-%m-%d %H:%M:%SZ}")
        for name in pending:
            click.echo(f"pending          {name} (callflow jobs)")
        return click.echo(f"\n{last.note}", nl=False)


@command.command("key")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(name: str, file: Path) -> None:
    """Make the key of the log NAME, and write it to FILE, which must not exist and only you can read.

    NAME identifies the log for ever, like callflow.example.com/log. Set CALLFLOW_LOG_KEY_FILE to FILE on every server,
    and give the public key, which is printed, to everybody who is to verify: on paper, too.
    """
    from callflow.evidence.checkpoint import ED25519

    make_key(name, file, ED25519)


def make_key(name: str, file: Path, kind: bytes) -> None:
    from callflow import private_files
    from callflow.evidence.keys import new_key, signing_key

    if not name or "+" in name or name != "".join(name.split()):
        raise click.BadParameter("must have no spaces and no +", param_hint="NAME")
    if file.exists():
        raise click.ClickException(f"{file} is there already: a key that has signed must not get lost")
    text = new_key(name, os.urandom, kind)
    private_files.file(file)
    file.write_text(f"{text}\n", encoding="utf-8")
    click.echo(signing_key(text).public.text())


@command.command("checkpoint")
def checkpoint() -> None:
    """Append what is over to the log, sign a checkpoint, and print it. Workers show it to the witnesses."""
    with _opened() as (_, keeper):
        keeper.append()
        found = keeper.checkpoint() or keeper.log.last_checkpoint()
    if found is None:
        raise click.ClickException("there is nothing to sign, or no key: set CALLFLOW_LOG_KEY (callflow log key)")
    click.echo(found.note, nl=False)


@command.command("proof")
@click.argument("call")
def proof(call: str) -> None:
    """Print what proves the journal of CALL (its spoken reference or its id), as JSON: rows as they are hashed, leaf,
    path, checkpoint, and who has seen it."""
    from callflow.store.call_evidence import evidence_of

    with _opened() as (store, _):
        found = store.read(call) or store.find(call)
        evidence = evidence_of(store, found.id) if found else None
    if evidence is None:
        raise click.ClickException(f"no call {call!r}: run `callflow journal` for the latest ones")
    click.echo(json.dumps(evidence.as_fields(), indent=1))
