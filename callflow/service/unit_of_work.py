"""Taking events: load, decide, find people, save; all in one transaction, and nothing sent from inside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from callflow.core import agent_search, command_diff
from callflow.core.call import Call, CallBack, Leg, LegStatus, Note
from callflow.core.commands import AnyCommand, LookUp, RedirectLeg, ReleaseLeg, RingLeg
from callflow.core.configuration import Configuration, Group, Ring
from callflow.core.events import Event, NobodyFree, PeopleFound, TimerFired
from callflow.core.stages import Stage
from callflow.service import presence
from callflow.service.configurations import Configurations
from callflow.service.history import SETTLE, Served, kept, live, moment
from callflow.service.ports import Change, PersonPresence, Presence, ProviderRequest, Transaction

KINDS: Mapping[type[AnyCommand], str] = MappingProxyType(
    {RingLeg: "ring", RedirectLeg: "redirect", ReleaseLeg: "release", LookUp: "lookup"}
)
LEASE = timedelta(seconds=15)
"""How long this process may take to send what it ordered before another one does."""
EARLIER: Mapping[str, timedelta] = MappingProxyType({
    **dict.fromkeys(("warning", "closing_over", "hold_question", "supervisor_question"), timedelta(seconds=13)),
    "hold": timedelta(seconds=3.5),
})  # fmt: skip
"""The core gives the news of a document's end so much time and 2 s (a hold 0.5 s) before a deadline decides without it.
News that is lost or late is asked for then: as long as we do not have it, a lead who presses star after a warning
cuts what was heard in full, and after a hold ends what was over."""
HEARTBEAT = timedelta(seconds=60)
"""A live call is looked at this often even if nothing is due: the provider does not repeat a lost report."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What one unit of work did. ``orders`` are to be sent now; ``freed`` people may take waiting calls."""

    call: Call
    configuration: Configuration
    orders: Sequence[ProviderRequest] = ()
    freed: Sequence[str] = ()
    due: datetime | None = None


Reader = Callable[[Call, Configuration], Sequence[Event]]
"""From the call as it is to the facts a webhook brings: a stale one brings none."""


def apply(tx: Transaction, configurations: Configurations, call: Call, read: Reader, at: datetime, answering: str = "",
         before: Call | None = None) -> Applied:  # fmt: skip
    """Take what ``read`` makes of the call and save everything that follows, or nothing if nothing does.

    ``before`` is the call as stored (None for a new one, whose ``call`` then is its beginning).
    """
    configuration = configurations.of(call.digest)
    work = _Work(call, configuration)
    for event in read(call, configuration):
        work.decide(event)
    work.search(tx, at)
    asking = work.call.leg(answering)
    if asking and asking.live and asking.seen != asking.token:
        work.decide(Served(at=at, leg=answering))
    if work.brought_nothing(before):
        return Applied(call, configuration)
    return _saved(tx, before, work, at, answering)


class _Work:
    """The call on its way through one or several decisions."""

    def __init__(self, call: Call, configuration: Configuration) -> None:
        self.call = call
        self.configuration = configuration
        self.notes: list[Note] = []
        self.facts: list[Event] = []
        self.reconciled = False

    def decide(self, event: Event) -> None:
        self.facts.append(kept(self.call, event, self.configuration))
        lived = live(self.call, event, self.configuration)
        self.call = lived.call
        self.notes += lived.notes
        self.reconciled = self.reconciled or isinstance(event, TimerFired)

    def brought_nothing(self, before: Call | None) -> bool:
        """A repeated report moves the clock and nothing else: it is not saved (F7). A look after the call is."""
        if before is None or self.notes or self.reconciled:
            return False
        return self.call == before or _essence(self.call) == _essence(before)

    def search(self, tx: Transaction, at: datetime) -> None:
        """As long as the call looks for somebody: claim who is free, or say that nobody is."""
        search = self.call.search
        if not search or self.call.stage not in agent_search.SEARCHING or self.call.candidates:
            return
        if "search" in self.call.deadlines and self.call.deadlines["search"] > at:
            return
        ahead = tx.waiting_before(self.call)
        people = () if ahead else self._free(tx, at)
        self.decide(PeopleFound(at=at, people=tuple(people)) if people else NobodyFree(at=at, ahead=ahead))

    def _free(self, tx: Transaction, at: datetime) -> Sequence[str]:
        wanted = agent_search.next_people(self.call, self.configuration)
        known = {one.person: one for one in tx.presence(wanted, at)} if wanted else {}
        free = [known[one] for one in wanted if known[one].presence is Presence.FREE]
        team = self.configuration.teams[self.call.search.team] if self.call.search else None
        supervisors = bool(self.call.search and self.call.search.group is Group.SUPERVISORS)
        if not team or supervisors or team.ring is Ring.IN_ORDER:
            return [one.person for one in free[:1]]
        if team.ring is Ring.LONGEST_IDLE:
            return [one.person for one in sorted(free, key=_since)[:1]]
        return [one.person for one in free]


