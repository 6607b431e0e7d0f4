"""A call's own names, derived from the provider's id of the caller's leg: the same on every node, without a database.

So the stateless fallback of a *number*, whose address cannot know the call, still finds the room of the call that
failed. The names are keyed: nobody outside can compute them from a provider id.
"""

import hmac
from hashlib import sha256

ID_LENGTH = 16
REFERENCE_DIGITS = 6


def derive_call_id(secret: str, sid: str) -> str:
    """16 hex characters."""
    return _keyed(secret, "call", sid)[:ID_LENGTH]


def reference(secret: str, sid: str) -> str:
    """Six digits, short enough to be spoken; unique within a day's calls for practical purposes, not for ever."""
    return f"{int(_keyed(secret, 'reference', sid)[:12], 16) % 10**REFERENCE_DIGITS:0{REFERENCE_DIGITS}d}"


def _keyed(secret: str, purpose: str, sid: str) -> str:
    return hmac.new(secret.encode(), f"{purpose}:{sid}".encode(), sha256).hexdigest()
