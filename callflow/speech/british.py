"""How words are said in British English, made by rule from how the American dictionary of pocketsphinx says them.

Sounds are its own (ARPAbet, without stress). The rules are the systematic differences between the two accents: no r
before a consonant, the vowels of bath, lot and goat (J. C. Wells, Accents of English, 1982, 2.2 and 3.1), and, with
younger speakers, an open vowel in trap and a back one in price (G. Lindsey, English After RP, 2019).
"""

from collections.abc import Iterator, Sequence
from typing import Final

Sounds = tuple[str, ...]
VOWELS: Final = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
GLIDING: Final = frozenset(["IH", "IY", "EH", "UH", "AW", "AY"])
"""An r after these leaves a short vowel: near, square, cure, hour, fire. After the others it leaves nothing."""
AFTER_BATH: Final = (("F",), ("S",), ("TH",), ("N", "S"), ("N", "T"), ("N", "CH"), ("M", "P", "L"))
"""What follows the vowel of bath, ask, answer, can't, branch, example."""
OPEN: Final[dict[str, Sounds]] = {"AE": ("AA",), "AY": ("AA", "IH")}
"""Trap and price, as younger speakers say them."""


def british(sounds: Sequence[str]) -> Iterator[Sounds]:
    """The ways to say a word besides the American one, which is ``sounds``. May repeat it."""
    received = tuple(_received(sounds))
    yield received
    for one in (received, sounds):
        yield tuple(after for sound in one for after in OPEN.get(sound, (sound,)))


def _received(sounds: Sequence[str]) -> Iterator[str]:
    """In the accent of Wells. The first vowel stays if it is that of nurse: it is stressed mostly."""
    for at, sound in enumerate(sounds):
        before, after = sounds[at - 1 : at], tuple(sounds[at + 1 :])
        if VOWELS & {*before} and _is_silent(sounds, at):
            yield from ["AH"] if GLIDING & {*before} else []
        elif sound == "ER" and VOWELS & {*sounds[:at]}:
            yield from ["AH", "R"] if VOWELS & {*after[:1]} else ["AH"]
        elif sound == "AE" and any(after[: len(one)] == one for one in AFTER_BATH):
            yield "AA"
        elif sound == "AA" and not _is_silent(sounds, at + 1):
            yield "AO"
        elif sound == "OW":
            yield from ["AH", "UH"]
        else:
            yield sound


def _is_silent(sounds: Sequence[str], at: int) -> bool:
    """Whether there is an r at this place which is not followed by a vowel."""
    return [*sounds[at : at + 1]] == ["R"] and not VOWELS & {*sounds[at + 1 : at + 2]}
