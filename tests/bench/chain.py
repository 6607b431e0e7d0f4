"""G15: what the chain over the journal costs a webhook. The same call is played with and without it, in turns."""

from functools import partial
from pathlib import Path
from time import process_time, thread_time
from typing import Any

import pytest

from callflow.core.stages import Stage
from callflow.evidence.chain import Head
from callflow.service.ports import Transaction
from callflow.store import open_store, prepared, transaction
from callflow.store.keys import Keys
from callflow.store.log import CallLog
from callflow.store.prepared import Statement
from callflow.store.sqlite import SqliteStore
from callflow.store.verifying import verify
from callflow.store.writer import SqliteTransaction
from tests.bench.goals import Measured, at_most, told
from tests.bench.sealing import webhooks
from tests.contracts.sample import SECRETS, a_call, change
from tests.contracts.sample import note as entry

NO_HEAD = Head(0, b"")


def without(patched: pytest.MonkeyPatch) -> None:
    """What transactions were before: entries without a link, and calls without a head."""

    def unlinked(*given: Any) -> Head:
        for values in given[-1]:
            values["link"] = None
        return NO_HEAD

    patched.setattr(transaction, "first_head", unlinked)
    patched.setattr(transaction, "next_head", unlinked)


def plain() -> dict[str, Statement]:
    """The statements as they were, without the columns of the chain."""
    folder, found = Path(prepared.__file__).parent, dict(prepared.prepared("sqlite").statements)
    for name, text in prepared.blocks(folder / "statements.sql"):
        if name in ("touch", "change", "add_entry", "add_call"):
            written = text.replace(", head = :head, logged = NULL", "").replace(", origin, head)", ")")
            written = written.replace(", :origin, :head)", ")").replace(", link)", ")").replace(", :link)", ")")
            found[name] = prepared._statement(written, "?")
    return found


def measure(folder: Path, calls: int) -> list[Measured]:
    """The least time of each webhook, and of each link in it, in ``calls``, so that other work on the machine counts
    little. The share is measured inside the webhook; the difference to one without is told, as it is within the noise
    of a busy machine."""
    stores = [SqliteStore(str(folder / f"{name}.db"), Keys(SECRETS)) for name in ("chained", "plain")]
    stores[1]._writer._transaction = partial(SqliteTransaction, plain(), stores[1]._keys)
    least: list[list[float]] = [[], [], []]
    for number in range(calls):
        spent: list[float] = []
        with pytest.MonkeyPatch.context() as patched:
            timed(patched, spent)
            whole = webhooks(stores[0], number)
        with pytest.MonkeyPatch.context() as patched:
            without(patched)
            before = webhooks(stores[1], number)
        least = [list(map(min, known or new, new)) for known, new in zip(least, (whole, before, spent), strict=True)]
    for store in stores:
        store.close()
    whole, before, spent = least
    each = [sum(one) / len(whole) for one in (whole, before, spent)]
    note = f"{each[2] * 1e6:.1f} of {each[0] * 1e6:.0f} us, with the cost of timing it"
    return [
        at_most("G15 the chain / a webhook", 3.0, each[2] / each[0] * 100, " %", note),
        told("G15 a webhook with and without the chain", f"{each[0] * 1e6:.0f}, {each[1] * 1e6:.0f} us"),
        verifying(folder, 1_000 if calls < 100 else 10_000),
    ]


def timed(patched: pytest.MonkeyPatch, spent: list[float]) -> None:
    """Add the seconds of CPU of each link to ``spent``."""

    def work(make: Any, *given: Any) -> Any:
        begun = thread_time()
        try:
            return make(*given)
        finally:
            spent.append(thread_time() - begun)

    for name in ("first_head", "next_head"):
        patched.setattr(transaction, name, partial(work, getattr(transaction, name)))


def verifying(folder: Path, calls: int) -> Measured:
    """Calls of 30 entries, all of them over and in the log."""
    url = f"sqlite:///{folder / 'verified.db'}"
    store = open_store(url, SECRETS)
    for first in range(0, calls, 100):
        store.transact(lambda unit, first=first: [_finished(unit, first + n) for n in range(100)])  # type: ignore[misc]
    log = CallLog(store)
    while log.append().leaves:
        pass
    store.close()
    begun = process_time()
    report = verify(url)
    spent = process_time() - begun
    assert (report.calls, report.leaves, report.faults) == (calls, calls, [])
    note = f"{report.entries:,} entries; 30 s for 10,000 calls"
    return at_most(f"G15 verify {calls:,} finished calls, CPU", 30.0 * calls / 10_000, spent, " s", note)


def _finished(unit: Transaction, number: int) -> None:
    call = a_call(f"c{number}", reference=f"R{number}", stage=Stage.ENDED)
    unit.save(change(call, notes=[entry("hold", script="hold_request", details={"seconds": 30})] * 30))
