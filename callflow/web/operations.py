"""A listener of its own for health and metrics: it answers whatever the webhooks do, and is private by its address."""

import logging
import socket
from threading import Event, Thread
from types import TracebackType
from typing import Final

from callflow.service.faults import described
from callflow.web.health import HealthPages

log = logging.getLogger(__name__)
AGAIN_SECONDS: Final = 2.0
"""Between two attempts to listen. The process that this one replaces may still hold the port."""
LOOK_SECONDS: Final = 0.2
"""Between two looks whether the listener is to end."""


class OperationsListener:
    """Answers on ``address`` (host, port) on threads of its own, from ``__enter__`` to ``__exit__``.

    A port that is taken stops no server: it is tried again, and until then the pages are only beside the webhooks.
    """

    def __init__(self, address: tuple[str, int], pages: HealthPages) -> None:
        self.address, self._pages = address, pages
        self._stopped = Event()
        self._socket: socket.socket | None = None
        self._thread = Thread(target=self._serve, name="callflow-operations", daemon=True)

    def __enter__(self) -> None:
        try:
            self._open()
        except OSError as error:
            log.warning("health and metrics cannot listen on %s:%d yet (%s; CALLFLOW_OPERATIONS)", *self.address,
                        error.strerror or error)  # fmt: skip
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(AGAIN_SECONDS)

    def _open(self) -> None:
        opened = socket.socket(socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind(self.address)
            opened.listen()
        except OSError:
            opened.close()
            raise
        opened.settimeout(LOOK_SECONDS)
        self._socket = opened

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                if self._socket:
                    self._begin(*self._socket.accept())
                elif not self._stopped.wait(AGAIN_SECONDS):
                    self._open()
            except TimeoutError:
                """Nobody has come."""
            except (OSError, RuntimeError):  # no descriptor or no thread is left: there will be again
                self._stopped.wait(LOOK_SECONDS)
        if self._socket:
            self._socket.close()

    def _begin(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        try:
            Thread(target=self._answer, args=(connection, peer), daemon=True).start()
        except RuntimeError:
            connection.close()
            raise

    def _answer(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        from callflow.web.operations_handler import Handler  # with http.server, 1 % of a start

        try:
            with connection:
                Handler(self._pages, connection, peer, self)
        except OSError:
            """A client that went away is not our fault."""
        except Exception as error:
            log.error("request failed: %s", described(error))
