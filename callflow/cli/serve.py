"""`callflow serve`: serve the webhooks with granian, in one process, because SQLite has one writer."""

import gc
import os
import resource
import signal
import socket
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

import click

from callflow.settings import MOST_THREADS, Settings

if TYPE_CHECKING:
    from granian.server.mp import MPServer

    from callflow.process import PerProcess

IDLE_SECONDS = 60
"""How long an idle connection is kept open, granian's maximum. The proxy must close its connections earlier."""
DRAIN_SECONDS = 10
CONNECTIONS = 1024
OPEN_FILES = 4 * CONNECTIONS
POLL_SECONDS = 1.0
HUNG_UP_IGNORED = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
"""Whether this process was started by nohup."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; put a TLS proxy before it.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", show_default="CALLFLOW_THREADS, or 16", type=click.IntRange(1, MOST_THREADS),
              help="Webhooks answered at once.")  # fmt: skip
@click.option("--worker/--no-worker", default=None, show_default="CALLFLOW_WORKER, or on",
              help="Do slow work, too, or leave it to `callflow work`.")  # fmt: skip
def command(host: str, port: int, threads: int | None, worker: bool | None) -> None:
    """Answer the provider's webhooks. Settings come from the environment (README: going live)."""
    gc.disable()  # see wsgi.py
    from callflow import active_configuration
    from callflow.bootstrap import settle, store_of
    from callflow.runtime import log_format
    from callflow.runtime.granian_worker import spawned
    from callflow.store import server_lock
    from callflow.store.upgrades import upgrade_file

    allow_open_files()
    log_format.configure(os.environ)
    # For the worker process. What is wrong in the environment is told by its settings, all at once.
    if threads is not None:
        os.environ["CALLFLOW_THREADS"] = str(threads)
    if worker is not None:
        os.environ["CALLFLOW_WORKER"] = "on" if worker else "off"
    settings = Settings.from_environment(os.environ)
    refuse_if_taken(host, port)
    # Before there is a worker, so that problems are printed here.
    with server_lock(settings.database_url):
        upgrade_file(settings.database_url, settings.secrets)
        with closing(store_of(settings)) as store:
            active_configuration.load(settings, store)
    made = server(host, port)
    settle()
    made.on_startup(partial(end_with_the_terminal, made.signal_handler_interrupt))
    made.serve(spawn_target=spawned)


def end_with_the_terminal(end: Callable[..., object]) -> None:
    """Let SIGHUP end the server if it has a terminal, which is gone then. granian would start its worker again, and
    hold the port without anybody who sees it. Without a terminal (systemd) that is what the signal is for; a command
    under nohup goes on."""
    if HUNG_UP_IGNORED:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        return
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return
    signal.signal(signal.SIGHUP, end)


def allow_open_files() -> None:
    """Raise the soft limit: with the usual 1024 as many connections leave no descriptor for the database."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def refuse_if_taken(host: str, port: int) -> None:
    """Raise ClickException if the port is in use. granian would share it and lose half of the webhooks."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or error
        raise click.ClickException(f"cannot listen on {host}:{port}: {reason}; choose --host or --port") from None


def server(host: str, port: int) -> "MPServer":
    """A server with one process, which alone writes an SQLite database (perf.md 1c).

    granian's one thread for Python only hands requests over (``runtime.granian_requests``).
    """
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings

    from callflow.runtime.granian_server import Server
    from callflow.runtime.log_format import of_granian

    return Server(
        "callflow.cli.serve:app", factory=True, address=host, port=port, interface=Interfaces.WSGI, workers=1,
        backpressure=CONNECTIONS, blocking_threads=1, http=HTTPModes.http1, websockets=False,
        respawn_failed_workers=True, workers_kill_timeout=DRAIN_SECONDS,
        http1_settings=HTTP1Settings(header_read_timeout=IDLE_SECONDS * 1000), **of_granian(os.environ),
    )  # fmt: skip


def app() -> "PerProcess":
    """The worker's application. The worker ends when its main process was killed, to free the port."""
    from callflow.process import web_app

    Thread(target=_follow, args=(os.getppid(),), name="callflow-follow", daemon=True).start()
    return web_app()


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
