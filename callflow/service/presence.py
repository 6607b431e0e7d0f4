"""The presence of the people on a call: free, rung, on the call, in wrap-up, in cool-down (rules 5 and 38). Pure."""

from datetime import datetime, timedelta

from callflow.core import breaks
from callflow.core.call import Call, Leg, Role
from callflow.core.configuration import Configuration
from callflow.core.places import WRAPPING_UP
from callflow.core.stages import PlaceName
from callflow.service.people import PersonPresence, Presence


def moved(before: Call | None, after: Call, configuration: Configuration) -> list[PersonPresence]:
    """The new presence of the people for whom it changed. Breaks begin at the time of the event."""
    old = {leg.id: leg for leg in before.legs} if before else {}
    changes = []
    for leg in after.legs:
        if not leg.person or (leg.id in old and _presence(old[leg.id]) is _presence(leg)):
            continue
        presence, until = _now(old.get(leg.id), leg, after, configuration)
        call = "" if presence is Presence.FREE else after.id
        changes.append(PersonPresence(person=leg.person, presence=presence, call=call, since=after.at, until=until))
    return changes


def _presence(leg: Leg) -> Presence:
    if not leg.live:
        return Presence.FREE
    if leg.role is Role.PARTED and leg.accepted:
        return Presence.WRAP_UP
    with_call = leg.role in (Role.LEAD, Role.HELPER) or (leg.role is Role.LISTENER and leg.accepted)
    return Presence.ON_CALL if with_call else Presence.RUNG


def _now(old: Leg | None, leg: Leg, call: Call, configuration: Configuration) -> tuple[Presence, datetime | None]:
    """The presence of a leg's person, and until when. If the leg is over they are free, or in a break."""
    presence = _presence(leg)
    if leg.live or not leg.accepted or leg.role is Role.LISTENER:
        return presence, None
    rules = configuration.policy.aftercare
    if minutes := breaks.minutes(call, leg, rules):
        return Presence.COOL_DOWN, call.at + timedelta(minutes=minutes)
    if leg.wrap_up_until is not None:
        over = leg.wrap_up_until <= call.at
        return (Presence.FREE, None) if over else (Presence.WRAP_UP, leg.wrap_up_until)
    let_go = old is not None and (old.place.name in WRAPPING_UP or old.at(PlaceName.GONE))
    return (Presence.FREE, None) if let_go else (Presence.WRAP_UP, call.at + timedelta(seconds=rules.wrap_up_seconds))


def answered(before: Call | None, after: Call) -> dict[str, bool]:
    """The people who answered by key, to accept or decline (True), and those who were rung in vain (False)."""
    old = {leg.id: leg for leg in before.legs} if before else {}
    found = {}
    for leg in after.legs:
        known = old.get(leg.id)
        if leg.accepted and not (known and known.accepted):
            found[leg.person] = True
        elif (leg.declined or leg.missed) and not leg.live and (known is None or known.live):
            found[leg.person] = leg.declined
    return found
