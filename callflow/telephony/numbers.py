"""Telephone numbers and call ids as the provider sends them. Withheld numbers are words or codes (twilio.md 1.2)."""

import re

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
""""anonymous", "restricted", "blocked", "unknown" and "unavailable" typed on a telephone's letters."""


CALL_ID = re.compile(r"[!-~]{1,64}")


def valid_sid(text: str) -> str:
    """The provider's id of a phone call if it is well-formed, else "". Only such ids are stored or put into URLs."""
    return text if CALL_ID.fullmatch(text) else ""


def dialable(number: str) -> str:
    """The number if it can be dialled (E.164), else ""."""
    return number if E164.fullmatch(number) and number not in WITHHELD else ""
