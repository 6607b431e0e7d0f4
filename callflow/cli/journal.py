"""`callflow journal`: print the incident journal of a call."""

import os
import sys
from contextlib import closing

import click

from callflow.cli import json_output
from callflow.core.call import Call
from callflow.core.transcription import Purpose
from callflow.service.ports import Store
from callflow.service.transcripts import DRAFT, Transcript, TranscriptState
from callflow.settings import Settings


@click.command("journal")
@click.argument("call", required=False)
@json_output.OPTION
def command(call: str | None, as_json: bool) -> None:
    """Print the journal of CALL (its spoken reference or its id); without CALL, list the latest calls."""
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        listed(store, call) if as_json else printed(store, call)


def transcribed(one: Transcript, *, opened: bool = False) -> str:
    """A line about what was written down of a recording, or about the attempt. Words of an incident only if it was
    ``opened``."""
    what = f"recording {one.recording} ({one.purpose}), by {one.engine} {one.version}".rstrip()
    if one.purpose is Purpose.INCIDENT and not opened:
        return f"{what}: `callflow incident show REF --words` has it, and notes who reads it"
    if one.state is TranscriptState.FAILED:
        return f"{what}: not written down yet, see `callflow jobs`; the recording is there"
    if one.seconds is not None:
        return f"{what}: {one.seconds:.1f} seconds of speech"
    return f"{what}, {DRAFT}: {one.text or '(no words were understood)'}"


def listed(store: Store, call: str | None) -> None:
    """The same for programs: the latest calls, or the entries of one."""
    if not call:
        return json_output.show([{"reference": one.reference, "call": one.id, "started": one.started_at,
                              "stage": one.stage.value, "outcome": one.outcome}
                             for one in store.calls(live=False, limit=20)])  # fmt: skip
    return json_output.show([{"number": entry.seq, "at": entry.at, "actor": entry.note.actor, "kind": entry.note.kind,
                          "key": entry.note.key, "script": entry.note.script, "version": entry.note.version,
                          "language": entry.note.language, "outcome": entry.note.outcome,
                          "details": dict(entry.note.details)}
                         for entry in store.journal(found(store, call).id)])  # fmt: skip


def found(store: Store, call: str) -> Call:
    one = store.read(call) or store.find(call)
    if one is None:
        click.echo(f"no call {call!r}: run `callflow journal` for the latest ones", err=True)
        sys.exit(1)
    return one


def printed(store: Store, call: str | None) -> None:
    from callflow.simulator.transcript import journal_lines

    if not call:
        for one in store.calls(live=False, limit=20):
            click.echo(
                f"{one.reference}  {one.id}  {one.started_at:%Y-%m-%d %H:%M:%SZ}  {one.stage.value}  {one.outcome}"
            )
        return
    id = found(store, call).id
    entries = store.journal(id)
    for line in journal_lines(entries):
        click.echo(line)
    for transcript in store.transcripts(id):
        click.echo(transcribed(transcript))
    if not entries:  # every call has one from its beginning
        click.echo("its entries were deleted after it was erased: `callflow db reclaim --list` says when, and by whom")
