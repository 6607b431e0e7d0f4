"""Telephone numbers and call ids as the provider sends them. Withheld numbers are words or codes (twilio.md 1.2)."""

import re
from collections.abc import Collection
from urllib.parse import unquote

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
""""anonymous", "restricted", "blocked", "unknown" and "unavailable" typed on a telephone's letters."""


CALL_ID = re.compile(r"[!-~]{1,64}")


def valid_sid(text: str) -> str:
    """The provider's id of a phone call if it is well-formed, else "". Only such ids are stored or put into URLs."""
    return text if CALL_ID.fullmatch(text) else ""


def dialable(number: str) -> str:
    """The number if it may be dialled (E.164), else "": a number that is withheld, impossible or of premium rate."""
    from callflow.configuration.dialling import may_be_called  # here: 40 ms, not at the start (``bootstrap.warm``)

    return number if E164.fullmatch(number) and number not in WITHHELD and may_be_called(number) else ""


def typed_number(keys: str, ours: str) -> str:
    """The digits, with country code, of a number that a caller typed on a call to our number ``ours``; "" if it must
    not be dialled."""
    from callflow.configuration.dialling import international  # here: see ``dialable``

    return international("".join(one for one in keys if one in "0123456789"), ours).removeprefix("+")


SCHEME = re.compile(r"(?:sips?|tel):", re.IGNORECASE)
LEADS_ABROAD = re.compile(r"\+|00|011")
"""What is dialled before a country code."""
LONGEST_CODE = 3
"""The most digits of a country code."""
SHORTEST_NATIONAL = 7


def spellings(received: str) -> tuple[str, str]:
    """The digits of a called number as received, with its country code and without, each "" if it cannot be that.

    ``sip:15550100100@example.com``, ``tel:+1-555-010-0100``, ``0015550100100``, ``(555) 010-0100`` and so on.
    """
    user = re.split("[@;?]", unquote(SCHEME.sub("", received.strip(), count=1)), maxsplit=1)[0]
    bare = re.sub(r"[ ().\-]", "", user)
    abroad = LEADS_ABROAD.sub("", bare, count=1) if LEADS_ABROAD.match(bare) else bare
    national = "" if bare.startswith("+") else bare.removeprefix("0")
    return _digits(abroad), _digits(national)


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdecimal() else ""


def as_configured(received: str, configured: Collection[str]) -> list[str]:
    """The numbers (E.164) that this called number may be another spelling of: usually one; none if it is not ours."""
    if received in configured:
        return [received]
    whole, national = spellings(received)
    exact = [number for number in configured if number == f"+{whole}"]
    return exact or [number for number in configured if _is_national(national, number.removeprefix("+"))]


def _is_national(national: str, number: str) -> bool:
    return (
        len(national) >= SHORTEST_NATIONAL
        and number.endswith(national)
        and 0 < len(number) - len(national) <= LONGEST_CODE
    )


def masked(received: str) -> str:
    """A number that is not ours, for messages: enough to tell two of ours apart, too little to tell whose it is."""
    whole = spellings(received)[0]
    if len(whole) < SHORTEST_NATIONAL:
        return "an address that is no telephone number"
    return f"{whole[:2]}{'*' * (len(whole) - 4)}{whole[-2:]}"
