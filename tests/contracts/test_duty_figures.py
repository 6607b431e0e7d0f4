"""The figures of a year are counted in the same way on every database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.stages import Stage
from callflow.duty_pack import figures
from callflow.duty_pack.figures import counted
from callflow.service.caller_records import CallerRecord, RecordEntry, RecordKind
from callflow.service.ports import Store
from tests.contracts.sample import NOW, a_call, note, save

Open = Callable[[str], Store]
YEAR = NOW.year


def ended(store: Store, id: str, at: datetime = NOW) -> None:
    save(store, a_call(id, stage=Stage.ENDED, started_at=at, at=at, legs=(), team="desk"), notes=[
        note(NoteKind.CALL_STARTED), note(NoteKind.WARNING, outcome=NoteOutcome.BEGUN, details={"conduct": "insults"}),
        note(NoteKind.WARNING, outcome=NoteOutcome.HEARD_IN_FULL), note(NoteKind.HOLD, outcome=NoteOutcome.BEGUN),
        note(NoteKind.HOLD, outcome=NoteOutcome.OVERRUN), note(NoteKind.COOL_DOWN, outcome=NoteOutcome.SKIPPED),
        note(NoteKind.CALL_ENDED, outcome=NoteOutcome.CLOSED),
    ], follow_ups=[FollowUp(id=f"{id}-i", kind=FollowUpKind.INCIDENT, call=id, person="rae", state="answered", at=at,
                            closed=True)])  # fmt: skip


def test_a_call_belongs_to_the_year_in_which_it_began(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    ended(store, "before", datetime(YEAR - 1, 12, 31, 23, 59, 59, tzinfo=UTC))
    ended(store, "first", datetime(YEAR, 1, 1, tzinfo=UTC))
    ended(store, "last", datetime(YEAR, 12, 31, 23, 59, 59, tzinfo=UTC))
    ended(store, "after", datetime(YEAR + 1, 1, 1, tzinfo=UTC))
    found = counted(database_url, YEAR)
    assert (found.calls, found.closings, found.holds, found.holds_on_time) == (2, 2, 2, 0)
    assert (found.incidents, found.answered_in_time) == (2, 2)
    assert dict(found.conduct) == {"insults": 2}
    assert dict(found.breaks) == {("desk", "skipped"): 2}


def test_a_call_that_was_erased_still_counts(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    ended(store, "c1")
    assert store.erase("c1")
    found = counted(database_url, YEAR)
    assert (found.calls, found.closings, dict(found.breaks)) == (1, 1, {("desk", "skipped"): 1})


def test_seconds_until_a_supervisor_came(database_url: str, opened: Open) -> None:
    store, call = opened(database_url), a_call()
    came = call.but(seq=call.seq + 1, at=NOW + timedelta(seconds=12))
    save(store, call, notes=[note(NoteKind.DELEGATE_UPWARDS, outcome=NoteOutcome.ASKED)])
    save(store, came, call, notes=[note(NoteKind.ACCEPTED, key="1")])
    assert dict(counted(database_url, YEAR).reached) == {12: 1}


def test_restrictions_by_what_was_decided(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    record = CallerRecord(id="r1", kind=RecordKind.RESTRICTION, state="proposed", at=NOW, body={})
    store.add_caller_record(record, "+15550100999", RecordEntry(kind="proposed", actor="ana", at=NOW, reason="why"))
    assert dict(counted(database_url, YEAR).restrictions) == {"proposed": 1}
    assert dict(counted(database_url, YEAR - 1).restrictions) == {}


def test_many_calls_are_counted_in_batches(database_url: str, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(database_url)
    seen: list[int] = []
    for number in range(5):
        ended(store, f"c{number}")
    monkeypatch.setattr(figures, "_CALLS", figures._CALLS.replace("LIMIT 500", "LIMIT 2"))
    assert counted(database_url, YEAR, lambda so_far: seen.append(so_far.calls)).closings == 5
    assert seen == [2, 4, 5]
