"""Words as they come from a recogniser, made comparable: small letters, no marks, "don't" as "do not"."""

from collections.abc import Iterable


def plain(speech: str) -> list[str]:
    """The words, one by one."""
    text = speech.lower().replace("\u2019", "'").replace("n't", " not").replace("'", "")
    return "".join(one if one.isalnum() else " " for one in text).split()


def mentions(said: list[str], phrases: Iterable[str]) -> bool:
    """One of the phrases is in what was said, as whole words."""
    text = f" {' '.join(said)} "
    return any(f" {' '.join(plain(phrase))} " in text for phrase in phrases if plain(phrase))
