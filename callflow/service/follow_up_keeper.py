"""Changes of follow-ups: each is one transaction, with its entries in the journal of the call."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.records import immutable
from callflow.service.configurations import Configurations
from callflow.service.faults import described
from callflow.service.follow_ups import FollowUpChange
from callflow.service.ports import CannotOpen, Store, StoreUnavailable, Transaction
from callflow.service.unit_of_work import apply

Decide = Callable[[FollowUp, Call, Configuration, datetime], FollowUpChange | None]
"""What is to be done about a follow-up of this call now, by the configuration in force; None for nothing."""
log = logging.getLogger(__name__)
AT_ONCE: Final = 100


@immutable
class FollowUpKeeper:
    """``due``: by kind, what is decided when a follow-up's time has come. Each decision must move or clear ``due``."""

    store: Store
    configurations: Configurations
    clock: Callable[[], datetime]
    due: Mapping[FollowUpKind, Decide]

    def change(self, id: str, decide: Decide) -> FollowUp | None:
        """Decide on a follow-up as it is now. Returns it afterwards; None if there is none.

        What ``decide`` raises is raised, and nothing is changed. Raises StoreUnavailable.
        """
        known, at = self.store.follow_up(id), self.clock()
        if known is None:
            return None

        def _work(tx: Transaction) -> FollowUp | None:
            call, now = tx.load(known.call), tx.locked_follow_up(id)
            if call is None or now is None:
                return None
            change = decide(now, call, self.configurations.current, at)
            if change is None:
                return now
            if change.entries:
                apply(tx, self.configurations.of(call.digest), call, lambda _: change.entries, at)
            for one in (change.follow_up, *change.begun):
                tx.put_follow_up(one)
            for job in change.jobs:
                tx.defer(job)
            return change.follow_up

        return self.store.transact(_work)

    def look(self) -> None:
        """Act on all whose time has come. May run on several servers at once. Raises StoreUnavailable.

        One that fails, as it or its call cannot be read, keeps no other from its time, and is tried again.
        """
        seen: set[str] = set()
        while more := [id for id in self.store.due_follow_ups(self.clock(), AT_ONCE + len(seen)) if id not in seen]:
            seen |= set(more)
            for id in more:
                try:
                    self.change(id, self._due)
                except Exception as error:
                    if isinstance(error, StoreUnavailable) and not isinstance(error, CannotOpen):
                        raise
                    log.error("a follow-up that is due failed: %s", described(error))

    def _due(self, one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> FollowUpChange | None:
        if one.closed or one.due is None or one.due > at:
            return None  # another server was faster
        return self.due[one.kind](one, call, configuration, at)
