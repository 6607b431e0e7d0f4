"""A task that is repeated every few seconds, independently of calls, on its own thread."""

from threading import Event as Flag
from threading import Thread

from callflow.runtime.worker_pool import Task, guarded

STOP_SECONDS = 10.0


class PeriodicTask:
    """Runs a task every ``seconds`` until ``stop``. An exception is logged, and the task is run again."""

    def __init__(self, task: Task, seconds: float, name: str) -> None:
        self._task, self._seconds = task, seconds
        self._stopped = Flag()
        self._thread = Thread(target=self._repeat, name=f"callflow-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)

    def run(self) -> None:
        """Run the task once, now."""
        guarded(self._task)

    def _repeat(self) -> None:
        while not self._stopped.wait(self._seconds):
            self.run()
