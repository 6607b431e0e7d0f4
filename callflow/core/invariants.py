"""The floors of design.md, section 4, as code: what must hold after every event, in any order, repeated, late or lost.

Each function checks the sentence in its docstring and returns whether it holds. The property tests, the simulator and
replay use them. They are not checked during live calls.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from types import MappingProxyType

from callflow.core import adjustments, bounds
from callflow.core.agent_search import SEARCHING
from callflow.core.bounds import WITH_LEAD
from callflow.core.call import ROOM, Call, Leg, LegStatus, Role
from callflow.core.closing_invariants import closing_co_signed, closing_through_the_gate, silence_is_no_conduct
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.events import (
    UNCOUNTED,
    CallStarted,
    ConsentGiven,
    DigitPressed,
    Event,
    LegAnswered,
    LegEvent,
    LegJoined,
    LegLost,
    LegNotReached,
    OutgoingStarted,
    TimerFired,
)
from callflow.core.joining_invariants import (
    accepted_by_key,
    acts_of_the_permitted,
    coach_heard_by_the_lead,
    listener_announced,
)
from callflow.core.notes import Note
from callflow.core.notes import NoteKind as K
from callflow.core.places import CALLER_AT, NOT_WITH_US_YET
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.timer_names import Timer, leg_timer
from callflow.core.transition import Transition, transition

REPEATABLE = (CallStarted, OutgoingStarted, LegAnswered, LegLost, LegNotReached, TimerFired, *UNCOUNTED)
ON_THE_LADDER = attrgetter("warnings", "closing", "time_out", "delegate_upwards", "locks")


def broken(
    before: Call | None, event: Event, after: Call, notes: Iterable[Note], configuration: Configuration
) -> list[str]:
    """The sentences that do not hold after this event; empty if all of them hold."""
    applied = transition(before or after, event, after, tuple(notes), configuration)
    return [f"{name}: {guard.__doc__}" for name, guard in FLOORS.items() if not guard(applied)]


# -- F1 to F3: holding, warning and closing


def hold_by_consent(step: Transition) -> bool:
    """No hold without the caller's yes to this hold."""
    call, asked = step.after, step.before.caller.place.name
    if not call.caller.at(P.HOLD):
        return True
    if call.stage is not S.HOLDING or not call.consent or call.consent.kind != "hold" or not call.consent.used:
        return False
    if step.newly_at is None:
        return call.consent == step.before.consent
    given = isinstance(step.event, ConsentGiven) and asked in (P.HOLD_QUESTION, P.CHECK_IN)
    return (given or _attested(step)) and call.consent.at == call.at


def _attested(step: Transition) -> bool:
    """An agent's word counts as the caller's yes only with an adjustment, and by the lead's key (rule 8)."""
    event, call = step.event, step.before
    leg = call.lead_leg if isinstance(event, DigitPressed) and event.leg == call.lead and event.key == "2" else None
    return bool(call.adjustments and leg and leg.at(P.ATTEST_MENU))


def warned_by_a_person(step: Transition) -> bool:
    """Every warning carries the key of the lead who caused it; with an adjustment, a supervisor has agreed to it."""
    before, after = step.before.warnings, step.after.warnings
    if len(after) <= len(before):
        return step.newly_at is not P.WARNING
    by_lead = step.by_key_of_lead(after[-1].key, after[-1].actor)
    return len(after) == len(before) + 1 and by_lead and adjustments.agreed(step.before)


def closed_by_a_person(step: Transition) -> bool:
    """Every closing carries the key of the lead who decided it; its message begins when the countdown is over."""
    closing, known = step.after.closing, step.before.closing
    if closing and closing != known:
        unheard = closing.read_aloud and not step.before.unplayed  # nothing is read aloud that could be played
        return step.by_key_of_lead(closing.key, closing.actor) and step.newly_at is not P.CLOSING and not unheard
    if step.newly_at is not P.CLOSING:
        return True
    return closing is not None and isinstance(step.event, TimerFired) and step.event.name == Timer.CLOSING


# -- F4: the caller is never alone for long


def caller_where_the_stage_says(step: Transition) -> bool:
    """The caller is at a place that belongs to the stage."""
    call = step.after
    return not call.step or call.caller.place.name in CALLER_AT[call.stage]


