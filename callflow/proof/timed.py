"""How long a caller can be without a person: timed paths, in seconds.

The other proofs leave time out and try deadlines in any order. Here every way into a wait is followed with its real
deadlines. Nobody on the call does anything, and no report of any document ever reaches us, so that only our own
deadlines bring the caller to somebody. What prolongs the wait is tried, too: supervisors who are found one after the
other, and who answer at the last moment.

A deadline that was set before the wait began is taken at the longest time that it is ever given.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from callflow.core import events as e
from callflow.core import no_answer
from callflow.core.agent_search import next_people
from callflow.core.bounds import BOUND
from callflow.core.call import Call, LegStatus
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.policy import Policy, SpokenAnswers
from callflow.core.question import RECOGNISING_SECONDS
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.timer_names import LEG, Timer, TimerName
from callflow.proof.alphabet import BY_ITSELF, Kind, Trial
from callflow.proof.canonical import FAR, NOW

MOST_EVENTS = 400
"""In one wait. With more it never ends, which ``liveness`` reports."""
JUST_BEFORE = timedelta(seconds=0.1)


def _asking(policy: Policy) -> float:
    """Each ask with at most 20 s of words, and the report of the end."""
    recorded = RECOGNISING_SECONDS + 10.0 if policy.spoken_answers is SpokenAnswers.RECORDING else 0.0
    return policy.time_out.asks * (policy.time_out.answer_seconds + 20.0 + recorded) + 30.0


LIMITS: Mapping[S, Callable[[Policy], float]] = MappingProxyType({
    S.TALKING: lambda _: 5.0,
    S.CHOOSING: lambda _: 60.0,
    S.ASKING_HOLD: _asking,
    S.OFFERING_SUPERVISOR: _asking,
    S.HOLDING: lambda policy: policy.time_out.seconds + 20.0,
    S.RINGING: lambda policy: policy.delegate_upwards.ring_total_seconds + 90.0 + 60.0,
    S.CONSULTING: lambda _: 90.0,
    S.INTRODUCING: lambda _: 60.0,
})  # fmt: skip
"""The longest that a wait may last, by the stage it begins in (rules 12, 16 and 17), stated here independently."""
ASKED_FOR_A_SIGN = 45.0
"""For a caller in conversation who is asked whether anybody is there, if no report ever says that this is over."""
USUAL_LIMIT = 120.0
WITHOUT_A_LIMIT = (S.WAITING, S.LEFT_ALONE)
"""Ops decide how long callers wait at each step of a flow."""


class Timed(NamedTuple):
    """An event, and the seconds since the wait began."""

    seconds: float
    trial: Trial


@dataclass(frozen=True, slots=True)
class Wait:
    """The longest wait that begins in this stage: how it begins, and what happens when until a person is there.

    ``state`` is the number of the state before it.
    """

    stage: S
    state: int
    path: tuple[Timed, ...]

    @property
    def seconds(self) -> float:
        return self.path[-1].seconds

    def limit(self, policy: Policy) -> float:
        if self.stage is S.TALKING and any(one.trial.call.caller.place.name in no_answer.AWAY for one in self.path):
            return ASKED_FOR_A_SIGN
        found, answer = LIMITS.get(self.stage), policy.time_out.answer_seconds
        if self.path[0].trial.call.adjustments:
            policy = replace(policy, time_out=replace(policy.time_out, answer_seconds=3 * answer))
        return found(policy) if found else USUAL_LIMIT


@dataclass(slots=True)
class WaitsFound:
    """What an exploration met: the ways into a wait, one of each kind, and the longest time of every deadline."""

    begun: dict[object, tuple[int, Trial, Call]] = field(default_factory=dict)
    granted: dict[str, float] = field(default_factory=dict)
    """In seconds; the deadlines of all legs together."""

    def take(self, state: int, trial: Trial, after: Call) -> None:
        before = trial.call
        new = {}
        if after.deadlines is not before.deadlines:
            new = {name: due for name, due in after.deadlines.items() if before.deadlines.get(name) != due}
            for name, due in new.items():
                self.granted[_kind(name)] = max(self.granted.get(_kind(name), 0.0), (due - NOW).total_seconds())
        if in_company(after):
            return
        prolonged = new and trial.kind not in BY_ITSELF and BOUND.get(after.stage, frozenset()) & new.keys()
        if prolonged or after.stage is not before.stage or in_company(before):
            people = tuple((leg.role, leg.place.name, leg.status) for leg in after.legs if leg.live)
            kind = after.stage, tuple(sorted(new.items())), people, bool(after.locks)
            self.begun.setdefault(kind, (state, trial, after))

    def longest(
        self, configuration: Configuration, over: Callable[[Call], bool], without: Container[S] = ()
    ) -> Iterator[Wait]:
        """The longest wait from each stage but ``without``, until the caller is with a person or ``over`` is true."""
        found: dict[S, Wait] = {}
        for state, trial, after in self.begun.values():
            if after.stage in without or over(after):
                continue
            then = _longest(self._with_real_deadlines(after), NOW, configuration, over)
            wait = Wait(after.stage, state, (Timed(0.0, trial), *then))
            if after.stage not in found or wait.seconds > found[after.stage].seconds:
                found[after.stage] = wait
        return iter(found.values())

    def _with_real_deadlines(self, call: Call) -> Call:
        real = {
            name: NOW + timedelta(seconds=self.granted.get(_kind(name), 0.0)) if due - NOW == FAR else due
            for name, due in call.deadlines.items()
        }
        search = call.search and replace(call.search, until=call.search.until and real.get(Timer.RING_TOTAL))
        return call.but(deadlines=real, search=search)


def in_company(call: Call) -> bool:
    """Whether the caller is with somebody, or not on the phone: no longer, or a customer who is rung and not yet."""
    if call.caller.status is not LegStatus.UP or call.caller.at(P.GONE):
        return True
    if not call.caller.in_room:
        return False
    lead, helper = call.lead_leg, call.helper_leg
    return bool((lead and lead.in_room) or (helper and helper.in_room))


def _kind(name: TimerName) -> str:
    return LEG if name.startswith(LEG) else name


def _longest(
    call: Call, at: datetime, configuration: Configuration, over: Callable[[Call], bool], events: int = 0
) -> list[Timed]:
    """What happens until the caller is with a person, on the way that takes longest."""
    best: list[Timed] = []
    if in_company(call) or over(call) or events > MOST_EVENTS:
        return best
    for trial in _next(call, at, configuration):
        then = trial.event.at
        after = decide(trial.call, trial.event, configuration).call
        path = [Timed((then - NOW).total_seconds(), trial), *_longest(after, then, configuration, over, events + 1)]
        if not best or path[-1].seconds > best[-1].seconds:
            best = path
    return best


def _next(call: Call, at: datetime, configuration: Configuration) -> Iterator[Trial]:
    """What can happen next: the search answers at once, somebody who is rung answers late, or a deadline passes."""
    if call.search and not call.candidates and Timer.SEARCH not in call.deadlines:
        people = next_people(call.but(at=at), configuration) if call.stage is S.RINGING else ()
        found = e.PeopleFound(at=at, people=people[:1]) if people else e.NobodyFree(at=at)
        yield Trial(call, found, Kind.SEARCH)
        return
    if not call.deadlines:
        return
    name, due = min(call.deadlines.items(), key=lambda pair: pair[1])
    for leg in call.candidates if call.stage is S.RINGING else ():
        if leg.status is not LegStatus.UP and due - JUST_BEFORE > at:
            yield Trial(call, e.LegAnswered(at=due - JUST_BEFORE, leg=leg.id, sid="CA"), Kind.PERSON)
    yield Trial(call, e.TimerFired(at=max(due, at), name=name), Kind.TIMER)
