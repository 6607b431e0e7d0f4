"""How well recordings are recognised at telephone quality: ``python -m tests.bench.speech recognise``, or ``verify``.

Voices are flite, espeak-ng and SVOX Pico (Debian), or piper (PyPI; its voices are in the folder ``PIPER_VOICES``).
Sound is 8 kHz mu-law, 300 to 3400 Hz, clean or with pink noise (sox). The figures stand in docs/speech.md. Each
utterance is appended to ``--rows`` at once, so a run that is cut off goes on where it was, several processes can take a
voice each, and ``table`` prints what there is.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from callflow.core.flow.speech import READINGS, answer, plain, recorded_answer
from callflow.core.languages import answer_words
from callflow.core.transcription import Engine
from callflow.speech.engines import readings, recognise
from callflow.speech.models import digest
from callflow.speech.sound import pcm
from tests.bench.texts import EIGHTH_NO, NEITHER, NO, OURS, SENTENCES, SETS, YES

WORDS = answer_words("en")
GRAMMAR = "grammar"
"""pocketsphinx with a grammar of yes and no. It is no engine of Callflow; it shows why."""
VOICES = ("flite slt", "flite awb", "espeak-ng en-us")
LINES = (None, 20, 10)
"""Signal to noise in decibels; None is clean."""
SOX = ["sox", "-V1", "-R"]  # -R: the same noise in each run


@lru_cache(maxsize=1)  # the same sound on every line: piper says it a little otherwise each time
def spoken(voice: str, text: str) -> bytes:
    """A WAV file of a voice, at its own rate."""
    program, name = voice.split()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/said.wav"
        argv = {
            "flite": ["flite", "-voice", name, "-t", text, "-o", path],
            "piper": ["piper", "--data-dir", os.environ.get("PIPER_VOICES", "."), "-m", name, "-f", path, text],
            "pico": ["pico2wave", "-l", name, "-w", path, text],
            "espeak-ng": ["espeak-ng", "-v", name, "-s", "160", "-w", path, text],
        }[program]
        subprocess.run(argv, check=True, capture_output=True)
        return Path(path).read_bytes()


def narrow(wav: bytes, hertz: str = "300-3400") -> "array[int]":
    """8 kHz, what a telephone line leaves of it, with silence around it."""
    argv = [*SOX, "-t", "wav", "-", "-r", "8000", "-c", "1", "-e", "signed", "-b", "16", "-t", "raw", "-",
            "sinc", hertz, "norm", "-6", "pad", "0.4", "0.4"]  # fmt: skip
    return array("h", subprocess.run(argv, input=wav, check=True, capture_output=True).stdout)


@cache
def noise() -> "array[int]":
    argv = [*SOX, "-n", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-",
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


def utterances(voices: Sequence[str], count: int, named: str) -> list[tuple[str, str, int | None]]:
    """Voice, words and line: ``count`` texts of a set, mixed, so that the beginning is like the whole."""
    texts = [*SETS[named]]
    random.Random(1).shuffle(texts)
    return [(voice, said, decibels) for said in texts[:count] for voice in voices for decibels in LINES]


def errors(said: str, heard: str) -> tuple[int, int]:
    """Words wrong, and words said (Levenshtein)."""
    one, other = plain(said), plain(heard)
    row = list(range(len(other) + 1))
    for number, word in enumerate(one, 1):
        before, row[0] = row[0], number
        for column, written in enumerate(other, 1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (word != written))
    return row[-1], len(one)


def recognition(engine: Engine, clips: Sequence[tuple[str, str, int | None]], rows: Path) -> None:
    """Have every one of ``utterances`` written down that is not in ``rows`` (JSON lines) yet."""
    done = {tuple(one["clip"]) for one in kept([rows])}
    for clip in clips:
        if clip in done:
            continue
        voice, said, decibels = clip
        wav, begun = telephone(narrow(spoken(voice, said)), decibels), time.process_time()
        heard = in_grammar(wav) if engine.name == GRAMMAR else recognise(wav, engine, "en-US").text
        row = {"engine": engine.name, "clip": clip, "heard": heard, "seconds": time.process_time() - begun}
        if answer(WORDS, heard) == "yes" and engine.name != GRAMMAR:  # nothing else can be a yes in all readings
            row["readings"] = readings(wav, engine, "en-US", READINGS).text.split("\n")
        told(json.dumps(row))
        with rows.open("a") as file:
            file.write(f"{json.dumps(row)}\n")


def in_grammar(wav: bytes) -> str:
    """Which answer it is, by a grammar of nothing but yes and no: anything else is taken for one of them, too."""
    decoder = answers_decoder()
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw(pcm(wav), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return str(found.hypstr) if found else ""


@cache
def answers_decoder() -> Any:
    from pocketsphinx import Decoder

    decoder = Decoder(loglevel="FATAL", lm=None)
    decoder.add_jsgf_string("answers", f"#JSGF V1.0; grammar answers; public <one> = {' | '.join((*YES, *NO))};")
    decoder.activate_search("answers")
    return decoder


def kept(files: Sequence[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files if file.exists() for line in file.read_text().splitlines()]


Row = tuple[str, str, str, str]
"""What was said, what was heard, what that means, and what the recording means (``recorded_answer``)."""


def table(files: Sequence[Path]) -> int:
    """Print a row for each engine, voice and line. The number of recordings that were taken for a yes and are none."""
    rows: dict[tuple[str, str, str], list[Row]] = {}
    seconds: dict[str, list[float]] = {}
    for one in kept(files):
        voice, said, decibels = one["clip"]
        line = "clean" if decibels is None else f"{decibels} dB"
        row = said, one["heard"], answer(WORDS, one["heard"]), recorded_answer(WORDS, one.get("readings", []))
        for key in ((one["engine"], voice, line), (one["engine"], "all", line), (one["engine"], "all", "all")):
            rows.setdefault(key, []).append(row)
        seconds.setdefault(one["engine"], []).append(one["seconds"])
    told("| engine | voice | line | utterances | WER short | WER sentences | yes | no | words of a yes | yes, recorded "
         "| false yes |")  # fmt: skip
    told("|---|---|---|---|---|---|---|---|---|---|---|")
    for key, found in sorted(rows.items(), key=lambda one: (one[0][0], one[0][1] == "all", one[0][1])):
        told(f"| {' | '.join(key)} | {len(found)} | {figures(found)} |")
    for engine, costs in seconds.items():
        told(f"{engine}: {sum(costs) / len(costs):.2f} CPU-s each, the worst {max(costs):.2f}")
    return sum(false_yes(engine, found) for (engine, voice, line), found in rows.items() if voice == line == "all")


def false_yes(engine: str, found: Sequence[Row]) -> int:
    """Tell what was written as a yes and is none. How many of them the recording was taken for."""
    wrong = [one for one in found if one[0] not in YES and "yes" in one[2:]]
    for said, heard, _, means in wrong:
        told(f"{'FALSE YES' if means == 'yes' else 'not enough for a yes'}: {engine} wrote {heard!r} for {said!r}")
    return sum(means == "yes" for *_, means in wrong)


def told(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def figures(row: Sequence[Row]) -> str:
    def rate(some: Sequence[str]) -> str:
        found = [errors(said, heard) for said, heard, *_ in row if said in some]
        return f"{sum(one for one, _ in found) / sum(of for _, of in found):.2f}" if found else "-"

    def hits(some: Sequence[str], meant: str, place: int) -> str:
        found = [one[place] == meant for one in row if one[0] in some]
        return f"{sum(found)} of {len(found)}"

    phrases = [said for said in YES if recorded_answer(WORDS, [said] * READINGS) == "yes"]
    others = [one[0] for one in row if one[0] not in YES]
    noes = (*NO, EIGHTH_NO)
    return " | ".join((rate((*YES, *noes, *NEITHER)), rate((*SENTENCES, *OURS)), hits(YES, "yes", 2),
                       hits(noes, "no", 2), hits(others, "yes", 2), hits(phrases, "yes", 3),
                       hits(others, "yes", 3)))  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("recognise", "table", "verify"))
    parser.add_argument("--engine", default="pocketsphinx")
    parser.add_argument("--model", default="", help="the model of an engine that needs one")
    parser.add_argument("--voices", default="")
    parser.add_argument("--language", default="en", help="of the lines to verify; others than en by the engine")
    parser.add_argument("--count", type=int, default=100, help="of texts, each said by every voice on every line")
    parser.add_argument("--texts", default="all", choices=SETS, help="to recognise (tests/bench/texts.py)")
    parser.add_argument("--skip", type=int, default=0, help="lines to verify begin after so many")
    parser.add_argument("--rows", type=Path, nargs="+", default=[Path("rows.jsonl")])
    given = parser.parse_args()
    voices = given.voices.split(",") if given.voices else ()
    sha256 = digest(Path(given.model)) if given.model else ""
    engine = Engine(name=given.engine, model_path=given.model, sha256=sha256)
    if given.what == "recognise" or given.language != "en":
        once(engine)
    if given.what == "verify":
        from tests.bench.prompt_check import verification

        by = None if given.language == "en" else engine
        some = range(given.skip, given.skip + given.count)
        sys.exit(verification(voices or VOICES[:2], some, given.language, by))
    if given.what == "recognise":
        recognition(engine, utterances(voices or VOICES, given.count, given.texts), given.rows[0])
    sys.exit(table(given.rows) > 0)


def once(engine: Engine) -> None:
    """Load the model once, not for each utterance: that is not what is measured."""
    if engine.name == "faster_whisper":
        import faster_whisper

        faster_whisper.WhisperModel = cache(faster_whisper.WhisperModel)
    elif engine.name == "pocketsphinx":
        import pocketsphinx

        make, made = pocketsphinx.Decoder, []

        def again(**options: Any) -> Any:
            made or made.append(make(**options))
            made[0].reinit_feat()  # forget the noise of the last recording
            return made[0]

        pocketsphinx.Decoder = again


if __name__ == "__main__":
    main()
