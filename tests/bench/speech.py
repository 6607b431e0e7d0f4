"""How well recordings are recognised at telephone quality: ``python -m tests.bench.speech recognise``, or ``verify``.

Voices are flite and espeak-ng (Debian), sound is 8 kHz mu-law, 300 to 3400 Hz, clean or with pink noise (sox). The
figures stand in docs/speech.md.
"""

import argparse
import math
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from callflow.core.flow.speech import answer, plain
from callflow.core.languages import answer_words
from callflow.core.transcription import Engine
from callflow.speech.engines import recognise
from callflow.speech.models import digest

YES = ("yes", "yes please", "yeah", "yeah sure", "sure", "okay", "okay go ahead", "that is fine", "yes of course")
NO = ("no", "nope", "no thank you", "no do not", "not now no", "do not do that")
NEITHER = ("what", "maybe", "hello", "who is this", "I want a refund", "go away", "yesterday", "I guess",
           "can you repeat that", "just a second", "yes but make it quick", "sure you will like last time")  # fmt: skip
SENTENCES = (
    "thank you for holding you are back with us now",
    "we still want to help but we cannot continue while you are shouting at our team",
    "please call me back tomorrow morning about the bill for my apartment",
    "the engineer did not come last week and nobody told me why",
    "my name is peter and i have been a customer for ten years",
    "i would like to speak to your manager about the delivery",
    "after the tone please say your name your number and how we can help",
    "if it goes on we will end this call",
)
VOICES = ("flite slt", "flite awb", "espeak-ng en-us")
LINES = (None, 20, 10)
"""Signal to noise in decibels; None is clean."""
SOX = ["sox", "-V1"]


class Clip(NamedTuple):
    voice: str
    noise: int | None
    said: str
    wav: bytes


def spoken(voice: str, text: str) -> bytes:
    """A WAV file of a voice, at its own rate."""
    program, name = voice.split()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/said.wav"
        argv = ["flite", "-voice", name, "-t", text, "-o", path]
        if program != "flite":
            argv = [program, "-v", name, "-s", "160", "-w", path, text]
        subprocess.run(argv, check=True, capture_output=True)
        return Path(path).read_bytes()


def narrow(wav: bytes) -> "array[int]":
    """8 kHz, 300 to 3400 Hz, with silence around it."""
    argv = [*SOX, "-t", "wav", "-", "-r", "8000", "-c", "1", "-e", "signed", "-b", "16", "-t", "raw", "-",
            "sinc", "300-3400", "norm", "-6", "pad", "0.4", "0.4"]  # fmt: skip
    return array("h", subprocess.run(argv, input=wav, check=True, capture_output=True).stdout)


@cache
def noise() -> "array[int]":
    argv = [*SOX, "-R", "-n", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-",
            "synth", "20", "pinknoise", "sinc", "300-3400", "vol", "0.5"]  # fmt: skip
    return array("h", subprocess.run(argv, check=True, capture_output=True).stdout)


def telephone(samples: "array[int]", decibels: int | None) -> bytes:
    """A mu-law WAV file, with noise that is so much quieter than the speech."""
    if decibels is not None:
        loud = sorted(map(abs, samples))[len(samples) // 2 :]
        gain = rms(loud) / rms(noise()) / 10 ** (decibels / 20)
        mixed = (one + gain * other for one, other in zip(samples, noise() * 2, strict=False))
        samples = array("h", (max(-32768, min(32767, round(one))) for one in mixed))
    argv = [*SOX, "-t", "raw", "-r", "8000", "-c", "1", "-e", "signed", "-b", "16", "-", "-e", "mu-law", "{out}"]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        argv[-1] = file.name
        subprocess.run(argv, input=samples.tobytes(), check=True, capture_output=True)
        return Path(file.name).read_bytes()


def rms(samples: Sequence[int]) -> float:
    return math.sqrt(sum(one * one for one in samples) / len(samples)) or 1.0


def clips() -> Iterator[Clip]:
    for voice in VOICES:
        for said in (*YES, *NO, *NEITHER, *SENTENCES):
            samples = narrow(spoken(voice, said))
            for decibels in LINES:
                yield Clip(voice, decibels, said, telephone(samples, decibels))


def errors(said: str, heard: str) -> tuple[int, int]:
    """Words wrong, and words said (Levenshtein)."""
    one, other = plain(said), plain(heard)
    row = list(range(len(other) + 1))
    for number, word in enumerate(one, 1):
        before, row[0] = row[0], number
        for column, written in enumerate(other, 1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (word != written))
    return row[-1], len(one)


def recognition(engine: Engine) -> int:
    """Print a row for each voice and line. The number of false yes."""
    words, rows = answer_words("en"), {}
    begun = time.process_time()
    for clip in clips():
        heard = recognise(clip.wav, engine, "en-US").text
        rows.setdefault((clip.voice, clip.noise), []).append((clip.said, heard, answer(words, heard)))
    every = [one for row in rows.values() for one in row]
    told(f"{engine.name}: {len(every)} utterances, {(time.process_time() - begun) / len(every):.2f} CPU-s each")
    told("| voice | line | WER short | WER sentences | yes | no | false yes |\n|---|---|---|---|---|---|---|")
    for (voice, decibels), row in rows.items():
        told(f"| {voice} | {'clean' if decibels is None else f'{decibels} dB'} | {figures(row)} |")
    told(f"| all | | {figures(every)} |")
    for said, heard, meant in every:
        if meant == "yes" and said not in YES:
            told(f"FALSE YES: {said!r} was written {heard!r}")
    return sum(meant == "yes" and said not in YES for said, _, meant in every)


def told(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def figures(row: Sequence[tuple[str, str, str]]) -> str:
    def rate(some: Sequence[str]) -> str:
        found = [errors(said, heard) for said, heard, _ in row if said in some]
        return f"{sum(one for one, _ in found) / sum(of for _, of in found):.2f}"

    def hits(some: Sequence[str], meant: str) -> str:
        found = [means == meant for said, _, means in row if said in some]
        return f"{sum(found)} of {len(found)}"

    wrong = [means == "yes" for said, _, means in row if said not in YES]
    return " | ".join((rate((*YES, *NO, *NEITHER)), rate(SENTENCES), hits(YES, "yes"), hits(NO, "no"),
                       f"{sum(wrong)} of {len(wrong)}"))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("recognise", "verify"))
    parser.add_argument("--engine", default="pocketsphinx")
    parser.add_argument("--model", default="", help="the model of an engine that needs one")
    parser.add_argument("--voices", default="flite slt,flite awb")
    parser.add_argument("--lines", type=int, default=25)
    given = parser.parse_args()
    if given.what == "verify":
        from tests.bench.prompt_check import verification

        sys.exit(verification(given.voices.split(","), given.lines))
    sha256 = digest(Path(given.model)) if given.model else ""
    sys.exit(recognition(Engine(name=given.engine, model_path=given.model, sha256=sha256)) > 0)


if __name__ == "__main__":
    main()
