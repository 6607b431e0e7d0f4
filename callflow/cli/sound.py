"""What `simulate`, `demo` and `replay` share for --wav: a whole call as one stereo file."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.core.configuration import Configuration
from callflow.service.moments import Moment

if TYPE_CHECKING:
    from callflow.soundtrack.track import Piece
    from callflow.soundtrack.voices import Voices

OPTION = click.option(
    "--wav", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write the call as a stereo file: caller left, staff right, a chapter for each stage.",
)  # fmt: skip


def voices(target: Path, configuration: Configuration) -> "Voices":
    """The voices for a file that is to be written. Raises ClickException if there is none, or for a wrong name."""
    from callflow.soundtrack.voices import NoVoice, Voices

    if target.suffix.lower() != ".wav":
        raise click.ClickException(f"--wav writes WAV: call the file {target.stem}.wav")
    if not target.parent.is_dir():
        raise click.ClickException(f"{target.parent} is no folder")
    try:
        return Voices(configuration)
    except NoVoice as error:
        raise click.ClickException(str(error)) from None


def write(target: Path, pieces: Iterable["Piece"], history: Iterable[Moment], begun: datetime) -> None:
    """Write the file, and print its chapters."""
    from callflow.soundtrack.chapters import chapters
    from callflow.soundtrack.track import wav

    found, marks = list(pieces), chapters(history, begun)
    if not found:
        raise click.ClickException("nothing was heard on this call, so no file was written")
    target.write_bytes(wav(found, marks))
    click.echo(f"{target} is written: the caller is left, staff are right.")
    for line in listed([(one.begins, one.title) for one in marks]):
        click.echo(line)


def listed(marks: Sequence[tuple[float, str]]) -> Iterable[str]:
    for seconds, title in marks:
        yield f"{int(seconds // 60):3d}:{seconds % 60:04.1f}  {title}"
