"""What every store counts for monitoring."""

from dataclasses import replace

from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.stages import Stage
from callflow.service.ports import Store
from callflow.service.statistics import Statistics
from tests.contracts.sample import NOW, a_call, after, order, save


class TestStatistics:
    def test_an_empty_store(self, store: Store) -> None:
        assert store.statistics(NOW) == Statistics()

    def test_live_calls_by_stage_and_what_is_to_be_done(self, store: Store) -> None:
        save(store, a_call("c1", stage=Stage.TALKING), orders=[order("o1"), order("o2")], lease_until=after(5))
        save(store, a_call("c2", stage=Stage.TALKING), follow_ups=[promise("c2", "late")])
        save(
            store,
            a_call("c3", stage=Stage.WARNING),
            follow_ups=[promise("c3", "open"), promise("c3", "kept", closed=True)],
        )
        save(store, a_call("c4", stage=Stage.ENDED), follow_ups=[promise("c4", "reminded", 60)])
        before = Statistics(calls={"talking": 2, "warning": 1}, orders=2, call_backs=2, call_backs_overdue=1)
        assert store.statistics(NOW) == before
        later = Statistics(calls=before.calls, orders=2, overdue_seconds=95.0, call_backs=1, call_backs_overdue=2)
        assert store.statistics(after(100)) == later
        store.orders_done(["o1", "o2"])
        assert store.statistics(after(100)).overdue_seconds == 0

    def test_incidents_that_are_open_and_those_of_this_year_that_were_answered(self, store: Store) -> None:
        save(store, a_call("c1"), follow_ups=[incident(1, "late"), incident(2, "given"), incident(3, "answered")])
        old = replace(incident(4, "answered"), at=NOW.replace(year=2025))
        save(
            store,
            a_call("c2"),
            follow_ups=[replace(old, call="c2"), replace(incident(5, "late"), call="c2", at=old.at)],
        )
        assert store.statistics(NOW).incidents == {"late": 2, "given": 1, "answered": 1}


def incident(number: int, state: str) -> FollowUp:
    return FollowUp(id=f"incident-{number}", kind=FollowUpKind.INCIDENT, call="c1", person="", state=state, at=NOW,
                    closed=state == "answered")  # fmt: skip


def promise(call: str, state: str, seconds: float = 999, closed: bool = False) -> FollowUp:
    return FollowUp(id=f"{call}-{state}", kind=FollowUpKind.PROMISE, call=call, person="ana", state=state, at=NOW,
                    due=after(seconds), closed=closed)  # fmt: skip
