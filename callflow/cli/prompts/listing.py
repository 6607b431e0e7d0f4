"""`callflow prompts list`: how every line is heard, and why."""

import json
import os
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from callflow.cli.prompts import folders
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.recordable import by_telephone, typed_numbers, unrecorded_in
from callflow.configuration.recorded_lines import Speaks
from callflow.core.staff_line.numbers import numbered
from callflow.service.ports import StoreUnavailable
from callflow.service.prompt_recordings import PromptRecording, PromptState
from callflow.settings import Settings

COLOURS = {Speaks.RECORDED: "green", Speaks.PIECES: "green", Speaks.MISSING: "red", Speaks.OUTDATED: "yellow"}


@click.command("list")
@folders.options
@click.option("--language", help="Only this one.")
@click.option("--only", type=click.Choice([one.value for one in Speaks]), help="Only lines that are heard so.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list of lines, each with its files.")
def command(directory: Path, audio: Path, language: str | None, only: str | None, as_json: bool) -> None:
    """How every line is heard: recorded, in pieces around its variables, or spoken by the provider's voice.

    `missing`: some of its files are not there; `outdated`: the words changed after the recording. Both are spoken until
    they are recorded again. A line in pieces needs recordings of what is filled in, too; where one of them is lacking,
    the whole line is spoken, and it is told which variables are concerned. The numbers are those by which lines are
    recorded on the staff line (docs/staff-line.md), those of your own lines have five digits; what became of
    such recordings is told below.
    """
    draft, problems = folders.read(directory, audio)
    wanted = [folders.language_of(draft, language)] if language else list(draft.scripts)
    rows = [row for code in wanted for row in rows_of(draft, code) if only in (None, row["how"])]
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for row in rows:
        click.echo(line_of(row))
    for code in wanted:
        click.echo(summary(draft, code))
    for recording in recorded_by_telephone() if only is None else ():
        if recording.language in wanted:
            click.echo(told(recording))
    for problem in problems:
        click.echo(str(problem), err=True)


def rows_of(draft: ConfigurationDraft, language: str) -> list[dict[str, Any]]:
    """One for each line, as ``--json`` prints them."""
    rows, typed = [], typed_numbers(draft, language)
    numbers = {one.id: number for number, one in numbered(by_telephone(draft, language)).items()}
    for id, script in draft.scripts[language].scripts.items():
        line = draft.line(language, id)
        spoken = unrecorded_in(draft, language, script.text) if line.how is Speaks.PIECES else []
        rows.append({
            "language": language, "id": id, "number": numbers.get(id, ""), "how": str(line.how), "text": script.text,
            "spoken": spoken,
            "files": [file_of(draft, path, words) | {"number": typed.get(path, "")}
                      for path, words in line.words.items()],
        })  # fmt: skip
    return rows


def file_of(draft: ConfigurationDraft, path: str, words: str) -> dict[str, Any]:
    known, audio = draft.manifest.get(path), draft.recordings.get(path)
    return {"path": path, "words": words, "there": audio is not None, "seconds": audio.seconds if audio else None,
            "recorded_words": known.words if known else None, "voice": known.voice if known else None}  # fmt: skip


def line_of(row: dict[str, Any]) -> str:
    how = Speaks(row["how"])
    told = f"{row['language']:<5} {row['number']:<5} {click.style(f'{how:<9}', fg=COLOURS.get(how))} {row['id']:<26} "
    files = row["files"]
    if how in (Speaks.RECORDED, Speaks.PIECES):
        voices = ", ".join(dict.fromkeys(one["voice"] or "unknown voice" for one in files))
        told += f"{sum(one['seconds'] for one in files):5.1f} s  {voices}"
        return told + (f"; spoken for some {', '.join(row['spoken'])}" if row["spoken"] else "")
    if how is Speaks.MISSING:
        return told + "no " + ", ".join(one["path"] for one in files if not one["there"])
    if how is Speaks.OUTDATED:
        return told + f"{audio_words(files)!r} was recorded"
    return told.rstrip()


def recorded_by_telephone() -> list[PromptRecording]:
    """What was recorded on the staff line, oldest first; nothing where no database can be read."""
    settings = Settings.from_environment(os.environ, need_provider=False)
    if settings.database_url.startswith("sqlite:///") and not Path(settings.database_url[10:]).exists():
        return []
    from callflow.store import open_existing

    try:
        with closing(open_existing(settings.database_url, settings.secrets)) as store:
            return store.prompt_recordings()
    except StoreUnavailable as error:
        click.echo(f"what was recorded on the staff line cannot be told: {error}", err=True)
        return []


def told(one: PromptRecording) -> str:
    """ "en: not_clear by ana at 2026-11-30 09:00 UTC: in doubt (clear)"."""
    notes = f" ({', '.join(one.doubts)})" if one.doubts else ""
    notes += ", not verified" if one.state is PromptState.IN_FORCE and not one.verified else ""
    return f"{one.language}: {one.line} by {one.person} at {one.at:%Y-%m-%d %H:%M} UTC: {one.state}{notes}"


def audio_words(files: list[dict[str, Any]]) -> str:
    return next(str(one["recorded_words"]) for one in files if one["recorded_words"] not in (None, one["words"]))


def summary(draft: ConfigurationDraft, language: str) -> str:
    """ "en: 12 lines recorded, 9 in pieces, 116 spoken"."""
    counts = Counter(draft.line(language, id).how for id in draft.scripts[language].scripts)
    return f"{language}: " + ", ".join(f"{counts[how]} {how}" for how in Speaks if counts[how])
