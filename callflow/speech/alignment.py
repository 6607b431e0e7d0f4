"""Whether a recording says the words of its script: they are aligned with the sound, and the words in doubt are named.

A small recogniser takes dictation badly (a fifth of the words are wrong at telephone quality), but it answers a
question about a known text well: with each content word said, or left out, or replaced by any of ``OTHERS``, what is
heard? A word is in doubt if leaving it out, or another one, is so much likelier than the word that even the small
probability ``REPLACED`` does not save it; or if it would have been said far faster than the others. Words may be said
in American or in British English (``british``). docs/speech.md has how the figures were chosen, and what they reach.
English only, with the model of pocketsphinx.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from statistics import median
from typing import Any, Final

from callflow.speech.british import british
from callflow.speech.models import TELEPHONE
from callflow.speech.sound import pcm

_WEAK: Final = """a an the and or but if of to in on at by for from with is are was be been am do does did will would
can could may might shall should has have had it its this that these those there here i you he she we they me him her us
them my your his our their not no so as than then"""
FUNCTION_WORDS: Final = frozenset(_WEAK.split())
"""Too short and too weak in natural speech to be told from others."""
_ONES: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
ONES: Final = tuple(_ONES.split())
TENS: Final = ("", "", *_TENS.split())
NUMBERS: Final = frozenset((*ONES, *TENS[2:], "hundred"))
"""What is said instead of a number is often another one."""
OTHER_WORDS: Final = 120


WIDE: Final = {"beam": 1e-64, "wbeam": 1e-40, "pbeam": 1e-64}
"""Beams of the decoder that make it four times slower, and find words that it loses with its own."""


REPLACED: Final = 1e-29
"""How likely a word is left out, or is another one, before the sound is heard. The recogniser is far too sure of what
it hears, so this is far too small for a probability."""


SQUEEZED: Final = 0.4
"""A word that takes less of the time of the others, by its sounds, is not said (chosen on the same voices)."""


@dataclass(frozen=True, slots=True)
class Search:
    """``gaps``: function words may be left out as well, so that there is always an answer; but then their neighbours
    are heard less well."""

    wide: bool
    gaps: bool


SEARCHES: Final = (Search(wide=False, gaps=False), Search(wide=True, gaps=False), Search(wide=True, gaps=True))
"""One after the other: a recording that one of them does not doubt is right. Mostly the first is enough."""
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


def words_of(text: str, spelled: bool = False) -> list[str]:
    """The words as they are spoken, in small letters; numbers of more than three digits, or all, digit by digit."""
    small = text.replace("\u2019", "'").lower()
    said = re.sub(r"[0-9]+", lambda found: f" {_spoken(found[0], spelled)} ", small)
    return [word for word in re.findall(r"[a-z']+", said) if word.strip("'")]


def _spoken(number: str, spelled: bool) -> str:
    value = int(number)
    if spelled or len(number) > 3 or number != str(value):
        return " ".join(ONES[int(digit)] for digit in number)
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (f" {ONES[value % 10]}" if value % 10 else "")
    return f"{ONES[value // 100]} hundred" + (f" {_spoken(str(value % 100), spelled)}" if value % 100 else "")


class Aligner:
    """Loads the model once, for many recordings. Not shared by threads."""

    def __init__(self) -> None:
        """Raises ImportError without pocketsphinx."""
        from pocketsphinx import get_model_path

        self._folder = os.path.join(get_model_path(), "en-us")
        self._decoders: dict[bool, Any] = {}
        self._taught: dict[tuple[bool, str], list[str]] = {}

    def verify(self, wav: bytes, text: str) -> Verified:
        """Compare a WAV file with the words of its script: 24 is "twenty four" or "two four". Raises NotWav."""
        sound = pcm(wav)
        readings = {tuple(words_of(text)): None, tuple(words_of(text, spelled=True)): None}
        best = Verified(Verdict.RED)
        for search in SEARCHES:
            if best.verdict is Verdict.GREEN or (search.gaps and best.doubts):
                break
            found = [self._verified(sound, words, search) for words in readings]
            best = min(found, key=lambda one: [*Verdict].index(one.verdict))
        return best

    def _decoder(self, search: Search) -> Any:
        """Loaded when it is needed."""
        from pocketsphinx import Decoder

        if search.wide not in self._decoders:
            beams = WIDE if search.wide else {}
            self._decoders[search.wide] = Decoder(loglevel="FATAL", lm=None, mllr=str(TELEPHONE), **beams)
        return self._decoders[search.wide]

    def _verified(self, sound: bytes, words: Sequence[str], search: Search) -> Verified:
        script = [known for word in words for known in self._in_dictionary(word)]
        unknown = tuple(word for word in words if not self._in_dictionary(word))
        content = [at for at, word in enumerate(script) if word not in FUNCTION_WORDS] or list(range(len(script)))
        doubts = self._replaced(script, content, sound, search)
        if doubts is None or len(doubts) > OTHER_TEXT * len(content):
            return Verified(Verdict.RED, tuple(script[at] for at in doubts or ()), unknown)
        verdict = Verdict.YELLOW if doubts or unknown else Verdict.GREEN
        return Verified(verdict, tuple(script[at] for at in doubts), unknown)

    def _in_dictionary(self, word: str) -> list[str]:
        """The word, or the two words that it is made of; [] if the dictionary has neither."""
        known = self._decoder(SEARCHES[0]).lookup_word
        if known(word):
            return [word]
        for at in range(len(word) - 3, 2, -1):
            if known(word[:at]) and known(word[at:]):
                return [word[:at], word[at:]]
        return []

    def _replaced(self, script: Sequence[str], open: Sequence[int], sound: bytes, search: Search) -> list[int] | None:
        """Which of the words at ``open`` are not what is heard; None if the script does not align with the sound."""
        if not script:
            return None
        decoder = self._decoder(search)
        steps = list(self._steps(script, open, search))
        decoder.reinit_feat()  # forget the noise of the last recording
        decoder.add_fsg("script", decoder.create_fsg("script", 0, len(script), steps))
        decoder.activate_search("script")
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        decoder.end_utt()
        spans = [(one.word, one.end_frame + 1 - one.start_frame) for one in decoder.seg() or ()]
        said = [(word, frames / len(phones)) for word, frames in spans if (phones := self._phones(word))]
        heard = [re.sub(r"[(/].*", "", word) for word, _ in said]
        if search.gaps and not heard:
            return list(open)
        doubts = {*unheard(script, heard), *(squeezed([pace for _, pace in said]) if heard == [*script] else ())}
        return sorted(doubts & {*open}) if heard else None

    def _phones(self, word: str) -> list[str]:
        """How the dictionary says a word, in one of the ways ("the(2)"); [] for silence and noise."""
        return (self._decoder(SEARCHES[0]).lookup_word(word) or "").split() if word[0].isalpha() else []

    def _steps(
        self, script: Sequence[str], open: Sequence[int], search: Search
    ) -> Iterator[tuple[int, int, float, *tuple[str, ...]]]:
        """A finite-state grammar: from state, to state, probability, and a word or none.

        Not in JSGF, whose weights pocketsphinx 5.1.1 does not keep: it gives all alternatives the same.
        """
        for at, word in enumerate(script):
            yield from ((at, at + 1, 1.0, way) for way in self._ways(word, search))
            if at in open or search.gaps:
                yield at, at + 1, REPLACED
            if at in open:
                numbers = NUMBERS - {word} if word in NUMBERS else ()
                others = [way for one in sorted(numbers) for way in self._ways(one, search)] + self._others
                yield from ((at, at + 1, REPLACED, other) for other in others if other != word)

    def _ways(self, word: str, search: Search) -> list[str]:
        """The names of a word in the grammar: itself as the dictionary says it, and "word/1" in British English."""
        if (search.wide, word) not in self._taught:
            decoder, said = self._decoder(search), list[str]()
            while sounds := decoder.lookup_word(f"{word}({len(said) + 1})" if said else word):
                said.append(sounds)
            ways = {" ".join(way) for one in said for way in british(one.split())} - {*said}
            names = {f"{word}/{number}": sounds for number, sounds in enumerate(sorted(ways), 1)}
            for name, sounds in names.items():
                decoder.add_word(name, sounds, False)
            self._taught[search.wide, word] = [word, *names]
        return self._taught[search.wide, word]

    @cached_property
    def _others(self) -> list[str]:
        """Words of all kinds of sound, the same in each run."""
        with open(os.path.join(self._folder, "cmudict-en-us.dict"), encoding="utf-8") as file:
            rows = [line.split() for line in file]
        words = [row[0] for row in rows if row[0].isalpha() and 3 <= len(row) <= 8]
        return words[:: len(words) // OTHER_WORDS]


def squeezed(paces: Sequence[float]) -> Iterator[int]:
    """The places of the words that are heard much faster than the others: nobody speaks so, they are not there.

    ``paces``: frames for each sound of a word.
    """
    usual = median(paces)
    return (at for at, pace in enumerate(paces) if pace < SQUEEZED * usual)


def unheard(script: Sequence[str], heard: Sequence[str]) -> Iterator[int]:
    """The places of the words of the script that were not heard."""
    for kind, begins, ends, _, _ in SequenceMatcher(None, script, heard, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from range(begins, ends)
