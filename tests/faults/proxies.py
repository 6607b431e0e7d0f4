"""A TCP connection that can be cut: nothing passes, and neither side is told, as when a cable is pulled."""

import socket
import threading
from contextlib import suppress
from threading import Event, Thread

Target = tuple[str, int] | str
"""An address, or the path of a Unix socket."""


class Proxy:
    """Listens on ``port`` of this machine and passes everything on to ``target``, which may be changed."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._passes = Event()
        self._passes.set()
        self._open: set[socket.socket] = set()
        self._closed, self._lock = False, threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._passes.clear()

    def mend(self) -> None:
        self._passes.set()

    def lead_to(self, target: Target) -> None:
        """As a load balancer does: connections are closed, and new ones lead elsewhere."""
        self.target = target
        self._close_all()

    def close(self) -> None:
        self._closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._close_all()
        self._passes.set()

    def _close_all(self) -> None:
        with self._lock:
            found, self._open = self._open, set()
        for one in found:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self._passes.wait()
        far = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
        with self._lock:
            self._open |= {near, far}
        with suppress(OSError):
            far.connect(self.target)
            Thread(target=self._pass, args=(far, near), daemon=True).start()
            return self._pass(near, far)
        near.close()
        far.close()
        return None

    def _pass(self, source: socket.socket, drain: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                self._passes.wait()
                drain.sendall(part)
        for one in (source, drain):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
