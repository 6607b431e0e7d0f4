"""Breadth-first search through every reachable state. The first path found to a state is a shortest one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.stages import Stage
from callflow.core.timer_names import TimerName, leg_timer
from callflow.core.transition import transition
from callflow.proof import alphabet, canonical, promises
from callflow.proof.alphabet import BY_ITSELF, Trial
from callflow.proof.timed import Wait, WaitsFound

MOST_STATES = 200_000
"""Far above any real configuration. A mistake that creates endless states must not create an endless check."""
Alphabet = Callable[[Call, Configuration], Iterable[Trial]]


class Edge(NamedTuple):
    """A transition that happens by itself, between two numbered states."""

    start: int
    end: int
    trial: Trial
    deadlines: Mapping[TimerName, datetime]
    """Those of the call after it, as they were set."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that ``trial`` breaks in ``state``."""

    name: str
    sentence: str
    state: int
    trial: Trial | None
    after: Call
    then: tuple[Trial, ...] = ()
    """The trials of a cycle that never comes to rest."""
    wait: Wait | None = None
    """One that is too long. It begins in ``state``."""


@dataclass(slots=True)
class Explored:
    """The numbered states, how each was first reached, and the promises that are broken."""

    configuration: Configuration
    first_only: bool = False
    """Stop at the first broken promise."""
    calls: list[Call] = field(default_factory=list)
    came: list[tuple[int, Trial] | None] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    broken: dict[str, Broken] = field(default_factory=dict)
    left_over: dict[object, tuple[int, Trial, Call, Leg]] = field(default_factory=dict)
    """Detached legs, one of each kind, with the state, trial and call that they came from."""
    waits: WaitsFound = field(default_factory=WaitsFound)
    stages: set[tuple[Stage, Stage]] = field(default_factory=set)
    """(before, after) of every transition."""
    transitions: int = 0
    _known: dict[canonical.Key, int] = field(default_factory=dict)

    def begin(self, call: Call) -> None:
        self._number(call, None)

    def run(self, stop: Callable[[Call], bool], next_of: Alphabet = alphabet.trials) -> None:
        """Visit every state. A state for which ``stop`` is true is visited but not left."""
        done = 0
        while done < len(self.calls) and not (self.first_only and self.broken):
            if not stop(self.calls[done]):
                for trial in next_of(self.calls[done], self.configuration):
                    self._take(done, trial)
            done += 1

    def knows(self, call: Call) -> bool:
        """Whether this is one of the states."""
        return canonical.key(call, self.configuration) in self._known

    def _take(self, start: int, trial: Trial) -> None:
        self.transitions += 1
        decision = decide(trial.call, trial.event, self.configuration)
        if decision.impossible:
            return self._found(Broken("impossible", decision.impossible, start, trial, trial.call))
        after = decision.call
        apart = canonical.set_apart(after)
        for leg in apart:
            self.left_over.setdefault(_kind(leg, after), (start, trial, after, leg))
        self.stages.add((trial.call.stage, after.stage))
        self.waits.take(start, trial, after)
        most = len(self.calls)
        end = self._number(after, (start, trial))
        known = (
            end < most and self.came[end] is not None and all([leg_timer(leg.id) in after.deadlines for leg in apart])
        )
        step = transition(trial.call, trial.event, after, decision.notes, self.configuration)
        for name, sentence in promises.broken(step, known=known):
            self._found(Broken(name, sentence, start, trial, after))
        if trial.kind in BY_ITSELF:
            self.edges.append(Edge(start, end, trial, after.deadlines))
        return None

    def _number(self, reached: Call, came: tuple[int, Trial] | None) -> int:
        key = canonical.key(reached, self.configuration)
        known = self._known.get(key)
        if known is not None:
            return known
        if len(self.calls) >= MOST_STATES:
            raise RuntimeError(f"more than {MOST_STATES} states")
        self._known[key] = number = len(self.calls)
        self.calls.append(canonical.canonical(reached, self.configuration))
        self.came.append(came)
        return number

    def _found(self, broken: Broken) -> None:
        """Keep the first of each kind, which has the shortest counterexample."""
        self.broken.setdefault(broken.name, broken)

    def path_to(self, state: int) -> Iterator[tuple[Call, Trial]]:
        """(call before, trial) of every transition from the beginning to this state."""
        steps = []
        came = self.came[state]
        while came:
            steps.append((self.calls[came[0]], came[1]))
            came = self.came[came[0]]
        return reversed(steps)


def _bounded(apart: list[Leg], call: Call) -> bool:
    """Whether all of these legs have a deadline, which is not a part of a state."""
    return all([leg_timer(leg.id) in call.deadlines for leg in apart])


def _kind(leg: Leg, call: Call) -> object:
    return leg.role, leg.place.name, leg.status, call.stage, bool(leg.place.prompts)
