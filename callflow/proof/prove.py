"""``prove``, the entry point: explores everything, checks every promise, and returns counterexamples."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from callflow.core.call import CALLER, Call, Leg, Role
from callflow.core.configuration import Configuration, Recording
from callflow.core.decide import decide
from callflow.core.events import TimerFired
from callflow.core.evidence import Recorded
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.transition import transition
from callflow.proof import (
    alphabet,
    canonical,
    counterexample,
    detached_legs,
    endings,
    flows,
    liveness,
    promises,
    teams,
    timed,
)
from callflow.proof.alphabet import Kind, Trial
from callflow.proof.endings import ENDINGS, Rendered
from callflow.proof.exploring import Broken, Explored
from callflow.proof.proof_cache import Memory
from callflow.proof.yaml_location import Location, located

ANSWERS: Mapping[Recording, tuple[Recorded, ...]] = {
    Recording.OFF: (Recorded.OFF,), Recording.NOTICE: (Recorded.ALLOWED,),
    Recording.ASK: (Recorded.ALLOWED, Recorded.REFUSED),
}  # fmt: skip
"""What a caller has heard and answered about the recording before somebody is searched."""
CARRIED = ("time_out", "delegate_upwards", "warnings", "locks", "recording")
"""Fields that a call keeps when the flow connects the caller again."""
ALONE = "The caller always comes to a person, or to an end by their own will or as the flow was written."
HELD = "Every hold has an end that brings the caller back, with nobody doing anything."
UNHEARD = "Even if no report of any document ever reaches us, our own deadlines bring the caller to a person or an end."
SOON = (
    "With nobody doing anything and no report reaching us, the caller is with a person within the limit of the stage."
)
RESTING = "coming to rest"
MOST_RESTLESS = 3
"""How many are reported per flow or machine, because one mistake usually makes many states restless."""
DROPPED = "With no lock on, paging for a lock does nothing."
TAIL = "The document that is served ends as the proof believes."
COUNTS = (promises.talk_counts.__doc__ or "").strip()


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that can be broken: its name and sentence, the shortest counterexample, and a place in the YAML."""

    name: str
    sentence: str
    counterexample: tuple[str, ...]
    location: Location | None = None

    def __str__(self) -> str:
        return "\n".join([f"{self.name}: {self.sentence}", *(f"  {line}" for line in self.counterexample)])


@dataclass(frozen=True, slots=True)
class Proof:
    """The result: the violations, and how many states and transitions were checked. Without violations it is proved."""

    violations: tuple[Violation, ...]
    states: int
    transitions: int
    from_cache: bool = False
    """The same code proved a stage machine with the same rules before."""

    def __str__(self) -> str:
        word = "proved" if not self.violations else f"{len(self.violations)} broken"
        before = " (from the cache)" if self.from_cache else ""
        return f"{word} on {self.states:,} states, {self.transitions:,} transitions{before}"


def prove(
    configuration: Configuration,
    rendered: Rendered | None = None,
    memory: Memory | None = None,
    *,
    first_only: bool = False,
) -> Proof:
    """Explore the flows and the stage machine of this configuration.

    ``rendered`` says how a leg's document really ends. With ``memory`` a stage machine that was proved before is not
    explored again. ``first_only`` stops at the first broken promise.
    """
    with _uncollected():
        return _proved(teams.always_on_duty(configuration), rendered, memory, first_only)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without garbage collection: the states have no reference cycles, and going through them takes a tenth longer."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _proved(configuration: Configuration, rendered: Rendered | None, memory: Memory | None, first_only: bool) -> Proof:
    by_flow = _summed(configuration, _flows(configuration))
    known = memory.known(configuration) if memory else None
    by_machine = Proof((), *known) if known else _summed(configuration, _machines(configuration, rendered, first_only))
    if memory and not known and not by_machine.violations:
        memory.keep(configuration, (by_machine.states, by_machine.transitions))
    return Proof(
        (*by_flow.violations, *by_machine.violations),
        by_flow.states + by_machine.states,
        by_flow.transitions + by_machine.transitions,
        from_cache=bool(known),
    )


