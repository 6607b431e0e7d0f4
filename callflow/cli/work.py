"""`callflow work`: a process that sends orders and runs deadlines for other `callflow serve` processes."""

import signal
import threading

import click


@click.command("work")
def command() -> None:
    """Send orders and run deadlines until stopped."""
    from callflow.process import start_server

    running = start_server()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo("working; stop with Ctrl-C")
    stop.wait()
    running.close()
