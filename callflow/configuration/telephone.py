"""What a telephone is: a number with the extension behind it, a SIP address, or the name of a client.

Every check and the service compare telephones by ``identity``, so that two spellings are one telephone everywhere.
Addresses are those of twilio.md 5.1: ``+...`` (E.164), ``sip:kai@pbx.example.com``, ``client:lea``.
"""

import re
from functools import lru_cache
from urllib.parse import unquote

from callflow.configuration import dialling
from callflow.configuration.dialling import e164, not_e164
from callflow.configuration.reading import invisible

SIP = re.compile(r"(?P<scheme>sips?):(?P<user>[^@\s;?:]+)@(?P<host>[^@\s;?:]+)(?P<port>:[0-9]{1,5})?"
                 r"(?P<parameters>;[^\s?]*)?(?P<headers>\?\S*)?", re.IGNORECASE)  # fmt: skip
LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
HOST = re.compile(rf"(?=.{{1,253}}$){LABEL}(\.{LABEL})*\.?")
CLIENT = re.compile(r"client:[A-Za-z0-9_.@%+-]{1,121}")
OTHER = re.compile(r"(sips?|client):", re.IGNORECASE)
DEFAULT_PORTS = ("", ":5060", ":5061")
EXTENSION = re.compile(r"[0-9A-D#*wW]{1,32}")
"""Keys that the provider sends after the answer (twilio.md 5.1): ``w`` waits half a second, ``W`` a second."""
WAITS = "wW"


def is_number(phone: str) -> bool:
    """Whether this is written as a telephone number, not as an address of another kind."""
    return not OTHER.match(phone.strip())


def is_client(phone: str) -> bool:
    return phone.strip().casefold().startswith("client:")


@lru_cache(maxsize=16384)  # a check compares thousands, and strangers may send any address
def identity(phone: str, extension: str = "", region: str | None = None) -> str:
    """What all spellings of one telephone have in common. ``region``: see ``dialling.e164``.

    Waits belong to the way to an extension, not to its name. The user of a SIP address is compared without capitals:
    exchanges do not tell them apart, whatever the standard says.
    """
    if is_number(phone):
        return " ".join(filter(None, (e164(phone, region) or phone, extension.strip(WAITS))))
    found = SIP.fullmatch(phone.strip())
    if not found:
        return phone.strip()
    port = found["port"] if found["port"] not in (None, *DEFAULT_PORTS) else ""
    user = invisible.visible(unquote(found["user"])).casefold()
    return f"sip:{user}@{found['host'].casefold().rstrip('.')}{port}{found['headers'] or ''}"


def sip_user(phone: str) -> str:
    """The part of a SIP address before the @, "" for an address of another kind."""
    found = SIP.fullmatch(phone.strip())
    return unquote(found["user"]) if found else ""


def not_an_address(phone: str) -> str:
    """Why this cannot be dialled as a SIP address or a client, "" if it can. Not for numbers (``not_e164``)."""
    hidden = next((at for at, one in enumerate(phone) if invisible.is_invisible(one)), -1)
    if hidden >= 0:
        return f'has {invisible.named(phone[hidden])} after "{phone[:hidden]}", which cannot be seen'
    scheme = phone.strip().partition(":")[0]
    if scheme.casefold() == "sips":
        return "must begin with sip:; for an encrypted line write ;transport=tls behind the host"
    if scheme != scheme.lower() or phone != phone.strip():
        return f'must be written "{scheme.lower()}:{phone.strip().partition(":")[2]}"'
    if scheme == "client":
        return "" if CLIENT.fullmatch(phone) else "must be client: and letters, digits, _ or -, like client:lea"
    found = SIP.fullmatch(phone)
    if found and HOST.fullmatch(found["host"]) and phone.isascii():
        return ""
    return "must be sip:, a name, @ and a host, like sip:kai@pbx.example.com"


def not_an_extension(phone: str, extension: str) -> str:
    """Why this extension cannot be dialled behind this phone; "" if it can."""
    if not is_number(phone):
        return "an address names its telephone already; an extension belongs behind a number"
    if not EXTENSION.fullmatch(extension):
        return "must be up to 32 of 0 to 9, A to D, * and #, and w (waits half a second) or W (a second)"
    if not extension.strip(WAITS):
        return "only waits, and dials nothing"
    return ""


def never_shown(caller: str) -> str:
    """Why no caller's telephone shows this, in the words of ``not_dialable``; "" if one may."""
    return dialling.never_shown(caller) if is_number(caller) else not_an_address(caller)


def not_dialable(phone: str, region: str | None = None) -> str:
    """Why nothing can be rung under this address, in words that follow it; "" if it is well-formed."""
    return not_e164(phone, region) if is_number(phone) else not_an_address(phone)
