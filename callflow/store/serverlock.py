"""One server for each SQLite file: the second one is refused, with the reason.

Two servers would both run the deadlines of every call and send its orders twice, and each would find its known calls
(``writer``) outdated at every batch. Commands take no such lock: they read, or write in one short transaction.
"""

import fcntl
import os
import time
from pathlib import Path

from callflow.store.errors import DatabaseInUse

NEW_SECONDS = 5.0
"""Servers of one parent that start within this time are workers at once. One that is older is being replaced."""
REPLACE_SECONDS = 15.0
"""How long a new worker waits for the one that it replaces (gunicorn and granian, after HUP)."""
LOOK_SECONDS = 0.1


class ServerLock:
    """The lock of a server on the database file ``path``, until ``close``. Raises DatabaseInUse or OSError.

    It is of this process: it ends with it, however it ends. ``worker``: of the processes with the same parent, an older
    one may be about to end, because this one replaces it.
    """

    def __init__(self, path: Path, worker: bool = False) -> None:
        self._worker = worker
        self._file = os.open(path.with_name(f"{path.name}-server"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take(path)
        except BaseException:
            os.close(self._file)
            raise
        os.truncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()} {os.getppid()} {time.monotonic():.3f}".encode(), 0)

    def _take(self, path: Path) -> None:
        began = time.monotonic()
        while True:
            try:
                return fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(self._file, 100, 0).decode("ascii", "replace")
                if not self._ends_soon(holder, began) or time.monotonic() - began > REPLACE_SECONDS:
                    raise DatabaseInUse(path, holder.partition(" ")[0]) from None
            time.sleep(LOOK_SECONDS)

    def _ends_soon(self, holder: str, began: float) -> bool:
        """Whether the holder is replaced by us, or has lost its parent, which it follows."""
        try:
            _, parent, since = holder.split()
            if int(parent) != os.getppid():
                return not Path("/proc", parent).exists() and Path("/proc").exists()
            return self._worker and began - float(since) > NEW_SECONDS
        except ValueError:  # it is just being written
            return time.monotonic() - began < 1

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