def _essence(call: Call) -> Call:
    """The call without its clocks."""
    legs = tuple(leg.but(since=call.started_at) for leg in call.legs)
    warnings = tuple(replace(one, talked_seconds=0.0) for one in call.warnings)
    return call.but(seq=0, at=call.started_at, legs=legs, warnings=warnings)


def _since(one: PersonPresence) -> datetime:
    return one.since


def _saved(tx: Transaction, before: Call | None, work: _Work, at: datetime, answering: str) -> Applied:
    call, configuration = work.call, work.configuration
    orders = [order(call, configuration, command) for command in command_diff.commands(before, call, answering)]
    people = presence.moved(before, call, configuration)
    due = next_look(call, at)
    told = moment(before, call, tuple(work.facts), at, len(work.notes))
    promised = _promise(before.call_back if before else None, call)
    tx.save(Change(call=call, before=before, notes=work.notes, orders=orders, people=people, due=due,
                   lease_until=at + LEASE, call_back=promised, history=told))  # fmt: skip
    return Applied(call, configuration, orders, presence.freed(people), due)


def _promise(before: CallBack | None, call: Call) -> CallBack | None:
    """The promise if it is new or changed. One that the caller is still being asked the number for is none yet."""
    made = call.call_back
    asking = call.stage is Stage.OFFERING_CALL_BACK and made and not made.number and not (before and before.number)
    return None if asking or made == before else made


def order(call: Call, configuration: Configuration, command: AnyCommand) -> ProviderRequest:
    """A command with the address it goes to."""
    kind = KINDS[type(command)]
    base = ProviderRequest(id=command.id, kind=kind, call=call.id, leg=command.leg, token=command.token)
    if isinstance(command, RingLeg):
        person = configuration.person(command.person)
        return replace(base, to=person.phone, caller_id=configuration.caller_id, ring_seconds=command.ring_seconds)
    if isinstance(command, LookUp):
        return replace(base, lookup=command.lookup)
    return replace(base, sid=command.sid)


def next_look(call: Call, at: datetime) -> datetime | None:
    """When the call wants to be looked at again: a deadline, a leg that has not come, or the heartbeat."""
    if call.stage is Stage.ENDED:
        return None
    moments = [*call.deadlines.values(), at + HEARTBEAT]
    moments += [early for early in earlier(call) if early > at]
    if any(leg.status is not LegStatus.WANTED for leg in command_diff.overdue(call)):
        moments.append(at + SETTLE)
    return min(moments)


def earlier(call: Call) -> list[datetime]:
    """When the provider is asked, some time before a deadline, about legs whose own document should have ended."""
    return [due - EARLIER[name] for name, due in call.deadlines.items() if name in EARLIER]


def lagging(call: Call, at: datetime) -> list[Leg]:
    """Legs that should have fetched their document by now."""
    return [leg for leg in command_diff.overdue(call) if leg.since + SETTLE <= at]
