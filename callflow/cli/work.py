"""`callflow work`: a process that sends orders and runs deadlines for other `callflow serve` processes."""

import os
import signal
import threading

import click


@click.command("work")
def command() -> None:
    """Send orders and run deadlines until stopped."""
    from callflow.process import start_server
    from callflow.runtime import log_format

    log_format.configure(os.environ)
    running = start_server()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores it
            signal.signal(number, lambda *_: stop.set())
    click.echo("working; stop with Ctrl-C")
    stop.wait()
    running.close()
