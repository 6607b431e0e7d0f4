"""`callflow serve`: the webhooks, on a real WSGI server, in one process (an embedded database wants one writer)."""

import os
from typing import Any

import click

from callflow.settings import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; put a TLS proxy before it.")
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=16, show_default=True, help="Webhooks answered at once.")
def command(host: str, port: int, threads: int) -> None:
    """Answer the provider's webhooks. Settings come from the environment (README: going live)."""
    from callflow import bootstrap
    from callflow.configuration import load

    settings = Settings.from_environment(os.environ)
    load(settings.config, settings.audio)  # before a worker is forked: problems are told here, in words
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options(host, port, threads).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return bootstrap.web_app()

    Server().run()


def options(host: str, port: int, threads: int) -> dict[str, Any]:
    """One process: it alone writes an embedded database (perf.md 1c); threads share its group commit."""
    return {"bind": f"{host}:{port}", "workers": 1, "worker_class": "gthread", "threads": threads, "keepalive": 75,
            "timeout": 30, "graceful_timeout": 10, "accesslog": None, "proc_name": "callflow",
            "control_socket_disable": True}  # fmt: skip  # it would write into the home folder, and add workers
