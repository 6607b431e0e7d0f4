"""Makes a recording ready to be played on a telephone: no rumble, no silence around it, as loud as all the others.

``normalise`` takes the bytes of a WAV file and returns those of another, with the figures before and after. It needs
no other package and takes about 20 ms for each second of sound, so it belongs in slow work and commands, never in a
webhook. Other formats are converted by ``audio.decoding`` first.
"""

import math
from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from callflow.audio.levels import EXPECTED, Level, level_of, mu_law, samples_of
from callflow.audio.loudness import loudness
from callflow.audio.wav import NotWav, measure, mu_law_file

RATE = 8000
PEAK = -3.0
"""Nothing in the result is louder, in dBFS: mu-law and transcoding add to it."""
BEFORE_SECONDS, AFTER_SECONDS = 0.1, 0.25
"""The silence around the sound."""
PIECE_SECONDS = (0.03, 0.07)
LEAST_SECONDS = 0.1
RUMBLE_HERTZ = 200
"""Telephones carry 300 to 3400 Hz. What is lower is the room, the microphone's stand, or breath."""
FRAME = 80
"""Samples of 10 ms, in which the beginning and the end of the sound are found."""
FADE = 40
"""Samples of 5 ms: how fast a cut sound begins and ends."""
AHEAD = 12
"""Samples of 1.5 ms: how fast the limiter turns down and up again. Slower, and every pulse of a rough voice would keep
it down."""
MOST_GAIN = 40.0
"""What needs more than this to be as loud as the rest, in dB, is noise."""
TRIES = 12
NEAR = 0.2
"""In LU. The limiter takes away from the loudness, so the gain is found in a few tries."""


class Unfit(ValueError):
    """The sound cannot become a recording. The message says why, and is worded to follow the file's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalised:
    """``content`` is a WAV file of 8 kHz, mono, mu-law. ``cut_seconds`` is the silence cut off its beginning and end.

    ``before`` and ``after`` are the levels of the sound that came in and of ``content``; ``gain`` is in dB.
    """

    content: bytes
    seconds: float
    before: Level
    after: Level
    cut_seconds: tuple[float, float]
    gain: float


def normalise(content: bytes, longest_seconds: float = 30.0, *, piece: bool = False) -> Normalised:
    """Trim, filter and normalise a WAV file of 8 kHz and mono: PCM of 16 bits or mu-law.

    The result is at ``levels.EXPECTED`` LUFS within 1 LU, and peaks at ``PEAK`` dBFS at most. A ``piece`` of a line has
    less silence around it, because others are played right before and after it. Raises NotWav for other bytes, and
    Unfit for a sound that is silent, clipped, or longer than ``longest_seconds`` after it was trimmed.
    """
    measured = measure(content)
    if (measured.rate, measured.channels) != (RATE, 1) or measured.encoding == "a-law":
        raise NotWav(f"has {measured.rate} Hz, {measured.channels} channel(s), {measured.encoding}, not 8000 Hz, mono")
    came = samples_of(content)
    before = level_of(came)
    if before.clipped:
        raise Unfit("is clipped: its loudest waves are cut flat; record it again, further from the microphone")
    sound, cut = _trimmed(_without_rumble(came))
    seconds = len(sound) / RATE
    if seconds > longest_seconds:
        raise Unfit(f"lasts {seconds:.1f} seconds without the silence around it; at most {longest_seconds:.0f} fit")
    around = PIECE_SECONDS if piece else (BEFORE_SECONDS, AFTER_SECONDS)
    before_it, after_it = ([0.0] * round(one * RATE) for one in around)
    gain, loud = _as_loud_as_the_rest([*before_it, *sound, *after_it])
    made = mu_law_file(bytes(map(mu_law, loud)))
    after = level_of(samples_of(made))
    return Normalised(content=made, seconds=measure(made).seconds, before=before, after=after, cut_seconds=cut,
                      gain=gain)  # fmt: skip


def _without_rumble(samples: Sequence[int]) -> list[float]:
    """A high-pass filter of second order (Butterworth)."""
    k = math.tan(math.pi * RUMBLE_HERTZ / RATE)
    a0 = 1 + math.sqrt(2) * k + k * k
    b0, a1, a2 = 1 / a0, 2 * (k * k - 1) / a0, (1 - math.sqrt(2) * k + k * k) / a0
    s1 = s2 = 0.0
    passed = []
    for x in samples:
        y = b0 * x + s1
        s1, s2 = -2 * b0 * x - a1 * y + s2, b0 * x - a2 * y
        passed.append(y)
    return passed


def _trimmed(sound: list[float]) -> tuple[list[float], tuple[float, float]]:
    """The sound without the silence around it, faded in and out, and how many seconds were cut from either end."""
    frames = [sum(x * x for x in sound[at : at + FRAME]) / FRAME for at in range(0, len(sound) - FRAME + 1, FRAME)]
    top = max(frames, default=0.0)
    # The room is as loud as the quietest tenth; speech is at least 6 dB louder than that, and 40 dB below its peak.
    room = sorted(frames)[len(frames) // 10] * 4 if frames else 0.0
    least = max(top / 1e4, min(room, top / 100))
    spoken = [at for at, power in enumerate(frames) if power >= least]
    if top < 100**2 / 2 or (spoken[-1] + 1 - spoken[0]) * FRAME < LEAST_SECONDS * RATE:
        raise Unfit("is silent")
    first, last = spoken[0] * FRAME, (spoken[-1] + 1) * FRAME
    kept = sound[first:last]
    for at in range(FADE):
        kept[at] *= at / FADE
        kept[-1 - at] *= at / FADE
    return kept, (first / RATE, (len(sound) - last) / RATE)


def _as_loud_as_the_rest(sound: list[float]) -> tuple[float, "array[int]"]:
    """The gain in dB, and the samples at ``EXPECTED``."""
    gain = EXPECTED - loudness([round(x) for x in sound])
    if gain > MOST_GAIN:
        raise Unfit(f"is too quiet: {-gain + EXPECTED:.0f} LUFS, so that its noise would be heard instead")
    for _ in range(TRIES):
        loud = array("h", map(round, _limited(sound, 10 ** (gain / 20))))
        missing = EXPECTED - loudness(loud)
        if abs(missing) <= NEAR:
            break
        gain += missing * 1.5  # the limiter takes a part of it
    return gain, loud


def _limited(sound: list[float], factor: float) -> list[float]:
    """The sound times ``factor``, turned down in good time before every wave that would be louder than ``PEAK``."""
    most = 32767 * 10 ** (PEAK / 20) * 0.98  # mu-law rounds by up to 1.6 %
    wanted = [min(1.0, most / max(1.0, abs(x) * factor)) for x in sound]
    least = _least_around(wanted)
    smooth, total = [], sum(least[:AHEAD]) + AHEAD
    for at in range(len(least)):
        total += (least[at + AHEAD] if at + AHEAD < len(least) else 1.0) - (least[at - AHEAD] if at >= AHEAD else 1.0)
        smooth.append(total / (2 * AHEAD))
    return [max(-most, min(most, x * factor * down)) for x, down in zip(sound, smooth, strict=True)]


def _least_around(values: list[float]) -> list[float]:
    """For every place the least value from ``AHEAD`` before to ``AHEAD`` after it."""
    least, window = [], deque[int]()
    for at in range(len(values) + AHEAD):
        if at < len(values):
            while window and values[window[-1]] >= values[at]:
                window.pop()
            window.append(at)
        if at >= AHEAD:
            if window[0] < at - 2 * AHEAD:
                window.popleft()
            least.append(values[window[0]])
    return least