def _summed(configuration: Configuration, results: Iterable[tuple[Explored, list[Broken]]]) -> Proof:
    found: dict[tuple[str, ...], Violation] = {}
    states = transitions = 0
    for explored, broken in results:
        for one in broken:
            step = (one.after.flow, one.after.step) if explored.configuration is configuration else ("", "")
            found.setdefault((one.name, one.sentence, *step), _violation(explored, one))
        states, transitions = states + len(explored.calls), transitions + explored.transitions
    return Proof(tuple(found.values()), states, transitions)


def _flows(configuration: Configuration) -> Iterator[tuple[Explored, list[Broken]]]:
    for name in configuration.flows:
        found = flows.explored(configuration, name)
        yield (
            found,
            [
                *found.broken.values(),
                *flows.dead_ends(found),
                *_restless(found, flows.over),
                *_unreported(found, flows.over),
            ],
        )


def _machines(
    configuration: Configuration, rendered: Rendered | None, first_only: bool
) -> Iterator[tuple[Explored, list[Broken]]]:
    for flow, step in teams.kinds(configuration).values():
        found = machine(configuration, flow, step, first_only=first_only)
        if first_only and found.broken:
            yield found, [*found.broken.values()]
            continue
        broken = [*found.broken.values(), *detached_legs.check(found), *_talk(found), *_idle(found)]
        broken += [*_restless(found, handed_over), *_unreported(found, handed_over), *_too_long(found)]
        yield found, [*broken, *(_tails(found, rendered) if rendered else ())]


def machine(configuration: Configuration, flow: str, step: str, *, first_only: bool = False) -> Explored:
    """Everything from the queue on, until the flow goes on without a person or the caller is gone."""
    found = Explored(teams.beginning_at(configuration, flow, step), first_only)
    for recorded in ANSWERS[configuration.recording.mode]:
        found.begin(flows.begun(found.configuration, flow, recorded))
    if configuration.outgoing_calls:
        found.begin(flows.called_out(found.configuration, flow, step))
    again = teams.can_come_back(configuration.flows[flow], step)

    def stop(call: Call) -> bool:
        if again and call.stage is S.ARRIVING and not call.caller.at(P.GONE):
            found.begin(replace(found.calls[0], **{name: getattr(call, name) for name in CARRIED}))
        return handed_over(call)

    found.run(stop)
    return found


def handed_over(call: Call) -> bool:
    """Whether the call is back in the flow, which is proved separately, or over."""
    return call.stage is S.ARRIVING or flows.over(call)


def _restless(found: Explored, done: Callable[[Call], bool]) -> list[Broken]:
    """States that never come to rest although documents end, deadlines pass and searches answer."""
    return [
        _without_end(found, one, HELD if found.calls[one.state].caller.at(P.HOLD) else ALONE)
        for one in liveness.restless(found, found.edges, done)[:MOST_RESTLESS]
    ]


def _unreported(found: Explored, done: Callable[[Call], bool]) -> list[Broken]:
    """The same with deadlines and searches only."""
    edges = liveness.without_reports(found.edges)
    return [_without_end(found, one, UNHEARD) for one in liveness.restless(found, edges, done)[:1]]


def _without_end(found: Explored, one: liveness.Restless, sentence: str) -> Broken:
    trials = tuple(edge.trial for edge in one.circle)
    return Broken(RESTING, sentence, one.state, trials[0] if trials else None, found.calls[one.state], trials[1:])


