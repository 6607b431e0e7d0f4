"""How well ``callflow prompts verify`` notices a word that is missing, another, or added, and lets right ones pass."""

import random
import re
import sys
import time
from collections import Counter
from pathlib import Path

from callflow.configuration.loading import load
from callflow.speech.alignment import FUNCTION_WORDS, Aligner, words_of
from tests.bench.speech import narrow, spoken, telephone

ROOT = Path(__file__).parents[2]
VALUES = {"n": "thirty", "m": "ten", "agent": "Anna", "org": "Example Energy", "supervisor": "Samuel",
          "supervisor_role": "the team leader", "reason": "look at your account", "conduct": "shouting at our team",
          "contact": "help at example dot com"}  # fmt: skip
SEED = 2


def lines() -> list[list[str]]:
    """The English lines of 5 to 45 words, in the order of chance."""
    scripts = load(ROOT / "config", ROOT / "audio").languages["en"].scripts.values()
    texts = [re.sub(r"\{(\w+)\}", lambda name: VALUES.get(name[1], "Samuel"), one.text) for one in scripts]
    found = [text.split() for text in texts if 5 <= len(text.split()) <= 45]
    random.Random(SEED).shuffle(found)
    return found


def content(words: list[str]) -> list[int]:
    return [at for at, word in enumerate(words) if words_of(word) and not FUNCTION_WORDS & {*words_of(word)}]


def changed(words: list[str], chance: random.Random, others: list[str]) -> dict[str, list[str]]:
    """What is said instead: the line, and three mistakes."""
    here = content(words)
    out, swapped, added = (chance.choice(here) for _ in range(3))
    other = [chance.choice([one for one in others if one not in words_of(words[swapped])]) for _ in range(2)]
    tail = re.sub(r"[\w']+", "", words[swapped])
    return {
        "right": words,
        "a word missing": words[:out] + words[out + 1 :],
        "another word": [*words[:swapped], other[0] + tail, *words[swapped + 1 :]],
        "a word added": [*words[:added], other[1], *words[added:]],
    }


def verification(voices: list[str], count: int) -> int:
    aligner, found, begun, files = Aligner(), Counter[tuple[str, str, str]](), time.process_time(), 0
    some = [words for words in lines() if content(words)]
    others = sorted({word for words in some for at in content(words) for word in words_of(words[at])})
    for voice in voices:
        chance = random.Random(SEED)
        for words in some[:count]:
            for what, said in changed(words, chance, others).items():
                verified = aligner.verify(telephone(narrow(spoken(voice, " ".join(said))), None), " ".join(words))
                found[voice, what, verified.verdict.value] += 1
                files += 1
        for what in ("right", "a word missing", "another word", "a word added"):
            counts = [found[voice, what, verdict] for verdict in ("green", "yellow", "red")]
            row = (
                f"| {voice} | {what} | {' | '.join(map(str, counts))} | {100 - 100 * counts[0] / sum(counts):.0f} % |\n"
            )
            sys.stdout.write(row)
            sys.stdout.flush()
    sys.stdout.write(f"{files} files, {(time.process_time() - begun) / files:.2f} CPU-s each\n")
    return 0
