"""Parses the body of a webhook into pairs, exactly as ``urllib.parse.parse_qsl`` with ``keep_blank_values``, and writes
the body of a request, as ``urllib.parse.urlencode``.

It is faster because most of the provider's values need no decoding, and ours are ASCII. tests/fast_path/test_forms.py
compares both ways with arbitrary bytes and texts.
"""

from collections.abc import Mapping
from urllib.parse import quote_plus, unquote_to_bytes

Pairs = list[tuple[str, str]]
_ASCII = {written: chr(code) for code in range(128) for written in (f"{code:02X}", f"{code:02x}")}
"""Encoded characters: all that most values have. ``unquote_to_bytes`` takes twice as long for them."""


def pairs(body: bytes) -> Pairs:
    """Names and values in the order of the body, including empty values. Invalid UTF-8 is replaced by U+FFFD."""
    return [
        (_decoded(name), _decoded(value)) if "%" in field else (name, value)
        for field in body.decode("utf-8", "replace").replace("+", " ").split("&") if field
        for name, _, value in [field.partition("=")]
    ]  # fmt: skip


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    if text.startswith("%2B") and text[3:].isalnum():  # an E.164 number, as in four fields of every form
        return f"+{text[3:]}"
    first, *others = text.split("%")
    try:
        return first + "".join([_ASCII[one[:2]] + one[2:] for one in others])
    except KeyError:
        return unquote_to_bytes(text).decode("utf-8", "replace")


_QUOTED = {code: quote_plus(chr(code)) for code in range(128)}


def encoded(fields: Mapping[str, str]) -> str:
    """The fields as the body of a form, in their order."""
    return "&".join([f"{_encoded(name)}={_encoded(value)}" for name, value in fields.items()])


def _encoded(text: str) -> str:
    return text.translate(_QUOTED) if text.isascii() else quote_plus(text)
