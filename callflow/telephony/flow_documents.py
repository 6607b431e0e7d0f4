"""The documents of a flow's steps: a line, and what it asks or does then (``how``, set by ``core.flow``). Pure.

Each comes to us at its end, because which step is next is ours to say; with our server dead the caller's fallback
address takes over (design, section 3).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callflow.telephony.document_builder import DocumentBuilder, DocumentParts, Part, escaped


def step(page: DocumentBuilder) -> DocumentParts:
    how = page.place.details.get("how", "keys" if page.place.number("asks") else "line")
    return [*HOW[str(how)](page), page.redirect()]


def line(page: DocumentBuilder) -> DocumentParts:
    return page.says()


def keys(page: DocumentBuilder) -> DocumentParts:
    return [page.keys(page.says(), page.place.number("seconds"))]


def words(page: DocumentBuilder) -> DocumentParts:
    """A menu by key or by word; the words of the choices are hints for whoever listens."""
    hints = str(page.place.details.get("hints", ""))
    return [page.gather(page.says(), page.speech(hints), page.place.number("seconds"))]


def digits(page: DocumentBuilder) -> DocumentParts:
    """Several digits: the most there can be, or the finish key."""
    most, finish = page.place.number("most"), escaped(page.place.text("finish"))
    attributes = f'input="dtmf" numDigits="{most}" finishOnKey="{finish}"'
    return [page.gather(page.says(), attributes, page.place.number("seconds"))]


def languages(page: DocumentBuilder) -> DocumentParts:
    """The line in each of the languages that are offered, in its own voice."""
    codes = page.place.text("languages").split()
    inside: list[Part] = [page.say(one, code) for one in page.place.prompts for code in codes]
    return [page.keys(inside, page.place.number("seconds"))]


def music(page: DocumentBuilder) -> DocumentParts:
    return [*page.says(), *page.music(page.place.number("seconds"))]


def dial(page: DocumentBuilder) -> DocumentParts:
    return [*page.says(), page.outside(page.place.text("number"), page.place.number("seconds"))]


HOW: Mapping[str, Callable[[DocumentBuilder], DocumentParts]] = MappingProxyType({
    "line": line, "keys": keys, "words": words, "digits": digits, "speech": words, "languages": languages,
    "music": music, "dial": dial,
})  # fmt: skip
