"""Opening what identifies or quotes the caller of a call, for a person: the journal says who did, and why, first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from callflow.core.call import Call
from callflow.core.events import FollowedUp
from callflow.core.follow_ups import Refused
from callflow.core.notes import PRIVATE, NoteKind, NoteOutcome
from callflow.service.configurations import Configurations
from callflow.service.ports import Store, Transaction
from callflow.service.unit_of_work import apply


class Details(NamedTuple):
    """``numbers``: of the caller, by what they are for. ``entries``: by number of the entry, what is private in it."""

    numbers: dict[str, str]
    entries: dict[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class CallReading:
    store: Store
    configurations: Configurations
    clock: Callable[[], datetime]

    def details(self, call: Call, person: str, reason: str) -> Details:
        """Raises Refused without a reason, and StoreUnavailable; then nobody has seen anything."""
        self.noted(call, person, "details", reason)
        numbers = {"rang from": call.number, "to be called back": call.call_back.number if call.call_back else ""}
        return Details({name: number for name, number in numbers.items() if number}, {
            one.seq: found for one in self.store.journal(call.id)
            if (found := {name: str(value) for name, value in (("outcome", one.note.outcome), *one.note.details.items())
                          if value and name in PRIVATE.get(one.note.kind, ())})
        })  # fmt: skip

    def noted(self, call: Call, person: str, what: str, reason: str) -> None:
        """Somebody opens ``what``. Raises Refused without a reason."""
        if not reason.strip():
            raise Refused("say why: the journal of the call keeps it with your name")
        at = self.clock()
        event = FollowedUp(at=at, kind=NoteKind.CALL_READ, person=person, outcome=NoteOutcome.SHOWN,
                           details={"what": what, "reason": reason.strip()[:500]})  # fmt: skip

        def _work(tx: Transaction) -> None:
            if now := tx.load(call.id):
                apply(tx, self.configurations.of(now.digest), now, lambda _: [event], at)

        self.store.transact(_work)
