"""The id and the reference of a call, from the provider's id of the caller's leg, without a database.

So every node names the same ones, and a document that knows nothing but the provider's id finds the call's room: the
stateless fallback of a *number*, whose URL cannot contain the call, and the document that the provider hosts.
"""

import hmac
import re
from hashlib import sha256
from secrets import token_hex

ID_LENGTH = 16
REFERENCE_DIGITS = 6
PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The characters that are the same in a URL and in the name of a room. Those of Twilio and SignalWire are plain."""


def call_id(secret: str, sid: str) -> str:
    """The call's id: the provider's id, or 16 hex characters derived from one that is not plain."""
    return sid if PLAIN.fullmatch(sid) else _keyed(secret, "call", sid)[:ID_LENGTH]


def reference(secret: str, sid: str) -> str:
    """The call's reference: six digits, short enough to be spoken. In practice unique among the calls of a day."""
    return f"{int(_keyed(secret, 'reference', sid)[:12], 16) % 10**REFERENCE_DIGITS:0{REFERENCE_DIGITS}d}"


def new_call(secret: str) -> tuple[str, str]:
    """The id and the reference of a call that we begin, which has no id of the provider yet."""
    id = token_hex(ID_LENGTH // 2)
    return id, reference(secret, id)


def _keyed(secret: str, purpose: str, sid: str) -> str:
    return hmac.new(secret.encode(), f"{purpose}:{sid}".encode(), sha256).hexdigest()
