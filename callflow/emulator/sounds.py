"""What is heard, as WAV files that a browser plays: the files that the app had played, and spoken texts.

Each has the hash of what it is as its name, so that a browser keeps it for ever and a text is spoken once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from functools import partial
from threading import Lock

from callflow.emulator.voices import Voices
from callflow.emulator.wav import playable

KEPT = 400
SPEAKING_AT_ONCE = 2


class Sounds:
    """Thread-safe. At most `KEPT` files are kept; the oldest is forgotten first."""

    def __init__(self, voices: Voices, words: Callable[[str], str]) -> None:
        self.id = secrets.token_hex(8)
        """Of this emulator, among those that are shown at one address one after the other."""
        self.voices = voices
        self.words = words
        """The words of the file at a URL."""
        self._lock = Lock()
        self._files: OrderedDict[str, Future[bytes]] = OrderedDict()
        self._played: dict[str, str] = {}
        self._pool = ThreadPoolExecutor(SPEAKING_AT_ONCE, thread_name_prefix="emulator-voice")

    def keep(self, url: str, content: bytes) -> None:
        """The file that was fetched from `url`."""
        name = _hash(content)
        done: Future[bytes] = Future()
        done.set_result(playable(content))
        with self._lock:
            self._played[url] = name
            self._files.setdefault(name, done)
            self._forget()

    def played(self, url: str) -> str:
        """The name of the file that was fetched from `url`, or ""."""
        return self._played.get(url, "")

    def said(self, text: str, speaker: str) -> str:
        """The name of this text in this voice, or "" without one. It is spoken now, while the page is told of it."""
        if not self.voices.name:
            return ""
        name = _hash(f"{self.voices.name} {speaker} {text}".encode())
        with self._lock:
            if name not in self._files:
                self._files[name] = self._pool.submit(partial(self.voices.speak, text, speaker))
                self._forget()
        return name

    def wav(self, name: str, seconds: float = 10.0) -> bytes:
        """The file; b"" if there is none, or if it is not spoken within these seconds."""
        with self._lock:
            found = self._files.get(name)
        try:
            return found.result(seconds) if found else b""
        except NotYet:
            return b""

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _forget(self) -> None:
        while len(self._files) > KEPT:
            self._files.popitem(last=False)


def file_name(url: str) -> str:
    return f"({url.partition('?')[0].rpartition('/')[2]})"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
