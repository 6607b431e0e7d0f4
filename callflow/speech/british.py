"""How words are said in British English, made by rule from how the American dictionary says them.

The sounds are those of the dictionary of pocketsphinx (ARPAbet, without stress). The rules are the systematic
differences between Received Pronunciation and General American (J. C. Wells, Accents of English, 1982, 2.2 and 3.1).
"""

from collections.abc import Sequence
from typing import Final

VOWELS: Final = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
GLIDES_TO: Final = {"IH": "AH", "IY": "AH", "EH": "AH", "UH": "AH", "AW": "AH", "AY": "AH"}
"""What remains of an R after these vowels: near, square, cure, hour, fire. After the others nothing does."""
AFTER_BATH: Final = (("F",), ("S",), ("TH",), ("N", "S"), ("N", "T"), ("N", "CH"), ("M", "P", "L"))
"""What follows the vowel of bath, ask, answer, can't, branch, example."""


def british(sounds: Sequence[str]) -> list[str]:
    """The sounds of a word in British English; the same ones if there is no difference.

    A vowel of nurse stays as it is if it is the first of its word: mostly it is stressed, and no other sound is nearer.
    """
    said: list[str] = []
    for at, sound in enumerate(sounds):
        before, after = sounds[at - 1] if at else "", tuple(sounds[at + 1 :])
        if before in VOWELS and _is_silent(sounds, at):
            said += [GLIDES_TO[before]] if before in GLIDES_TO else []
        elif sound == "ER" and VOWELS & {*sounds[:at]}:
            said += ["AH", "R"] if VOWELS & {*after[:1]} else ["AH"]
        elif sound == "AE" and any(after[: len(one)] == one for one in AFTER_BATH):
            said.append("AA")
        elif sound == "AA" and not _is_silent(sounds, at + 1):
            said.append("AO")
        elif sound == "OW":
            said += ["AH", "UH"]
        else:
            said.append(sound)
    return said


def _is_silent(sounds: Sequence[str], at: int) -> bool:
    """Whether there is an R at this place which is not followed by a vowel."""
    return [*sounds[at : at + 1]] == ["R"] and not VOWELS & {*sounds[at + 1 : at + 2]}
