"""`callflow recordings`: the messages, notes and briefings that people left, and calls that were recorded."""

import getpass
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from callflow import private_files
from callflow.core.recordings import RecordingKind
from callflow.service.ports import Store
from callflow.service.recordings import AudioUnavailable, Recording
from callflow.settings import Settings

PLAYERS = ("aplay", "afplay", "paplay", "ffplay", "play")


@click.group("recordings", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List what was recorded of people, listen to it, take a copy.

    Whoever listens or takes a copy is named in the journal of the call, with the reason.
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@contextmanager
def opened() -> Iterator[tuple[Settings, Store]]:
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        yield settings, store


@command.command("list")
@click.argument("call", required=False)
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for programs.")
def listed(call: str | None = None, as_json: bool = False) -> None:
    """List the recordings of CALL (its spoken reference or its id), or the latest hundred of all calls.

    A voicemail is listed with whoever has to call back, and by when.
    """
    with opened() as (_, store):
        recordings = store.recordings(id_of(store, call)) if call else store.recordings()
        found = [described(store, one) for one in recordings]
    if as_json:
        return click.echo(json.dumps(found, indent=2))
    for one in found:
        click.echo(line(one))
    if not found:
        click.echo("no recordings")
    return None


def id_of(store: Store, call: str) -> str:
    found = store.read(call) or store.find(call)
    if found is None:
        raise click.ClickException(f"no call {call!r}: run `callflow journal` for the latest ones")
    return found.id


def described(store: Store, one: Recording) -> dict[str, Any]:
    """``by`` is whoever speaks in it; ``owner`` whoever has to call back because of it, ``due``."""
    call = store.read(one.call)
    promise = call.call_back if call and one.kind is RecordingKind.VOICEMAIL else None
    owed = {"owner": promise.owner, "due": f"{promise.due:%Y-%m-%d %H:%M:%SZ}"} if promise else {}
    return {"id": one.id, "reference": call.reference if call else "", "at": f"{one.at:%Y-%m-%d %H:%M:%SZ}",
            "kind": one.kind.value, "by": one.person, "seconds": one.seconds, "state": one.state.value,
            "hash": one.hash, **owed}  # fmt: skip


def line(one: Mapping[str, Any]) -> str:
    what = f"{one['kind']} by {one['by']}  {one['seconds']} s  {one['state']}  {one['hash'][:12]}".rstrip()
    owed = f"  {one['owner']} calls back by {one['due']}" if "owner" in one else ""
    return f"{one['id']}  {one['reference']}  {one['at']}  {what}{owed}"


@command.command("export")
@click.argument("id")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reason", required=True, help="Why; it goes into the journal.")
@click.option("--by", default=None, help="Who takes the copy; your login name if not given.")
def export(id: str, file: Path, reason: str, by: str | None) -> None:
    """Write recording ID as a WAV file that only you can read."""
    audio = heard(id, by, "exported", reason)
    private_files.file(file)
    file.write_bytes(audio)
    click.echo(f"{file}: {len(audio)} bytes")


@command.command("play")
@click.argument("id")
@click.option("--reason", required=True, help="Why; it goes into the journal.")
@click.option("--by", default=None, help="Who listens; your login name if not given.")
def play(id: str, reason: str, by: str | None) -> None:
    """Play recording ID on this machine."""
    player = next((path for name in PLAYERS if (path := shutil.which(name))), None)
    if player is None:
        raise click.ClickException(f"no player is installed ({', '.join(PLAYERS)}); use `callflow recordings export`")
    audio = heard(id, by, "played", reason)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(audio)
        file.flush()
        sys.exit(subprocess.run([player, file.name], check=False).returncode)


def heard(id: str, by: str | None, how: str, reason: str) -> bytes:
    from callflow.bootstrap import system_clock
    from callflow.cli.close import current
    from callflow.service.configurations import Configurations
    from callflow.service.recording_keeper import RecordingKeeper
    from callflow.store.audio_files import audio_files
    from callflow.telephony.recordings import ProviderRecordings

    with opened() as (settings, store):
        files, nothing = audio_files(settings.recordings), ProviderRecordings(lambda account: None)
        keeper = RecordingKeeper(store, files, nothing, Configurations(current(settings, store)), system_clock)
        try:
            return keeper.opened(id, by or getpass.getuser(), how, reason)
        except AudioUnavailable as failure:
            raise click.ClickException(str(failure)) from None
