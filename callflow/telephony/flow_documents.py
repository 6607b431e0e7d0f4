"""The documents of the steps of a flow: a prompt, and what follows it (``how``, set by ``core.flow``). Pure.

Each requests the next document from us at its end, because the core decides which step is next. If our server is down,
the caller's fallback URL is requested (design, section 3).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callflow.telephony.document_builder import DocumentBuilder
from callflow.telephony.verbs import DocumentParts, Part, escaped


def step(page: DocumentBuilder) -> DocumentParts:
    how = page.place.details.get("how", "keys" if page.place.number("asks") else "prompt")
    return [*HOW[str(how)](page), page.redirect()]


def prompt(page: DocumentBuilder) -> DocumentParts:
    return page.opens()


def keys(page: DocumentBuilder) -> DocumentParts:
    return [page.keys(page.says(), page.place.number("seconds"))]


def confirm(page: DocumentBuilder) -> DocumentParts:
    """What is confirmed is heard in full, then a key counts at once."""
    *read, choices = page.opens()
    return [*read, page.keys([choices], page.place.number("seconds"))]


def words(page: DocumentBuilder) -> DocumentParts:
    """An answer by key or in words. The words of the choices are hints for the recogniser."""
    hints = str(page.place.details.get("hints", ""))
    return [page.gather(page.says(), page.speech(hints), page.place.number("seconds"))]


def question(page: DocumentBuilder) -> DocumentParts:
    """What is asked is heard in full; then an answer by key counts at once, or one in words."""
    *read, choices = page.says()
    hints = str(page.place.details.get("hints", ""))
    return [*read, page.gather([choices], page.speech(hints), page.place.number("seconds"))]


def digits(page: DocumentBuilder) -> DocumentParts:
    """Several digits, up to ``most`` or the finish key."""
    most, finish = page.place.number("most"), escaped(page.place.text("finish"))
    attributes = f'input="dtmf" numDigits="{most}" finishOnKey="{finish}"'
    return [page.gather(page.says(), attributes, page.place.number("seconds"))]


def languages(page: DocumentBuilder) -> DocumentParts:
    """The prompt in each of the languages, each in its own voice."""
    codes = page.place.text("languages").split()
    inside: list[Part] = [page.say(one, code) for one in page.place.prompts for code in codes]
    return [page.keys(inside, page.place.number("seconds"))]


def music(page: DocumentBuilder) -> DocumentParts:
    return [*page.opens(), *page.music(page.place.number("seconds"))]


def dial(page: DocumentBuilder) -> DocumentParts:
    return [*page.opens(), page.outside(page.place.text("number"), page.place.number("seconds"))]


HOW: Mapping[str, Callable[[DocumentBuilder], DocumentParts]] = MappingProxyType({
    "prompt": prompt, "keys": keys, "confirm": confirm, "words": words, "question": question, "digits": digits,
    "speech": words, "languages": languages, "music": music, "dial": dial,
})  # fmt: skip
