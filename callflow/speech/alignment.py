"""Whether a recording says the words of its script: they are aligned with the sound, and the words in doubt are named.

A small recogniser takes dictation badly (a fifth of the words are wrong at telephone quality), but it answers
questions about a known text well. Three are asked, and a content word is in doubt if the last two agree:

1. Does the script align with the sound at all? Another text does not.
2. With each content word optional, or replaced by any of ``OTHERS``: is the script still what is heard? A word that is
   missing or another never passes, but nor do some right ones.
3. How much worse than the best row of sounds does the word fit, and how alike are its sounds and those heard?

The figures of ``DOUBT`` were fitted on 354 recordings of two voices, kal16 and rms of flite; docs/speech.md has what
they reach on others. English only, with the model of pocketsphinx.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from statistics import median
from typing import Any, Final, NamedTuple

from callflow.speech.phones import likeness
from callflow.speech.sound import pcm

_WEAK: Final = """a an the and or but if of to in on at by for from with is are was be been am do does did will would
can could may might shall should has have had it its this that these those there here i you he she we they me him her us
them my your his our their not no so as than then"""
FUNCTION_WORDS: Final = frozenset(_WEAK.split())
"""Too short and too weak in natural speech to be told from others."""
DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
OTHER_WORDS: Final = 120
REPLACED: Final = 1e-4
"""How likely a word is left out, or is another one, before the sound is heard."""
SCALE: Final = 1e4


class Doubt(NamedTuple):
    """The weights of a word's fit, of its fit beside the median, and of the likeness of its sounds; and a constant."""

    fit: float = -1.448
    beside: float = 0.208
    likeness: float = -4.284
    constant: float = -3.641


DOUBT: Final = Doubt()
LIMIT: Final = -1.0
"""More doubt than this, and the word is named."""
OTHER_TEXT: Final = 0.5
"""If more of the content words are in doubt, it is another text."""


class Verdict(StrEnum):
    GREEN = "green"
    """It says the script."""
    YELLOW = "yellow"
    """Some words are in doubt: a person listens."""
    RED = "red"
    """It says something else, or is too noisy."""


@dataclass(frozen=True, slots=True)
class Verified:
    """``doubts``: words of the script, or those that the dictionary lacks (``unknown``)."""

    verdict: Verdict
    doubts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class _Word(NamedTuple):
    word: str
    begins: int
    ends: int
    score: float


def words_of(text: str) -> list[str]:
    """The words as they are spoken, in small letters; digits one by one."""
    spelled = re.sub(r"[0-9]", lambda digit: f" {DIGITS[int(digit[0])]} ", text.replace("\u2019", "'").lower())
    return [word for word in re.findall(r"[a-z']+", spelled) if word.strip("'")]


