"""Records about callers, the same in every store: found by the number in any year, sealed, append-only, erased."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from callflow.core.call import Call
from callflow.service.caller_records import ON, PROPOSED, CallerRecord, RecordEntry, RecordKind, erase_caller
from callflow.service.ports import Store
from callflow.store import open_store, resealing
from callflow.store.prepared import prepared
from tests.contracts.sample import NOW, SECRETS, a_call, after, save
from tests.contracts.test_sealing import rows

NUMBER, ANOTHER = "+15550100999", "+15550100998"
LAST_YEAR = NOW.replace(year=NOW.year - 1)
Open = Callable[[str], Store]


def a_record(id: str = "r1", **changes: Any) -> CallerRecord:
    made = CallerRecord(id=id, kind=RecordKind.ADJUSTMENT, state=ON, at=NOW, body={"needs": ["tics"]})
    return replace(made, **changes)


def entry(kind: str = "made", reason: str = "", at: datetime = NOW) -> RecordEntry:
    return RecordEntry(at=at, kind=kind, actor="kim", reason=reason)


def recognised(store: Store, number: str = NUMBER, at: datetime = NOW, call: str = "new") -> list[str]:
    found = store.transact(lambda unit: unit.recognise(call, number, at))
    return [one.id for one in found[1]]


def test_a_caller_is_recognised_when_a_call_begins(store: Store) -> None:
    assert recognised(store) == []
    store.add_caller_record(a_record(), NUMBER, entry())
    store.add_caller_record(a_record("other"), ANOTHER, entry())
    assert recognised(store) == ["r1"]
    assert recognised(store, "") == []
    assert store.caller_record("r1") == a_record()
    assert store.records_of(NUMBER) == [a_record()]


def test_a_record_of_last_year_is_found_this_year(store: Store) -> None:
    store.add_caller_record(a_record(at=LAST_YEAR), NUMBER, entry())
    save(store, a_call())  # the pepper of this year
    assert recognised(store) == ["r1"]
    assert [one.id for one in store.records_of(NUMBER)] == ["r1"]


def test_the_pepper_of_a_year_lives_as_long_as_a_record(database_url: str, opened: Open) -> None:
    store: Any = opened(database_url)
    store.add_caller_record(a_record(at=LAST_YEAR), NUMBER, entry())
    resealing.rewrap(store, NOW.year)
    again = opened(database_url)
    assert recognised(again) == ["r1"]
    assert erase_caller(again, NUMBER, "kim", NOW) == ["r1"]
    resealing.rewrap(store, NOW.year)
    assert rows(database_url, "SELECT count(*) FROM peppers WHERE year < ?", NOW.year) == [(0,)]


def test_the_call_that_began_already_is_not_asked_about(store: Store) -> None:
    store.add_caller_record(a_record(), NUMBER, entry())
    save(store, a_call("c7"))
    found: tuple[Call | None, Any] = store.transact(lambda unit: unit.recognise("c7", NUMBER, NOW))
    assert found[0] == a_call("c7")
    assert list(found[1]) == []


def test_what_is_over_or_not_decided_is_not_found(store: Store) -> None:
    store.add_caller_record(a_record("over", until=after(60)), NUMBER, entry())
    store.add_caller_record(a_record("asked", kind=RecordKind.RESTRICTION, state="pending"), NUMBER, entry())
    store.add_caller_record(a_record("told", state=PROPOSED), NUMBER, entry())
    assert recognised(store) == ["over", "told"]
    assert recognised(store, at=after(60)) == ["told"]


def test_a_step_is_done_once_with_its_entry(store: Store) -> None:
    store.add_caller_record(a_record(), NUMBER, entry(reason="a letter"))
    store.add_caller_record(a_record(body={}), NUMBER, entry("again"))
    later = replace(a_record(), until=after(60), body={"needs": []})
    assert store.change_caller_record("r1", lambda one: (later, entry("changed", "asked for"))) == later
    assert store.caller_record("r1") == later
    assert store.change_caller_record("nobody", lambda one: (one, entry())) is None
    assert [(one.kind, one.reason) for one in store.caller_record_entries("r1")] == [
        ("made", "a letter"), ("changed", "asked for")]  # fmt: skip


def test_a_unit_that_fails_leaves_no_entry(store: Store) -> None:
    store.add_caller_record(a_record(), NUMBER, entry())

    def work(unit: Any) -> None:
        unit.add_caller_record_entry("r1", entry("read"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.transact(work)
    store.transact(lambda unit: unit.add_caller_record_entry("r1", entry("shown")))
    assert [one.kind for one in store.caller_record_entries("r1")] == ["made", "shown"]


def test_nobody_is_recognised_after_an_erasure(store: Store) -> None:
    store.add_caller_record(a_record(), NUMBER, entry(reason="said so"))
    assert erase_caller(store, NUMBER, "kim", after(5)) == ["r1"]
    assert erase_caller(store, NUMBER, "kim", after(5)) == []
    assert recognised(store) == []
    left = store.caller_record("r1")
    assert left
    assert left.body == {}
    assert [(one.kind, one.actor, one.reason) for one in store.caller_record_entries("r1")] == [
        ("made", "kim", ""), ("erased", "kim", "")]  # fmt: skip
    assert store.change_caller_record("r1", lambda one: (one, entry())) is None


def test_a_heads_up_is_erased_when_its_time_is_over(store: Store) -> None:
    store.add_caller_record(a_record("h", kind=RecordKind.HEADS_UP, until=after(7200)), NUMBER, entry())
    store.add_caller_record(a_record("r", kind=RecordKind.RESTRICTION, until=after(60)), NUMBER, entry())
    assert store.erase_expired_heads_ups(after(7199)) == 0
    assert store.erase_expired_heads_ups(after(7200)) == 1
    assert store.erase_expired_heads_ups(after(7200)) == 0
    assert [one.id for one in store.records_of(NUMBER)] == ["r"]
    assert store.caller_records(RecordKind.HEADS_UP)[0].body == {}


def test_no_number_and_no_need_can_be_read_in_the_database(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    store.add_caller_record(a_record(), NUMBER, entry(reason="a letter"))
    stored = [*rows(database_url, "SELECT * FROM caller_records"),
              *rows(database_url, "SELECT * FROM caller_record_entries")]  # fmt: skip
    assert not [word for word in (NUMBER, NUMBER[1:], "tics", "needs", "a letter") if word in str(stored)]
    with pytest.raises(Exception, match="wrapped with another secret"):
        recognised(opened_with(database_url, ("of another test",)))


def opened_with(url: str, secrets: tuple[str, ...]) -> Store:
    return open_store(url, secrets)


def test_a_secret_can_be_rotated(database_url: str, opened: Open) -> None:
    opened(database_url).add_caller_record(a_record(), NUMBER, entry(reason="why"))
    after_rotation: Any = open_store(database_url, ("new", *SECRETS))
    with closing(after_rotation):
        assert resealing.rewrap(after_rotation, NOW.year) == (1, 0)
    with closing(open_store(database_url, ("new",))) as store:
        assert recognised(store) == ["r1"]
        assert [one.reason for one in store.caller_record_entries("r1")] == ["why"]


@pytest.mark.parametrize("attack", [
    "UPDATE caller_record_entries SET actor = 'sam'",
    "DELETE FROM caller_record_entries",
    "DELETE FROM caller_records",
    "INSERT OR REPLACE INTO caller_record_entries VALUES (1, 'r1', 1, 1, 'made', 'sam', '')",
])  # fmt: skip
def test_nobody_can_change_what_was_done_with_a_record(database_url: str, opened: Open, attack: str) -> None:
    store = opened(database_url)
    store.add_caller_record(a_record(), NUMBER, entry())
    before = store.caller_record_entries("r1")
    with pytest.raises(Exception, match=r"append-only|never deleted|syntax error"):
        rows(database_url, attack)
    assert store.caller_record_entries("r1") == before


def test_an_ordinary_call_costs_no_statement_more(sqlite_url: str, opened: Open) -> None:
    """The one query that found out that the call is new now finds its caller's records, too."""
    store: Any = opened(sqlite_url)
    recognised(store)  # the peppers are read once
    ran: list[str] = []

    def work(unit: Any) -> None:
        asked, unit.rows = unit.rows, lambda name, values: ran.append(name) or asked(name, values)
        unit.recognise("new", NUMBER, NOW + timedelta(days=1))

    store.transact(work)
    assert ran == ["recognise"]
    assert "recognise" in prepared("sqlite").statements
