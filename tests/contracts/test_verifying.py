"""What somebody changes, adds, removes or reorders in a database is named, and nothing else is accused."""

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest

from callflow.core.stages import Stage
from callflow.evidence.keys import log_keys, new_key, signing_key
from callflow.service.ports import Store
from callflow.store import upgrades
from callflow.store.log import CallLog
from callflow.store.reclaiming import reclaim
from callflow.store.verifying import Outside, Report, verified, verify
from tests.contracts.edits import Edit, Nothing, editor
from tests.contracts.sample import NOW, a_call, after, event, note, save

Open = Callable[[str], Store]
KEY = signing_key(new_key("callflow.example/log", lambda count: bytes(range(count))))
KNOWN = Outside(log_keys(KEY.public))


def ended(store: Store, id: str, entries: int) -> None:
    """A call with so many entries, in some units of work."""
    call = a_call(id, reference=f"R{id}", team="desk")
    save(store, call, notes=[note("call_started")])
    for number in range(2, entries):
        before = store.read(id)
        assert before is not None
        more = {"details": {"seconds": number, "why": "tries"}} if number % 2 else {"script": "hold_request"}
        save(store, before.but(seq=before.seq + 1, at=after(number)), before, notes=[note("hold", key="1", **more)])
    last = store.read(id)
    assert last is not None
    over = last.but(seq=last.seq + 1, stage=Stage.ENDED, at=after(entries))
    notes = [note("message_left", outcome="RE123"), note("call_ended")][-min(entries - 1, 2) :] if entries > 1 else ()
    save(store, over, last, notes=notes)


def old_server(url: str, id: str) -> None:
    """A server of schema version 14 adds an entry."""
    with upgrades.opened(url) as tables, tables.transaction() as run:
        run(
            """INSERT INTO journal (call, seq, at, kind, actor, "key", script, version, language, outcome, details)
            SELECT "row", entries + 1, 5 + entries, 'waiting', 'callflow', '', '', '', '', '', ''
            FROM calls WHERE id = ?""",
            id,
        )
        run("UPDATE calls SET entries = entries + 1 WHERE id = ?", id)


def filled(store: Store, url: str) -> CallLog:
    """Calls of every kind: over, gone on afterwards, erased, reclaimed, with entries of a server of before, live."""
    log = CallLog(store)
    for number, entries in enumerate((1, 4, 7, 3, 6), 1):
        ended(store, f"c{number}", entries)
    log.append(3)
    log.checkpoint(KEY, NOW)
    log.append()
    store.transact(lambda unit: event(unit, "c2", notes=(note("recording_opened", details={"reason": "asked for"}),)))
    store.erase("c3")
    log.append()
    log.checkpoint(KEY, after(60))
    ended(store, "c6", 5)
    store.erase("c6")
    save(store, a_call("live"), notes=[note("call_started"), note("hours")])
    save(store, a_call("old"), notes=[note("call_started")])
    old_server(url, "old")
    old_server(url, "old")
    store.transact(lambda unit: event(unit, "old", notes=(note("accepted"),)))
    save(store, a_call("silent"))
    ended(store, "c7", 3)
    log.append()
    log.checkpoint(KEY, after(3600))
    assert reclaim(url, ended_before=NOW + timedelta(days=9), at=NOW, by="ops") == 2
    return log


def same(report: Report) -> str:
    return "; ".join(map(str, report.faults))


def test_a_database_that_nobody_edited_holds(database_url: str, opened: Open) -> None:
    filled(opened(database_url), database_url)
    report = verify(database_url, KNOWN)
    assert same(report) == ""
    assert (report.calls, report.checkpoints, report.waiting, report.unlinked) == (10, 3, 0, 0)
    assert (report.reclaimed, report.unsigned) == (2, False)


def attempts(url: str, count: int, seed: int = 1) -> list[str]:
    """Edit a database so many times, each time anew; what was missed or accused wrongly."""
    wrong, done = [], 0
    with editor(url, seed) as (hand, begin, undo):
        while done < count:
            begin()
            try:
                edit = hand.edit()
            except (Nothing, sqlite3.IntegrityError):
                undo()
                continue
            wrong += judged(edit, verified(hand.database, KNOWN))
            undo()
            done += 1
    return wrong


WHERE = frozenset({"", "number", "seq", "call"})
"""A row with another one of these is elsewhere: it is named as removed here, and added there."""
WORD = re.compile(r"\w+")


def judged(edit: Edit, report: Report) -> list[str]:
    others = [str(fault) for fault in report.faults if not edit.about(fault)]
    named = {word for fault in report.faults for word in (fault.field, *WORD.findall(fault.what))}
    unnamed = edit.field not in WHERE and edit.field not in named
    return [
        *([f"{edit.what}: missed"] if not report.faults else []),
        *([f"{edit.what}: accused {others}"] if others else []),
        *([f"{edit.what}: not named in {same(report)}"] if report.faults and unnamed else []),
    ]


def test_one_edit_of_any_value_or_row_is_named_and_nothing_else(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    filled(store, database_url)
    store.close()
    assert attempts(database_url, 250) == []


@pytest.mark.long
def test_ten_thousand_edits_are_all_named(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    filled(store, database_url)
    store.close()
    assert attempts(database_url, 10_000, seed=2) == []
