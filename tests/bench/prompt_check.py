"""How well ``callflow prompts verify`` notices a word that is missing, another, or added, and lets right ones pass:
``python -m tests.bench.speech verify`` for English, by sound; with ``--language de --engine faster_whisper --model
FOLDER --voices "espeak-ng de"`` for others, by dictation. The goals stand in docs/speech.md.
"""

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from callflow.cli.prompts.verifying import differences
from callflow.core.transcription import Engine
from callflow.speech.alignment import FUNCTION_WORDS, Aligner, words_of
from callflow.speech.engines import recognise
from tests.bench.goals import say
from tests.bench.speech import narrow, spoken, telephone

ROOT = Path(__file__).parents[2]
VALUES = {"n": "thirty", "m": "ten", "agent": "Anna", "org": "Example Energy", "supervisor": "Samuel",
          "supervisor_role": "the team leader", "reason": "look at your account", "conduct": "shouting at our team",
          "contact": "help at example dot com"}  # fmt: skip
SEED = 2
RIGHT, MISSING, OTHER, ADDED = "right", "a word missing", "another word", "a word added"
GOAL = 0.95
"""Of the right ones pass, and of those with a word missing or another one are doubted."""
Verify = Callable[[bytes, str], str]
"""WAV and words -> verdict."""


def lines(language: str) -> list[list[str]]:
    """The lines of 5 to 45 words that could have a mistake, in the order of chance."""
    folder = "scripts" if language == "en" else "languages"
    file = YAML(typ="safe").load(ROOT / "config" / folder / f"{language}.yaml")
    rows = [row if isinstance(row, str) else row["text"] for row in file["scripts"].values()]
    whole = [text for text in rows if "}{" not in text]
    names = {key: file.get("names", {}).get(value, value) for key, value in VALUES.items()}
    texts = [re.sub(r"\{(\w+)\}", lambda name: names.get(name[1], "Samuel"), text) for text in whole]
    found = [text.split() for text in texts if 5 <= len(text.split()) <= 45]
    random.Random(SEED).shuffle(found)
    return [words for words in found if content(words)]


def content(words: list[str]) -> list[int]:
    """Words of a kind that must be noticed: in English no function words, elsewhere those of four letters at least."""
    letters = [re.sub(r"[^\w']+", "", word) for word in words]
    if any(not word.isascii() for word in letters):
        return [at for at, word in enumerate(letters) if len(word) > 3]
    return [at for at, word in enumerate(words) if words_of(word) and not FUNCTION_WORDS & {*words_of(word)}]


def changed(words: list[str], chance: random.Random, others: list[str]) -> dict[str, list[str]]:
    """What is said instead: the line, and three mistakes."""
    here = content(words)
    out, swapped, added = (chance.choice(here) for _ in range(3))
    other = [chance.choice([one for one in others if one not in words[swapped].lower()]) for _ in range(2)]
    tail = re.sub(r"[\w']+", "", words[swapped])
    return {
        RIGHT: words,
        MISSING: words[:out] + words[out + 1 :],
        OTHER: [*words[:swapped], other[0] + tail, *words[swapped + 1 :]],
        ADDED: [*words[:added], other[1], *words[added:]],
    }


def verification(voices: Sequence[str], some: range, language: str = "en", engine: Engine | None = None) -> int:
    """Print a row for each voice and mistake, of ``some`` of the lines. 1 if a goal does not hold."""
    verify = dictated(engine, language) if engine else aligned()
    found, begun, files = Counter[tuple[str, str, str]](), time.process_time(), 0
    every = lines(language)
    others = sorted({re.sub(r"[^\w']+", "", words[at]).lower() for words in every for at in content(words)})
    for voice in voices:
        chance = random.Random(SEED)
        tried = [(words, changed(words, chance, others)) for words in every]
        for words, kinds in tried[some.start : some.stop]:
            for what, said in kinds.items():
                verdict = verify(telephone(narrow(spoken(voice, " ".join(said))), None), " ".join(words))
                if (verdict == "green") != (what == RIGHT):
                    sys.stderr.write(f"{voice}: {what}, {verdict}: {' '.join(words)} | {' '.join(said)}\n")
                found[voice, what, verdict] += 1
                found["all", what, verdict] += 1
                files += 1
    for voice in (*voices, "all"):
        for what in (RIGHT, MISSING, OTHER, ADDED):
            counts = [found[voice, what, verdict] for verdict in ("green", "yellow", "red")]
            doubted = f"{100 - 100 * counts[0] / sum(counts):.0f} %"
            say(f"| {voice} | {what} | {' | '.join(map(str, counts))} | {doubted} |")
    say(f"{files} files, {(time.process_time() - begun) / files:.2f} CPU-s each")
    return int(bool(missed(found)))


def missed(found: Counter[tuple[str, str, str]]) -> list[str]:
    """The goals that do not hold."""

    def share(*whats: str) -> float:
        """That is green."""
        every = sum(count for (voice, what, _), count in found.items() if voice == "all" and what in whats)
        return sum(found["all", what, "green"] for what in whats) / every

    wrong = [RIGHT] if share(RIGHT) < GOAL else []
    return wrong + ([f"{MISSING} or {OTHER}"] if share(MISSING, OTHER) > 1 - GOAL else [])


def aligned() -> Verify:
    aligner = Aligner()
    return lambda wav, words: aligner.verify(wav, words).verdict.value


def dictated(engine: Engine, language: str) -> Verify:
    """As the command does with an engine for `prompt`."""
    return lambda wav, words: "yellow" if differences(words, recognise(wav, engine, language).text) else "green"
