"""What every store keeps of people: what they are doing, and how many calls in a row they did not answer."""

from dataclasses import replace

from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Store, Transaction
from tests.contracts.sample import NOW, a_call, after, event, ringing, save


class TestPeople:
    def test_unknown_people_are_free_since_long_ago(self, store: Store) -> None:
        (found,) = store.transact(lambda unit: unit.presence(["ana"], NOW))
        assert (found.presence, found.since.year, found.until) == (Presence.FREE, 1970, None)
        assert store.people(NOW) == []

    def test_presence_keeps_the_order_asked_for(self, store: Store) -> None:
        save(store, a_call(), people=[ringing("ben"), ringing("ana")])
        found = store.transact(lambda unit: unit.presence(["zoe", "ben", "ana"], NOW))
        assert [one.person for one in found] == ["zoe", "ben", "ana"]
        assert found[1:] == [ringing("ben"), ringing("ana")]
        assert store.people(NOW) == [ringing("ana"), ringing("ben")]

    def test_a_break_gets_longer_and_what_was_missed_stays(self, store: Store) -> None:
        rest = PersonPresence(person="ana", presence=Presence.COOL_DOWN, call="c1", since=NOW, until=after(600))
        save(store, a_call(), people=[rest], answered={"ana": False})

        def longer(unit: Transaction) -> None:
            (now,) = unit.presence(["ana"], NOW)
            unit.put_presence(replace(now, until=after(1200)))

        store.transact(longer)
        assert store.people(NOW) == [replace(rest, until=after(1200), missed=1)]

    def test_a_break_lapses(self, store: Store) -> None:
        rest = PersonPresence(person="ana", presence=Presence.COOL_DOWN, call="c1", since=NOW, until=after(600))
        save(store, a_call(), people=[ringing("ana"), rest])
        assert store.people(after(599)) == [rest]
        assert store.people(after(600)) == [PersonPresence(person="ana", since=after(600))]
        assert store.transact(lambda unit: unit.presence(["ana"], after(601))) == store.people(after(601))

    def test_calls_without_an_answer_are_counted_until_one_is_answered(self, store: Store) -> None:
        save(store, a_call(), people=[ringing("ana"), ringing("ben")])
        counted = []
        for answered in ({"ana": False}, {"ana": False}, {}, {"ana": False}, {"ana": True}):
            free = [PersonPresence(person="ana", since=NOW), PersonPresence(person="ben", since=NOW)]
            store.transact(lambda unit, new=free, told=answered: event(unit, people=new, answered=told))
            ana, ben = store.people(NOW)
            counted.append((ana.missed, ana.away, ben.missed))
        assert counted == [(1, False, 0), (2, False, 0), (2, False, 0), (3, True, 0), (0, False, 0)]

    def test_the_first_call_without_an_answer_counts(self, store: Store) -> None:
        save(store, a_call(), people=[PersonPresence(person="ana", since=NOW)], answered={"ana": False})
        assert store.people(NOW)[0].missed == 1

    def test_somebody_is_away_by_order_and_goes_on_doing_what_they_do(self, store: Store) -> None:
        save(store, a_call(), people=[ringing("ana")])
        for person in ("ana", "zoe"):
            store.set_away(person, True)
        ana, zoe = store.people(NOW)
        assert (ana.away, ana.presence, ana.call) == (True, Presence.RUNG, "c1")
        assert (zoe.away, zoe.presence, zoe.since.year) == (True, Presence.FREE, 1970)
        assert store.transact(lambda unit: unit.presence(["zoe"], NOW)) == [zoe]
        store.set_away("zoe", False)
        assert not store.people(NOW)[1].away

    def test_a_break_that_lapses_leaves_somebody_away(self, store: Store) -> None:
        rest = PersonPresence(person="ana", presence=Presence.COOL_DOWN, call="c1", since=NOW, until=after(600))
        save(store, a_call(), people=[rest])
        store.set_away("ana", True)
        assert store.people(after(601))[0].away
