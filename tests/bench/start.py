"""G7: CPU time from the command to the first answer, and the memory of the process that answers; over bare Flask.

What is read in that time, the shipped configuration, has a goal of its own.
"""

import time
from pathlib import Path
from statistics import median

from callflow.configuration.loading import load
from tests.bench import shipped
from tests.bench.goals import Measured, at_most
from tests.bench.servers import free_port, gunicorn

SHIPPED = {"CALLFLOW_CONFIG": str(shipped.ROOT / "config")}


def measure(folder: Path, rounds: int) -> list[Measured]:
    (folder / "config").mkdir(exist_ok=True)  # unused: the shipped configuration is what starts
    seconds: dict[str, list[float]] = {"wsgi:app": [], "tests.bench.apps.bare:app": []}
    memory: dict[str, list[float]] = {app: [] for app in seconds}
    for _ in range(rounds):
        for app in seconds:
            port = free_port()
            with gunicorn(app, folder, {**shipped.environment(folder, port, 9, 1), **SHIPPED}, port) as server:
                seconds[app].append(server.start_seconds)
                memory[app].append(server.memory_mb())
    ours, bare = (median(some) for some in seconds.values())
    loaded = min(load_seconds() for _ in range(5))
    our_memory, bare_memory = (median(some) for some in memory.values())
    return [
        at_most("G7 start / bare Flask", 1.4, ours / bare, note=f"{ours * 1000:.0f} ms, {bare * 1000:.0f} ms"),
        at_most("G7 memory / bare Flask", 2, our_memory / bare_memory,
                note=f"{our_memory:.0f} MB, {bare_memory:.0f} MB"),
        at_most("G7 loading the configuration", 150, loaded * 1000, " ms", "CPU, best of 5"),
    ]  # fmt: skip


def load_seconds() -> float:
    begun = time.process_time()
    load(shipped.ROOT / "config", shipped.AUDIO)
    return time.process_time() - begun
