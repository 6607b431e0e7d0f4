"""The use cases of alarms (``core.alarms``): raising and clearing them."""

from datetime import datetime, timedelta

from callflow.core import alarms
from callflow.core.alarms import Counts
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp
from callflow.core.records import immutable
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.follow_ups import FollowUpChange
from callflow.service.ports import Store


@immutable
class RaisingAlarms:
    """What happens when something is to be looked at (``follow_up_keeper.Decide``)."""

    store: Store

    def __call__(self, one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> FollowUpChange:
        of_closings = one.body.get("cause") == alarms.Cause.MANY_CLOSINGS
        counts = self.store.closings_since(at - timedelta(days=alarms.DAYS)) if of_closings else Counts()
        after, entries = alarms.due(one, call, configuration, at, counts)
        return FollowUpChange(follow_up=after, entries=entries)


def clear(keeper: FollowUpKeeper, id: str, by: str, words: str) -> None:
    """Say what was done about an alarm. Raises CannotClear, StoreUnavailable."""

    def decide(one: FollowUp, _: Call, __: Configuration, at: datetime) -> FollowUpChange:
        after, entries = alarms.cleared(one, by, at, words)
        return FollowUpChange(follow_up=after, entries=entries)

    keeper.change(id, decide)
