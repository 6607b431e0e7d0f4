"""A lock between processes that write one SQLite file.

SQLite's own waiting sleeps and looks again, up to 100 ms at a time: the worst wait of two processes flat out was 1 to
2 s (perf.md 1d). This one looks every millisecond. SQLite's lock is still taken.
"""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

WAIT_SECONDS = 1.5
LOOK_SECONDS = 0.001


class FileLock:
    """Used as a context manager by one thread at a time; two file objects exclude each other in one process as well."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def __enter__(self) -> None:
        """Raises BlockingIOError when another process keeps it: the caller's document must not wait for that one."""
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
