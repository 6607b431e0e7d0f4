"""What a receipt consists of (``receipts``), how it is sent, and how long it is as a text message."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from math import ceil
from types import MappingProxyType
from typing import Final

from callflow.core.records import record

LINES: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    "receipt_call": frozenset({"org", "ref", "date"}),
    "receipt_warning": frozenset({"time"}),
    "receipt_closing": frozenset({"time"}),
    "receipt_call_back": frozenset({"owner", "date", "time"}),
    "receipt_again": frozenset({"org"}),
    "receipt_review": frozenset({"contact", "ref"}),
})  # fmt: skip
"""The lines in their order (``written`` in scripts/<language>.yaml), with the variables that each may contain."""
MOST_WARNINGS: Final = 2
"""How many are named: the first, and the latest."""
MOST_SEGMENTS: Final = 3
_BASIC: Final = frozenset(
    "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
    "\u00a1\u00a3\u00a4\u00a5\u00a7\u00bf\u00c4\u00c5\u00c6\u00c7\u00c9\u00d1\u00d6\u00d8"
    "\u00dc\u00df\u00e0\u00e4\u00e5\u00e6\u00e8\u00e9\u00ec\u00f1\u00f2\u00f6\u00f8\u00f9\u00fc"
    "\u0393\u0394\u0398\u039b\u039e\u03a0\u03a3\u03a6\u03a8\u03a9"
)
"""The GSM 7 bit default alphabet (3GPP TS 23.038, 6.2.1)."""
_EXTENDED: Final = frozenset("^{}\\[~]|\u20ac\f")
"""Those of its extension table (6.2.1.1), which take two places."""


class By(StrEnum):
    SMS = "sms"
    WEBHOOK = "webhook"


@record
class ReceiptRules:
    """``webhook`` is the name of one of ours, ``sender`` the number that messages come from: "" for the called one.

    ``contact`` is where callers can ask for a review, as it is written: "" for that of the organisation. ``texts``:
    language -> id of a line -> its words.
    """

    by: By
    webhook: str = ""
    sender: str = ""
    contact: str = ""
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def joined(texts: Mapping[str, str], lines: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    """These lines with their values, one after the other."""
    return " ".join([texts[id].format_map(values) for id, values in lines])


def as_message(text: str) -> str:
    """The text as it is sent: without the accents that are not in the GSM alphabet, if it is in that alphabet then.

    One of them (Energía, García) would more than halve what fits into a message.
    """
    plain = "".join([one if _is_gsm(one) else unicodedata.normalize("NFKD", one)[0] for one in text])
    return plain if all(map(_is_gsm, plain)) else text


def _is_gsm(one: str) -> bool:
    return one in _BASIC or one in _EXTENDED


def segments(text: str) -> int:
    """How many messages the provider counts: 160 characters of the GSM alphabet or 70 others fit into one, 153 or 67
    into each of several."""
    extended = sum(one in _EXTENDED for one in text)
    if all(map(_is_gsm, text)):
        return _counted(len(text) + extended, 160, 153)
    return _counted(len(text.encode("utf-16-le")) // 2, 70, 67)


def _counted(length: int, alone: int, several: int) -> int:
    return 1 if length <= alone else ceil(length / several)
