"""A share of a core for a process and its children, by a group of the kernel (cgroup version 1 or 2)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PERIOD = 10_000
"""Microseconds. The kernel's usual 100,000 would stop a process for 75 ms at a time, and be the whole latency."""
VERSION_1, VERSION_2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


class Group:
    """Processes that together get at most ``limit(share)`` of one core."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def launcher(self) -> list[str]:
        """The beginning of a command line that starts its rest in the group."""
        return ["sh", "-c", f'echo $$ > {self._folder}/cgroup.procs && exec "$@"', "sh"]

    def limit(self, share: float) -> None:
        quota = int(PERIOD * share)
        if (self._folder / "cpu.max").exists():
            (self._folder / "cpu.max").write_text(f"{quota} {PERIOD}", encoding="ascii")
        else:
            (self._folder / "cpu.cfs_period_us").write_text(str(PERIOD), encoding="ascii")
            (self._folder / "cpu.cfs_quota_us").write_text(str(quota), encoding="ascii")


@contextmanager
def group(name: str) -> Iterator[Group]:
    """Raises OSError where this user may not make groups, or the kernel has no CPU controller."""
    above = VERSION_2 if (VERSION_2 / "cgroup.controllers").exists() else VERSION_1
    if above == VERSION_2:
        (above / "cgroup.subtree_control").write_text("+cpu", encoding="ascii")
    folder = above / f"{name}-{os.getpid()}"
    folder.mkdir()
    try:
        yield Group(folder)
    finally:
        with suppress(OSError):  # a process of the group may end a moment later; an empty group costs nothing
            folder.rmdir()