def stage_ends(step: Transition) -> bool:
    """Every stage has a deadline of its own, even those of conversation while nobody is with the caller."""
    return bounds.bounded(step.after)


def lead_with_the_caller(step: Transition) -> bool:
    """In conversation the lead is in the room, or back within seconds."""
    call = step.after
    lead = call.lead_leg
    return call.stage is not S.TALKING or bool(lead and lead.in_room) or Timer.REJOIN in call.deadlines


def rung_for_a_while(step: Transition) -> bool:
    """Every leg that is rung, hears a message or is released has a deadline."""
    apart = (Role.CANDIDATE, Role.PARTED, Role.ALERTED)
    waits = (P.GONE, P.RINGING, P.LISTEN_OFFER, P.LISTEN_WAIT)
    bounded = [leg for leg in step.after.legs if leg.live and (leg.role in apart or leg.place.name in waits)]
    return all([leg_timer(leg.id) in step.after.deadlines for leg in bounded])


# -- F5 to F7: people


def lead_lost_caller_kept(step: Transition) -> bool:
    """The lead's phone going dead never ends the caller's call."""
    before, after, event = step.before, step.after, step.event
    lost = isinstance(event, LegLost | LegNotReached) and before.lead and event.leg == before.lead
    if not lost or not before.caller.live or before.stage is S.AFTERCARE or _only_called(before):
        return True
    kept = after.caller.live and not after.caller.at(P.GONE) and not after.caller.at(P.CLOSING)
    return kept and after.stage in (S.TALKING, S.LEFT_ALONE)


def customer_by_key(step: Transition) -> bool:
    """A customer whom we called comes into the room by pressing 1 on that phone, and never by answering it."""
    before, after, event = step.before, step.after, step.event
    if not _only_called(before) or _only_called(after) or not after.caller.live or after.caller.at(P.GONE):
        return True
    pressed = isinstance(event, DigitPressed) and event.leg == before.caller.id and event.key == "1"
    return pressed and before.caller.at(P.INVITATION)


def _only_called(call: Call) -> bool:
    """Whether the caller's leg is that of a customer whom we call, and who has pressed no key."""
    return call.caller.place.name in NOT_WITH_US_YET


def repeated_changes_nothing(step: Transition) -> bool:
    """A repeated report changes nothing."""
    event, call = step.event, step.after
    repeatable = isinstance(event, REPEATABLE)
    by_document = isinstance(event, LegJoined) and event.token is not None
    if not repeatable and not (by_document and _belongs(call, event)):
        return True
    again = decide(call, event, step.configuration)
    return bool(again.impossible) or (again.call.but(seq=call.seq) == call and not again.notes)


def _belongs(call: Call, event: Event) -> bool:
    leg = call.leg(event.leg) if isinstance(event, LegEvent) else None
    return bool(leg and leg.role in (Role.CALLER, Role.LEAD, Role.HELPER))


# -- F8 and F9: the journal and the locks


def rung_is_written(step: Transition) -> bool:
    """Each step of the ladder is in the journal: who, which key, which script in which version and language."""
    before, after = step.before, step.after
    if len(after.warnings) > len(before.warnings):
        return any(note.actor and note.key and note.script for note in step.noted(K.WARNING))
    if before.stage is after.stage and ON_THE_LADDER(before) == ON_THE_LADDER(after):
        return True
    changed = {
        (K.WARNING, K.UNLOCKED): after.warnings != before.warnings and not _only_talked(before, after),
        (K.CLOSING, K.LEAD_LOST, K.SAFEGUARDING, K.THREAT, K.CALL_ENDED): after.closing != before.closing,
        (K.CONSENT, K.TIME_OUT, K.UNLOCKED): after.time_out is not before.time_out,
        (K.CONSENT, K.DELEGATE_UPWARDS, K.ACCEPTED, K.UNLOCKED): after.delegate_upwards is not before.delegate_upwards,
        (K.SAFEGUARDING, K.THREAT, K.UNLOCKED): after.locks != before.locks,
        (K.HOLD,): before.caller.at(P.HOLD) != after.caller.at(P.HOLD) and before.stage is not after.stage,
    }
    return all(step.noted(*kinds) for kinds, so in changed.items() if so)


