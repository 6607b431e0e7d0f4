"""A sound like speech, made without the code that is tested: syllables of a buzzing voice with pauses between them."""

import math
import random
import struct
from functools import cache

PERIOD = 160
"""Samples after which the buzz is as before: three turns of 150 Hz, and of all its overtones."""


@cache
def speech(*, seconds: float = 3, peak: float = 0.3, before: float = 0.4, after: float = 0.6, hum: float = 0.0,
           rumble: float = 0.0) -> bytes:  # fmt: skip
    """PCM of 16 bits. ``hum`` is noise all the time, ``rumble`` a tone of 50 Hz; both in parts of full scale."""
    dice, samples, buzz = random.Random(1), [], _buzz(before)
    for at in range(round((before + seconds + after) * 8000)):
        moment = at / 8000 - before
        voiced = max(0.0, math.sin(moment * 2 * math.pi * 2.5)) if 0 <= moment < seconds else 0.0
        value = peak * voiced * buzz[at % PERIOD]
        value += (hum and hum * dice.uniform(-1, 1)) + (rumble and rumble * math.sin(at * 2 * math.pi * 50 / 8000))
        samples.append(round(32767 * max(-1.0, min(1.0, value))))
    sound = struct.pack(f"<{len(samples)}h", *samples)
    layout = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    inside = b"WAVEfmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def _buzz(before: float) -> list[float]:
    dice = random.Random(1)
    phases = [dice.uniform(0, 6) for _ in range(12)]  # a real voice has no moment at which all its tones meet
    moments = [at / 8000 - before for at in range(PERIOD)]
    return [
        sum(math.sin(one * 2 * math.pi * 150 * part + phases[part]) / part for part in range(1, 12)) / 2
        for one in moments
    ]
