"""Legal holds: put and released by people, and put by itself after the threat key (rule 36). None ends by itself.

Each is an entry in the journal of its call, without the reason, which is sealed in the hold.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.record_events import FollowedUp
from callflow.core.records import immutable
from callflow.service.configurations import Configurations
from callflow.service.jobs import Args
from callflow.service.ports import Store, Transaction
from callflow.service.retention import LegalHold
from callflow.service.unit_of_work import apply

THREAT_KEY: Final = "the threat key was pressed"
OURSELVES: Final = "callflow"


class CannotHold(Exception):
    """Why a hold cannot be put or released, in words for whoever asked for it."""


@immutable
class LegalHolds:
    store: Store
    configurations: Configurations
    clock: Callable[[], datetime]

    def run(self, args: Args) -> None:
        """Put the hold after the threat key: the handler of the job ``HOLD``. Running it again does nothing."""
        call, at = self.store.read(args["call"]), datetime.fromisoformat(args["at"])
        if call is None or any(one.reason == THREAT_KEY for one in self.store.holds(call.id)):
            return
        rules = self.configurations.current.retention
        review = at + timedelta(days=rules.hold_review_days)
        self._put(LegalHold(id=f"{call.id}-hold-{args['at']}", call=call.id, owner=owner_of(call, self._current),
                            at=at, review=review, reason=THREAT_KEY), OURSELVES)  # fmt: skip

    @property
    def _current(self) -> Configuration:
        return self.configurations.current

    def put(self, call: str, owner: str, reason: str, review: datetime, by: str) -> LegalHold:
        """Raises CannotHold."""
        at = self.clock()
        if review <= at:
            raise CannotHold("the review date is over already")
        if owner != "security" and owner not in {**self._current.agents, **self._current.supervisors}:
            raise CannotHold(f'nobody is called "{owner}" in people.yaml')
        hold = LegalHold(id=f"{call}-hold-{at.isoformat()}", call=call, owner=owner, at=at, review=review,
                         reason=reason)  # fmt: skip
        if not self._put(hold, by):
            raise CannotHold("there is no such call, or it was erased already")
        return hold

    def _put(self, hold: LegalHold, by: str) -> bool:
        def work(tx: Transaction) -> bool:
            kept = tx.load(hold.call) is not None and tx.put_hold(hold)
            if kept:
                self._noted(tx, hold, by, NoteOutcome.PUT, hold.review)
            return kept

        return self.store.transact(work)

    def release(self, call: str, by: str, owner: str = "") -> list[LegalHold]:
        """Release the holds of a call, or those of one owner. Raises CannotHold if there is none."""
        at, found = self.clock(), self._of(call, owner)

        def work(tx: Transaction) -> None:
            for hold in found:
                tx.load(call)
                tx.release_hold(hold.id, at, by)
                self._noted(tx, hold, by, NoteOutcome.RELEASED, at)

        self.store.transact(work)
        return found

    def review(self, call: str, review: datetime, by: str, owner: str = "") -> list[LegalHold]:
        """Say that somebody has looked, and when to look again. Raises CannotHold."""
        at, found = self.clock(), self._of(call, owner)
        if review <= at:
            raise CannotHold("the review date is over already")

        def work(tx: Transaction) -> None:
            for hold in found:
                tx.load(call)
                tx.review_hold(hold.id, review)
                self._noted(tx, hold, by, NoteOutcome.REVIEWED, review)

        self.store.transact(work)
        return found

    def _of(self, call: str, owner: str) -> list[LegalHold]:
        found = [one for one in self.store.holds(call) if owner in ("", one.owner)]
        if not found:
            raise CannotHold("there is no hold on this call" + (f" that {owner} owns" if owner else ""))
        return found

    def _noted(self, tx: Transaction, hold: LegalHold, by: str, outcome: NoteOutcome, until: datetime) -> None:
        call, at = tx.load(hold.call), self.clock()
        assert call
        details = {"owner": hold.owner} | ({} if outcome is NoteOutcome.RELEASED else {"review": f"{until:%Y-%m-%d}"})
        fact = FollowedUp(at=at, kind=NoteKind.LEGAL_HOLD, person=by, outcome=outcome, details=details)
        apply(tx, self.configurations.of(call.digest), call, lambda _: [fact], at)


def owner_of(call: Call, configuration: Configuration) -> str:
    """Who owns a hold that the threat key has set."""
    team = configuration.teams.get(call.team)
    return configuration.retention.hold_owner or (team.supervisors[0] if team and team.supervisors else "security")
