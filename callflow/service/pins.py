"""PINs as slow salted hashes, mixed with the secret key: a database alone is not enough to try all PINs.

scrypt (RFC 7914) takes about 15 ms and 8 MB for each try, outside of Python's lock, so other webhooks go on meanwhile.
"""

import hmac
import os
from hashlib import scrypt, sha256
from typing import Final

COST: Final = 2**13
BLOCK: Final = 8
SALT_BYTES: Final = 16
NOBODY: Final = f"{'00' * SALT_BYTES}:{'00' * 64}"
"""Compared with if there is no PIN, so that the answer takes as long."""


def hashed(secret: str, person: str, digits: str) -> str:
    """The hash to be stored for this person's PIN: salt and hash, in hex."""
    salt = os.urandom(SALT_BYTES)
    return f"{salt.hex()}:{_slow(secret, person, digits, salt)}"


def matches(stored: str, secrets: tuple[str, ...], person: str, digits: str) -> bool:
    """Whether these digits are the PIN. ``secrets``: the current secret key and earlier ones."""
    salt, _, wanted = stored.partition(":")
    found = [_slow(one, person, digits, bytes.fromhex(salt)) for one in secrets]
    return any([hmac.compare_digest(one, wanted) for one in found])


def _slow(secret: str, person: str, digits: str, salt: bytes) -> str:
    mixed = hmac.new(secret.encode(), f"pin:{person}:{digits}".encode(), sha256).digest()
    return scrypt(mixed, salt=salt, n=COST, r=BLOCK, p=1).hex()
