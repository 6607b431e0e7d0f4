"""`callflow export`: a copy of what is held about a caller, for the caller."""

import getpass
import io
import zipfile
from pathlib import Path

import click

from callflow import private_files
from callflow.cli.ending import BY, CALLER, number_of, opened_ending

READ_ME = """This is a copy of what is held about the number in calls.json.

calls.json   every call: when it was, what happened, what you said or typed where that was kept, messages, transcripts
audio/       recordings, as WAV files; calls.json says which call each belongs to ("recordings")

Our people are named by their part in a call. A transcript was written by a machine and may be wrong.
"""


@click.command("export")
@CALLER
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The ZIP file to write.")
@BY
def command(caller: str, out: Path, by: str | None) -> None:
    """Write what is held about a caller, to answer a request of theirs: a ZIP file with JSON and recordings.

    Only you can read the file. Each call in it, and each recording, is noted in the journal. Legal holds are left out,
    since one may be for an investigation: a lawyer decides.
    """
    from callflow.service.subject_requests import SubjectRequests

    number, content = number_of(caller), io.BytesIO()
    if out.exists():
        raise click.ClickException(f"{out} is there already; choose another name")
    with opened_ending() as ending, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", READ_ME)
        answered = SubjectRequests(ending.retention, by or getpass.getuser()).export(number, archive.writestr)
        plain = ending.holds.store.not_recognised()
    private_files.file(out)
    out.write_bytes(content.getvalue())
    for one in answered:
        click.echo(f"{one.reference}  {f'without audio: {one.stays}' if one.stays else 'copied'}")
    if plain:
        click.echo(f"{plain} calls cannot be found by a number: run `callflow db upgrade --finish` first", err=True)
    click.echo(f"{out}: {len(answered)} call{'s' * (len(answered) != 1)}")
