"""Loudness and silence of a recording. Telephone audio only: 8 kHz, mono, 16-bit PCM or mu-law."""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from itertools import groupby

from callflow.audio.wav import cut, measure
from callflow.core.records import immutable

HEADER_BYTES = 58
"""The size of the header that ``audio.wav.cut`` writes."""
FULL = 32768
QUIET = 100
"""About -50 dBFS. Samples below this are silence on a telephone."""
CLIPPED_RUN = 4
"""This many samples at full scale in a row are clipping."""
EXPECTED = -16.0
"""The loudness of our recordings, and what is assumed of the provider's voices (LUFS); no document gives theirs."""
APART = 3.0
"""How far recordings, music and voices may be apart at most, in LU."""


def _mu_law(code: int) -> int:
    """The linear value of a mu-law byte (G.711)."""
    code = ~code & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return -size if code & 0x80 else size


MU_LAW = tuple(_mu_law(code) for code in range(256))
_CODES = sorted((value, code) for code, value in enumerate(MU_LAW))


def mu_law(sample: int) -> int:
    """The mu-law byte that is nearest to a 16-bit sample."""
    at = bisect_left(_CODES, (sample, 0))
    return min(_CODES[max(0, at - 1) : at + 1], key=lambda one: abs(one[0] - sample))[1]


def as_mu_law(sound: bytes) -> bytes:
    """The mu-law bytes of PCM of 16 bits."""
    return bytes(map(mu_law, array("h", sound)))


@immutable
class Level:
    """``peak`` and ``rms`` in dBFS, ``loudness`` in LUFS (``audio.loudness``)."""

    peak: float
    rms: float
    loudness: float
    clipped: bool
    silent_seconds: float


def level(content: bytes) -> Level:
    """Measure a WAV file that ``audio.wav.measure`` accepts."""
    return level_of(samples_of(content))


def level_of(samples: "array[int]") -> Level:
    """Measure 16-bit samples at 8 kHz. There must be one."""
    from callflow.audio.loudness import loudness  # here: servers make sounds, and measure none

    counts = Counter(samples)
    top = max(map(abs, counts))
    power = sum(value * value * count for value, count in counts.items()) / len(samples)
    return Level(
        peak=_decibels(top),
        rms=_decibels(math.sqrt(power)),
        loudness=loudness(samples),
        clipped=top >= FULL * 0.97 and _flattened(samples, top),
        silent_seconds=_silent(samples) / 8000,
    )


def samples_of(content: bytes) -> "array[int]":
    """The samples of a mono WAV file of 16-bit PCM or mu-law."""
    measured = measure(content)
    sound = cut(content, measured.seconds)[HEADER_BYTES:]
    if measured.encoding == "mu-law":
        return array("h", map(MU_LAW.__getitem__, sound[: round(measured.seconds * measured.rate)]))
    return array("h", sound[: len(sound) // 2 * 2])


def _decibels(size: float) -> float:
    return 20 * math.log10(max(size, 1) / FULL)


def _flattened(samples: "array[int]", top: int) -> bool:
    return any(abs(value) >= top and sum(1 for _ in run) >= CLIPPED_RUN for value, run in groupby(samples))


def _silent(samples: "array[int]") -> int:
    """The number of samples before the first sound."""
    return next((at for at, value in enumerate(samples) if abs(value) > QUIET), len(samples))
