"""Puts sounds at their seconds into a stereo file of 8 kHz, with a chapter mark for each stage of the call."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from callflow.audio.levels import as_mu_law
from callflow.audio.wav import chunk, mu_law_file

RATE = 8000
KEY_SECONDS = 0.12
MOST_SECONDS = 3600
QUIET = 0.16
"""The amplitude of the tones of keys and of ringing, 1 for full scale."""
LOW, HIGH = (697, 770, 852, 941), (1209, 1336, 1477)
PAD = "123456789*0#"
RINGING = (440.0, 480.0)
BEEP = (1000.0,)


class Ear(Enum):
    """On which side somebody is heard."""

    CALLER = 0
    STAFF = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """One sound. ``begins`` and ``seconds`` are those of the call; ``samples`` are cut off there, or end before."""

    ear: Ear
    begins: float
    seconds: float
    samples: "array[int]"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A mark at ``begins`` seconds."""

    begins: float
    title: str


def tones(hertz: Sequence[float], seconds: float) -> "array[int]":
    """Sines together, faded in and out over 5 ms."""
    count = round(seconds * RATE)
    fade = min(40, count // 2) or 1
    return array("h", [
        round(32767 * QUIET * min(1.0, at / fade, (count - at) / fade)
              * sum(math.sin(2 * math.pi * one * at / RATE) for one in hertz) / len(hertz))
        for at in range(count)
    ])  # fmt: skip


def key_tone(key: str) -> "array[int]":
    """What a telephone plays for a key (ITU-T Q.23)."""
    place = PAD.index(key)
    return tones((LOW[place // 3], HIGH[place % 3]), KEY_SECONDS)


def ringing(seconds: float) -> "array[int]":
    """Two seconds of tone and four of silence, as long as it rings."""
    rings, one = array("h"), tones(RINGING, 2.0)
    while len(rings) < seconds * RATE:
        rings.extend(one)
        rings.extend(array("h", bytes(2 * 4 * RATE)))
    return rings[: round(seconds * RATE)]


def mixed(pieces: Sequence[Piece]) -> tuple["array[int]", "array[int]"]:
    """The samples of both ears, equally long. Raises ValueError for a call of more than an hour."""
    end = max((one.begins + min(one.seconds, len(one.samples) / RATE) for one in pieces), default=0.0)
    if end > MOST_SECONDS:
        raise ValueError(f"the call lasts {end / 60:.0f} minutes; at most {MOST_SECONDS // 60} are made into a file")
    ears = tuple(array("h", bytes(2 * (round(end * RATE) + 1))) for _ in Ear)
    for piece in pieces:
        ear, first = ears[piece.ear.value], round(piece.begins * RATE)
        heard = piece.samples[: max(0, min(round(piece.seconds * RATE), len(ear) - first))]
        for at, value in enumerate(heard, first):
            ear[at] = max(-32768, min(32767, ear[at] + value))
    return ears[0], ears[1]


def wav(pieces: Sequence[Piece], chapters: Sequence[Chapter]) -> bytes:
    """A WAV file of 8 kHz, stereo, mu-law, with a cue and a label for each chapter. Raises ValueError as ``mixed``."""
    left, right = (as_mu_law(ear.tobytes()) for ear in mixed(pieces))
    sound = bytearray(2 * len(left))
    sound[0::2], sound[1::2] = left, right
    return mu_law_file(bytes(sound), channels=2, more=_marks(chapters))


def _marks(chapters: Sequence[Chapter]) -> bytes:
    """The chunks "cue " and "LIST adtl", which players and editors show as chapters or markers."""
    cues = b"".join(
        _number(index) + _number(sample) + b"data" + _number(0) + _number(0) + _number(sample)
        for index, sample in enumerate((round(one.begins * RATE) for one in chapters), 1)
    )
    labels = b"".join(
        chunk(b"labl", _number(index) + one.title.encode() + b"\0") for index, one in enumerate(chapters, 1)
    )
    return chunk(b"cue ", _number(len(chapters)) + cues) + chunk(b"LIST", b"adtl" + labels)


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")
