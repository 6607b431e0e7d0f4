"""G15: what the chain over the journal costs a webhook. The same call is played with and without it, in turns."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from callflow.evidence.chain import Head
from callflow.store import prepared, transaction
from callflow.store.keys import Keys
from callflow.store.prepared import Statement
from callflow.store.sqlite import SqliteStore
from callflow.store.writer import SqliteTransaction
from tests.bench.goals import Measured, at_most
from tests.bench.sealing import webhooks
from tests.contracts.sample import SECRETS

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
    """The least time of each webhook in ``calls`` of each kind, so that other work on the machine counts little."""
    stores = [SqliteStore(str(folder / f"{name}.db"), Keys(SECRETS)) for name in ("chained", "plain")]
    stores[1]._writer._transaction = partial(SqliteTransaction, plain(), stores[1]._keys)
    least: list[list[float]] = [[], []]
    for number in range(calls):
        for kind, (store, known) in enumerate(zip(stores, least, strict=True)):
            with pytest.MonkeyPatch.context() as patched:
                if kind:
                    without(patched)
                spent = webhooks(store, number)
            known[:] = map(min, known or spent, spent)
    for store in stores:
        store.close()
    chained, before = (sum(known) / len(known) for known in least)
    note = f"{before * 1e6:.0f} us without, {chained * 1e6:.0f} us with"
    return [at_most("G15 the chain / a webhook", 3.0, (chained / before - 1) * 100, " %", note)]
