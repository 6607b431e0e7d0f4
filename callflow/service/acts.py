"""Acts on a live call, for everybody who is no leg of it: the board, a keypad elsewhere, a command.

An act says which state of the call the person has seen (``acts.state``). Decided on an older one, it is not done, and
the answer has the present state; twice the same act is done once.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from callflow.core import acts
from callflow.core.act_refusals import SENTENCES, Asked, Reason, refusal
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.decide import as_of
from callflow.core.events import Act, Acted
from callflow.core.records import immutable
from callflow.service.call_service import CallService
from callflow.service.ports import Transaction
from callflow.service.telephones import free
from callflow.service.unit_of_work import LEASE


class Answer(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    STALE = "stale"
    """The call is in another state than the person has seen: it is in ``ActResult.state``."""
    UNKNOWN = "unknown"
    """There is no such call."""


@immutable
class ActResult:
    """What came of an act. ``state`` is that of the call afterwards, to be ``seen`` in the next act."""

    answer: Answer
    call: Call | None = None
    reason: Reason | None = None

    @property
    def state(self) -> str:
        return acts.state(self.call) if self.call else ""

    @property
    def words(self) -> str:
        """Why it was refused, for a screen; "" if it was not."""
        return SENTENCES[self.reason] if self.reason else ""


@immutable
class Acts:
    """The use case of every act."""

    calls: CallService
    lease: timedelta = LEASE
    """How long no other process sends the requests that follow: none in a process that sends none."""

    def act(self, call: str, person: str, act: Act, seen: str, what: str = "") -> ActResult:
        """Have ``person`` act on the call with this id or reference, if it is in the state that they have ``seen``.

        ``what``: for RING the id of the person to ring; for LOCK "safeguarding" (also "") or "threat"; for UNLOCK the
        reason, a key of ``act_refusals.REASONS``. Raises StoreUnavailable.
        """
        known = self.calls.store.read(call) or self.calls.store.find(call)
        if known is None:
            return ActResult(Answer.UNKNOWN)
        tried = _Tried(self.calls, person, Act(act), seen, what)
        after = self.calls.found(known.id, tried, lease=self.lease)
        return ActResult(tried.answer, after or known, tried.reason)


class _Tried:
    """The facts of one act, and what came of it when they were last asked for: deadlines that were due act first."""

    def __init__(self, calls: CallService, person: str, act: Act, seen: str, what: str) -> None:
        self._calls, self._person, self._act, self._seen, self._what = calls, person, act, seen, what
        self.answer = Answer.UNKNOWN
        self.reason: Reason | None = None

    def __call__(self, tx: Transaction, call: Call, at: datetime) -> list[Acted]:
        if self._seen != acts.state(call):
            self.answer = Answer.STALE
            return []
        configuration = self._calls.configurations.of(call.digest)
        reachable = self._reachable(tx, call, configuration, at)
        self.reason = refusal(Asked(as_of(call, at), configuration, self._person, self._act, self._what, reachable))
        self.answer = Answer.REFUSED if self.reason else Answer.DONE
        return [Acted(at=at, person=self._person, act=self._act, what=self._what, reachable=reachable)]

    def _reachable(self, tx: Transaction, call: Call, configuration: Configuration, at: datetime) -> bool:
        """Whether the telephone that the act needs is not in use. It is locked in this transaction, as in a search."""
        person = acts.rings(call, self._person, self._act, self._what)
        if not person or person not in {*configuration.supervisors, *configuration.agents}:
            return True
        return bool(free(tx, [person], configuration, at))


def open_acts(call: Call, configuration: Configuration, person: str, at: datetime) -> dict[Act, Reason | None]:
    """Of each act, why it is not open to this person at this time (``SENTENCES``), or None if it is. Pure."""
    return acts.open_acts(as_of(call, at), configuration, person)
