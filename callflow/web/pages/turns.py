"""Pages give way to webhooks, which share the interpreter with them.

Those that ask every second wait for each other: however many are open, only one of them at a time competes. Each thread
more that wants the interpreter is another five milliseconds for which a webhook may wait (``sys.getswitchinterval``).
What takes a page longer than a few tenths of a millisecond gives way between its parts.
"""

import time
from collections.abc import Iterable
from threading import BoundedSemaphore, Lock
from typing import Final

from callflow.fast_path.webhooks import Environ, Start, WsgiApp

MOST_WAITING: Final = 12
"""Of the threads that answer everything but webhooks (runtime/capacity.py). The others are told to ask again."""
WAIT_SECONDS: Final = 0.5

GIVE_WAY_SECONDS: Final = 50e-6
"""Not 0: the thread that waits for the interpreter needs a moment to wake up, and this one would have it again."""


def give_way() -> None:
    """Let a webhook that waits for the interpreter have it."""
    time.sleep(GIVE_WAY_SECONDS)


class Turns:
    """The application, with requests for ``paths`` answered one after the other."""

    def __init__(self, app: WsgiApp, paths: frozenset[str]) -> None:
        self._app, self._paths = app, paths
        self._turn, self._waiting = Lock(), BoundedSemaphore(MOST_WAITING)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in self._paths:
            return self._app(environ, start_response)
        if not self._waiting.acquire(blocking=False):
            return _busy(start_response)
        try:
            if not self._turn.acquire(timeout=WAIT_SECONDS):
                return _busy(start_response)
            try:
                return self._app(environ, start_response)
            finally:
                self._turn.release()
        finally:
            self._waiting.release()


def _busy(start_response: Start) -> Iterable[bytes]:
    """No 204: the page must know that it may be old."""
    start_response("503 Service Unavailable", [("Content-Length", "0"), ("Cache-Control", "no-store")])
    return []
