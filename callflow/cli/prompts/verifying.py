"""`callflow prompts verify`: do the recordings say the words of their lines?"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import click

from callflow.core.configuration import Configuration
from callflow.core.languages import primary
from callflow.core.transcription import Engine, Purpose
from callflow.settings import Settings

COLOURS = {"green": "green", "yellow": "yellow", "red": "red", "unverified": "cyan"}
INSTALL = "to verify recordings, pip install 'callflow[speech]'"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording, and the words that it should say."""

    language: str
    tag: str
    script: str
    path: str
    words: str


@click.command("verify")
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one entry for each recording.")
def command(names: tuple[str, ...], as_json: bool) -> None:
    """Verify that each recording says its line: all, or those of the lines NAMES.

    green: it does. yellow: the words named are in doubt, listen to it. red: it says something else, or is too noisy.
    Only English can be verified by sound. With an engine for `prompt` in callflow.yaml (`speech: engines:`), all
    languages are written down as well, and words that differ from the line are shown, also added ones. Exits with 1 if
    a recording is red, or yellow.
    """
    from callflow.configuration.loading import load

    settings = Settings.from_environment(os.environ, need_provider=False)
    configuration = load(settings.config, settings.audio)
    found = [one for one in recordings(configuration) if not names or one.script in names]
    if unknown := sorted({*names} - {one.script for one in found}):
        raise click.ClickException(f"no recording of {', '.join(unknown)}")
    rows = list(progressing(found, settings.audio, configuration.engines.get(Purpose.PROMPT)))
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    else:
        printed(rows)
    sys.exit(any(row["verdict"] in ("red", "yellow") for row in rows))


def recordings(configuration: Configuration) -> Iterator[Recorded]:
    """Every recording of a line. What is filled into one is the conduct that it was recorded for."""
    for language in configuration.languages.values():
        for script in language.scripts.values():
            for key, audio in script.audio.items():
                named = configuration.policy.draw_the_line.named(key)
                conduct = named.name if named else ""
                words = script.text.replace("{conduct}", language.names.get(conduct, conduct))
                yield Recorded(language.code, language.tag, script.id, audio.path, words)


def progressing(found: list[Recorded], audio: Path, engine: Engine | None) -> Iterator[dict[str, Any]]:
    """The rows, while a bar on standard error says how far it is (if that is a terminal)."""
    try:
        from callflow.speech.alignment import Aligner

        aligner = Aligner()
    except ImportError:
        raise click.ClickException(INSTALL) from None
    with click.progressbar(found, label="verifying", file=sys.stderr) as bar:
        for one in bar:
            yield row_of(one, (audio / one.path).read_bytes(), aligner, engine)


def row_of(one: Recorded, wav: bytes, aligner: Any, engine: Engine | None) -> dict[str, Any]:
    row: dict[str, Any] = {"language": one.language, "id": one.script, "file": one.path, "verdict": "unverified",
                           "doubts": [], "unknown": [], "differences": None}  # fmt: skip
    if primary(one.tag) == "en":
        verified = aligner.verify(wav, one.words)
        row |= {"verdict": verified.verdict.value, "doubts": list(verified.doubts), "unknown": list(verified.unknown)}
    if engine:
        row |= dictated(one, wav, engine)
        if row["differences"] and row["verdict"] in ("green", "unverified"):
            row["verdict"] = "yellow"
    return row


def dictated(one: Recorded, wav: bytes, engine: Engine) -> dict[str, Any]:
    """What an engine that takes dictation wrote otherwise than the line says."""
    from callflow.service.jobs import JobFailure
    from callflow.speech.engines import recognise

    try:
        heard = recognise(wav, engine, one.tag)
    except JobFailure as failure:
        raise click.ClickException(str(failure)) from None
    return {"differences": differences(one.words, heard.text), "engine": f"{heard.engine} {heard.version}"}


def differences(line: str, heard: str) -> list[str]:
    """Word by word: "-this" is missing, "+that" was added."""
    from callflow.core.flow.speech import plain

    said, wrote = plain(line), plain(heard)
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, said, wrote, autojunk=False).get_opcodes():
        if kind != "equal":
            found += [f"-{word}" for word in said[a:b]] + [f"+{word}" for word in wrote[c:d]]
    return found


def printed(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        notes = [f"in doubt: {', '.join(row['doubts'])}"] if row["doubts"] else []
        notes += [f"not in the dictionary: {', '.join(row['unknown'])}"] if row["unknown"] else []
        notes += [f"written down otherwise: {' '.join(row['differences'])}"] if row["differences"] else []
        verdict = click.style(f"{row['verdict']:<10}", fg=COLOURS[row["verdict"]])
        click.echo(f"{row['language']:<5} {verdict} {row['id']:<24} {row['file']:<32} {'; '.join(notes)}".rstrip())
    counts = [f"{sum(row['verdict'] == one for row in rows)} {one}" for one in COLOURS]
    click.echo(f"{len(rows)} recordings: {', '.join(counts)}")
