"""Normalises recognised speech so that it can be compared: lower case, no punctuation, "don't" as "do not"."""

from collections.abc import Iterable


def plain(speech: str) -> list[str]:
    """The normalised words."""
    text = speech.lower().replace("\u2019", "'").replace("n't", " not").replace("'", "")
    return "".join(one if one.isalnum() else " " for one in text).split()


def mentions(said: list[str], phrases: Iterable[str]) -> bool:
    """Whether one of the phrases is in ``said``, as whole words."""
    text = f" {' '.join(said)} "
    return any(f" {' '.join(plain(phrase))} " in text for phrase in phrases if plain(phrase))
