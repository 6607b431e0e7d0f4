"""Finds, measures and hashes recordings. Only the formats that the provider plays best are accepted (twilio.md 7)."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from callflow.audio.wav import NotWav, measure
from callflow.core.configuration import Audio, Configuration

RATE = 8000
ENCODINGS = ("pcm16", "mu-law")


class Unusable(Exception):
    """A recording cannot be played. ``code`` is that of the problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
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
            raise Unusable("CF050", f'the recording "{path}" is not in {self.folder.as_posix()}') from None
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


def missing(configuration: Configuration, audio: Path) -> str:
    """A message about recordings that were removed since the configuration was loaded, or ""."""
    named = {one.path for language in configuration.languages.values() for script in language.scripts.values()
             for one in script.audio.values()} | {configuration.music.path}  # fmt: skip
    gone = sorted(path for path in named if not (audio / path).is_file())
    return f"recordings are missing: {', '.join(gone)}" if gone else ""
