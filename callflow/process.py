"""The WSGI application of a server's process, which starts and stops Callflow with it."""

import atexit
import logging
import os
from collections.abc import Iterable

from callflow.bootstrap import Callflow, start
from callflow.fast_path.webhooks import Environ, Start
from callflow.runtime.connections import read_body
from callflow.service.faults import described
from callflow.store.errors import DatabaseInUse

log = logging.getLogger(__name__)
NOT_BOOTED = 3
"""The exit code of a worker after which gunicorn stops, instead of starting it again."""


class PerProcess:
    """The WSGI application. When gunicorn has loaded it before it forks (--preload), it is stopped there and started in
    the child process, because threads do not survive a fork, and one SQLite file has one server."""

    def __init__(self) -> None:
        self._answered = False
        self._begin()
        os.register_at_fork(before=self._before_fork, after_in_child=self._after_fork)

    def _begin(self) -> None:
        try:
            self.running, self._pid = start(worker=True), os.getpid()
        except DatabaseInUse as error:
            log.critical("%s", error)
            raise SystemExit(NOT_BOOTED) from None
        atexit.register(self._end, self.running, self._pid)

    @staticmethod
    def _end(running: Callflow, pid: int) -> None:
        if os.getpid() == pid:
            running.close()

    def _before_fork(self) -> None:
        if not self._answered:
            self.running.close()

    def _after_fork(self) -> None:
        if not self._answered:
            try:
                self._begin()
            except BaseException as error:
                log.critical("not started: %s", described(error))
                os._exit(NOT_BOOTED)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        self._answered = True
        running = self.running
        peer = environ.get("REMOTE_ADDR", ""), environ.get("REMOTE_PORT", "")
        read_body(environ)
        running.guard.busy.add(peer)
        try:
            return running.app(environ, start_response)
        finally:
            running.guard.busy.discard(peer)


def web_app() -> PerProcess:
    """The WSGI application of ``wsgi.py``."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    return PerProcess()
