"""Runs what takes the processor for long in a child process: one at a time, after everything else on the machine, with
bounds of time and memory. It ends when the server does, however that ends.

The server talks to the child through its standard input, which stays open: its end tells the child to end.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from threading import Lock, Thread, Timer
from typing import Any, Final

from callflow.service.faults import described
from callflow.service.jobs import JobFailure

NICENESS: Final = 19
MORE_SECONDS: Final = 5
"""How much longer than the bound the kernel lets a child compute whose server cannot end it."""
LARGEST_ANSWER: Final = 4000


class ChildProcess:
    """Shared by threads; each waits for its turn."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self, work: str, args: Mapping[str, Any], seconds: float, megabytes: int) -> str:
        """Have a child call the function ``work`` ("module:name") with ``args``, and return the text that it returns.

        Raises JobFailure.
        """
        order = {"work": work, "args": dict(args), "seconds": seconds, "megabytes": megabytes}
        argv = [sys.executable, "-m", "callflow.runtime.child_process"]
        with self._turn, subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            self._process = process
            if self._stopped:
                process.kill()
            try:
                return self._finished(process, order, seconds)
            finally:
                self._process = None
                process.kill()

    def _finished(self, process: "subprocess.Popen[bytes]", order: Mapping[str, Any], seconds: float) -> str:
        assert process.stdin
        assert process.stdout
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.flush()
        timer = Timer(seconds, process.kill)
        timer.daemon = True
        timer.start()
        try:
            answer = process.stdout.read().decode("utf-8", "replace")
            code, late = process.wait(), timer.finished.is_set()
        finally:
            timer.cancel()
        if late:
            raise JobFailure(f"the child process took more than {seconds:g} seconds")
        if code:
            raise JobFailure(answer or f"the child process ended with {code}")
        return answer

    def stop(self) -> None:
        """End the child, and every later one."""
        self._stopped = True
        if process := self._process:
            process.kill()


def main() -> None:
    """The child."""
    os.nice(NICENESS)
    for number in (signal.SIGINT, signal.SIGTERM):  # to all processes of a service; the server decides what to do
        signal.signal(number, signal.SIG_IGN)
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the work prints is no answer
    order = json.loads(sys.stdin.buffer.readline())
    Thread(target=_follow, daemon=True).start()
    memory, computing = order["megabytes"] << 20, int(order["seconds"]) + MORE_SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (computing, computing))
    module, _, name = order["work"].partition(":")
    try:
        answer.write(getattr(import_module(module), name)(order["args"]) or "")
    except JobFailure as failure:
        answer.write(str(failure)[:LARGEST_ANSWER])
        sys.exit(1)
    except Exception as error:
        answer.write(described(error)[:LARGEST_ANSWER])
        sys.exit(1)
    finally:
        answer.close()


def _follow() -> None:
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 1):
            pass
    os._exit(1)


if __name__ == "__main__":
    main()