class Aligner:
    """Loads the model once, for many recordings. Not shared by threads."""

    def __init__(self) -> None:
        """Raises ImportError without pocketsphinx."""
        from pocketsphinx import Decoder, get_model_path

        self._folder = os.path.join(get_model_path(), "en-us")
        self._aligning = Decoder(loglevel="FATAL", lm=None)
        self._asking = Decoder(loglevel="FATAL", lm=None)
        phones = os.path.join(self._folder, "en-us-phone.lm.bin")
        self._sounds = Decoder(loglevel="FATAL", lm=None, allphone=phones, lw=2.0, beam=1e-20, pbeam=1e-20)

    def verify(self, wav: bytes, text: str) -> Verified:
        """Compare a WAV file with the words of its script. Raises NotWav."""
        script = [known for word in words_of(text) for known in self._in_dictionary(word)]
        unknown = tuple(word for word in words_of(text) if not self._in_dictionary(word))
        sound = pcm(wav)
        aligned = self._aligned(script, sound) if script else []
        if len(aligned) != len(script) or not script:
            return Verified(Verdict.RED, unknown=unknown)
        doubted = self._replaced(script, sound) & self._badly_fitting(aligned, sound)
        content = [number for number, word in enumerate(script) if word not in FUNCTION_WORDS]
        doubts = tuple(script[number] for number in sorted(doubted))
        if len(doubts) > max(2, OTHER_TEXT * len(content)):
            return Verified(Verdict.RED, doubts, unknown)
        return Verified(Verdict.YELLOW if doubts or unknown else Verdict.GREEN, doubts, unknown)

    def _in_dictionary(self, word: str) -> list[str]:
        """The word, or the two words that it is made of; [] if the dictionary has neither."""
        if self._aligning.lookup_word(word):
            return [word]
        for at in range(len(word) - 3, 2, -1):
            if self._aligning.lookup_word(word[:at]) and self._aligning.lookup_word(word[at:]):
                return [word[:at], word[at:]]
        return []

    def _aligned(self, script: Sequence[str], sound: bytes) -> list[_Word]:
        self._aligning.set_align_text(" ".join(script))
        if not _heard(self._aligning, sound):
            return []
        log = self._aligning.get_logmath().log
        found = [_Word(one.word, one.start_frame, one.end_frame, log(one.ascore)) for one in self._aligning.seg()]
        return [one for one in found if one.word[0] not in "<["]

    def _replaced(self, script: Sequence[str], sound: bytes) -> set[int]:
        """The content words that are missing, or others, in what is heard most likely."""
        self._asking.add_jsgf_string("script", self._grammar(script))
        self._asking.activate_search("script")
        heard = [re.sub(r"\(\d\)", "", word) for word in _heard(self._asking, sound).split()]
        found: set[int] = set()
        for kind, begins, ends, _, _ in SequenceMatcher(None, script, heard, autojunk=False).get_opcodes():
            if kind != "equal":
                found |= set(range(begins, max(ends, begins + 1)))
        return found

    def _grammar(self, script: Sequence[str]) -> str:
        said = f"/{1 - 2 * REPLACED:.7f}/ %s | /{REPLACED:.9f}/ <other> | /{REPLACED:.9f}/ <NULL>"
        parts = [word if word in FUNCTION_WORDS else f"( {said % word} )" for word in script]
        return (f"#JSGF V1.0;\ngrammar script;\npublic <script> = {' '.join(parts)};\n"
                f"<other> = {' | '.join(self._others)};\n")  # fmt: skip

    @cached_property
    def _others(self) -> list[str]:
        """Words of all kinds of sound, the same in each run."""
        with open(os.path.join(self._folder, "cmudict-en-us.dict"), encoding="utf-8") as file:
            rows = [line.split() for line in file]
        words = [row[0] for row in rows if row[0].isalpha() and 3 <= len(row) <= 8]
        return words[:: len(words) // OTHER_WORDS]

    def _badly_fitting(self, aligned: Sequence[_Word], sound: bytes) -> set[int]:
        _heard(self._sounds, sound)
        log = self._sounds.get_logmath().log
        heard = [_Word(one.word, one.start_frame, one.end_frame, log(one.ascore)) for one in self._sounds.seg()]
        best = {at: one.score / (one.ends - one.begins + 1) for one in heard for at in range(one.begins, one.ends + 1)}
        fits = [
            (one.score - sum(best.get(at, 0.0) for at in range(one.begins, one.ends + 1)))
            / (one.ends - one.begins + 1) / SCALE
            for one in aligned
        ]  # fmt: skip
        sounds = [self._pronounced(one.word) for one in aligned]
        alike = likeness(sounds, [one.word for one in heard if one.word.isalpha() and one.word != "SIL"])
        middle = median(fits)
        return {
            number for number, (fit, like) in enumerate(zip(fits, alike, strict=True))
            if DOUBT.fit * fit + DOUBT.beside * (fit - middle) + DOUBT.likeness * like + DOUBT.constant > LIMIT
        }  # fmt: skip

    def _pronounced(self, word: str) -> list[str]:
        found = self._aligning.lookup_word(word) or self._aligning.lookup_word(word.partition("(")[0])
        return str(found).split()


def _heard(decoder: Any, sound: bytes) -> str:
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""
