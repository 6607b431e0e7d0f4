"""G4: 600 webhooks a second, the load of 10,000 agents; and what 200 calls at once feel of a real ``callflow serve``.

Webhooks are due at random moments and waits are counted from then. Of several windows the one counts in which other
programs used the least CPU: a machine shared with others says nothing about a tail. How much that was is told.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench import house
from tests.bench.generator import Calls, Generator, Outcome
from tests.bench.goals import Measured, say, told
from tests.bench.recorded import Recording
from tests.bench.servers import Server, busy_seconds, cpu_seconds, free_port, gunicorn, running
from tests.bench.throughput import LIVE, copy, provider

RATE = 600.0
SERVE_RATE = 60.0
"""200 calls that last 70 seconds each, with 20 webhooks: what 200 agents on the telephone all day bring about."""


@dataclass
class Window:
    outcome: Outcome
    foreign: float
    """Cores that others used meanwhile."""
    cores: float
    """Cores that the server used."""

    def __str__(self) -> str:
        found = self.outcome
        return (f"p50 {found.milliseconds(0.5):.2f}, p95 {found.milliseconds(0.95):.2f}, "
                f"p99 {found.milliseconds(0.99):.2f}, max {found.milliseconds(1):.1f} ms; "
                f"server {self.cores:.2f} core, others {self.foreign:.2f}")  # fmt: skip


@contextmanager
def serve(folder: Path) -> Iterator[tuple[Server, int, Server]]:
    """``callflow serve``, its port and its provider."""
    port = free_port()
    with provider(folder, 0.0) as rest:
        settings = house.environment(folder, port, rest.port, LIVE)
        with running(["-m", "callflow", "serve", "--port", str(port)], folder, settings, port) as server:
            yield server, port, rest


def window(generator: Generator, pids: tuple[int, ...], server: Server, rate: float, seconds: float) -> Window:
    def ours() -> float:
        return sum(cpu_seconds(pid) for pid in pids)

    busy, own, used = busy_seconds(), ours(), server.cpu_seconds()
    outcome = generator.run(seconds, rate)
    foreign = (busy_seconds() - busy) - (ours() - own)
    return Window(outcome, foreign / outcome.seconds, (server.cpu_seconds() - used) / outcome.seconds)


def quietest(windows: list[Window]) -> Window:
    return min(windows, key=lambda one: one.foreign)


def measure(folder: Path, windows: int, seconds: float) -> list[Measured]:
    recording = Recording()
    with serve(folder) as (server, port, rest):
        make = partial(copy, recording, f"http://127.0.0.1:{port}")
        calls = Calls(LIVE, make, int(RATE * (seconds * windows + 4) / len(recording.webhooks) * 1.2))
        generator = Generator(port, calls)
        pids = (server.pid, rest.pid, os.getpid())
        calls.out_of_step(generator)
        generator.run(1.0, RATE)
        found = {rate: [window(generator, pids, server, rate, seconds) for _ in range(windows)]
                 for rate in (RATE, SERVE_RATE)}  # fmt: skip
        generator.close()
    for rate, some in found.items():
        for one in some:
            say(f"  {rate:.0f}/s: {one}")
    return [*judged(found), told("floor, 600 webhooks/s", "see right", str(floor(folder, recording, seconds)))]


def floor(folder: Path, recording: Recording, seconds: float) -> Window:
    """The same load on Flask, RequestValidator and a constant document: how fast this machine is at this moment."""
    port = free_port()
    with gunicorn("tests.bench.apps.floor:app", folder, house.environment(folder, port, 9, LIVE), port) as server:
        make = partial(copy, recording, f"http://127.0.0.1:{port}")
        calls = Calls(LIVE, make, int(RATE * (seconds + 2) / len(recording.webhooks) * 1.2))
        generator = Generator(port, calls)
        generator.run(1.0, RATE)
        found = window(generator, (server.pid, os.getpid()), server, RATE, seconds)
        generator.close()
    return found


def judged(found: dict[float, list[Window]]) -> list[Measured]:
    best = quietest(found[RATE])
    p50, p99 = best.outcome.milliseconds(0.5), best.outcome.milliseconds(0.99)
    errors = sum(len(one.outcome.errors) for some in found.values() for one in some)
    return [
        Measured("G4 600 webhooks/s, p50", "<= 2 ms", f"{p50:.2f} ms", p50 <= 2, str(best)),
        Measured("G4 600 webhooks/s, p99", "<= 8 ms", f"{p99:.2f} ms", p99 <= 8),
        Measured("G4 errors", "0", str(errors), errors == 0),
        told("callflow serve, 200 calls, 60 webhooks/s", "see right", str(quietest(found[SERVE_RATE]))),
    ]
