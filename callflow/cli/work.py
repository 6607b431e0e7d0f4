"""`callflow work`: what is due, without webhooks: a second pair of hands beside one or more `callflow serve`."""

import signal
import threading

import click


@click.command("work")
def command() -> None:
    """Send leased orders and look after deadlines, until stopped."""
    from callflow import bootstrap

    running = bootstrap.start()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo("working; stop with Ctrl-C")
    stop.wait()
    running.close()
