"""What child processes have made, kept for a while in memory: one child at a time, after everything else."""

import os
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Lock, Thread
from time import monotonic
from typing import Final

from callflow.service.page_work import MAKING, NOT_BEGUN, Made

PROGRAM: Final = "import os, runpy; os.nice(19); runpy.run_module('callflow', run_name='__main__', alter_sys=True)"
MOST_KEPT: Final = 4
MOST_WAITING: Final = 8
LARGEST: Final = 64 << 20
GOOD_SECONDS: Final = 600.0
BAD_SECONDS: Final = 30.0


class ChildFailed(Exception):
    """The message is what the program printed to its user, which quotes nobody."""


Done = subprocess.CompletedProcess[bytes]


def callflow(arguments: Sequence[str], seconds: float, environment: Mapping[str, str]) -> Done:
    """Run a command of Callflow. Raises ChildFailed if it takes longer, or cannot be started."""
    argv = [sys.executable, "-c", PROGRAM, *arguments]
    try:
        return subprocess.run(argv, capture_output=True, check=False, timeout=seconds, stdin=subprocess.DEVNULL,
                              env={**os.environ, **environment})  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ChildFailed(f"it took more than {seconds:g} seconds") from None
    except OSError as error:
        raise ChildFailed(error.strerror or "it cannot be started") from None


class ChildResults:
    """Thread-safe. What was made is kept for ten minutes, and a failure for half a minute."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._mutex, self._turn = clock, Lock(), Lock()
        self._kept: OrderedDict[str, tuple[float, Made]] = OrderedDict()

    def of(self, key: str, make: Callable[[], bytes]) -> Made:
        """``make`` runs on a thread of its own, and may raise ChildFailed."""
        with self._mutex:
            until, known = self._kept.get(key, (0.0, None))
            if known and (known.being_made or until > self._clock()):
                return known
            if sum(one.being_made for _, one in self._kept.values()) >= MOST_WAITING:
                return Made(problem="too much is being made at the moment: try again in a minute")
            self._kept[key] = 0.0, MAKING
        Thread(target=self._make, args=(key, make), name="callflow-page-work", daemon=True).start()
        return MAKING

    def known(self, key: str) -> Made:
        """What there is; begins nothing."""
        with self._mutex:
            until, known = self._kept.get(key, (0.0, NOT_BEGUN))
            return known if known.being_made or until > self._clock() else NOT_BEGUN

    def _make(self, key: str, make: Callable[[], bytes]) -> None:
        made = Made(problem="it could not be made: the log has the reason")
        try:
            with self._turn, suppress(OSError):
                content = make()
                made = Made(content=content) if 0 < len(content) <= LARGEST else Made(problem="it is too large")
        except ChildFailed as failure:
            made = Made(problem=str(failure))
        finally:
            self._keep(key, made)

    def _keep(self, key: str, made: Made) -> None:
        with self._mutex:
            self._kept[key] = self._clock() + (BAD_SECONDS if made.problem else GOOD_SECONDS), made
            self._kept.move_to_end(key)
            done = [one for one, (_, found) in self._kept.items() if not found.being_made]
            for one in done[:-MOST_KEPT]:
                del self._kept[one]
