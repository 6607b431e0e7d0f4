"""Checks of recordings: loudness, silence, and whether the length fits the words of the script."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from callflow.audio.levels import APART, EXPECTED, Level, level
from callflow.configuration.checks.prompts import filled_in
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.scripts import variables_in
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.reading.scripts import ScriptShape
from callflow.configuration.reading.source import Loc, Source
from callflow.configuration.recordable import values_in
from callflow.configuration.recorded_lines import CONDUCT, Speaks
from callflow.core.configuration import Audio
from callflow.core.languages import least_speaking_seconds

CHECKS: list[Check] = []
check = collector(CHECKS)

LOUDEST_PEAK, QUIETEST_RMS = -1.0, -30.0
LONGEST_LINE_SECONDS = 30
LONGEST_SILENCE_SECONDS = 1.0
SLOWEST = 25.0 / 6.0
"""How much longer than the fastest voice of its language a plausible reader takes: six characters of English a second
instead of 25."""
SHORT_SECONDS = 1.0
"""More than that for a piece of a line: a word alone is read slowly."""
SHORTEST_MUSIC_SECONDS = 10
SOUNDS = (".wav", ".mp3", ".aif", ".aiff", ".gsm", ".ulaw", ".ogg", ".m4a", ".flac")


def _recordings(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str, Audio]]:
    """Every recording once: its source and place, its script id (or "music"), and its measurements."""
    met: set[str] = set()
    if draft.music:
        met.add(draft.music.path)
        yield draft.callflow_source, ("music",), "music", draft.music
    for language, id, script in draft.every_script():
        for path in draft.line(language, id).played:
            if path in draft.recordings and path not in met:
                met.add(path)
                yield draft.script_sources[language], _place(id, script), id, draft.recordings[path]
    for language, values in draft.values.items():
        for value, audio in values.items():
            yield draft.script_sources[language], ("scripts",), value, audio


def _place(id: str, script: ScriptShape) -> Loc:
    return ("scripts", id, "audio") if script.audio else ("scripts", id)


def _levels(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str, Level]]:
    for source, loc, _, audio in _recordings(draft):
        assert draft.folder
        if audio.path not in draft.levels:
            draft.levels[audio.path] = level((draft.folder / audio.path).read_bytes())
        yield source, loc, audio.path, draft.levels[audio.path]


@check("CF054")
def recordings_are_not_too_loud(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, path, heard in _levels(draft):
        if heard.peak > LOUDEST_PEAK and not heard.clipped:
            yield Found(source, loc, f'"{path}" peaks at {heard.peak:.1f} dBFS; at most {LOUDEST_PEAK:.0f} stays clean')


@check("CF055")
def recordings_are_not_too_quiet(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, path, heard in _levels(draft):
        if heard.rms < QUIETEST_RMS:
            message = (
                f'"{path}" is at {heard.rms:.0f} dBFS on average; at least {QUIETEST_RMS:.0f} is understood in a street'
            )
            yield Found(source, loc, message)


@check("CF056")
def recordings_are_not_clipped(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, path, heard in _levels(draft):
        if heard.clipped:
            yield Found(source, loc, f'"{path}" is clipped: its loudest waves are cut flat and crackle')


@check("CF152")
def recordings_are_equally_loud(draft: ConfigurationDraft) -> Iterator[Found]:
    """Within half of ``APART`` of what is expected, so that any two are within ``APART`` of each other."""
    least, most = EXPECTED - APART / 2, EXPECTED + APART / 2
    for source, loc, path, heard in _levels(draft):
        told = heard.clipped or heard.peak > LOUDEST_PEAK or heard.rms < QUIETEST_RMS
        if not told and not least <= heard.loudness <= most:
            message = f'"{path}" is at {heard.loudness:.1f} LUFS; {least} to {most} is as loud as the rest'
            yield Found(source, loc, message)


@check("CF057")
def lines_are_over_in_time(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, audio in _recordings(draft):
        if id != "music" and audio.seconds > LONGEST_LINE_SECONDS:
            message = f'"{audio.path}" lasts {audio.seconds:.0f} seconds; a line is at most {LONGEST_LINE_SECONDS}'
            yield Found(source, loc, message)


@check("CF058")
def recordings_begin_at_once(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, path, heard in _levels(draft):
        if heard.silent_seconds > LONGEST_SILENCE_SECONDS:
            message = (
                f'"{path}" begins with {heard.silent_seconds:.1f} seconds of silence; people think the line is dead'
            )
            yield Found(source, loc, message)


@check("CF059")
def recordings_fit_their_words(draft: ConfigurationDraft) -> Iterator[Found]:
    for language, id, script in draft.every_script():
        line, tag = draft.line(language, id), draft.scripts[language].voice.language
        for path in line.played:
            least = least_speaking_seconds(filled_in(draft, line.words[path], language), tag)
            seconds = draft.recordings[path].seconds
            most = least * SLOWEST + (SHORT_SECONDS if line.how is Speaks.PIECES else 0)
            if not least <= seconds <= most:
                lasts, short = f"{seconds:.1f} seconds", "too short" if seconds < least else "too long"
                message = f'"{path}" lasts {lasts}, {short} for the words of "{id}": do they agree?'
                yield Found(draft.script_sources[language], _place(id, script), message)


@check("CF149")
def recordings_need_no_names(draft: ConfigurationDraft) -> Iterator[Found]:
    for language, id, script in draft.every_script():
        line = draft.line(language, id)
        if not script.audio or line.how is not Speaks.RECORDED:
            continue
        said = variables_in(script.text) - ({"conduct"} if CONDUCT in script.audio else set())
        if said:
            names = ", ".join(f"{{{one}}}" for one in sorted(said))
            message = f'"{id}" is recorded, and a recording cannot say {names}; record it in pieces around them'
            yield Found(draft.script_sources[language], ("scripts", id, "audio"), message)


@check("CF220")
def recordings_are_there(draft: ConfigurationDraft) -> Iterator[Found]:
    yield from _unusable(draft, Speaks.MISSING, "is missing", "are missing")


@check("CF221")
def recordings_say_the_line(draft: ConfigurationDraft) -> Iterator[Found]:
    yield from _unusable(draft, Speaks.OUTDATED, "was recorded with other words", "were recorded with other words")


def _unusable(draft: ConfigurationDraft, how: Speaks, one: str, several: str) -> Iterator[Found]:
    for language, id, script in draft.every_script():
        line = draft.line(language, id)
        if line.how is how:
            first, *others = (f'"{path}"' for path in line.unusable)
            which = f"{first} and {len(others)} more {several}" if others else f"{first} {one}"
            yield Found(draft.script_sources[language], _place(id, script), f'"{id}" is spoken: {which}')


@check("CF257")
def one_voice_says_a_line(draft: ConfigurationDraft) -> Iterator[Found]:
    """As far as the manifest knows who read the pieces and what is filled in."""
    for language, id, script in draft.every_script():
        line = draft.line(language, id)
        if line.how is not Speaks.PIECES:
            continue
        recorded = draft.values.get(language, {})
        values = [recorded[one].path for one in values_in(draft, language, script.text) if one in recorded]
        voices = {draft.manifest[one].voice for one in (*line.played, *values) if one in draft.manifest} - {""}
        if len(voices) > 1:
            message = f'"{id}" is heard in more than one voice: {", ".join(sorted(voices))}'
            yield Found(draft.script_sources[language], _place(id, script), message)


@check("CF150", needs=("callflow", "deescalation"))
def recordings_are_used(draft: ConfigurationDraft) -> Iterator[Found]:
    if draft.folder is None or not draft.folder.is_dir() or set(draft.scripts) != set(draft.script_sources):
        return
    lines = draft.lines.values()
    if draft.music is None or any(one.unusable for one in lines) or draft.deescalation_source.problems:
        return  # a file that seems unused may be a missing one under another name
    used = {unicodedata.normalize("NFC", one) for line in lines for one in line.words}
    used |= {unicodedata.normalize("NFC", one) for one in (draft.music.path, *draft.played)}
    for path in sorted(draft.folder.rglob("*")):
        name = unicodedata.normalize("NFC", path.relative_to(draft.folder).as_posix())
        if path.suffix.lower() in SOUNDS and name not in used and _known_language(draft, name):
            yield Found(_file(path, name), (), "no line plays this recording")


def _known_language(draft: ConfigurationDraft, name: str) -> bool:
    """Files of languages that are not configured may be there for later, as the shipped ones are."""
    return "/" not in name or name.partition("/")[0] in draft.scripts


def _file(path: Path, name: str) -> Source:
    return Source(label=path.as_posix(), name=name)


@check("CF151")
def music_is_a_loop(draft: ConfigurationDraft) -> Iterator[Found]:
    if draft.music and draft.music.seconds < SHORTEST_MUSIC_SECONDS:
        message = f"the music lasts {draft.music.seconds:.0f} seconds and starts over so often that it wears people out"
        yield Found(draft.callflow_source, ("music",), message)
