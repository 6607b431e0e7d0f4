"""What no event may do. Each promise looks at one step, from the call before to the call after, with its own eyes.

The floors of ``core.invariants`` are looked at as well. These are said once more, without asking the ladder or the
gate whether they agree: code and proof should not share a mistake. Time was answered by the trial, so "the grace is
over" is a fact here and no calculation of the core's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from callflow.core import invariants
from callflow.core.call import CALLER, Call, Leg, Note, Role
from callflow.core.configuration import Configuration
from callflow.core.events import ConsentGiven, DigitPressed, LegJoined, TimerFired
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.proof import endings
from callflow.proof.alphabet import Trial
from callflow.proof.canonical import NOW


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of the exploration, before anything is dropped from the call after it."""

    trial: Trial
    after: Call
    notes: tuple[Note, ...]
    configuration: Configuration

    @property
    def before(self) -> Call:
        return self.trial.call

    def newly(self, place: P) -> bool:
        """The caller was put there by this event."""
        return self.after.caller.at(place) and not self.before.caller.at(place)


def broken(taken: Transition) -> Iterator[tuple[str, str]]:
    """(name, sentence) of every promise that this step breaks."""
    for name, promise in PROMISES.items():
        if not promise(taken):
            yield name, (promise.__doc__ or "").partition("\n")[0]
    floors = invariants.broken(taken.before, taken.trial.event, taken.after, taken.notes, taken.configuration)
    for floor in floors:
        name, _, sentence = floor.partition(": ")
        yield f"floor {name}", sentence


def closing_after_final_warning(taken: Transition) -> bool:
    """No closing without a final warning heard in full, its grace over and not lapsed, and a person's key."""
    decided = taken.after.closing is not None and taken.before.closing is None
    if not decided and not taken.newly(P.CLOSING):
        return True
    rules = taken.configuration.policy.draw_the_line
    open_gate = any(
        one.final and one.heard_at and one.talked_seconds >= rules.grace_seconds
        and (NOW - one.heard_at).total_seconds() <= rules.lapse_seconds
        for one in taken.before.warnings
    )  # fmt: skip
    if decided:
        return open_gate and _pressed(taken, P.END_CONFIRM, Role.LEAD) and not taken.newly(P.CLOSING)
    return open_gate and taken.before.closing is not None and isinstance(taken.trial.event, TimerFired)


def _pressed(taken: Transition, place: P, *roles: Role) -> bool:
    event = taken.trial.event
    leg = taken.before.leg(event.leg) if isinstance(event, DigitPressed) else None
    return bool(leg and leg.role in roles and leg.at(place))


def warning_heard_in_full(taken: Transition) -> bool:
    """A warning counts as heard only when its own document brought the caller into the room, after all of its words."""
    heard = [one for one in taken.after.warnings if one.heard_at == NOW]
    known = {one.script for one in taken.before.warnings if one.heard_at}
    new = [one for one in heard if one.script not in known]
    if not new:
        return True
    event, caller = taken.trial.event, taken.before.caller
    by_document = isinstance(event, LegJoined) and event.leg == CALLER and event.token == caller.token
    played = (NOW - caller.since).total_seconds() >= new[-1].needed_seconds
    return by_document and played and caller.at(P.WARNING) and caller.seen == caller.token and len(new) == 1


def warning_by_a_key(taken: Transition) -> bool:
    """No warning without the key of the lead who named the conduct."""
    return not taken.newly(P.WARNING) or _pressed(taken, P.CONDUCT_MENU, Role.LEAD)


def hold_after_yes(taken: Transition) -> bool:
    """No hold without the caller's yes to the question that was just put."""
    if not taken.newly(P.HOLD):
        return True
    asked = taken.before.caller.place.name in (P.HOLD_QUESTION, P.CHECK_IN)
    event = taken.trial.event
    return asked and isinstance(event, ConsentGiven) and event.leg == CALLER


