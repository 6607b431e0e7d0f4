"""The worker process of granian whose requests are answered by ``granian_requests``.

``spawned`` is what ``granian.MPServer.serve`` calls in the new process, instead of its own worker for WSGI. It gets the
same arguments; granian's ASGI worker reads the requests.
"""

import signal
from threading import Event
from typing import Any, Final, cast

from granian._granian import ASGIWorker, CallbackScheduler
from granian._signals import set_sync_signals
from granian.server.common import WORKERS_METHODS
from granian.server.mp import WorkerProcess

from callflow.fast_path.webhooks import LARGEST_BODY, WsgiApp
from callflow.runtime.capacity import AT_ONCE
from callflow.runtime.granian_requests import NoLoop, Requests

BODY_SECONDS: Final = 5.0


class Scheduler(CallbackScheduler):
    """What granian calls with every request, on its thread for Python."""

    def __init__(self, loop: NoLoop, begin: Any, *of_asyncio: None) -> None:
        super().__init__()
        self._schedule_fn = begin


def _worker(worker_id: int, app: WsgiApp, listener: Any, pipe: Any, _loop: object, mode: Any, *settings: Any) -> None:
    """``settings`` are those of ``granian.server.mp.MPServer._spawn_worker``, in its order."""
    threads, runtime_threads, python_threads, idle_seconds, connections, _tasks, *http, _, files, _, tls, _, metrics = (
        settings
    )
    signals: Any = set_sync_signals
    stop, stopped = signals(), Event()
    stop.add_cb(stopped.set)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # of the terminal: the main process ends this one in good order
    worker, scheduler = cast(Any, ASGIWorker), cast(Any, Scheduler)
    made = worker(worker_id, listener, pipe, threads, runtime_threads, python_threads, idle_seconds, connections, *http,
                  False, files, *tls, metrics)  # fmt: skip
    loop, requests = NoLoop(), Requests(app, BODY_SECONDS, LARGEST_BODY, getattr(app, "at_once", AT_ONCE))
    serve = getattr(made, WORKERS_METHODS[mode][(listener[0] or listener[1]).is_uds()])
    serve(scheduler(loop, requests.begin, None, None, None), loop, stop)
    stopped.wait()
    if close := getattr(app, "close", None):
        close()


spawned = cast(Any, WorkerProcess.wrap_target)(_worker)
