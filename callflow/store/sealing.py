"""What identifies or quotes a person is sealed under a key of its call: AES-256-GCM, which notices every change.

The key of a call is random. It is stored wrapped: sealed under a key that is derived from CALLFLOW_SECRET_KEY. To erase
a call is to delete its wrapped key; everything that was sealed with it can then be opened by nobody, wherever a copy
is. Each sealed text is bound to its call and field, so that none can be moved to another.

The only module that seals and opens. Sealing and opening take about 4 us each (tests/bench, G12).
"""

import hmac
import json
import os
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from callflow.core.codec import dumps
from callflow.service.ports import CannotOpen
from callflow.store.errors import WrongSecret

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK: Final = "sealed:"
"""What a sealed text begins with."""
STATE: Final = "state"
ID_LENGTH: Final = 8
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_SALT: Final = b"callflow 1"
_loads: Final = json.JSONDecoder().decode


class CallKey(Protocol):
    """The key of one call. ``stored`` is the value of ``calls.key``."""

    @property
    def stored(self) -> str | None: ...

    def seal(self, text: str, field: str) -> str:
        """The sealed text for this field of the call."""

    def open(self, text: str, field: str) -> str:
        """What was sealed for this field, or ``text`` if it is not sealed. "" if erased. Raises CannotOpen."""

    def seal_bytes(self, content: bytes, field: str) -> bytes:
        """The same as ``seal`` for bytes, without a mark. b"" if erased."""

    def open_bytes(self, content: bytes, field: str) -> bytes:
        """Undo ``seal_bytes``. b"" if erased. Raises CannotOpen."""

    def seal_values(self, values: dict[str, Any]) -> str:
        """The private values of the call's state, as one sealed text."""

    def open_values(self, text: str) -> dict[str, Any]:
        """Undo ``seal_values``. {} if erased. Raises CannotOpen."""


class NoKey:
    """Of a call that a server of schema version 6 began: nothing of it is sealed, until the upgrade is finished."""

    stored = ""

    def seal(self, text: str, field: str) -> str:
        return text

    def open(self, text: str, field: str) -> str:
        return text

    def seal_bytes(self, content: bytes, field: str) -> bytes:
        return content

    open_bytes = seal_bytes

    def seal_values(self, values: dict[str, Any]) -> str:
        raise AssertionError("its state is stored as a whole")

    def open_values(self, text: str) -> dict[str, Any]:
        raise CannotOpen("the call is sealed, but its key is missing")


class ErasedKey:
    """Of a call that was erased: what is sealed is gone, and nothing more of the person is stored."""

    stored = None

    def seal(self, text: str, field: str) -> str:
        return ""

    def open(self, text: str, field: str) -> str:
        return "" if text.startswith(MARK) else text

    def seal_bytes(self, content: bytes, field: str) -> bytes:
        return b""

    open_bytes = seal_bytes

    def seal_values(self, values: dict[str, Any]) -> str:
        return ""

    def open_values(self, text: str) -> dict[str, Any]:
        return {}


NO_KEY: Final = NoKey()
ERASED: Final = ErasedKey()


class RandomKey:
    """The key of a call, of 32 bytes."""

    __slots__ = ("_call", "_cipher", "_last", "stored")

    def __init__(self, call: str, key: bytes, stored: str) -> None:
        self._call, self._cipher, self.stored = call, _cipher(key), stored
        self._last: tuple[dict[str, Any], str] = ({}, "")
        """Values of the state and their sealed text, which most events do not change."""

    def seal(self, text: str, field: str) -> str:
        return MARK + _sealed(self._cipher, text.encode(), f"{self._call}\n{field}")

    def open(self, text: str, field: str) -> str:
        if not text.startswith(MARK):
            return text
        try:
            return _opened(self._cipher, text[len(MARK) :], f"{self._call}\n{field}").decode()
        except ValueError:
            what = f"the sealed {field} of call {self._call} was changed, or does not belong there"
            raise CannotOpen(what) from None

    def seal_bytes(self, content: bytes, field: str) -> bytes:
        return _encrypted(self._cipher, content, f"{self._call}\n{field}")

    def open_bytes(self, content: bytes, field: str) -> bytes:
        try:
            return _decrypted(self._cipher, content, f"{self._call}\n{field}")
        except ValueError:
            raise CannotOpen(f"the sealed {field} of call {self._call} was changed, or does not belong there") from None

    def seal_values(self, values: dict[str, Any]) -> str:
        known, text = self._last
        if not text or values != known:
            text = self.seal(dumps(values), STATE)
            self._last = values, text
        return text

    def open_values(self, text: str) -> dict[str, Any]:
        values: dict[str, Any] = _loads(self.open(text, STATE))
        self._last = values, text
        return values


