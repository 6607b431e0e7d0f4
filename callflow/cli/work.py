"""`callflow work`: a process that does slow work, sends orders and runs deadlines, beside `callflow serve`."""

import os
import signal
import threading

import click


@click.command("work")
def command() -> None:
    """Do slow work, send orders and run deadlines until stopped. Any number of them share a PostgreSQL database."""
    from callflow.process import start_server

    os.environ["CALLFLOW_WORKER"] = "on"
    running = start_server()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo("working; stop with Ctrl-C")
    stop.wait()
    running.close()
