"""The audio folder of a server, as lines that are recorded by telephone are written into it."""

import hashlib
from pathlib import Path
from tempfile import TemporaryFile

from callflow.audio import manifest
from callflow.core.records import immutable


@immutable
class AudioFolder:
    """Implements ``service.prompt_recordings.PromptFolder``."""

    root: Path

    def hash_of(self, path: str) -> str:
        try:
            return hashlib.sha256((self.root / path).read_bytes()).hexdigest()
        except FileNotFoundError:
            return ""

    def writable(self, path: str) -> None:
        folder = (self.root / path).parent
        folder.mkdir(parents=True, exist_ok=True)
        for one in (folder, self.root):  # the manifest is written, too
            with TemporaryFile(dir=one):
                pass

    def keep(self, path: str, content: bytes, words: str, voice: str) -> None:
        manifest.keep(self.root, path, content, words, voice)
