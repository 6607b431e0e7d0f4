"""The content of recordings, and what happens when a file is gone: callers hear the line from the voice instead.

A file that was read once is kept in memory, so that documents already at the provider are played in full. Within
seconds, every later document has the text instead (``check``, called every few seconds).
"""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from callflow.audio.wav import joined
from callflow.configuration.recordings import paths_of, spoken_instead
from callflow.core.configuration import Audio, Configuration
from callflow.service.configurations import Configurations
from callflow.service.ports import Counters

log = logging.getLogger(__name__)
MOST_BYTES = 64 * 1024 * 1024
"""Kept in memory at most: two hours of mu-law."""
SHORT_DIGEST = 16
"""As in ``telephony.urls``."""


class Recordings:
    """The recordings of all configurations in use. The ones that are gone are counted."""

    def __init__(self, configurations: Configurations, folder: Path, counters: Counters) -> None:
        self._configurations, self._folder, self.counters = configurations, folder, counters
        self._known: Mapping[str, Configuration] = {}
        self._by_digest: dict[str, Audio] = {}
        self._music: set[str] = set()
        self._kept: dict[str, bytes] = {}
        self._bytes = 0
        self.gone: frozenset[str] = frozenset()
        """Paths of recordings that were in use and are not there."""

    def find(self, digests: Iterable[str]) -> list[Audio] | None:
        """The recordings with these content hashes, or beginnings of them. None if one of them is not in use."""
        if self._known is not self._configurations.known:
            self._index()
        found = [self._by_digest.get(one) for one in digests]
        return [one for one in found if one] if all(found) else None

    def music(self, digest: str) -> list[Audio] | None:
        """The hold music with this hash."""
        found = self.find([digest])
        return found if digest in self._music else None

    def _index(self) -> None:
        """Recordings that were in use stay known: the provider may have a document with them."""
        known = self._configurations.known
        self._music |= {configuration.music.digest for configuration in known.values()}
        audio = [one for configuration in known.values() for one in paths_of(configuration).values()]
        self._by_digest |= {key: one for one in audio for key in (one.digest, one.digest[:SHORT_DIGEST])}
        self._known = known

    def content(self, some: Sequence[Audio]) -> tuple[bytes, bool] | None:
        """The WAV file of these recordings, one after another, and whether it is what their hashes name.

        None if one of them is gone, which is reported.
        """
        read = [self._content(one) for one in some]
        if not all(read):
            self.check()
            return None
        contents = [one for one in read if one]
        genuine = all(self._kept.get(one.digest) for one in some)
        return (contents[0] if len(contents) == 1 else _joined(tuple(contents))), genuine

    def _content(self, one: Audio) -> bytes | None:
        if kept := self._kept.get(one.digest):
            return kept
        try:
            content = (self._folder / one.path).read_bytes()
        except OSError:
            return None
        genuine = hashlib.sha256(content).hexdigest() == one.digest
        if genuine and self._bytes + len(content) <= MOST_BYTES:
            self._kept[one.digest] = content
            self._bytes += len(content)
        return content

    def check(self) -> None:
        """Let the voice speak the lines whose recordings are gone, in every configuration in use; and report them."""
        gone: set[str] = set()
        for digest, configuration in self._configurations.known.items():
            lost = {path for path in paths_of(configuration) if not (self._folder / path).is_file()}
            if lines := lost - {configuration.music.path}:
                self._configurations.replace(digest, spoken_instead(configuration, lines))
            gone |= lost
        still = {path for path in self.gone if not (self._folder / path).is_file()}
        for path in sorted(gone - self.gone):
            self.counters.count("recordings_missing")
            log.error("the recording %s is gone: what it said is spoken by the voice", path)
        self.gone = frozenset(gone | still)

    def missing(self) -> str:
        """A message about recordings that are gone, or ""."""
        self.check()
        return f"recordings are missing: {', '.join(sorted(self.gone))}" if self.gone else ""


@lru_cache(maxsize=256)
def _joined(contents: tuple[bytes, ...]) -> bytes:
    return joined(contents)