def waits(configuration: Configuration) -> Iterator[tuple[str, float, list[str]]]:
    """For each stage that a wait can begin in: its name, the longest wait in seconds, and its timed path in sentences.

    Without a person, that is: of all stage machines of the configuration the longest.
    """
    configuration = teams.always_on_duty(configuration)
    longest: dict[S, tuple[timed.Wait, Explored]] = {}
    for flow, step in teams.kinds(configuration).values():
        found = machine(configuration, flow, step)
        for wait in found.waits.longest(found.configuration, handed_over):
            if wait.stage not in longest or wait.seconds > longest[wait.stage][0].seconds:
                longest[wait.stage] = wait, found
    for stage in S:
        if stage in longest:
            wait, found = longest[stage]
            yield stage, wait.seconds, counterexample.timed(wait, found.configuration)


def _too_long(found: Explored) -> Iterator[Broken]:
    for wait in found.waits.longest(found.configuration, handed_over, timed.WITHOUT_A_LIMIT):
        limit = wait.limit(found.configuration.policy)
        if wait.seconds > limit:
            sentence = f"{SOON} It is {limit:.0f} s here: shorter lines help, and shorter times."
            yield Broken("in time", sentence, wait.state, None, wait.path[-1].trial.call, wait=wait)


def _talk(found: Explored) -> Iterator[Broken]:
    """In each state with a warning: does time that passes count as conversation only if it should?"""
    seconds = found.configuration.policy.draw_the_line.grace_seconds
    for number, call in enumerate(found.calls):
        if not any(one.heard_at for one in call.warnings):
            continue
        for trial in _also_unserved(alphabet.talk(call, seconds)):
            found.transitions += 1
            decision = decide(trial.call, trial.event, found.configuration)
            step = transition(trial.call, trial.event, decision.call, decision.notes, found.configuration)
            if not promises.talk_counts(step):
                yield Broken("grace", COUNTS, number, trial, decision.call)


def _idle(found: Explored) -> Iterator[Broken]:
    """A deadline that canonical calls leave out really does nothing without a lock."""
    for number, call in enumerate(found.calls):
        for name in () if call.locks or handed_over(call) else canonical.IDLE:
            trial = Trial(call.timer(name, canonical.NOW), TimerFired(at=canonical.NOW, name=name), Kind.TIMER)
            found.transitions += 1
            after = decide(trial.call, trial.event, found.configuration).call
            if canonical.key(after, found.configuration) != canonical.key(call, found.configuration):
                yield Broken("locks", DROPPED, number, trial, after)


def _also_unserved(trial: Trial) -> Iterator[Trial]:
    yield trial
    yield trial._replace(call=trial.call.changed(CALLER, seen=0))


def _tails(found: Explored, rendered: Rendered) -> Iterator[Broken]:
    """Compare one rendered document of each kind with ``endings``."""
    met: set[object] = set()
    for number, call in enumerate(found.calls):
        for leg in call.legs:
            kind = (leg.role, leg.place.name, call.stage is S.CLOSING)
            if kind in met or not leg.live or not _served(leg):
                continue
            met.add(kind)
            if rendered(call, leg, found.configuration) is not ENDINGS[leg.place.name]:
                yield Broken("safe tail", f"{TAIL} Not so: `{leg.place.name}`.", number, None, call)


def _served(leg: Leg) -> bool:
    candidate = leg.role is Role.CANDIDATE
    return not candidate or leg.place.name in endings.HANG_UP - {P.RINGING}


def _violation(explored: Explored, broken: Broken) -> Violation:
    more = ([broken.trial] if broken.trial else []) + list(broken.then)
    lines = counterexample.path_to(explored, broken.state, more)
    if broken.wait:
        lines += counterexample.timed(broken.wait, explored.configuration)
    if broken.name == RESTING:
        lines.append("And so on, for ever." if broken.trial else "And then nothing more happens.")
    where = counterexample.where(broken.after, explored.configuration) or "nobody is left"
    now = f"Now {where}, although: {broken.sentence}"
    return Violation(broken.name, broken.sentence, (*lines, now), located(broken, explored.configuration))
