"""Beginning a call to a customer: who may, to which number, and what the agent is told of the earlier call.

The agent is rung by a server; the customer only after the agent's key (``core.outgoing``). Nothing is decided here but
whether the call may begin, and why not.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from callflow.core.call import Call, Outcome
from callflow.core.configuration import Configuration
from callflow.core.events import OutgoingStarted
from callflow.core.flow.connect import ConnectStep
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.outgoing import new_outgoing
from callflow.core.records import immutable
from callflow.service.call_service import CallService
from callflow.service.node_clock import source_of
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Transaction
from callflow.service.telephones import free
from callflow.service.unit_of_work import LEASE, Applied, apply

SINCE: Final = 18
"""The schema version from which on every server knows these calls. Others could not go on with one."""
DOES: Final = {Presence.RUNG: "is being rung", Presence.ON_CALL: "is on a call", Presence.WRAP_UP: "is in wrap-up",
               Presence.COOL_DOWN: "is on a break"}  # fmt: skip


class CannotCall(Exception):
    """The call was not begun. The message says why, and what to do."""


@immutable
class OutgoingCalls:
    """``dialable`` returns a number (E.164) if it may be called and is not one of the others, else "". ``named`` makes
    the id and the reference of a call. ``lease`` is zero where another process sends the requests."""

    calls: CallService
    dialable: Callable[[str, Collection[str]], str]
    named: Callable[[], tuple[str, str]]
    lease: timedelta = LEASE

    def begin(self, person: str, number: str, *, team: str = "", about: str = "", promise: str = "") -> str:
        """Have ``person`` (an id) rung, and then the customer at ``number`` (E.164). Returns the id of the call.

        ``team``: the one whose people help; by default the first of the person. ``about``: the reference of an earlier
        call, whose caller is called if ``number`` is "". ``promise``: the id of the promise that the call is to keep.
        Both stay on the call, and its journal has ``NoteKind.REACHED`` once it is known whether the customer was.
        Raises CannotCall, StoreUnavailable.
        """
        configuration, at, store = self.calls.configurations.current, self.calls.clock(), self.calls.store
        if not configuration.outgoing_calls:
            raise CannotCall("callflow.yaml does not allow it: write `outgoing_calls: staff`")
        if store.oldest_server() < SINCE:
            raise CannotCall("an older server may use the database: run `callflow db upgrade --finish` first")
        team = team_of(configuration, person, team)
        earlier = self._earlier(about)
        to = self.number(number or (_number_of(earlier) if earlier else ""))
        called = earlier.called if earlier else configuration.caller_id
        flow, step = way_of(configuration, team, called)
        id, reference = self.named()
        started = OutgoingStarted(
            at=at, agent=person, number=to, called=called, team=team, about=about, promise=promise,
            reason=earlier.reason if earlier else "", told=tuple(self._told(earlier)) if earlier else (),
            clock=source_of(self.calls.clock),
        )  # fmt: skip
        call = new_outgoing(id, started, configuration, reference=reference, flow=flow, step=step,
                            language=earlier.language if earlier else configuration.language,
                            account=earlier.account if earlier else "")  # fmt: skip

        def work(tx: Transaction) -> Applied:
            if not free(tx, [person], configuration, at):
                (found,) = tx.presence([person], at)
                raise CannotCall(_busy(found))
            return apply(tx, configuration, call, lambda now: [started], at, new=True, lease=self.lease)

        self.calls.runner.hand_over(store.transact(work))
        return id

    def number(self, number: str) -> str:
        """The number (E.164) if it may be called. Raises CannotCall, whose message has no more than its last digits."""
        configuration = self.calls.configurations.current
        people = (*configuration.agents.values(), *configuration.supervisors.values(), configuration.security)
        found = self.dialable(number, configuration.own_numbers)
        if not found:
            shown = f"the number ending {number[-3:]}" if number else "a caller who showed no number"
            raise CannotCall(f"{shown} cannot be called: write + and the country code; emergency numbers, numbers of "
                             "premium rate and our own are not called")  # fmt: skip
        if any(found == one.phone for one in people):
            raise CannotCall(f"the number ending {found[-3:]} is the telephone of one of your own people")
        return found

    def _earlier(self, about: str) -> Call | None:
        if not about:
            return None
        found = self.calls.store.find(about)
        if found is None:
            raise CannotCall(f"there is no call with the reference {about}")
        return found

    def _told(self, earlier: Call) -> Iterator[str]:
        """What happened on the earlier call, as the codes of ``core.outgoing.TOLD``."""
        heard = sum(1 for one in earlier.warnings if one.heard_at)
        if earlier.time_out is Outcome.ACCEPTED:
            yield "time_out"
        if heard:
            yield "one_warning" if heard == 1 else f"warnings:{heard}"
        yield from (lock.value for lock in earlier.locks)
        ends = (one.note for one in self.calls.store.journal(earlier.id) if one.note.kind == NoteKind.CALL_ENDED)
        if any(note.outcome == NoteOutcome.CLOSED for note in ends):
            yield "closed"
        if earlier.call_back and not earlier.call_back.kept:
            yield f"promised:{earlier.call_back.due.isoformat()}"


def team_of(configuration: Configuration, person: str, team: str = "") -> str:
    """The team for a call of this person, by default their first. Raises CannotCall."""
    teams = [id for id, one in configuration.teams.items() if person in (*one.agents, *one.supervisors)]
    if person not in configuration.agents and person not in configuration.supervisors:
        raise CannotCall(f"nobody has the id {person!r}")
    if team and team not in teams:
        raise CannotCall(f"{person} is not in a team {team!r}; there is {', '.join(teams) or 'none'}")
    known = [one for one in ([team] if team else teams) if way_of(configuration, one, "")[1]]
    if not known:
        raise CannotCall(f"no flow connects callers to a team of {person}: nobody would take over from {person}")
    return known[0]


def way_of(configuration: Configuration, team: str, called: str) -> tuple[str, str]:
    """The flow and step that connect callers to this team, ("", "") if none does: a customer whose agent is lost waits
    there. The flow of our number ``called`` comes first."""
    names = [configuration.numbers.get(called, ""), *configuration.flows]
    for name in names:
        for step in configuration.flows[name].steps.values() if name in configuration.flows else ():
            if isinstance(step, ConnectStep) and step.team == team:
                return name, step.name
    return "", ""


def _number_of(earlier: Call) -> str:
    """The number that was promised a call back, or the caller's."""
    return (earlier.call_back.number if earlier.call_back else "") or earlier.number


def _busy(found: PersonPresence) -> str:
    until = f" until {_clock(found.until)}" if found.until else ""
    doing = DOES.get(found.presence, "cannot be rung now: somebody uses the same telephone")
    return f"{found.person} {doing}{until}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%SZ}"
