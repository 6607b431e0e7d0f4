"""The hold music, composed for Callflow and made by this module: no file, no licence, and no seam where it starts over.

Eight bars of four seconds over the chords C, A minor, F and G, twice. Each chord is three soft tones that swell and
fade into the next bar; over them one plucked tone a second walks through the chord. What outlasts the end goes on at
the beginning.

    python -m callflow.audio.music audio/hold_music.wav
"""

import math
import sys
from array import array
from pathlib import Path

from callflow.audio.levels import EXPECTED, mu_law
from callflow.audio.loudness import loudness
from callflow.audio.wav import mu_law_file

RATE = 8000
BAR_SECONDS = 4
CHORDS = ((523.25, 659.26, 783.99), (440.0, 523.25, 659.26), (349.23, 440.0, 523.25), (392.0, 493.88, 587.33)) * 2
"""In hertz, an octave above the middle."""
WALKS = ((0, 1, 2, 1), (2, 1, 0, 1))
"""Which tone of the chord is plucked in each second of a bar, in turns."""
SWELL, FADE = 1.6, 2.2


def hold_music() -> bytes:
    """A WAV file of 32 seconds: 8 kHz, mono, mu-law, as loud as recordings are."""
    whole = array("d", bytes(8 * RATE * BAR_SECONDS * len(CHORDS)))
    for bar, chord in enumerate(CHORDS):
        begins = bar * BAR_SECONDS
        for hertz in chord:
            _add(whole, begins, _soft(hertz))
        for second, tone in enumerate(WALKS[bar % 2]):
            _add(whole, begins + second, _plucked(chord[tone] * 2))
    size = 8000 / max(map(abs, whole))
    size *= 10 ** ((EXPECTED - loudness([round(x * size) for x in whole])) / 20)
    return mu_law_file(bytes(mu_law(round(x * size)) for x in whole))


def _add(whole: "array[float]", begins: float, tone: list[float]) -> None:
    first = round(begins * RATE)
    for at, value in enumerate(tone):
        whole[(first + at) % len(whole)] += value


def _soft(hertz: float) -> list[float]:
    """A sine with a quarter of the second and a twelfth of the third harmonic."""
    seconds, turn = BAR_SECONDS + FADE, 2 * math.pi * hertz / RATE
    loud = [min(1.0, at / RATE / SWELL, (seconds - at / RATE) / FADE) for at in range(round(seconds * RATE))]
    return [size * size * (math.sin(turn * at) + math.sin(2 * turn * at) / 4 + math.sin(3 * turn * at) / 12) / 3
            for at, size in enumerate(loud)]  # fmt: skip


def _plucked(hertz: float) -> list[float]:
    turn = 2 * math.pi * hertz / RATE
    return [min(1.0, at / 80) * math.exp(-at / RATE * 3) * (1 - at / 16000) / 2 * math.sin(turn * at)
            for at in range(16000)]  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(hold_music())
