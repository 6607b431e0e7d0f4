"""`callflow prompts import`: a recording of any common format becomes one that is played."""

from pathlib import Path

import click

from callflow.audio import manifest
from callflow.audio.decoding import Undecodable, telephone_wav
from callflow.audio.normalising import Unfit, normalise
from callflow.audio.wav import NotWav, measure
from callflow.cli.prompts import folders
from callflow.cli.prompts.wave import figures, picture
from callflow.configuration.recordable import Recordable, recordables
from callflow.configuration.recorded_lines import VALUES


@click.command("import")
@folders.options
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "name", help="What it is: the id of a line, a piece (hold_start.1) or a value (values/ana). "
              "Without it, the file's name without its ending says so.")  # fmt: skip
@click.option("--language", help="Whose line it is; without it, the default language.")
@click.option("--voice", default="", help="Who reads, for the manifest.")
@click.option("--dry-run", is_flag=True, help="Show the figures, and write nothing.")
def command(directory: Path, audio: Path, files: tuple[Path, ...], name: str | None, language: str | None, voice: str,
            dry_run: bool) -> None:  # fmt: skip
    """Import recordings: WAV, MP3, M4A, OGG, FLAC and other formats.

    Each becomes 8 kHz mono, without the silence around the words and without rumble, as loud as all the others, and is
    in force at once: a running server takes it up within seconds. The words in the YAML are noted with it, so that a
    later change of them is noticed.
    """
    if name and len(files) > 1:
        raise click.UsageError("--as names one file; several are named by their file names")
    draft, _ = folders.read(directory, audio)
    language = folders.language_of(draft, language)
    known = recordables(draft, language)
    meant = [found_as(name or file.stem, known) for file in files]
    for file, one in zip(files, meant, strict=True):
        take(file, one, audio, voice, dry_run)


def found_as(name: str, known: dict[str, Recordable]) -> Recordable:
    for spelled in (name, f"{VALUES}/{name}"):
        if spelled in known:
            return known[spelled]
    pieces = [one for one in known if one.startswith(f"{name}.") or one.startswith(f"{name}_")]
    if pieces:
        raise click.ClickException(f"{name!r} has variables and is recorded in parts: {', '.join(sorted(pieces))}")
    raise click.ClickException(folders.unknown("line or value", name, known))


def take(file: Path, one: Recordable, audio: Path, voice: str, dry_run: bool) -> None:
    try:
        came = telephone_wav(file.read_bytes())
        made = normalise(came, piece=one.piece)
    except (NotWav, Undecodable, Unfit) as error:
        raise click.ClickException(f"{file} {error}") from None
    click.echo(f'{click.style(one.path, bold=True)}  "{one.words}"')
    click.echo(f"  before {figures(made.before, measure(came).seconds)}  {picture(came)}")
    click.echo(f"  after  {figures(made.after, made.seconds)}  {picture(made.content)}")
    if not dry_run:
        manifest.keep(audio, one.path, made.content, one.words, voice)