def wait_after_yes(taken: Transition) -> bool:
    """Nobody waits for a supervisor out of the conversation without a yes."""
    return not taken.newly(P.CONSULT_WAIT) or isinstance(taken.trial.event, ConsentGiven) or _waited(taken.before)


def _waited(call: Call) -> bool:
    return bool(call.consent and call.consent.kind == "supervisor")


def joined_by_key(taken: Transition) -> bool:
    """Nobody who was rung is with the caller without having pressed the accept key on that phone."""
    known = {leg.id: leg for leg in taken.before.legs}
    with_caller = [leg for leg in taken.after.legs[1:] if leg.live and _with_caller(leg)]
    return all(_with_caller(known[leg.id]) if leg.id in known and _with_caller(known[leg.id])
               else _accepted(taken, leg) for leg in with_caller)  # fmt: skip


def _with_caller(leg: Leg) -> bool:
    return leg.role in (Role.LEAD, Role.HELPER) or leg.in_room


def _accepted(taken: Transition, leg: Leg) -> bool:
    accept = DigitPressed(at=NOW, leg=leg.id, key="1")
    return taken.trial.event == accept and any(_pressed(taken, at, Role.CANDIDATE) for at in (P.OFFER, P.BRIEFING))


def locks_hold(taken: Transition) -> bool:
    """Under safeguarding or threat nobody is held, warned or closed out, and only a supervisor lifts the lock."""
    before, after = taken.before, taken.after
    kept_from = (P.HOLD, P.HOLD_QUESTION, P.CHECK_IN, P.WARNING, P.CLOSING)
    if after.locks and after.caller.place.name in kept_from:
        return False
    if set(before.locks) <= set(after.locks):
        return True
    event = taken.trial.event
    leg = before.leg(event.leg) if isinstance(event, DigitPressed) else None
    return bool(leg and leg.person in taken.configuration.supervisors and leg.at(P.UNLOCK_MENU))


def nobody_is_closed_out(taken: Transition) -> bool:
    """A document of a caller, or of somebody with a caller, never ends in a bare hang-up."""
    return not any(leg.live and endings.unsafe(leg) for leg in taken.after.legs)


def kept_by_people(taken: Transition) -> bool:
    """A live caller is let go only where the flow that ops wrote has come to its end."""
    return not (taken.after.caller.live and taken.newly(P.GONE)) or taken.after.stage is S.ARRIVING


def ring_ends(taken: Transition) -> bool:
    """Every ringing, offer and briefing has a deadline of ours, and that deadline ends it."""
    event = taken.trial.event
    if any(leg.live and f"leg:{leg.id}" not in taken.after.deadlines for leg in taken.after.candidates):
        return False
    if not isinstance(event, TimerFired) or not event.name.startswith("leg:"):
        return True
    leg = taken.after.leg(event.name.partition(":")[2])
    return leg is None or not leg.live or leg.at(P.GONE) or leg.role not in (Role.CANDIDATE, Role.PARTED, Role.ALERTED)


PROMISES: Mapping[str, Callable[[Transition], bool]] = MappingProxyType({
    "closing": closing_after_final_warning,
    "heard in full": warning_heard_in_full,
    "warning": warning_by_a_key,
    "hold": hold_after_yes,
    "waiting": wait_after_yes,
    "joining": joined_by_key,
    "locks": locks_hold,
    "safe tail": nobody_is_closed_out,
    "letting go": kept_by_people,
    "ringing": ring_ends,
})  # fmt: skip


def talk_counts(taken: Transition) -> bool:
    """Only open conversation of caller and lead counts towards the grace."""
    before = taken.before
    together = before.stage is S.TALKING and all(
        leg and leg.in_room and leg.seen == leg.token for leg in (before.caller, before.lead_leg)
    )
    pairs = zip(before.warnings, taken.after.warnings, strict=True)
    return together or all(old.talked_seconds == new.talked_seconds for old, new in pairs)
