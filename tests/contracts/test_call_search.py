"""Calls are found by person, outcome, team, stage and time, newest first, in every store."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from callflow.core.call import Call, Leg, Place, Role
from callflow.core.stages import PlaceName, Stage
from callflow.service.call_search import CallQuery, Found, Mark, mark_of
from callflow.service.ports import Store
from callflow.store import upgrades
from callflow.store.log import CallLog
from callflow.store.schema import Phase, migrations
from tests.contracts.sample import NOW, a_call, after, save

Open = Callable[[str], Store]
OVER = {"stage": Stage.ENDED, "outcome": "caller hung up", "team": "desk"}


def with_staff(call: Call, *people: str, accepted: bool = True) -> Call:
    legs = [Leg(id=f"a{n}", role=Role.LEAD, place=Place(PlaceName.ROOM), person=one, since=NOW, accepted=accepted)
            for n, one in enumerate(people)]  # fmt: skip
    return call.but(legs=(*call.legs, *legs))


def begun(store: Store, number: int, *people: str, **changes: Any) -> Call:
    """A call that began so many seconds later."""
    call = with_staff(a_call(f"c{number}", **{"reference": f"R{number}", **OVER, **changes}), *people)
    call = replace(call, started_at=after(number), at=after(number))
    save(store, call)
    return call


def logged(store: Store) -> None:
    """As a server does every ten seconds."""
    while hasattr(store, "_unit") and CallLog(store).append().leaves:
        pass


def ids(found: Found) -> list[str]:
    return [one.call.id for one in found.calls]


def test_a_call_is_found_at_once_and_after_it_was_logged(store: Store) -> None:
    begun(store, 1, "ana")
    begun(store, 2, "ben", outcome="closed")
    begun(store, 3, "ana", stage=Stage.TALKING, outcome="")
    for _ in range(2):
        assert ids(store.search_calls(CallQuery())) == ["c3", "c2", "c1"]
        assert ids(store.search_calls(CallQuery(person="ana"))) == ["c3", "c1"]
        assert ids(store.search_calls(CallQuery(outcome="closed"))) == ["c2"]
        assert ids(store.search_calls(CallQuery(person="ana", outcome="closed"))) == []
        assert ids(store.search_calls(CallQuery(stages=frozenset({Stage.TALKING})))) == ["c3"]
        assert ids(store.search_calls(CallQuery(stages=frozenset({Stage.ENDED})))) == ["c2", "c1"]
        assert ids(store.search_calls(CallQuery(teams=("desk", "other")))) == ["c3", "c2", "c1"]
        assert ids(store.search_calls(CallQuery(teams=("other",)))) == []
        assert ids(store.search_calls(CallQuery(person="ben", outcome="closed", teams=("desk",)))) == ["c2"]
        assert ids(store.search_calls(CallQuery(since=after(2), until=after(3)))) == ["c2"]
        logged(store)


def test_pages_have_every_call_once_whatever_is_logged(store: Store) -> None:
    for number in range(23):
        begun(store, number, "ana" if number % 3 else "ben")
        if number == 15:
            logged(store)
    begun(store, 7_000, "ana", stage=Stage.HOLDING, outcome="")
    every = [7_000, *reversed(range(23))]
    of_ana = [n for n in every if n % 3]
    for query, wanted in ((CallQuery(), every), (CallQuery(person="ana"), of_ana),
                          (CallQuery(person="ana", outcome="caller hung up"), of_ana[1:])):  # fmt: skip
        seen, found = list[str](), store.search_calls(query, None, 4)
        while found.more:
            assert len(found.calls) == 4
            assert mark_of(str(found.more)) == found.more
            seen += ids(found)
            found = store.search_calls(query, found.more, 4)
        assert [*seen, *ids(found)] == [f"c{n}" for n in wanted]


def test_who_was_only_rung_was_not_on_the_call(store: Store) -> None:
    save(store, with_staff(a_call(**OVER), "sam", accepted=False))
    logged(store)
    assert ids(store.search_calls(CallQuery(person="sam"))) == []


def test_a_reference_that_was_used_again_finds_both_calls(store: Store) -> None:
    for number in (1, 2, 3):
        begun(store, number, reference="4F7K" if number < 3 else "OTHER")
    found = store.search_calls(CallQuery(reference="4F7K"))
    assert ids(found) == ["c2", "c1"]
    assert [one.ended for one in found.calls] == [after(2), after(1)]


def test_a_mark_that_nobody_wrote_is_none() -> None:
    assert [mark_of(one) for one in ("", "5", "x-1", "1-", "-", "1-1;drop")] == [None] * 6
    assert mark_of("5-7") == Mark(5, 7)


def test_calls_that_were_over_before_the_upgrade_are_found_after_it(database_url: str, opened: Open) -> None:
    store: Any = opened(database_url)
    begun(store, 1, "ana", "sam", outcome="closed")
    begun(store, 2, "ben")
    logged(store)
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    (post,) = [one for one in migrations(kind) if (one.version, one.phase) == (28, Phase.POST)]
    with upgrades.opened(database_url) as tables:
        connection: Any = tables._connection  # type: ignore[attr-defined]
        for statement in ("DELETE FROM call_terms", *post.statements):
            connection.execute(statement)
    for query, wanted in ((CallQuery(person="sam"), ["c1"]), (CallQuery(outcome="closed"), ["c1"]),
                          (CallQuery(teams=("desk",)), ["c2", "c1"]), (CallQuery(person="ben"), ["c2"])):  # fmt: skip
        assert ids(store.search_calls(query)) == wanted


def test_sqlite_reads_no_call_that_is_not_asked_for(sqlite_url: str, opened: Open) -> None:
    """However many calls there are: 100,000 took 32 ms with another order of the few that are not in the index."""
    store: Any = opened(sqlite_url)
    begun(store, 1, "ana")
    with upgrades.opened(sqlite_url) as tables:
        connection: Any = tables._connection  # type: ignore[attr-defined]
        values = {"calls_not_found_by_term": (9,), "calls_page": (0, 9, 9, 9, 9), "count_term": ("person ana", 9),
                  "calls_by_term": ("person ana", 0, 9, 9, 9, "", "", "", "", 9)}  # fmt: skip
        for name, given in values.items():
            plan = connection.execute(f"EXPLAIN QUERY PLAN {store._sql[name].text}", given).fetchall()
            tables_read = [row[3] for row in plan if row[3].startswith(("SCAN calls", "SCAN call_terms"))]
            assert [one for one in tables_read if "USING INDEX" not in one] == [], name
            if name == "calls_not_found_by_term":
                assert {"calls_live", "calls_unlogged"} <= {word for row in plan for word in row[3].split()}