class Wrapper:
    """Wraps and unwraps keys. ``secrets`` are CALLFLOW_SECRET_KEY and those before it, which only unwrap."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        """Raises WrongSecret if there is no secret."""
        if not any(secrets):
            raise WrongSecret("CALLFLOW_SECRET_KEY is not set: what this database holds of people is sealed with it; "
                              "set it to the value that the servers have")  # fmt: skip
        self._keys = {_id(secret): _derived(secret, "wrap") for secret in secrets if secret}
        self.ids = tuple(self._keys)
        """Of all secrets, the current one first: 8 hex digits, which do not give it away."""
        self.id = self.ids[0]

    def new_key(self, call: str) -> RandomKey:
        key = os.urandom(_KEY_BYTES)
        return RandomKey(call, key, self.wrapped(key, call))

    def key(self, call: str, stored: str | None) -> CallKey:
        """The key of a call, by the value of ``calls.key``. Raises CannotOpen."""
        if stored is None:
            return ERASED
        return RandomKey(call, self.unwrapped(stored, call), stored) if stored else NO_KEY

    def wrapped(self, key: bytes, of: str) -> str:
        """The key wrapped under the current secret. ``of``: the call, or what else it belongs to."""
        return f"{self.id}.{_sealed(_wrapping(self._keys[self.id]), key, of)}"

    def unwrapped(self, stored: str, of: str) -> bytes:
        """Undo ``wrapped``, with whichever secret it was. Raises CannotOpen."""
        id, _, sealed = stored.partition(".")
        wrapping = self._keys.get(id)
        if wrapping is None:
            raise CannotOpen(f"the key of {of} was wrapped with another secret ({id}; this is {self.id}): set "
                             "CALLFLOW_SECRET_KEY to it, or name it in CALLFLOW_SECRET_KEY_BEFORE")  # fmt: skip
        try:
            return _opened(_wrapping(wrapping), sealed, of)
        except ValueError:
            raise CannotOpen(f"the wrapped key of {of} was changed, or does not belong there") from None


def new_pepper() -> bytes:
    return os.urandom(_KEY_BYTES)


def recognised(pepper: bytes, number: str) -> str:
    """What a caller is recognised by, without the number: its HMAC-SHA256, in hex."""
    return hmac.digest(pepper, number.encode(), "sha256").hex()


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # here: 7 ms, not at the start (``bootstrap.warm``)

    return AESGCM(key)


def warm() -> None:
    """Import what the first call would otherwise wait for."""
    _cipher(bytes(_KEY_BYTES))


_wrapping = cache(_cipher)
"""The ciphers of keys that are derived from secrets: a few in a process."""


def _sealed(cipher: "AESGCM", content: bytes, bound_to: str) -> str:
    return b2a_base64(_encrypted(cipher, content, bound_to), newline=False).decode()


def _opened(cipher: "AESGCM", text: str, bound_to: str) -> bytes:
    """Undo ``_sealed``. Raises ValueError, which quotes nothing."""
    try:
        raw = a2b_base64(text, strict_mode=True)
    except NotBase64:
        raise ValueError from None
    return _decrypted(cipher, raw, bound_to)


def _encrypted(cipher: "AESGCM", content: bytes, bound_to: str) -> bytes:
    # Random nonces are safe for 2**32 texts under one key (NIST SP 800-38D, 8.3); a call has some hundred.
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, bound_to.encode())


def _decrypted(cipher: "AESGCM", raw: bytes, bound_to: str) -> bytes:
    """Undo ``_encrypted``. Raises ValueError, which quotes nothing."""
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode())
    except InvalidTag:
        raise ValueError from None


def _id(secret: str) -> str:
    return _derived(secret, "id").hex()[:ID_LENGTH]


def _derived(secret: str, purpose: str) -> bytes:
    """HKDF with SHA-256 (RFC 5869), of one block. ``secret`` is random (settings.SECRET_LENGTH), not a password."""
    extracted = hmac.digest(_SALT, secret.encode(), "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")
