"""`callflow work`: a process that does slow work, sends orders and runs deadlines, beside `callflow serve`."""

import os
import signal
import threading

import click


@click.command("work")
def command() -> None:
    """Do slow work, send orders and run deadlines until stopped. Any number of them share a PostgreSQL database."""
    from callflow.process import start_server
    from callflow.runtime import log_format

    os.environ["CALLFLOW_WORKER"] = "on"
    log_format.configure(os.environ)
    running = start_server()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it
            signal.signal(number, lambda *_: stop.set())
    click.echo("working; stop with Ctrl-C")
    stop.wait()
    running.close()
