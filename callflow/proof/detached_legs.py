"""Legs that are not part of the conversation: in wrap-up, let go, or rung only to hear a message.

The main exploration leaves them out. Here each kind of leg is added to the call it came from, and everything that can
happen to it is tried; a listener also as if the caller had heard the notice. Two things are checked: none of it brings
the call into a state that was not explored, as a key for safeguarding might (rule 34), and its own deadlines end the
leg.
"""

from collections.abc import Iterator
from dataclasses import replace

from callflow.core.call import Call, Leg, LegStatus, Place
from callflow.core.decide import decide
from callflow.core.events import DigitPressed, TimerFired
from callflow.core.stages import PlaceName as P
from callflow.core.timer_names import leg_timer
from callflow.core.transition import transition
from callflow.proof import alphabet, canonical, promises
from callflow.proof.alphabet import Trial
from callflow.proof.exploring import Broken, Explored

MOVES = "A leg that has left the caller, or was only rung to hear a message, brings the call nowhere new."
ENDS = "Every leg in wrap-up, let go, or rung to hear a message ends by its deadlines."
LAST = 99
FIRINGS = 3
"""How many of its deadlines end a leg at the latest: its own, being let go, and the end that was not reported."""


def check(explored: Explored) -> Iterator[Broken]:
    """Check every kind of detached leg that the exploration found; yields what is broken."""
    for start, trial, after, leg in list(explored.left_over.values()):
        call = _beside(after, leg, explored)
        for broken in _tried(explored, call, start):
            yield replace(broken, trial=trial)


def _beside(after: Call, leg: Leg, explored: Explored) -> Call:
    """The canonical call with this leg added at the end, under an id of its own."""
    main = canonical.canonical(after, explored.configuration)
    status = LegStatus.RINGING if leg.status is LegStatus.WANTED else leg.status
    id = f"{leg.id[0]}{LAST}"
    deadlines = dict(main.deadlines)
    if leg_timer(leg.id) in after.deadlines:
        deadlines[leg_timer(id)] = canonical.NOW + canonical.FAR
    detached = leg.but(id=id, sid="CA", status=status, token=1, seen=1, since=canonical.NOW)
    return main.but(legs=(*main.legs, detached), deadlines=deadlines)


def _tried(explored: Explored, first: Call, start: int) -> Iterator[Broken]:
    ahead, met = [first], set()
    while ahead:
        call = ahead.pop()
        leg = call.legs[-1]
        kind = (leg.place.name, leg.status, leg.role)
        if kind in met or not leg.live or leg.role in canonical.ATTACHED:  # a listener who has joined
            continue
        met.add(kind)
        if not leg.at(P.LISTENING) and not _ends(call, leg.id, explored):  # which ends with the conversation
            yield Broken("setting apart", ENDS, start, None, call)
        for trial in _trials(call, leg, explored):
            decision = decide(trial.call, trial.event, explored.configuration)
            explored.transitions += 1
            step = transition(trial.call, trial.event, decision.call, decision.notes, explored.configuration)
            for name, sentence in promises.broken(step):
                yield Broken(name, sentence, start, trial, decision.call)
            allowed = isinstance(trial.event, DigitPressed) and explored.knows(decision.call)
            if not allowed and not _alike(call, decision.call, explored):
                yield Broken("setting apart", MOVES, start, trial, decision.call)
            ahead.append(decision.call.but(at=canonical.NOW))
        if leg.at(P.LISTEN_WAIT):
            ahead.append(call.changed(leg.id, place=Place(P.LISTENING), announced=True, notice=0))


def _trials(call: Call, leg: Leg, explored: Explored) -> list[Trial]:
    """The trials that are about this leg."""
    timer = leg_timer(leg.id)
    return [
        one for one in alphabet.trials(call, explored.configuration)
        if getattr(one.event, "leg", "") == leg.id or getattr(one.event, "name", "") == timer
    ]  # fmt: skip


def _alike(before: Call, after: Call, explored: Explored) -> bool:
    """Whether the call without the detached leg is unchanged. A call without live legs may have ended."""
    if not any(one.live for one in after.legs):
        return True
    return canonical.key(before, explored.configuration) == canonical.key(after, explored.configuration)


def _ends(call: Call, id: str, explored: Explored) -> bool:
    """Whether the leg ends by its own deadlines."""
    timer = leg_timer(id)
    for _ in range(FIRINGS):
        leg = call.leg(id)
        if leg is None or not leg.live:
            return True
        if timer not in call.deadlines:
            return False
        due = call.but(at=canonical.NOW).timer(timer, canonical.NOW)
        call = decide(due, TimerFired(at=canonical.NOW, name=timer), explored.configuration).call
    found = call.leg(id)
    return found is None or not found.live
