"""How alike two rows of speech sounds (ARPAbet) are: the dictionary's for each word, and those that were heard."""

from collections.abc import Sequence
from typing import Final

ALIKE: Final = tuple(frozenset(row.split()) for row in (
    "AA AO AH AW OW", "AE EH EY AY", "IH IY Y", "UH UW W OW L", "ER R", "B P D T G K", "D DH T TH",
    "S Z SH ZH CH JH F TH", "M N NG", "V B F DH", "HH", "AH IH EH UH", "L OW UH AO",
))  # fmt: skip
"""Sounds that a telephone, or a neighbour, turns into each other."""
SAME, SIMILAR, OTHER, GAP = 1.0, 0.5, -0.5, -0.6


def likeness(words: Sequence[Sequence[str]], heard: Sequence[str]) -> list[float]:
    """For each word, from -0.6 to 1: how well its sounds are found in what was heard, in the best alignment of all."""
    said = [sound for word in words for sound in word]
    table = _table(said, heard)
    scores, row, column = [GAP] * len(said), len(said), len(heard)
    while row and column:
        step = _alike(said[row - 1], heard[column - 1])
        if abs(table[row][column] - table[row - 1][column - 1] - step) < 1e-9:
            scores[row - 1] = step
            row, column = row - 1, column - 1
        elif abs(table[row][column] - table[row - 1][column] - GAP) < 1e-9:
            row -= 1
        else:
            column -= 1
    return _by_word(words, scores)


def _by_word(words: Sequence[Sequence[str]], scores: Sequence[float]) -> list[float]:
    found, at = [], 0
    for word in words:
        found.append(sum(scores[at : at + len(word)]) / max(1, len(word)))
        at += len(word)
    return found


def _table(said: Sequence[str], heard: Sequence[str]) -> list[list[float]]:
    """The best score of each pair of beginnings (Needleman and Wunsch)."""
    table = [[GAP * column for column in range(len(heard) + 1)]]
    for row, sound in enumerate(said, 1):
        before, line = table[-1], [GAP * row]
        for column, other in enumerate(heard, 1):
            line.append(max(before[column - 1] + _alike(sound, other), before[column] + GAP, line[-1] + GAP))
        table.append(line)
    return table


def _alike(one: str, other: str) -> float:
    if one == other:
        return SAME
    return SIMILAR if any(one in row and other in row for row in ALIKE) else OTHER
