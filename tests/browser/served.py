"""The pages, served to a browser on this machine by a thread, for the people of ``tests.web.pages.signed_in``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Thread
from typing import NamedTuple

from werkzeug.serving import make_server

from callflow.bootstrap import Callflow, compose, system_clock
from callflow.core.configuration import Configuration
from callflow.runtime.runners import InlineRunner
from callflow.service.ports import Store
from callflow.settings import Settings
from callflow.store import open_store
from tests.web.edge import Provider
from tests.web.pages.signed_in import STAFFED


class Served(NamedTuple):
    """``url`` is http://localhost:PORT, where browsers offer passkeys without https."""

    callflow: Callflow
    store: Store
    url: str


@contextmanager
def served(configuration: Configuration = STAFFED, clock: Callable[[], datetime] = system_clock,
           store: Store | None = None) -> Iterator[Served]:  # fmt: skip
    server = make_server("127.0.0.1", 0, lambda environ, start: running.app(environ, start), threaded=True)
    url = f"http://localhost:{server.server_port}"
    settings = Settings(database_url="memory:", public_url=url, fallback_url=url, account_sid=f"AC{'1' * 32}",
                        secret_key="a secret of sixteen", auth_tokens={"": ("token",)})  # fmt: skip
    store = store or open_store("memory:")
    running = compose(settings, configuration, store=store, gateway=Provider(), clock=clock, runner=InlineRunner())
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(running, store, url)
    server.shutdown()
    thread.join()
    server.server_close()
