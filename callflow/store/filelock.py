"""A lock between processes that write one SQLite file.

SQLite's own waiting sleeps and looks again, up to 100 ms at a time: the worst wait of two processes flat out was 1 to
2 s. The kernel wakes a waiter at once: 56 ms (perf.md 1d). SQLite's lock is still taken; this one makes the queue.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class FileLock:
    """Used as a context manager by one thread at a time; two file objects exclude each other in one process as well."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def __enter__(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)
