"""Loudness by ITU-R BS.1770-4, as EBU R 128 uses it: in LUFS, of 8 kHz mono.

Written here, because `callflow check` and the staff line measure recordings on servers that have no numpy: pyloudnorm
brings scipy (100 MB), and ffmpeg is another package of the system. A test compares the figures with ffmpeg's.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

RATE = 8000
STEP = RATE // 10
"""Blocks of 400 ms begin every 100 ms."""
STEPS = 4
SILENT = -70.0
"""The absolute gate, and what is said of silence."""
RELATIVE_GATE = 10.0


class _Filter(NamedTuple):
    """A biquad, normalised so that a0 is 1."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


@cache
def _head() -> _Filter:
    """The first stage of the K weighting, for the acoustics of the head (BS.1770-4, annex 1, for any rate)."""
    k, q = math.tan(math.pi * 1681.974450955533 / RATE), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band, a0 = high**0.4996667741545416, 1 + k / q + k * k
    return _Filter(
        (high + band * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    )


@cache
def _low() -> _Filter:
    """The second stage: deep tones count less."""
    k, q = math.tan(math.pi * 38.13547087602444 / RATE), 0.5003270373238773
    a0 = 1 + k / q + k * k
    return _Filter(1.0, -2.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)


def loudness(samples: Sequence[int]) -> float:
    """The integrated loudness in LUFS of 16-bit samples at 8 kHz; ``SILENT`` for silence.

    A sound shorter than one block of 400 ms counts as one block.
    """
    sums = _weighted(samples)
    if not sums:
        return SILENT
    width = min(STEPS, len(sums))
    powers = [sum(sums[at : at + width]) / (width * STEP) for at in range(len(sums) - width + 1)]
    heard = [one for one in powers if _lufs(one) > SILENT]
    if not heard:
        return SILENT
    gate = _lufs(sum(heard) / len(heard)) - RELATIVE_GATE
    counted = [one for one in heard if _lufs(one) > gate]
    return _lufs(sum(counted) / len(counted))


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power / 32768**2) if power > 0 else -math.inf


def _weighted(samples: Sequence[int]) -> list[float]:
    """The energy of each step after the K weighting. A last step that is not whole counts with shorter sounds only."""
    b0, b1, b2, a1, a2 = _head()
    _, _, _, c1, c2 = _low()
    s1 = s2 = t1 = t2 = 0.0
    sums = []
    for begin in range(0, len(samples), STEP):
        energy = 0.0
        for x in samples[begin : begin + STEP]:
            y = b0 * x + s1
            s1 = b1 * x - a1 * y + s2
            s2 = b2 * x - a2 * y
            z = y + t1
            t1 = -2 * y - c1 * z + t2
            t2 = y - c2 * z
            energy += z * z
        sums.append(energy)
    whole = len(samples) // STEP
    return sums[:whole] if whole >= STEPS else sums
