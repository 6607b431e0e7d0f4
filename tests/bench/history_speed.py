"""What the history costs a live call: ``python -m tests.bench.history_speed``.

For one unit of work of the shipped scenario `closing`: microseconds to note it and to make it text, bytes of JSON, and
microseconds to insert it. Goal: 10 us and 200 bytes an event. No assertion: this prints a measurement.
"""

import sqlite3
import time
from collections.abc import Callable

from callflow.service.moments import moment_of, to_json
from callflow.service.redaction import redacted
from callflow.simulator.replay_core import replayed
from callflow.store.memory import MemoryStore
from tests.simulator.suite import played_into, shipped

ROUNDS = 300


def microseconds(work: Callable[[], object], each: int) -> float:
    begun = time.process_time()
    for _ in range(ROUNDS):
        work()
    return (time.process_time() - begun) / ROUNDS / each * 1e6


def inserted(texts: list[str]) -> float:
    """On top of what is in the transaction already: one more row and its index."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE history (row INTEGER PRIMARY KEY, call BIGINT NOT NULL, body TEXT NOT NULL)")
    connection.execute("CREATE INDEX history_call ON history (call)")
    insert = "INSERT INTO history (call, body) VALUES (?, ?)"
    connection.execute("BEGIN")
    return microseconds(lambda: [connection.execute(insert, (n, text)) for n, text in enumerate(texts)], len(texts))


def main() -> None:
    store = MemoryStore()
    played_into(store, "closing")
    (call,) = store.calls(live=False)
    steps = list(replayed(call, store.history(call.id), shipped()))
    moments = store.history(call.id)
    units = [(one.before, one.after, one.moment.facts, one.moment.at, one.moment.entries) for one in steps if one.last]
    texts = [to_json(one) for one in moments]
    spent = {
        "what may be kept": microseconds(lambda: [redacted(f.before, f.fact, shipped()) for f in steps], len(units)),
        "what has changed": microseconds(lambda: [moment_of(*unit) for unit in units], len(units)),
        "as text": microseconds(lambda: [to_json(one) for one in moments], len(units)),
        "inserted": inserted(texts),
    }
    for what, each in spent.items():
        print(f"{what:20} {each:6.1f} us")  # noqa: T201
    whole, events = sum(spent.values()), len(steps) / len(units)
    print(f"{'a unit of work':20} {whole:6.1f} us {sum(map(len, texts)) / len(texts):6.0f} bytes")  # noqa: T201
    print(f"{'an event':20} {whole / events:6.1f} us {sum(map(len, texts)) / len(steps):6.0f} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
