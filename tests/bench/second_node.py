"""G10: what a second node on the same PostgreSQL adds.

Each node is held to a quarter of core 0. PostgreSQL, the provider and the load have core 1. A webhook goes to the nodes
in turn, whichever call it is of, so every call is read and written by both. "At the same p99": one node is given
``LOAD`` of what it can answer, two are given 1.7 times as many, and their p99 must not be higher.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from tests.bench import quota, shipped
from tests.bench.generator import Calls, Generator
from tests.bench.goals import Measured, at_least, at_most, say, told
from tests.bench.load import database, waits
from tests.bench.recorded import Recording
from tests.bench.servers import Server, free_port, running
from tests.bench.throughput import copy, provider

LIVE, SHARE, LOAD, MORE = 200, 0.25, 0.6, 1.7
WINDOWS = 5


@contextmanager
def nodes(count: int, folder: Path, recording: Recording) -> Iterator[tuple[list[Server], Generator]]:
    """So many nodes of one Callflow, each with its share of a core, and the load for all of them."""
    folder.mkdir()
    ports = [free_port() for _ in range(count)]
    base = f"http://127.0.0.1:{ports[0]}"
    with ExitStack() as stack:
        chosen = stack.enter_context(database("postgresql", folder))
        rest = stack.enter_context(provider(folder, 0.0))
        settings = {**shipped.environment(folder, ports[0], rest.port, LIVE), **chosen}
        servers = []
        for port in ports:
            held = stack.enter_context(quota.group(f"callflow-bench-{port}"))
            arguments = ["-m", "callflow", "serve", "--port", str(port)]
            own = {**settings, "CALLFLOW_CACHE": str(folder / f"cache-{port}")}
            node = running(arguments, folder, own, port, launcher=held.launcher())
            servers.append(stack.enter_context(node))
            held.limit(SHARE)
        calls = Calls(LIVE, partial(copy, recording, base), 2 * LIVE)
        generator = Generator(ports[0], calls, 32, *ports[1:])
        calls.out_of_step(generator)
        yield servers, generator
        generator.close()


def measure(folder: Path, seconds: float) -> list[Measured]:
    try:
        with quota.group("callflow-bench-trial"):
            pass
    except OSError as problem:
        return [told("G10 a second node", "not run", f"no group for a share of a core here: {problem}")]
    recording = Recording()
    with nodes(1, folder / "one", recording) as (servers, generator):
        most_of_one = generator.run(seconds).rate
        rate = LOAD * most_of_one
        one = [generator.run(seconds, rate) for _ in range(WINDOWS)]
        micros_of_one = cost(servers, generator, seconds, rate)
    with nodes(2, folder / "two", recording) as (servers, generator):
        most_of_two = generator.run(seconds).rate
        two = [generator.run(seconds, MORE * rate) for _ in range(WINDOWS)]
        micros_of_two = cost(servers, generator, seconds, MORE * rate)
    p99_of_one, p99_of_two = (median(found.milliseconds(0.99) for found in some) for some in (one, two))
    wrong = sum(len(found.errors) for found in (*one, *two))
    note = f"{rate:.0f}/s to one: {waits(one[0])}; {MORE * rate:.0f}/s to two: {waits(two[0])}"
    say(f"  {note}; {micros_of_one:.0f} and {micros_of_two:.0f} us")
    return [
        at_least("G10 most webhooks of two nodes / of one", MORE, most_of_two / most_of_one, "x",
                 f"{most_of_two:.0f} and {most_of_one:.0f}/s, a quarter of a core each"),
        at_most(f"G10 p99 of two nodes with {MORE} times as many / of one", 1.1, p99_of_two / p99_of_one, "x", note),
        at_most("G10 CPU of a webhook on two nodes / on one", 1.15, micros_of_two / micros_of_one, "x",
                f"{micros_of_two:.0f} and {micros_of_one:.0f} us"),
        told("G10 errors", str(wrong)),
    ]  # fmt: skip


def cost(servers: list[Server], generator: Generator, seconds: float, rate: float) -> float:
    """Microseconds of CPU a webhook, of all nodes together."""
    used = sum(server.cpu_seconds() for server in servers)
    found = generator.run(2 * seconds, rate)
    return (sum(server.cpu_seconds() for server in servers) - used) / len(found.waits) * 1e6
