"""Breadth first through every state that can be reached, so that the first way found to anything is a shortest one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.stages import Stage
from callflow.proof import alphabet, canonical, promises
from callflow.proof.alphabet import BY_ITSELF, Trial
from callflow.proof.promises import Transition

MOST_STATES = 200_000
"""Nothing sensible comes near; a mistake that makes states without end must not make a check without end."""
Alphabet = Callable[[Call, Configuration], Iterable[Trial]]


@dataclass(frozen=True, slots=True)
class Edge:
    """Something that happens by itself, from one state to another."""

    start: int
    end: int
    trial: Trial


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that the step ``trial`` out of ``state`` breaks."""

    name: str
    sentence: str
    state: int
    trial: Trial | None
    after: Call
    then: tuple[Trial, ...] = ()
    """How it goes on, where going on is what is wrong."""


@dataclass(slots=True)
class Explored:
    """Numbered states, how each was first reached, and what was found on the way."""

    configuration: Configuration
    hasty: bool = False
    """The first broken promise is enough."""
    calls: list[Call] = field(default_factory=list)
    came: list[tuple[int, Trial] | None] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    broken: dict[str, Broken] = field(default_factory=dict)
    left_over: dict[object, tuple[int, Trial, Call, Leg]] = field(default_factory=dict)
    """Legs that were set apart, one of each kind, with the whole call as it then was."""
    stages: set[tuple[Stage, Stage]] = field(default_factory=set)
    """(before, after) of every transition there is."""
    transitions: int = 0
    _known: dict[canonical.Key, int] = field(default_factory=dict)

    def begin(self, call: Call) -> None:
        self._number(call, None)

    def run(self, stop: Callable[[Call], bool], next_of: Alphabet = alphabet.trials) -> None:
        """Visit everything; a state where ``stop`` holds is visited and not left."""
        done = 0
        while done < len(self.calls) and not (self.hasty and self.broken):
            if not stop(self.calls[done]):
                for trial in next_of(self.calls[done], self.configuration):
                    self._take(done, trial)
            done += 1

    def _take(self, start: int, trial: Trial) -> None:
        self.transitions += 1
        decision = decide(trial.call, trial.event, self.configuration)
        if decision.impossible:
            return self._found(Broken("impossible", decision.impossible, start, trial, trial.call))
        after = decision.call
        for name, sentence in promises.broken(Transition(trial, after, decision.notes, self.configuration)):
            self._found(Broken(name, sentence, start, trial, after))
        for leg in canonical.set_apart(after):
            self.left_over.setdefault(_kind(leg, after), (start, trial, after, leg))
        self.stages.add((trial.call.stage, after.stage))
        end = self._number(after, (start, trial))
        if trial.kind in BY_ITSELF:
            self.edges.append(Edge(start, end, trial))
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
        """The first of each kind has the shortest story; the rest would say the same again."""
        self.broken.setdefault(broken.name, broken)

    def way_to(self, state: int) -> Iterator[tuple[Call, Trial]]:
        """(call before, trial) from the beginning to this state."""
        steps = []
        came = self.came[state]
        while came:
            steps.append((self.calls[came[0]], came[1]))
            came = self.came[came[0]]
        return reversed(steps)


def _kind(leg: Leg, call: Call) -> object:
    return leg.role, leg.place.name, leg.status, call.stage, bool(leg.place.prompts)
