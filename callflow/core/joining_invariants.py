"""Floors of who comes to the caller, who listens, and who acts from elsewhere (F5; rules 6, 16, 20 and 21)."""

from callflow.core import act_refusals
from callflow.core.call import CALLER, Leg, Role
from callflow.core.events import Act, Acted, DigitPressed, Event, LegJoined
from callflow.core.notes import NoteKind
from callflow.core.places import COACHES, LISTENERS, WITHOUT_THE_CALLER
from callflow.core.stages import PlaceName as P
from callflow.core.transition import Transition


def listener_announced(step: Transition) -> bool:
    """Nobody listens who has not pressed a key on that phone, or before the caller has heard the notice to its end."""
    listeners = [leg for leg in step.after.legs if leg.role is Role.LISTENER and leg.live]
    return not listeners or all([_announced(step, step.before.leg(leg.id), leg) for leg in listeners])


def _announced(step: Transition, before: Leg | None, leg: Leg) -> bool:
    if leg.announced and not (before and before.announced):
        event, caller = step.event, step.before.caller
        joined = isinstance(event, LegJoined) and event.leg == CALLER and event.token == caller.token == caller.seen
        return before is not None and joined and before.notice == caller.token
    waits = leg.at(P.RINGING) or leg.at(P.GONE) or leg.at(P.LISTEN_OFFER) or (leg.accepted and leg.at(P.LISTEN_WAIT))
    return waits or (leg.accepted and leg.announced and leg.place.name in LISTENERS)


def coach_heard_by_the_lead(step: Transition) -> bool:
    """Whoever coaches is heard by the lead alone, who is in the room; every other listener is muted."""
    call = step.after
    coaches = [leg for leg in call.legs if leg.place.name is P.LISTENING and COACHES in leg.place.details]
    if not coaches:
        return True
    there = call.lead_leg is not None and call.lead_leg.in_room
    return all([there and leg.role is Role.LISTENER and leg.place.details[COACHES] == call.lead for leg in coaches])


def acts_of_the_permitted(step: Transition) -> bool:
    """An act changes nothing unless the person may do it; and it is on record."""
    event, before, after = step.event, step.before, step.after
    if not isinstance(event, Acted):
        return True
    if step.noted(NoteKind.ACT):
        return act_refusals.permitted(before, step.configuration, event.person, Act(event.act)) is None
    return bool(step.noted(NoteKind.REFUSED)) and before.legs == after.legs and before.stage is after.stage


def accepted_by_key(step: Transition) -> bool:
    """Nobody is with the caller without having pressed the accept key on that phone."""
    known = {leg.id: leg for leg in step.before.legs}
    live = [leg for leg in step.after.legs[1:] if leg.live]
    return all([_may_be_there(step.event, known.get(leg.id), leg) for leg in live])


def _may_be_there(event: Event, before: Leg | None, leg: Leg) -> bool:
    if leg.accepted and not (before and before.accepted):
        asked = before is not None and before.place.name in (P.OFFER, P.BRIEFING)
        pressed = isinstance(event, DigitPressed) and event.leg == leg.id and event.key == "1"
        return (asked and pressed) or _accepts(event, before)
    with_caller = leg.role in (Role.LEAD, Role.HELPER)
    return leg.accepted if with_caller else leg.place.name in WITHOUT_THE_CALLER


def _accepts(event: Event, leg: Leg | None) -> bool:
    """Whether the event is the key with which a listener accepts."""
    if leg is None or not isinstance(event, DigitPressed) or event.leg != leg.id:
        return False
    return (leg.at(P.LISTEN_OFFER) and event.key == "1") or (leg.at(P.TOLD) and event.key == "2")
