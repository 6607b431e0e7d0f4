"""What a server's process has besides Callflow: the only place at its database, a listener for health, and the WSGI
application, which starts and stops them."""

import atexit
import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from typing import Any

from callflow.bootstrap import Callflow, start
from callflow.fast_path.webhooks import Answer, Environ, Start
from callflow.runtime import log_format
from callflow.runtime.connections import read_body
from callflow.service.faults import CALL, described
from callflow.settings import Settings
from callflow.store import server_lock
from callflow.store.upgrades import upgrade_file
from callflow.user_errors import is_users
from callflow.web.health import HealthPages
from callflow.web.operations import OperationsListener

log = logging.getLogger(__name__)
NOT_BOOTED = 3
"""The exit code of a worker after which gunicorn stops, instead of starting it again."""


def start_server(*, worker: bool = False) -> Callflow:
    """Start Callflow as the server of this process, with the settings of the environment.

    ``worker``: this process is a worker of a server that replaces its workers when it is told to. Raises what
    ``bootstrap.start`` raises, or DatabaseInUse.
    """
    settings = Settings.from_environment(os.environ)
    with ExitStack() as resources:
        resources.enter_context(server_lock(settings.database_url, worker))
        upgrade_file(settings.database_url, settings.secrets)
        running = start(settings)
        if settings.operations:
            pages = HealthPages(running.web.dependencies)
            resources.enter_context(OperationsListener(settings.operations, pages))
        running.resources.push(resources.pop_all())
    return running


class PerProcess:
    """The WSGI application. When gunicorn has loaded it before it forks (--preload), it is stopped there and started in
    the child process, because threads do not survive a fork, and one SQLite file has one server."""

    def __init__(self) -> None:
        self._answered = False
        self._begin()
        os.register_at_fork(before=self._before_fork, after_in_child=self._after_fork)

    def _begin(self) -> None:
        try:
            self.running, self._pid = start_server(worker=True), os.getpid()
        except Exception as error:
            if not is_users(error):
                raise
            log.critical("%s", error)
            raise SystemExit(NOT_BOOTED) from None
        atexit.register(self._end, self.running, self._pid)

    @staticmethod
    def _end(running: Callflow, pid: int) -> None:
        if os.getpid() == pid:
            running.close()

    @property
    def at_once(self) -> int:
        """How many webhooks are answered at once."""
        return self.running.web.dependencies.capacity.at_once

    def close(self) -> None:
        """End Callflow in this process, after the last request. For servers whose processes do not exit as Python does:
        granian's workers are forked by multiprocessing, which leaves out ``atexit``."""
        atexit.unregister(self._end)
        self._end(self.running, self._pid)

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

    def plain(self, scope: Mapping[str, Any], body: bytes) -> Answer | None:
        """The answer to a webhook as the provider sends it (``FastPath.answer``); None for any other request."""
        self._answered = True
        CALL.set("")
        running = self.running
        answer = running.web.plain
        running.guard.busy.add(scope["client"])
        try:
            return answer and answer(scope, body)
        finally:
            running.guard.busy.discard(scope["client"])

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        self._answered = True
        CALL.set("")
        running = self.running
        peer = environ.get("REMOTE_ADDR", ""), environ.get("REMOTE_PORT", "")
        read_body(environ)
        running.guard.busy.add(peer)
        try:
            return running.web(environ, start_response)
        finally:
            running.guard.busy.discard(peer)


def web_app() -> PerProcess:
    """The WSGI application of ``wsgi.py``."""
    log_format.configure(os.environ)
    return PerProcess()
