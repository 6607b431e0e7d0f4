"""A listener of its own for health and metrics: it answers whatever the webhooks do, and is private by its address."""

import logging
import socket
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Final

from callflow.web.health import PATHS, HealthPages

log = logging.getLogger(__name__)
AGAIN_SECONDS: Final = 2.0
"""Between two attempts to listen. The process that this one replaces may still hold the port."""


class OperationsListener:
    """Answers on ``address`` (host, port) on threads of its own, from ``__enter__`` to ``__exit__``.

    A port that is taken stops no server: it is tried again, and until then the pages are only beside the webhooks.
    """

    def __init__(self, address: tuple[str, int], pages: HealthPages) -> None:
        self.address, self._pages = address, pages
        self._stopped = Event()
        self._server: Server | None = None
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
        self._server = Server(self.address, partial(Handler, self._pages))

    def _serve(self) -> None:
        while not self._stopped.is_set():
            if self._server:
                self._server.handle_request()  # returns after ``Server.timeout``
            elif not self._stopped.wait(AGAIN_SECONDS):
                with suppress(OSError):
                    self._open()
        if self._server:
            self._server.server_close()


class Server(ThreadingHTTPServer):
    timeout = 0.2

    def __init__(self, address: tuple[str, int], handler: Any) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Without the reverse lookup of the base class, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is not our fault."""


class Handler(BaseHTTPRequestHandler):
    timeout = 5
    server_version, sys_version = "callflow", ""

    def __init__(self, pages: HealthPages, *arguments: Any) -> None:
        self._pages = pages
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path not in PATHS:
            return self.send_error(404)
        answer = self._pages.answer(path, self.headers.get("Accept", ""), full=True)
        self.send_response(answer.status)
        for name, value in (*answer.headers(), ("Content-Length", str(len(answer.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        return None

    def log_message(self, format: str, *arguments: Any) -> None:
        """Probes every few seconds do not belong into the log."""
