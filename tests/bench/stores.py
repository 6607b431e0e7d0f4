"""G5 and G6: what an event costs late in a call and beside a million old ones; eight threads flat out on SQLite."""

import gc
from pathlib import Path

from callflow.store.keys import Keys
from callflow.store.sqlite import SqliteStore
from tests.bench.goals import Measured, at_most, say
from tests.bench.store_speed import beside_ended_calls, fill, flat_out, growth
from tests.contracts.sample import SECRETS

THREADS = 8


def measure(folder: Path, ended: int) -> list[Measured]:
    store = SqliteStore(str(folder / "stores.db"), Keys(SECRETS))
    ids = fill(store)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
    runs = [flat_out(store, ids, THREADS) for _ in range(3)]
    for done, wall, cpu, waits, errors in runs:
        say(f"  {THREADS} threads: {done / wall:.0f} tx/s, {cpu / done * 1e6:.0f} us, "
            f"p99 {waits[done * 99 // 100]:.1f}, max {waits[-1]:.1f} ms, errors {len(errors)}")  # fmt: skip
    worst = sorted(waits[-1] for _, _, _, waits, _ in runs)[1]
    wrong = sum(len(errors) for *_, errors in runs)
    late, (unit, looks) = growth(store, ids[0], ids[1]), beside_ended_calls(store, ids, ended)
    store.close()
    return [
        at_most("G5 event 10,000 / event 10 of a call", 1.1, late),
        at_most(f"G5 an event beside {ended:,} ended calls / none", 1.2, unit),
        at_most(f"G5 looks of board and workers beside {ended:,} / none", 1.2, looks),
        at_most("G6 worst wait, 8 threads flat out", 100, worst, " ms", "median of three runs of 3 s"),
        Measured("G6 errors (database is locked)", "0", str(wrong), wrong == 0),
    ]
