"""`callflow prompts make`: recordings from a voice that is installed here, or from a command of the user's."""

from pathlib import Path

import click

from callflow.audio import manifest, synthesis
from callflow.audio.decoding import Undecodable, telephone_wav
from callflow.audio.normalising import Unfit, normalise
from callflow.audio.wav import NotWav
from callflow.cli.prompts import folders
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.recordable import Recordable, recordables, values_in, ways_of
from callflow.configuration.recorded_lines import Speaks, value_path


@click.command("make")
@folders.options
@click.argument("lines", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every line that is not recorded, or is outdated.")
@click.option("--language", help="Without it, the default language.")
@click.option("--voice", help='"flite slt", "espeak-ng de", or a command that reads the text and writes {file}.')
@click.option("--again", is_flag=True, help="Also lines that are recorded already.")
def command(directory: Path, audio: Path, lines: tuple[str, ...], everything: bool, language: str | None,
            voice: str | None, again: bool) -> None:  # fmt: skip
    """Make recordings of LINES (ids) with a voice that is installed here. They are placeholders for a person's.

    A line with variables is made in pieces, and the names and numbers that it is known to need are made with it. The
    voice is --voice, or that of `voice: {offline: ...}` in scripts/<language>.yaml, or the best one installed. People's
    recordings are never overwritten without --again.
    """
    draft, _ = folders.read(directory, audio)
    language = folders.language_of(draft, language)
    known = draft.scripts[language].scripts
    for id in lines:
        if id not in known:
            raise click.ClickException(folders.unknown("line", id, known))
    if not lines and not everything:
        raise click.UsageError("say which lines, or --all")
    todo = files_to_make(draft, language, lines or tuple(known), again)
    with click.progressbar(todo, label=f"{len(todo)} recordings", item_show_func=_named) as bar:
        for one in bar:
            make(one, audio, voice or voice_of(draft, language, one.staff))


def files_to_make(draft: ConfigurationDraft, language: str, lines: tuple[str, ...], again: bool) -> list[Recordable]:
    """The files of these lines and their values; without ``again``, those that are not there or outdated."""
    every, found = recordables(draft, language), dict[str, Recordable]()
    by_path = {one.path: one for one in every.values()}
    for id in lines:
        line, ways = draft.line(language, id), ways_of(draft, language, id)
        if not ways or (line.how in (Speaks.RECORDED, Speaks.PIECES) and not again):
            continue
        paths = list(ways[0].words)
        if ways[0].how is Speaks.PIECES:
            text = draft.scripts[language].scripts[id].text
            recorded = draft.values.get(language, {})
            paths += [
                value_path(language, one) for one in values_in(draft, language, text) if one not in recorded or again
            ]
        stale = {path for path in paths if again or path not in draft.recordings or path in line.unusable}
        found |= {path: by_path[path] for path in paths if path in stale}
    return list(found.values())


def voice_of(draft: ConfigurationDraft, language: str, staff: bool) -> str:
    voice = draft.scripts[language].voice
    own = (voice.offline_staff or voice.offline) if staff else voice.offline
    try:
        return own or synthesis.default_voice(voice.language, staff)
    except synthesis.NoVoice as error:
        raise click.ClickException(str(error)) from None


def make(one: Recordable, audio: Path, voice: str) -> None:
    try:
        made = normalise(telephone_wav(synthesis.speak(voice, one.words)), piece=one.piece)
    except synthesis.NoVoice as error:
        raise click.ClickException(str(error)) from None
    except (NotWav, Undecodable, Unfit) as error:
        raise click.ClickException(f'what "{voice}" said for {one.name} {error}') from None
    manifest.keep(audio, one.path, made.content, one.words, voice)


def _named(one: Recordable | None) -> str:
    return one.name if one else ""
