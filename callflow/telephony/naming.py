"""Derives the id and the reference of a call from the provider's id of the caller's leg, without a database.

So every node derives the same ones, and the stateless fallback of a *number*, whose URL cannot contain the call, finds
the room of the call that failed. They are derived with a secret, so others cannot compute them from a provider id.
"""

import hmac
from hashlib import sha256

ID_LENGTH = 16
REFERENCE_DIGITS = 6


def derive_call_id(secret: str, sid: str) -> str:
    """The call's id: 16 hex characters."""
    return _keyed(secret, "call", sid)[:ID_LENGTH]


def reference(secret: str, sid: str) -> str:
    """The call's reference: six digits, short enough to be spoken. In practice unique among the calls of a day."""
    return f"{int(_keyed(secret, 'reference', sid)[:12], 16) % 10**REFERENCE_DIGITS:0{REFERENCE_DIGITS}d}"


def _keyed(secret: str, purpose: str, sid: str) -> str:
    return hmac.new(secret.encode(), f"{purpose}:{sid}".encode(), sha256).hexdigest()
