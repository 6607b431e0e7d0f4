"""Characters that nobody sees in an editor: copied along with a number or a name, they make it another one.

Contacts on a computer are shown between direction marks (U+202A, U+202C), web pages have blanks of no width and blanks
that do not break. In other scripts than Latin some of them belong to the spelling, so only texts in ASCII are searched.
"""

import unicodedata

SEEN = frozenset("\n\r\t ")
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks without a shape; their categories do not tell."""


def is_invisible(character: str) -> bool:
    """Whether a character has no shape of its own, or is a blank but not the ordinary one."""
    if character in SEEN or "!" <= character <= "~":
        return False
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cf", "Zs") or character in UNSEEN or "\ufe00" <= character <= "\ufe0f"


def is_blank(character: str) -> bool:
    return unicodedata.category(character) == "Zs"


def visible(text: str) -> str:
    """The text without its invisible characters."""
    return text if text.isascii() and text.isprintable() else "".join(one for one in text if not is_invisible(one))


def unwanted(text: str, *, key: bool) -> list[int]:
    """Where invisible characters stand in a text of a file, if the rest of it is ASCII.

    Between the words of a value any blank may stand; in a key, and around a value, only the ordinary one.
    """
    if (text.isascii() and text.isprintable()) or not visible(text).isascii():
        return []
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    found = [at for at, one in enumerate(text) if is_invisible(one)]
    return [at for at in found if key or not first <= at < last or not is_blank(text[at])]


def without(text: str, places: list[int]) -> str:
    return "".join(one for at, one in enumerate(text) if at not in places)


def named(character: str) -> str:
    """``U+200B ZERO WIDTH SPACE``"""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL CHARACTER')}"
