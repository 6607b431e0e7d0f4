"""G9: from the key that an agent presses to the redirect of the caller, as it arrives at the provider.

Whole calls are sent webhook by webhook to ``callflow serve``; after each one that orders something, the moment of its
sending is compared with the moment of the order's arrival (one clock for all processes of a machine).
Deadlines are measured in the threads of a real process, from the moment one falls due.
"""

import json
import socket
import time
import urllib.request
from pathlib import Path
from statistics import median

from callflow.store import open_store
from tests.bench.generator import is_whole
from tests.bench.goals import Measured, at_most
from tests.bench.latency import serve
from tests.bench.recorded import Recording
from tests.runtime.running import Running

PATIENCE_SECONDS = 2.0


def measure(folder: Path, calls: int) -> list[Measured]:
    recording = Recording()
    with serve(folder) as (_, port, rest):
        base = f"http://127.0.0.1:{port}"
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            found = [took for n in range(calls) for took in one_call(recording, n, base, connection, rest.port)]
    ordered = sorted(found)
    p99 = ordered[len(ordered) * 99 // 100]
    late = lateness(calls)
    return [
        at_most("G9 keypress to redirect dispatched", 3, median(found), " ms", f"p99 {p99:.1f}, {len(found)} orders"),
        at_most("G9 a deadline acted on after", 3, median(late), " ms", f"worst {max(late):.1f} of {len(late)}"),
    ]


def lateness(calls: int) -> list[float]:
    """Milliseconds from when a deadline fell due to the decision, in the threads of a real process."""
    running, late = Running(open_store("memory:")), []
    for number in range(calls):
        running.call(f"c{number}", search=0.12)
        due = running.store.read(f"c{number}").deadlines["search"]
        late.append((running.fired(f"c{number}") - due).total_seconds() * 1000)
    running.runner.stop()
    return late


def one_call(recording: Recording, number: int, base: str, connection: socket.socket, rest: int) -> list[float]:
    """Milliseconds for every redirect in one call."""
    took = []
    for webhook, request in zip(recording.webhooks, recording.copy(number, base, number % 200), strict=True):
        arrived(rest)
        sent = time.monotonic()
        exchange(connection, request)
        if webhook.orders:
            moment = first_arrival(rest)
            if "Digits" in dict(webhook.form) and moment is not None:
                took.append((moment - sent) * 1000)
    return took


def exchange(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    answer = connection.recv(65536)
    while not is_whole(answer):
        answer += connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 2"), answer[:60]


def first_arrival(rest: int) -> float | None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        time.sleep(0.03)  # asking sooner would take the core away from what is measured
        if found := arrived(rest):
            return found[0]
    return None


def arrived(rest: int) -> list[float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{rest}/arrived", timeout=5) as answer:
        return [moment for moment, _ in json.load(answer)]