def _only_talked(before: Call, after: Call) -> bool:
    """Whether only the talk time since the warnings has changed."""
    if len(before.warnings) != len(after.warnings):
        return False
    pairs = zip(before.warnings, after.warnings, strict=True)
    return all(replace(old, talked_seconds=new.talked_seconds) == new for old, new in pairs)


def scripts_are_named_in_full(step: Transition) -> bool:
    """Every script in the journal has its version and its language, and every entry has an actor."""
    return all([note.actor and bool(note.script) == bool(note.version) == bool(note.language) for note in step.notes])


def nothing_under_a_lock(step: Transition) -> bool:
    """With safeguarding or threat on: no warning, no closing, no hold."""
    forbidden = (S.WARNING, S.CLOSING, S.ASKING_HOLD, S.HOLDING)
    places = (P.WARNING, P.CLOSING, P.HOLD_QUESTION, P.CHECK_IN, P.HOLD)
    call = step.after
    return not call.locks or (call.stage not in forbidden and call.caller.place.name not in places)


# -- The model itself


def one_lead(step: Transition) -> bool:
    """There is exactly one lead where there should be one, a helper only beside a lead."""
    call = step.after
    leads = [leg.id for leg in call.legs if leg.role is Role.LEAD and leg.live]
    helpers = [leg.id for leg in call.legs if leg.role is Role.HELPER and leg.live]
    wanted = [call.lead] if call.stage in WITH_LEAD else []
    return leads == wanted and helpers == ([call.helper] if call.stage in (S.CONSULTING, S.INTRODUCING) else [])


def searching_where_people_wait(step: Transition) -> bool:
    """Phones ring only in the stages in which somebody waits for a person."""
    call = step.after
    rings = call.search is not None or call.stage is S.PREPARING
    return (call.search is not None) == (call.stage in SEARCHING) and (not call.candidates or rings)


def released_by_the_flow(step: Transition) -> bool:
    """A live caller is released only at the end of a flow. A customer whom we called, before they have pressed 1."""
    call = step.after
    if not call.caller.live or not call.caller.at(P.GONE) or _only_called(step.before):
        return True
    if call.stage is S.AFTERCARE and step.before.caller.at(P.GONE):
        return True
    return call.stage is S.ARRIVING and (step.newly_at is None or bool(step.noted(K.FLOW_ENDED)))


def documents_are_numbered(step: Transition) -> bool:
    """No leg is ever removed, and every new document has a higher token."""
    known = {leg.id: leg for leg in step.after.legs}
    pairs = [(leg, known.get(leg.id)) for leg in step.before.legs]
    return all([after is leg or (after is not None and _same_document(leg, after)) for leg, after in pairs])


def _same_document(before: Leg, after: Leg) -> bool:
    if after.token > before.token:
        return after.seen <= after.token
    arrived = after.place == ROOM and after.seen == after.token
    return after.token == before.token and (after.place == before.place or arrived or after.status is LegStatus.GONE)


def ended_is_over(step: Transition) -> bool:
    """A call is ENDED when no leg is left, and stays so; time never runs backwards."""
    before, after = step.before, step.after
    over = not any(leg.live for leg in after.legs) and not after.deadlines
    return (after.stage is S.ENDED) == over and after.at >= before.at and (before.stage is not S.ENDED or over)


FLOORS: Mapping[str, Callable[[Transition], bool]] = MappingProxyType({
    "F1 hold": hold_by_consent,
    "F2 gate": closing_through_the_gate,
    "F2 co-signature": closing_co_signed,
    "F3 warning": warned_by_a_person,
    "F3 closing": closed_by_a_person,
    "F3 silence": silence_is_no_conduct,
    "F4 place": caller_where_the_stage_says,
    "F4 bound": stage_ends,
    "F4 company": lead_with_the_caller,
    "F4 others": rung_for_a_while,
    "F5": accepted_by_key,
    "F5 customer": customer_by_key,
    "F6": lead_lost_caller_kept,
    "F7": repeated_changes_nothing,
    "F8 rung": rung_is_written,
    "F8 scripts": scripts_are_named_in_full,
    "F9": nothing_under_a_lock,
    "listening": listener_announced,
    "coaching": coach_heard_by_the_lead,
    "acts": acts_of_the_permitted,
    "lead": one_lead,
    "search": searching_where_people_wait,
    "release": released_by_the_flow,
    "documents": documents_are_numbered,
    "end": ended_is_over,
})  # fmt: skip
