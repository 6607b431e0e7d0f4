"""What every store counts for monitoring."""

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


def promise(call: str, state: str, seconds: float = 999, closed: bool = False) -> FollowUp:
    return FollowUp(id=f"{call}-{state}", kind=FollowUpKind.PROMISE, call=call, person="ana", state=state, at=NOW,
                    due=after(seconds), closed=closed)  # fmt: skip
