"""`callflow prompts verify`: do the recordings say the words of their lines?"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import click

from callflow import extras
from callflow.cli.prompts import folders
from callflow.configuration.convert import engines
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.recordable import recordables
from callflow.core.languages import primary
from callflow.core.transcription import Engine, Purpose

COLOURS = {"green": "green", "yellow": "yellow", "red": "red", "unverified": "cyan"}
UNVERIFIED = """unverified ({languages}): only English can be compared by sound. An engine that knows the language, for
`prompt` in callflow.yaml (`speech: engines:`), writes these down, to be compared word by word: docs/speech.md"""
INSTALL = f"to verify recordings: {extras.how('speech')}"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording of a line, of a piece of one, or of a value; and the words that it should say."""

    language: str
    tag: str
    script: str
    path: str
    words: str


@click.command("verify")
@folders.options
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="A JSON list, one entry for each recording.")
def command(directory: Path, audio: Path, names: tuple[str, ...], as_json: bool) -> None:
    """Verify that each recording says its words: all, or those NAMES (lines, pieces like hold_start.1, values/ana).

    green: it does. yellow: the words named are in doubt, listen to it. red: it says something else, or is too noisy.
    Only English can be verified by sound. With an engine for `prompt` in callflow.yaml (`speech: engines:`), all
    languages are written down as well, and words that differ from the line are shown, also added ones. Exits with 1 if
    a recording is red, or yellow.
    """
    draft, _ = folders.read(directory, audio)
    assert draft.callflow
    every = [one for language in draft.scripts for one in recordings(draft, language)]
    found = [one for one in every if not names or {one.script, *named(one)} & {*names}]
    if unknown := sorted({*names} - {name for one in found for name in (one.script, *named(one))}):
        raise click.ClickException(f"no recording of {', '.join(unknown)}")
    rows = list(progressing(found, audio, engines(draft.callflow.speech).get(Purpose.PROMPT)))
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    else:
        printed(rows)
    sys.exit(any(row["verdict"] in ("red", "yellow") for row in rows))


def recordings(draft: ConfigurationDraft, language: str) -> Iterator[Recorded]:
    """Every file that is there, and could be played: whole lines, pieces, and what is filled in between them."""
    tag = draft.scripts[language].voice.language
    there = {*draft.recordings, *(value.path for value in draft.values.get(language, {}).values())}
    for one in recordables(draft, language).values():
        if one.path in there:
            yield Recorded(language, tag, one.line or one.name, one.path, one.words)


def named(one: Recorded) -> tuple[str, ...]:
    """What else a person calls it: ``hold_start.1``, ``en/hold_start.1.wav``."""
    return one.path.removeprefix(f"{one.language}/").removesuffix(".wav"), one.path


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
    if engine and knows(engine, one.tag):
        row |= dictated(one, wav, engine)
        if row["verdict"] in ("green", "unverified"):
            row["verdict"] = "yellow" if row["differences"] else "green"
    return row


def knows(engine: Engine, tag: str) -> bool:
    """The model inside pocketsphinx is English; what a model of ops' own knows, they know."""
    return engine.name != "pocketsphinx" or primary(tag) == "en"


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
    if left := sorted({row["language"] for row in rows if row["verdict"] == "unverified"}):
        click.echo(UNVERIFIED.format(languages=", ".join(left)))
