"""Makes ``callflow/speech/telephone.mllr``: ``python -m tests.bench.telephone_model``.

The English model of pocketsphinx was trained on sound of 16 kHz. At 8 kHz the same sounds have other cepstra, and a
linear map from one to the other is most of the difference. It is fitted here by least squares, on lines that three
voices say, once as they are and once after a telephone line. The voices with which the figures of docs/speech.md are
measured have no part in it. pocketsphinx applies the map to its model (its option ``mllr``).
"""

import subprocess
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from callflow.speech.models import TELEPHONE
from callflow.speech.sound import pcm
from tests.bench.prompt_check import lines
from tests.bench.speech import SOX, narrow, spoken, telephone

VOICES = ("flite kal16", "flite rms", "pico en-US")
LINES = slice(100, 140)
BANDS = ("300-3400", "200-3800")
"""Hertz: what a telephone line leaves, and what ``callflow prompts import`` does."""
CEPSTRA = 13
Frames = list[list[float]]


def cepstra(sound: bytes) -> Frames:
    """Of 16-bit PCM at 16 kHz, 100 a second, without their mean: pocketsphinx takes that away, too."""
    from pocketsphinx import Decoder

    with tempfile.TemporaryDirectory() as folder:
        decoder: Any = Decoder(loglevel="FATAL", lm=None, mfclogdir=folder)
        decoder.set_align_text("yes")
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        with suppress(RuntimeError):  # it does not say yes
            decoder.end_utt()
        (path,) = Path(folder).iterdir()
        values = array("f", path.read_bytes()[4:])
    values.byteswap()
    rows = [list(values[at : at + CEPSTRA]) for at in range(0, len(values), CEPSTRA)]
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return [[one - mean for one, mean in zip(row, means, strict=True)] for row in rows]


def pairs() -> Iterator[tuple[list[float], list[float]]]:
    """The same moment of speech, wide and narrow."""
    argv = [*SOX, "-t", "wav", "-", "-r", "16000", "-c", "1", "-e", "signed", "-b", "16", "-t", "raw", "-",
            "norm", "-6", "pad", "0.4", "0.4"]  # fmt: skip
    for voice in VOICES:
        for at, words in enumerate(lines("en")[LINES]):
            said = spoken(voice, " ".join(words))
            wide = subprocess.run(argv, input=said, check=True, capture_output=True).stdout
            after = pcm(telephone(narrow(said, BANDS[at % 2]), None))
            yield from zip(cepstra(wide), cepstra(after), strict=False)


def fitted(found: Iterator[tuple[list[float], list[float]]]) -> Frames:
    """The matrix that makes the second of the first, with the least squares of error."""
    left = [[0.0] * CEPSTRA for _ in range(CEPSTRA)]
    right = [[0.0] * CEPSTRA for _ in range(CEPSTRA)]
    for wide, after in found:
        for at, value in enumerate(wide):
            left[at] = [one + value * other for one, other in zip(left[at], wide, strict=True)]
            right[at] = [one + value * other for one, other in zip(right[at], after, strict=True)]
    return [list(column) for column in zip(*solved(left, right), strict=True)]


def solved(left: Frames, right: Frames) -> Frames:
    """X of ``left`` X = ``right`` (Gauss and Jordan; ``left`` is positive definite, so no row is exchanged)."""
    rows = [[*one, *other] for one, other in zip(left, right, strict=True)]
    for at in range(len(rows)):
        rows[at] = [one / rows[at][at] for one in rows[at]]
        for other in range(len(rows)):
            if other != at:
                factor = rows[other][at]
                rows[other] = [one - factor * two for one, two in zip(rows[other], rows[at], strict=True)]
    return [row[len(left) :] for row in rows]


def written(matrix: Sequence[Sequence[float]]) -> str:
    """One class, three streams of features (cepstra, and how they change): matrix, offset, scale of variance."""
    rows = [" ".join(f"{value:.4f}" for value in row) for row in matrix]
    none, same = (" ".join([value] * CEPSTRA) for value in ("0", "1"))
    stream = "\n".join([str(CEPSTRA), *rows, none, same])
    return "\n".join(["1", "3", *[stream] * 3, ""])


if __name__ == "__main__":
    TELEPHONE.write_text(written(fitted(pairs())))
