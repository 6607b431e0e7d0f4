"""A lock between processes that write the same SQLite file.

SQLite's busy handler sleeps up to 100 ms between attempts: with two processes under full load the longest wait was 1
to 2 s (perf.md 1d). This lock is tried every millisecond. SQLite's own lock is still used.
"""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from callflow import private_files

WAIT_SECONDS = 1.5
LOOK_SECONDS = 0.001


class FileLock:
    """A context manager for one thread at a time. Two FileLocks of one process exclude each other, too."""

    def __init__(self, path: Path) -> None:
        private_files.file(path)
        self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)

    def __enter__(self) -> None:
        """Raises BlockingIOError if another process holds the lock for too long, because a webhook must be answered."""
        until = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise
                time.sleep(LOOK_SECONDS)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)
