"""What is due: deadlines, free people for waiting calls, and repair of legs that are not where they should be."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from callflow.core import command_diff
from callflow.core.call import Call, Leg, LegStatus
from callflow.core.stages import Stage
from callflow.service.call_service import CallService
from callflow.service.faults import described
from callflow.service.ports import Counters, Gateway, GatewayFailure, LegReport, Store
from callflow.service.troubles import Troubles, provider_refused
from callflow.service.unit_of_work import asked, lagging, leg_order, unreported

log = logging.getLogger(__name__)
ASK_EVERY = timedelta(seconds=55)
"""After this time without an event the provider is asked about all legs, because it does not repeat lost reports."""
MOST_AT_ONCE = 100
MOST_CALLS = 100_000
LOOKS_PER_SECOND = 40
"""Legs looked at in a second after a start, by two or three requests each. The provider permits 100 at once."""
LOOK_AGAIN = timedelta(seconds=1)
"""Between two looks for a store that is away."""
ASK_TRIES = 3
NEVER = datetime.max.replace(tzinfo=UTC)
WHOLE_SECOND = timedelta(seconds=1)
"""The provider reports times rounded down to seconds, so it had happened by the end of that second. Using its
beginning, a warning that was heard in full would seem too short."""


class Urgency(IntEnum):
    """The urgency of a task; smaller numbers first."""

    DEADLINE = 0
    HEARTBEAT = 1
    AFTER_START = 2


@dataclass(slots=True, repr=False, eq=False)
class Reconciler:
    """Reconciles calls one by one. A runner (``callflow.runtime``) calls it, from several threads."""

    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    calls: CallService
    counters: Counters
    troubles: Troubles
    next_look: datetime = NEVER
    """When the next call may be looked at after a start."""
    _turns: dict[str, int] | None = None
    """The calls that wait to be looked at after a start, in their order, with their number of legs; None before."""
    _unseen: set[str] = field(default_factory=set)
    """Those, and the ones that are being looked at."""

    def run(self) -> int:
        """Reconcile every call that is due. Returns how many."""
        due = self.due()
        for call in due:
            self.reconcile(call)
        return len(due)

    def due(self, besides: int = 0) -> list[str]:
        """Ids of the calls to be reconciled now. ``besides``: how many of them are under way; as many more are read.

        After a start every live call is looked at once, before anything else is done for it, because reports were lost
        while no process ran.
        """
        if self._turns is None:
            self._begin()
        turns = self._turns or {}
        due = self.store.due_calls(self.clock(), MOST_AT_ONCE + besides + len(turns))
        return [*(id for id in due if id not in turns), *self._next_turns(turns)]

    def look_again(self) -> None:
        """The store is away: when it is back, look at every live call once, as after a start. Reports were lost, and
        perhaps another database has taken over, without the latest moments."""
        self._turns, self.next_look = None, self.clock() + LOOK_AGAIN

    def _begin(self) -> None:
        """Give every live call its turn: first those with a deadline that has passed, then the oldest."""
        calls = {call.id: sum(map(asked, call.legs)) for call in reversed(self.store.calls(limit=MOST_CALLS))}
        due = self.store.due_calls(self.clock(), MOST_CALLS)
        self._turns = {id: calls[id] for id in due if id in calls} | calls
        self._unseen, self.next_look = set(calls), self.clock()

    def _next_turns(self, turns: dict[str, int]) -> list[str]:
        """End the turns of the calls that may be looked at now: ``LOOKS_PER_SECOND`` legs."""
        found = []
        while turns and self.next_look <= self.clock():
            id = next(iter(turns))
            found.append(id)
            self.next_look += timedelta(seconds=turns.pop(id) / LOOKS_PER_SECOND)
        if not turns:
            self.next_look = NEVER
        return found

    def must_ask(self, id: str) -> Urgency | None:
        """The urgency if the provider must be asked about this call, which may take seconds, else None."""
        call, now = self.store.read(id), self.clock()
        if not call or not self._doubtful(call, now):
            return None
        if any(at <= now for at in call.deadlines.values()):
            return Urgency.DEADLINE
        return Urgency.AFTER_START if id in self._unseen else Urgency.HEARTBEAT

    def reconcile(self, id: str) -> None:
        """Ask the provider about doubtful legs, then fire the deadlines, then redirect legs that are late."""
        call = self.store.read(id)
        if not call or call.stage is Stage.ENDED:
            return
        for leg in self._doubtful(call, self.clock()):
            self._ask(call, leg)
        if id in self._unseen:
            self._unseen.discard(id)
            self.calls.started(id)
        after = self.calls.fire(id) or call
        for leg in lagging(after, self.clock()):
            self._redirect(after, leg)

    def ask_about(self, id: str) -> None:
        """Ask the provider about documents of the call that should have ended. Leaves its deadlines alone."""
        call = self.store.read(id)
        if call:
            for leg in unreported(call, self.clock()):
                self._ask(call, leg)

    def _doubtful(self, call: Call, now: datetime) -> list[Leg]:
        """The legs to ask the provider about: late ones, those whose document should have ended, and at times all."""
        if call.id in self._unseen or call.at + ASK_EVERY <= now:
            return [leg for leg in call.legs if asked(leg)]
        doubtful = {leg.id for leg in (*lagging(call, now), *unreported(call, now))}
        return [leg for leg in call.legs if leg.id in doubtful and asked(leg)]

    def _ask(self, call: Call, leg: Leg) -> None:
        """Ask the provider about one leg and apply its answer. Without an answer nothing changes."""
        try:
            report = self._looked_up(leg.sid, call)
        except GatewayFailure as failure:
            self.counters.count("leg_checks", "failed")
            self._refused(call, leg, "check", failure)
            return
        except Exception as error:  # a bug here must not keep the call's deadlines from firing
            self._fault(error)
            return
        self.counters.count("leg_checks", "answered")
        if report.status == "completed":
            self.calls.leg_found_over(call.id, leg.id, leg.sid, self._second_after(report.ended_at))
        elif report.status in ("busy", "no-answer", "failed", "canceled"):
            self.calls.leg_over(call.id, leg.id, leg.sid, report.status)
        elif report.in_room and not leg.in_room:
            self.calls.leg_in_room(call.id, leg.sid, report.label, self._second_after(report.joined_at))

    def _second_after(self, reported: datetime | None) -> datetime | None:
        return reported and min(self.clock(), reported + WHOLE_SECOND)

    def _looked_up(self, sid: str, call: Call) -> LegReport:
        """Ask, and ask again at once if that fails, because the journal should say how a call really ended."""
        for _ in range(ASK_TRIES - 1):
            try:
                return self.gateway.look_up(sid, call.room, call.account)
            except GatewayFailure as failure:
                if failure.gone or not failure.retry:
                    raise
        return self.gateway.look_up(sid, call.room, call.account)

    def _redirect(self, call: Call, leg: Leg) -> None:
        command = command_diff.command(call, leg)
        if command is None or leg.status is LegStatus.WANTED:
            return
        self.counters.count("repairs")
        try:
            self.gateway.send(leg_order(call, self.calls.configurations.of(call.digest), command))
        except GatewayFailure as failure:
            self._refused(call, leg, "redirect", failure)
        except Exception as error:
            self._fault(error)

    def _refused(self, call: Call, leg: Leg, request: str, failure: GatewayFailure) -> None:
        if failure.gone:
            self.calls.leg_found_over(call.id, leg.id, leg.sid, None)
        else:
            provider_refused(self.counters, self.troubles, request, failure)

    def _fault(self, error: Exception) -> None:
        self.counters.count("failures")
        log.error("repair failed: %s", described(error))

    def count_away(self, people: Sequence[str]) -> None:
        for _ in people:
            self.counters.count("people_away")

    def serve_waiting(self, people: Iterable[str], by: str = "") -> None:
        """People became free: search again for as many calls in the queues of their teams, in their order.

        Except for the call ``by`` which they were freed: it has just rung them in vain, and has to wait for its pause.
        """
        freed = set(people)
        for team in self.calls.configurations.current.teams.values():
            free = freed.intersection(team.agents + team.supervisors)
            # Only the queues of their own teams are read: with 200 teams that is 1 query instead of 200.
            for call in self.store.waiting(team.id)[: len(free)] if free else ():
                if call != by:
                    self.calls.search_again(call)
