"""granian's server, which notices the end of its worker.

A thread of granian waits for the worker's end, too. If it is the first to be told, the worker counts as running for
multiprocessing, and granian says that it killed a worker which had long ended in good order.
"""

import os
from multiprocessing.process import BaseProcess
from typing import Any

from granian.server.mp import MPServer


class Server(MPServer):
    def _spawn_worker(self, *arguments: Any, **named: Any) -> Any:
        worker: Any = super()._spawn_worker(*arguments, **named)
        worker.is_alive = lambda: runs(worker.inner)
        return worker


def runs(process: BaseProcess) -> bool:
    """Whether the process is there, whoever was told of its end."""
    if process.is_alive() and process.pid:
        try:
            os.kill(process.pid, 0)
        except ProcessLookupError:
            return False
        return True
    return False
