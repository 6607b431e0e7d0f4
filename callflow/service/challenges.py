"""Challenges that a browser must answer: random, good for some minutes, for one purpose, and once.

They are signed instead of stored, so a stranger who asks for many of them fills no table.
"""

import hmac
import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from callflow.service.accounts import Accounts

LASTS: Final = timedelta(minutes=5)
_RANDOM: Final = 16
_TIME: Final = 8


def challenge(secret: str, purpose: str, at: datetime) -> bytes:
    begin = os.urandom(_RANDOM) + int((at + LASTS).timestamp()).to_bytes(_TIME, "big")
    return begin + _signature(secret, purpose, begin)


def is_answered(store: Accounts, secrets: tuple[str, ...], purpose: str, answered: bytes, at: datetime) -> bool:
    """Whether this challenge is one of ours for this purpose, in time, and answered for the first time now.

    Ask only when the answer itself is right. ``secrets``: the current secret key and earlier ones. Raises
    StoreUnavailable.
    """
    begin, signature = answered[: _RANDOM + _TIME], answered[_RANDOM + _TIME :]
    if not any([hmac.compare_digest(_signature(one, purpose, begin), signature) for one in secrets]):
        return False
    until = datetime.fromtimestamp(int.from_bytes(begin[_RANDOM:], "big"), UTC)
    return at < until and store.use_once(sha256(answered).hexdigest(), at, until)


def _signature(secret: str, purpose: str, begin: bytes) -> bytes:
    return hmac.new(secret.encode(), b"challenge:" + purpose.encode() + b":" + begin, sha256).digest()
