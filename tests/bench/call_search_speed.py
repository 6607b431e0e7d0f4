"""What a page of found calls costs among many: ``python -m tests.bench.call_search_speed [CALLS]`` (1,000,000).

Fills a SQLite database with calls that are over, of 50 agents, one in a thousand closed; then milliseconds of CPU for
the first page of each question. Goal: 50 ms. No assertion: this prints a measurement. It takes some minutes.
"""

import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from callflow.core.call import Leg, Place, Role
from callflow.core.codec import encode, to_micros
from callflow.core.stages import PlaceName, Stage
from callflow.service.call_search import CallQuery
from callflow.store import open_store
from tests.contracts.sample import NOW, SECRETS, a_call

QUESTIONS = (
    CallQuery(), CallQuery(person="agent7"), CallQuery(outcome="closed"), CallQuery(teams=("desk",)),
    CallQuery(person="agent7", outcome="closed"), CallQuery(person="agent7", outcome="closed", teams=("desk",)),
    CallQuery(outcome="caller hung up", teams=("desk",)), CallQuery(person="nobody"), CallQuery(reference="000123"),
)  # fmt: skip
ADD_CALL = """INSERT INTO calls (row, id, stage, seq, entries, started_at, ended_at, state, reference, logged, key)
VALUES (?, ?, 'ended', 9, 30, ?, ?, ?, ?, ?, '')"""


@cache
def state(person: str, outcome: str) -> str:
    agent = Leg(id="a1", role=Role.LEAD, place=Place(PlaceName.GONE), person=person, since=NOW, accepted=True)
    caller = a_call().legs[0]
    return encode(a_call("c", stage=Stage.ENDED, outcome=outcome, team="desk", legs=(caller, agent)))


def ended(calls: int) -> Iterator[tuple[tuple[Any, ...], list[tuple[str, int, int]]]]:
    """The row of each call, and its terms."""
    chance = random.Random(1)
    for number in range(1, calls + 1):
        person = f"agent{chance.randrange(50)}"
        outcome = "closed" if chance.random() < 0.001 else chance.choice(["caller hung up", "goodbye said"])
        at = to_micros(NOW) - (calls - number) * 30_000_000
        row = (number, f"c{number}", at, at + 300_000_000, state(person, outcome), f"{number % 10**6:06d}", number)
        yield row, [(term, at, number) for term in (f"person {person}", "team desk", f"outcome {outcome}")]


def fill(file: Path, calls: int) -> None:
    open_store(f"sqlite:///{file}", SECRETS).close()
    with closing(sqlite3.connect(file)) as connection:
        for row, terms in ended(calls):
            connection.execute(ADD_CALL, row)
            connection.executemany("INSERT INTO call_terms VALUES (?, ?, ?)", terms)
        connection.commit()


def milliseconds(store: Any, query: CallQuery) -> float:
    taken = []
    for _ in range(6):
        begun = time.process_time()
        store.search_calls(query)
        taken.append(time.process_time() - begun)
    return min(taken) * 1000


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory() as folder:
        file = Path(folder) / "calls.db"
        fill(file, calls)
        with closing(open_store(f"sqlite:///{file}", SECRETS)) as store:
            for query in QUESTIONS:
                asked = ", ".join(filter(None, (query.reference, query.person, query.outcome, *query.teams))) or "all"
                print(f"{milliseconds(store, query):7.1f} ms  {len(store.search_calls(query).calls):3d} calls  {asked}")  # noqa: T201


if __name__ == "__main__":
    main()
