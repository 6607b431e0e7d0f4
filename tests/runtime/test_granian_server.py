"""`callflow serve` says nothing of a worker that it killed when the worker has ended by itself."""

import multiprocessing
import os
from threading import Event

from callflow.runtime.granian_server import runs


def test_a_worker_whose_end_another_thread_was_told_of_does_not_run() -> None:
    worker = multiprocessing.get_context("fork").Process(target=Event)
    worker.start()
    assert worker.pid
    os.waitpid(worker.pid, 0)  # as the other thread does
    assert worker.is_alive(), "this is why"
    assert not runs(worker)


def test_a_worker_that_runs_runs() -> None:
    worker = multiprocessing.get_context("fork").Process(target=Event().wait)
    worker.start()
    assert runs(worker)
    worker.terminate()
    worker.join()
    assert not runs(worker)
