"""Finds, measures and hashes recordings. Only the formats that the provider plays best are accepted (twilio.md 7)."""

import hashlib
import os
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from callflow.audio.wav import NotWav, measure
from callflow.configuration.places import absolute
from callflow.core.configuration import Audio, Configuration, Script
from callflow.core.records import immutable

RATE = 8000
ENCODINGS = ("pcm16", "mu-law")


class Unusable(Exception):
    """A recording cannot be played. ``code`` is that of the problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@immutable
class Recordings:
    """The recordings in the audio folder."""

    folder: Path

    def audio(self, path: str) -> Audio:
        """Read a recording by its path below the folder. Raises Unusable."""
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or "\\" in path:
            raise Unusable("CF053", f'"{path}" leads out of the audio folder')
        path = self.on_disk(path)
        try:
            content = (self.folder / path).read_bytes()
            measured = measure(content)
        except FileNotFoundError:
            raise Unusable("CF050", f'the recording "{path}" is not in {absolute(self.folder).as_posix()}') from None
        except NotWav as error:
            raise Unusable("CF051", f'the recording "{path}" {error}') from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise Unusable("CF051", f'the recording "{path}" cannot be read: {why}') from None
        if measured.rate != RATE or measured.channels != 1 or measured.encoding not in ENCODINGS:
            has = f"{measured.rate} Hz, {measured.channels} channel(s), {measured.encoding}"
            raise Unusable("CF052", f'the recording "{path}" has {has}; it must be 8000 Hz, 1 channel, pcm16 or mu-law')
        return Audio(path=path, digest=hashlib.sha256(content).hexdigest(), seconds=measured.seconds)

    def on_disk(self, path: str) -> str:
        """The path as the file system has it: some of them decompose letters, and YAML is read composed."""
        apart = unicodedata.normalize("NFD", path)
        return path if path == apart or (self.folder / path).is_file() or not (self.folder / apart).is_file() else apart


def paths_of(configuration: Configuration) -> dict[str, Audio]:
    """Every recording that a configuration plays, by its path: lines, values and the hold music."""
    found = {configuration.music.path: configuration.music}
    for language in configuration.languages.values():
        for script in language.scripts.values():
            found |= {one.path: one for one in (*script.audio.values(), *script.pieces) if isinstance(one, Audio)}
        found |= {one.path: one for one in language.values.values()}
    return found


def spoken_instead(configuration: Configuration, gone: Collection[str]) -> Configuration:
    """The same configuration, with the voice speaking every line and value of which a recording is gone."""
    languages = {code: replace(one, scripts={id: _without(script, gone) for id, script in one.scripts.items()},
                               values={value: audio for value, audio in one.values.items() if audio.path not in gone})
                 for code, one in configuration.languages.items()}  # fmt: skip
    return replace(configuration, languages=languages)


def _without(script: Script, gone: Collection[str]) -> Script:
    played = [one for one in (*script.audio.values(), *script.pieces) if isinstance(one, Audio)]
    if not any(one.path in gone for one in played):
        return script
    return replace(script, audio={}, pieces=(), version=version(script.text, ()))


def version(text: str, played: Iterable[Audio]) -> str:
    """A short hash of what is heard of a script."""
    whole = text + "".join(one.digest for one in played)
    return hashlib.sha256(whole.encode()).hexdigest()[:8]


def missing(configuration: Configuration, audio: Path) -> str:
    """A message about recordings that were removed since the configuration was loaded, or can no longer be read, or
    ""."""
    gone = sorted(path for path in paths_of(configuration) if not _readable(audio / path))
    where = absolute(audio).as_posix()
    return f"recordings are missing, or cannot be read, in {where}: {', '.join(gone)}" if gone else ""


def _readable(path: Path) -> bool:
    # Path.is_file raises where a folder is shut.
    return os.path.isfile(path) and os.access(path, os.R_OK)
