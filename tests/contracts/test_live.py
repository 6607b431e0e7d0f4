"""What the board asks of a store: the live calls that changed, what is urgent, and when somebody was helped last."""

from callflow.core.call import Call
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.notes import Note
from callflow.core.stages import Stage
from callflow.service.live_rows import HELP, LastHelp
from callflow.service.ports import Store
from tests.contracts.sample import a_call, after, change, event, note, save


def test_only_the_calls_that_changed_have_another_number(store: Store) -> None:
    for id in ("c1", "c2"):
        save(store, a_call(id))
    before = store.live_versions()
    store.transact(lambda unit: event(unit, "c2"))
    assert {id for id, seq in store.live_versions().items() if before[id] != seq} == {"c2"}


def test_a_call_that_has_ended_is_not_live(store: Store) -> None:
    save(store, a_call())
    call = store.read("c1")
    assert call
    save(store, call.but(stage=Stage.ENDED, seq=call.seq + 1), call)
    assert store.live_versions() == {}


def follow_up(id: str, kind: FollowUpKind, state: str, seconds: float, *, closed: bool = False) -> FollowUp:
    return FollowUp(id=id, kind=kind, call="c1", person="sam", state=state, at=after(seconds), closed=closed,
                    body={"cause": "hold_overrun"})  # fmt: skip


def test_what_is_late_or_raised_is_urgent_the_oldest_first_and_what_is_over_is_not(store: Store) -> None:
    kept = [
        follow_up("promise", FollowUpKind.PROMISE, "late", 3),
        follow_up("alarm", FollowUpKind.ALARM, "raised", 1),
        follow_up("incident", FollowUpKind.INCIDENT, "late", 2),
    ]
    others = [
        follow_up("open", FollowUpKind.PROMISE, "open", 0),
        follow_up("watched", FollowUpKind.ALARM, "watched", 0),
        follow_up("over", FollowUpKind.PROMISE, "late", 0, closed=True),
    ]
    save(store, a_call(), follow_ups=[*kept, *others])
    assert store.urgent_follow_ups() == sorted(kept, key=lambda one: one.at)
    assert len(store.urgent_follow_ups(limit=2)) == 2


def test_the_last_help_is_the_latest_entry_that_says_so(store: Store) -> None:
    save(store, a_call())
    found = store.last_help(LastHelp())
    assert found.at is None
    for number, (kind, outcome) in enumerate(sorted(HELP), 1):
        _add(store, number, Note(kind=kind, actor="sam", outcome=outcome))
        found = store.last_help(found)
        assert found.at == after(number), (kind, outcome)
    _add(store, 99, note())
    assert store.last_help(found).at == store.last_help(LastHelp()).at == found.at


def _add(store: Store, seconds: float, entry: Note) -> Call:
    call = store.read("c1")
    assert call
    later = call.but(seq=call.seq + 1, at=after(seconds))
    store.transact(lambda unit: unit.save(change(later, unit.load("c1"), notes=(entry,))))
    return later
