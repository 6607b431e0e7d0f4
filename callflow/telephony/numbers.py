"""Telephone numbers, addresses and ids of calls as the provider sends them.

Withheld numbers are words or codes (twilio.md 1.2).
"""

import re
from collections.abc import Collection
from urllib.parse import unquote

from callflow.core.configuration import Configuration

E164 = re.compile(r"\+[1-9][0-9]{6,14}")

CALL_TOKEN = re.compile(r"[!-~]{1,4000}")
CALL_ID = re.compile(r"[!-~]{1,64}")
ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def valid_sid(text: str) -> str:
    """The provider's id of a phone call if it is well-formed, else "". Only such ids are stored or put into URLs."""
    return text if CALL_ID.fullmatch(text) else ""


def valid_account(text: str) -> str:
    """The id of an account of the provider if it is well-formed, else "". It becomes part of the paths of requests."""
    return text if ACCOUNT_ID.fullmatch(text) else ""


def valid_token(text: str) -> str:
    """The provider's proof of a call (CallToken, twilio.md 1.2), or "" if it cannot be one."""
    return text if CALL_TOKEN.fullmatch(text) else ""


def dialable(number: str, ours: Collection[str] = ()) -> str:
    """The number (E.164) if it may be dialled, else "": withheld, impossible, of premium rate, or one of ``ours``.

    A SIP address has one if its user is written with +, as exchanges send the numbers of callers. Other users, and the
    names of clients, are known to their own exchange only.
    """
    # Imported here: 40 ms, not at the start (``bootstrap.warm``).
    from callflow.configuration.dialling import e164, may_be_called

    number = number if E164.fullmatch(number) else _in_address(number)
    right = e164(number) if E164.fullmatch(number) else ""
    return right if right and right not in ours and may_be_called(right) else ""


def takes_messages(number: str) -> bool:
    """Whether a number (E.164) may be that of a mobile telephone."""
    from callflow.configuration import dialling  # here: see ``dialable``

    return dialling.takes_messages(number)


def typed_number(keys: str, called: str, ours: Collection[str] = ()) -> str:
    """The digits, with country code, of a number that a caller typed on a call to ``called``; "" if it must not be
    dialled, or is one of ``ours``."""
    from callflow.configuration.dialling import international  # here: see ``dialable``

    number = international("".join(one for one in keys if one in "0123456789"), called)
    return "" if number in ours else number.removeprefix("+")


def dialled(keys: str, configuration: Configuration) -> str:
    """The number (E.164) of a customer that one of our people has typed, "" if it must not be called."""
    digits = typed_number(keys, configuration.caller_id, configuration.own_numbers)
    return f"+{digits}" if digits else ""


ADDRESS = re.compile(r"(?:sips?|tel):(\+[0-9().\-]+)(?:[;@?].*)?", re.IGNORECASE)
SCHEME = re.compile(r"(?:sips?|tel):", re.IGNORECASE)
SIP = re.compile(r"sips?:", re.IGNORECASE)
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
    if same := _same_address(received, configured):
        return [same]
    whole, national = spellings(received)
    for number in (f"+{whole}", _without_national_prefix(whole)):
        if number in configured:
            return [number]
    return [number for number in configured if _is_national(national, number.removeprefix("+"))]


def _same_address(received: str, configured: Collection[str]) -> str:
    """The configured SIP address that this is another spelling of, or ""."""
    if not SIP.match(received):
        return ""
    from callflow.configuration.telephone import identity  # here: see ``dialable``

    wanted = identity(received)
    return next((one for one in configured if SIP.match(one) and identity(one) == wanted), "")


def _in_address(received: str) -> str:
    """The number with + in a ``sip:`` or ``tel:`` address, as digits, or ""."""
    found = ADDRESS.fullmatch(unquote(received.strip()))
    return re.sub(r"[().\-]", "", found[1]) if found else ""


def _without_national_prefix(whole: str) -> str:
    """+4930... for 49030..., which some exchanges send; "" if these digits with + are no number."""
    from callflow.configuration.dialling import e164  # here: see ``dialable``

    return e164(f"+{whole}")


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
