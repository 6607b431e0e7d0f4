"""Hashing of passwords, which is slow on purpose: one at a time, on a thread of its own, after everything else.

A hash takes 64 MiB and a third of a second of CPU. No webhook and no other page waits for one: those who wait are few,
and of one address there is one. Others are told to try again (``Busy``).
"""

import hmac
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from argon2 import PasswordHasher

T = TypeVar("T")
KIBIBYTES: Final = 64 * 1024
ROUNDS: Final = 3
"""RFC 9106, section 4, second choice, with one lane: four of them would take four cores from the webhooks."""
WAITING: Final = 4
SECONDS: Final = 20.0
NOBODY: Final = f"$argon2id$v=19$m={KIBIBYTES},t={ROUNDS},p=1$bm9ib2R5IGF0IGFsbA$" + "A" * 43
"""Compared with if there is no password, so that the answer takes as long."""


class Busy(Exception):
    """Too many wait already, or somebody from the same address does."""


class PasswordHashing:
    """Thread-safe. argon2 is imported, and the thread started, with the first password."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        """``secrets``: the current secret key and earlier ones; a database alone is not enough to try passwords."""
        self._secrets = secrets
        self._mutex = Lock()
        self._waiting: set[str] = set()
        self._pool: ThreadPoolExecutor | None = None

    def hashed(self, password: str, whom: str) -> str:
        """What is stored of a password. ``whom``: the address that asks. Raises Busy."""
        with self._turn(whom):
            return self._slowly(lambda hasher: hasher.hash(_mixed(self._secrets[0], password)))

    def verified(self, stored: str, password: str, whom: str) -> str:
        """What to store of this password from now on, which is another hash if the secret key or the cost has changed;
        "" if it is not the password. ``stored``: "" if there is none. Raises Busy."""
        mixed = [_mixed(one, password) for one in self._secrets]

        def work(hasher: "PasswordHasher") -> str:
            right = next((one for one in mixed if _verified(hasher, stored or NOBODY, one)), "")
            if not right or not stored:
                return ""
            current = right == mixed[0] and not hasher.check_needs_rehash(stored)
            return stored if current else hasher.hash(mixed[0])

        with self._turn(whom):
            return self._slowly(work)

    @contextmanager
    def _turn(self, whom: str) -> Iterator[None]:
        with self._mutex:
            if whom in self._waiting or len(self._waiting) >= WAITING:
                raise Busy
            self._waiting.add(whom)
        try:
            yield
        finally:
            with self._mutex:
                self._waiting.discard(whom)

    def _slowly(self, work: "Callable[[PasswordHasher], T]") -> T:
        from concurrent.futures import ThreadPoolExecutor

        with self._mutex:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, "callflow-passwords", _after_everything_else)
        try:
            return self._pool.submit(_hashed, work).result(SECONDS)
        except TimeoutError:
            raise Busy from None


def _hashed(work: "Callable[[PasswordHasher], T]") -> T:
    from argon2 import PasswordHasher

    return work(PasswordHasher(ROUNDS, KIBIBYTES, parallelism=1))


def _verified(hasher: "PasswordHasher", stored: str, password: str) -> bool:
    from argon2.exceptions import Argon2Error, InvalidHash

    try:
        return hasher.verify(stored, password)
    except (Argon2Error, InvalidHash):
        return False


def _mixed(secret: str, password: str) -> str:
    return hmac.new(secret.encode(), b"password:" + password.encode("utf-8", "replace"), sha256).hexdigest()


def _after_everything_else() -> None:
    """On Linux each thread has a priority of its own."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
