"""`callflow prompts export`: a sheet for whoever reads the lines aloud."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import click

from callflow.cli.prompts import folders
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.recordable import Recordable, recordables, typed_numbers, ways_of
from callflow.core.languages import speaking_seconds

DIRECTIONS = (
    ("warning_", "calm and firm, without blame; leave a moment after each sentence"),
    ("disconnect", "calm and final, no triumph; the numbers slowly"),
    ("hold_", "warm and unhurried; a promise"),
    ("failure_", "plain and honest; we are sorry"),
)
CALLERS = "friendly and unhurried, to somebody who is upset"
STAFF = "clear and brisk, to a colleague in the middle of a call"
VALUE = "as in the middle of a sentence, the voice neither up nor down at the end"
HEADS = ("file", "text", "direction", "about", "number")


@click.command("export")
@folders.options
@click.option("--language", help="Without it, the default language.")
@click.option("--format", "form", type=click.Choice(["markdown", "csv"]), default="markdown", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Staff's lines, too.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the terminal.")
def command(directory: Path, audio: Path, language: str | None, form: str, everything: bool, output: Path | None
            ) -> None:  # fmt: skip
    """A sheet for a voice talent: the file of each recording, its words, how to read them, and about how long it takes,
    and the number under which it can be recorded on the staff line instead.

    The files come back under these names, in any common format: `callflow prompts import *.wav`.
    """
    draft, _ = folders.read(directory, audio)
    language = folders.language_of(draft, language)
    rows = list(rows_of(draft, language, everything))
    text = as_csv(rows) if form == "csv" else as_markdown(rows, language)
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"{output}: {len(rows)} recordings", err=True)


def rows_of(draft: ConfigurationDraft, language: str, everything: bool) -> Iterator[tuple[str, ...]]:
    typed = typed_numbers(draft, language)
    tag = draft.scripts[language].voice.language
    first = {
        path for id in draft.scripts[language].scripts for way in ways_of(draft, language, id)[:1] for path in way.words
    }
    for one in recordables(draft, language).values():
        if (one.path in first or not one.line) and (everything or not one.staff):
            yield (
                f"{one.name}.wav",
                one.words,
                direction(one),
                f"{speaking_seconds(one.words, tag):.1f} s",
                typed.get(one.path, ""),
            )


def direction(one: Recordable) -> str:
    if not one.line:
        return VALUE
    told = STAFF if one.staff else next((how for prefix, how in DIRECTIONS if one.line.startswith(prefix)), CALLERS)
    return f"{told}; a part of a sentence" if one.piece else told


def as_csv(rows: list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([HEADS, *rows])
    return written.getvalue()


def as_markdown(rows: list[tuple[str, ...]], language: str) -> str:
    table = [HEADS, ("---",) * len(HEADS), *rows]
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in table]
    return "\n".join([f"# Recordings in {language}", "", *lines, ""])
