"""The body of a webhook as pairs, exactly as ``urllib.parse.parse_qsl`` would read it with its blanks kept.

Most of the provider's values need no decoding; ``parse_qsl`` takes three steps for each of them all the same.
tests/fast_path/test_forms.py reads any bytes with both and compares.
"""

from urllib.parse import unquote_plus

Pairs = list[tuple[str, str]]


def pairs(body: bytes) -> Pairs:
    """Names and values in their order, empty ones too; what is no UTF-8 is replaced."""
    found = []
    for field in body.decode("utf-8", "replace").split("&"):
        if field:
            name, _, value = field.partition("=")
            if "%" in field or "+" in field:
                name, value = _decoded(name), _decoded(value)
            found.append((name, value))
    return found


def _decoded(text: str) -> str:
    if text.startswith("%2B") and text[3:].isalnum():  # a telephone number, as in four fields of every form
        return f"+{text[3:]}"
    return unquote_plus(text, errors="replace") if "%" in text or "+" in text else text
