"""A TwiML document as data, with the warnings that Twilio would raise. Pure; the same text is parsed once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from xml.etree import ElementTree

from callflow.emulator.schema import ATTRIBUTES, CHILDREN, OPAQUE

MAX_BYTES = 64 * 1024
SAY_MOST_CHARACTERS = 4096


class DocumentError(Exception):
    """The document cannot be run. `code` is Twilio's error code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


NONE: Mapping[str, str] = MappingProxyType({})


class Verb(NamedTuple):
    """One element. `text` includes the text of SSML children; `break_seconds` is the total of its <break> elements."""

    name: str
    attributes: Mapping[str, str] = NONE
    text: str = ""
    children: tuple[Verb, ...] = ()
    break_seconds: float = 0.0

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def flag(self, name: str, default: bool) -> bool:
        """A boolean attribute; the default for anything but true or false."""
        return {"true": True, "false": False}.get(self.get(name).strip().lower(), default)

    def whole(self, name: str, default: int) -> int:
        """An integer attribute of 0 or more; the default for anything else."""
        value = self.get(name).strip()
        return int(value) if value.isdigit() else default


class Document(NamedTuple):
    """The verbs in order, and (code, text) warnings that are raised when the document starts to run."""

    verbs: tuple[Verb, ...] = ()
    warnings: tuple[tuple[int, str], ...] = ()


@lru_cache(maxsize=1024)
def parse(body: bytes) -> Document:
    """Parse a body. Raises DocumentError with code 11750 (over 64 kB), 12100 (bad XML) or 12200 (not XML)."""
    if len(body) > MAX_BYTES:
        raise DocumentError(11750, "TwiML response body too large")
    if body[:1].isspace() and body.lstrip()[:5] == b"<?xml":
        raise DocumentError(12100, "Document parse failure: white space before the XML declaration")
    if body.strip() and not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise DocumentError(12200, "Content is not allowed in prolog.")
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise DocumentError(12100, f"Document parse failure: {error}") from error
    if root.tag != "Response":
        raise DocumentError(12100, f"Document parse failure: root element <{root.tag}> is not <Response>")
    warnings: list[tuple[int, str]] = []
    response = _verb(root, warnings)
    return Document(response.children, tuple(warnings))


def _verb(element: ElementTree.Element, warnings: list[tuple[int, str]]) -> Verb:
    attributes: Mapping[str, str] = element.attrib
    name, allowed = element.tag, ATTRIBUTES.get(element.tag)
    if allowed is not None and not attributes.keys() <= allowed:
        attributes = _known(element, allowed, warnings)
    if name == "Say":
        text = " ".join("".join(element.itertext()).split())
        breaks = sum(map(_break_seconds, element.iter("break"))) if len(element) else 0.0
        return Verb(name, attributes, text, break_seconds=breaks)
    return Verb(name, attributes, (element.text or "").strip(), _children(element, warnings) if len(element) else ())


def _known(element: ElementTree.Element, allowed: frozenset[str], warnings: list[tuple[int, str]]) -> Mapping[str, str]:
    unknown = element.attrib.keys() - allowed
    for name in sorted(unknown):
        warnings.append((12200, f"Schema validation warning: <{element.tag}> has no attribute '{name}'"))
    return MappingProxyType({name: value for name, value in element.attrib.items() if name not in unknown})


def _children(element: ElementTree.Element, warnings: list[tuple[int, str]]) -> tuple[Verb, ...]:
    allowed = CHILDREN.get(element.tag, frozenset())
    kept = []
    for child in element:
        if child.tag in allowed or element.tag in OPAQUE:
            kept.append(_verb(child, warnings))
        else:
            warnings.append((12200, f"Schema validation warning: <{child.tag}> is not allowed in <{element.tag}>"))
    return tuple(kept)


def _break_seconds(element: ElementTree.Element) -> float:
    value = element.get("time", "")
    try:
        return float(value[:-2]) / 1000 if value.endswith("ms") else float(value.removesuffix("s") or 0.5)
    except ValueError:
        return 0.5
