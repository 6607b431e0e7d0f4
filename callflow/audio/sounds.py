"""The sounds of waiting, generated: a soft tick for staff, and two quiet notes for a caller who is alone in the room.

They have no words, so they need no language, and no files: their documents ask for exactly as many seconds as somebody
waits. They are as loud as recordings are expected to be (``levels.EXPECTED``).
"""

import math
from array import array
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from callflow.audio.levels import mu_law
from callflow.audio.wav import cut, mu_law_file
from callflow.core.records import immutable

VERSION = "2"
"""Part of the URLs, which are cached for ever. A test fails for other sounds under the same version."""
RATE = 8000
FADE_SECONDS = 0.02
LONGEST_SECONDS = 30
"""The longest file; a longer wait has several."""


@immutable
class Note:
    """A tone of ``hertz`` that begins at ``begins`` seconds and fades out."""

    begins: float
    seconds: float
    hertz: float


@immutable
class Sound:
    """A pattern that is repeated every ``every`` seconds. It begins with silence, because it follows words.

    ``peak`` is the amplitude of its notes, 1 for full scale.
    """

    every: int
    notes: tuple[Note, ...]
    peak: float


SOUNDS: Mapping[str, Sound] = MappingProxyType({
    "tick": Sound(2, (Note(1.0, 0.1, 900), Note(1.12, 0.06, 600)), 0.69),
    "tone": Sound(3, (Note(0.1, 0.35, 392), Note(0.45, 0.45, 330)), 0.39),
})  # fmt: skip


@cache
def wav(name: str, seconds: int) -> bytes:
    """A WAV file of ``seconds`` of the sound of this name: 8 kHz, mono, mu-law."""
    return cut(_pattern(name), seconds)


@cache
def silence() -> bytes:
    """A tenth of a second of nothing, as a WAV file."""
    return mu_law_file(bytes([mu_law(0)]) * (RATE // 10))


@cache
def _pattern(name: str) -> bytes:
    sound = SOUNDS[name]
    samples = array("d", bytes(8 * sound.every * RATE))
    for note in sound.notes:
        first, count = round(note.begins * RATE), round(note.seconds * RATE)
        for at in range(count):
            swell = min(1.0, at / RATE / FADE_SECONDS) * (1 - at / count) ** 0.5
            samples[first + at] += swell * math.sin(2 * math.pi * note.hertz * at / RATE)
    return mu_law_file(bytes(mu_law(round(32767 * sound.peak * value)) for value in samples))
