"""How fast this machine is, told by the floor: what the goals in milliseconds are scaled with.

The goals were set where the floor (Flask, RequestValidator, a constant document) takes 378 us of CPU (perf.md 1a). The
same floor has taken from 380 to 1,500 us on machines that were to be alike, so a goal in milliseconds says nothing
unless it is told in floors.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench import shipped
from tests.bench.generator import Calls
from tests.bench.recorded import Recording
from tests.bench.servers import free_port, gunicorn
from tests.bench.throughput import LIVE, Variant, copy

WHERE_THE_GOALS_WERE_SET = 378.0
"""CPU us of the floor for a webhook."""


@contextmanager
def floor(folder: Path, recording: Recording) -> Iterator[Variant]:
    """The floor, running."""
    port = free_port()
    with gunicorn("tests.bench.apps.floor:app", folder, shipped.environment(folder, port, 9, LIVE), port) as server:
        calls = Calls(LIVE, partial(copy, recording, f"http://127.0.0.1:{port}"), 200)
        found = Variant(server, calls)
        found.round(1.0)  # warm
        found.micros.clear()
        yield found
        found.generator.close()


def slower(micros: float) -> float:
    """How many times slower this machine is than where the goals were set."""
    return micros / WHERE_THE_GOALS_WERE_SET
