"""What is due: deadlines, free people for waiting calls, and repair of legs that are not where they should be."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from callflow.core import command_diff
from callflow.core.call import Call, Leg, LegStatus
from callflow.core.places import SELF_TIMED
from callflow.service.call_service import CallService
from callflow.service.faults import described
from callflow.service.ports import Counters, Gateway, GatewayFailure, LegReport, Store
from callflow.service.troubles import Troubles, provider_refused
from callflow.service.unit_of_work import earlier, lagging, leg_order

log = logging.getLogger(__name__)
ASK_EVERY = timedelta(seconds=55)
"""After this time without an event the provider is asked about all legs, because it does not repeat lost reports."""
MOST_AT_ONCE = 100
ASK_TRIES = 3
WHOLE_SECOND = timedelta(seconds=1)
"""The provider reports times rounded down to seconds, so the leg had joined by the end of that second. Using its
beginning, a warning that was heard in full would seem too short."""


class Urgency(IntEnum):
    """The urgency of a task; smaller numbers first."""

    DEADLINE = 0
    HEARTBEAT = 1


@dataclass(slots=True)
class Reconciler:
    """Reconciles calls one by one. A runner (``callflow.runtime``) calls it, from several threads."""

    store: Store
    gateway: Gateway
    clock: Callable[[], datetime]
    calls: CallService
    counters: Counters
    troubles: Troubles

    def run(self) -> int:
        """Reconcile every call that is due. Returns how many."""
        due = self.due()
        for call in due:
            self.reconcile(call)
        return len(due)

    def due(self, besides: int = 0) -> list[str]:
        """Ids of the calls that are due. ``besides``: how many of them are under way already; as many more are read."""
        return self.store.due_calls(self.clock(), MOST_AT_ONCE + besides)

    def must_ask(self, id: str) -> Urgency | None:
        """The urgency if the provider must be asked about this call, which may take seconds, else None."""
        call, now = self.store.read(id), self.clock()
        if not call or not _doubtful(call, now):
            return None
        return Urgency.DEADLINE if any(at <= now for at in call.deadlines.values()) else Urgency.HEARTBEAT

    def reconcile(self, id: str) -> None:
        """Ask the provider about doubtful legs, then fire the deadlines, then redirect legs that are late."""
        call = self.store.read(id)
        if not call:
            return
        for leg in _doubtful(call, self.clock()):
            self._ask(call, leg)
        after = self.calls.fire(id) or call
        for leg in lagging(after, self.clock()):
            self._redirect(after, leg)

    def _ask(self, call: Call, leg: Leg) -> None:
        """Ask the provider about one leg and apply its answer. Without an answer nothing changes."""
        try:
            report = self._looked_up(leg.sid, call.room)
        except GatewayFailure as failure:
            self.counters.count("leg_checks", "failed")
            self._refused(call, leg, "check", failure)
            return
        except Exception as error:  # a bug here must not keep the call's deadlines from firing
            self._fault(error)
            return
        self.counters.count("leg_checks", "answered")
        if report.status in ("completed", "busy", "no-answer", "failed", "canceled"):
            self.calls.leg_over(call.id, leg.id, leg.sid, report.status)
        elif report.in_room and not leg.in_room:
            joined = report.joined_at and min(self.clock(), report.joined_at + WHOLE_SECOND)
            self.calls.leg_in_room(call.id, leg.sid, report.label, joined)

    def _looked_up(self, sid: str, room: str) -> LegReport:
        """Ask, and ask again at once if that fails, because the journal should say how a call really ended."""
        for _ in range(ASK_TRIES - 1):
            try:
                return self.gateway.look_up(sid, room)
            except GatewayFailure as failure:
                if failure.gone or not failure.retry:
                    raise
        return self.gateway.look_up(sid, room)

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
            self.calls.leg_over(call.id, leg.id, leg.sid, "completed")
        else:
            provider_refused(self.counters, self.troubles, request, failure)

    def _fault(self, error: Exception) -> None:
        self.counters.count("failures")
        log.error("repair failed: %s", described(error))

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


def _doubtful(call: Call, now: datetime) -> list[Leg]:
    """The legs to ask the provider about: late ones, self-timed ones at a deadline, and all at the heartbeat."""
    heartbeat = call.at + ASK_EVERY <= now
    deadline = any(at <= now for at in (*call.deadlines.values(), *earlier(call)))
    late = {leg.id for leg in lagging(call, now)}
    return [
        leg for leg in call.legs
        if leg.status in (LegStatus.UP, LegStatus.RINGING) and leg.sid
        and (heartbeat or leg.id in late or (deadline and leg.place.name in SELF_TIMED))
    ]  # fmt: skip
