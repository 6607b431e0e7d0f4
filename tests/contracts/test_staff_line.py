"""PINs and calls to the staff line, the same in every store."""

from dataclasses import replace

import pytest

from callflow.core.staff_line.menu import begun
from callflow.core.staff_line.pins import Pin
from callflow.core.staff_line.session import StaffPlace
from callflow.service import pins
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Store
from callflow.service.staff_sessions import StaffUnit
from callflow.store.staff_line import KEPT
from tests.contracts.sample import NOW, a_call, after, save
from tests.contracts.test_append_only import Open
from tests.contracts.test_sealing import rows


def test_a_pin_is_kept_changed_and_dropped(store: Store) -> None:
    assert store.staff_pins() == {}
    store.put_staff_pin(Pin(person="ana", hash="a:b"))
    locked = Pin(person="ana", hash="a:b", wrong=2, locked_until=after(60))
    store.in_staff_line(lambda unit: unit.put_pin(locked))
    assert store.staff_pins() == {"ana": locked}
    assert store.in_staff_line(lambda unit: (unit.pin("ana"), unit.pin("ben"))) == (locked, None)
    store.drop_staff_pin("ana")
    assert store.staff_pins() == {}


def test_a_session_is_kept_for_some_hours(store: Store) -> None:
    session = begun("c1", "ana")
    store.in_staff_line(lambda unit: unit.put_session(session, NOW))
    later = replace(session, token=2, place=StaffPlace.MENU, person="ana")
    store.in_staff_line(lambda unit: unit.put_session(later, after(1)))
    assert store.staff_session("c1") == store.in_staff_line(lambda unit: unit.session("c1")) == later
    assert store.staff_session("c2") is None
    store.in_staff_line(lambda unit: unit.put_session(begun("c2", ""), after(KEPT.total_seconds() + 2)))
    assert store.staff_session("c1") is None


def test_a_session_that_is_over_is_deleted(store: Store) -> None:
    store.in_staff_line(lambda unit: unit.put_session(begun("c1", "ana"), NOW))
    store.drop_staff_session("c1")
    assert store.staff_session("c1") is None


def test_what_a_unit_wrote_is_undone_if_it_fails(store: Store) -> None:
    def fails(unit: StaffUnit) -> None:
        unit.put_session(begun("c1", "ana"), NOW)
        unit.put_pin(Pin(person="ana", hash="a:b"))
        unit.set_away("ana", True)
        raise ValueError("fails")

    with pytest.raises(ValueError, match="fails"):
        store.in_staff_line(fails)
    assert (store.staff_session("c1"), store.staff_pins(), store.people(NOW)) == (None, {}, [])


def test_a_break_that_begins_on_the_staff_line_is_that_of_the_calls(store: Store) -> None:
    store.in_staff_line(lambda unit: unit.set_away("ana", True))
    assert [(one.person, one.away) for one in store.people(NOW)] == [("ana", True)]
    store.in_staff_line(lambda unit: unit.set_away("ana", False))
    assert [one.away for one in store.people(NOW)] == [False]


def test_whoever_is_busy_on_the_staff_line_is_not_free_until_then(store: Store) -> None:
    def is_ana() -> tuple[str, bool]:
        (one,) = store.people(after(1))
        return one.presence, one.away

    store.in_staff_line(lambda unit: unit.set_away("ana", True))
    store.in_staff_line(lambda unit: unit.set_busy("ana", NOW, after(60)))
    assert is_ana() == ("staff_line", True)
    assert store.people(after(61))[0].presence == "free"
    store.in_staff_line(lambda unit: unit.set_free("ana", after(1)))
    assert is_ana() == ("free", True)


def test_who_is_on_a_call_or_in_a_break_stays_so_on_the_staff_line(store: Store) -> None:
    rest = PersonPresence(person="ana", presence=Presence.COOL_DOWN, call="c1", since=NOW, until=after(60))
    save(store, a_call(), people=[rest])
    store.in_staff_line(lambda unit: unit.set_busy("ana", after(1), after(90)))
    store.in_staff_line(lambda unit: unit.set_free("ana", after(2)))
    assert store.people(after(3)) == [rest]
    store.in_staff_line(lambda unit: unit.set_busy("ana", after(61), after(90)))
    assert store.people(after(62))[0].presence == "staff_line"


def test_a_pin_is_stored_as_a_hash_that_needs_the_secret_key() -> None:
    stored = pins.hashed("a secret", "ana", "271828")
    assert "271828" not in stored
    assert pins.matches(stored, ("a secret",), "ana", "271828")
    assert pins.matches(stored, ("a newer one", "a secret"), "ana", "271828")
    assert not pins.matches(stored, ("another",), "ana", "271828")
    assert not pins.matches(stored, ("a secret",), "ben", "271828")
    assert not pins.matches(pins.NOBODY, ("a secret",), "", "271828")


def test_the_number_of_a_customer_is_kept_sealed(database_url: str, opened: Open) -> None:
    session = replace(begun("c1", "ana"), token=7, place=StaffPlace.CALL_CONFIRM, number="+15550100199")
    store = opened(database_url)
    store.in_staff_line(lambda unit: unit.put_session(session, NOW))
    assert store.staff_session("c1") == store.in_staff_line(lambda unit: unit.session("c1")) == session
    assert "5550100199" not in str(rows(database_url, "SELECT body FROM staff_sessions"))
