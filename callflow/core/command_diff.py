"""Commands are the difference between two calls: who must come is rung, who must move or go is moved or let go."""

from callflow.core.call import CALLER, Call, Leg, LegStatus
from callflow.core.commands import AnyCommand, LegCommand, LookUp, RedirectLeg, ReleaseLeg, RingLeg
from callflow.core.stages import PlaceName


def commands(before: Call | None, after: Call, answering: str = "") -> list[AnyCommand]:
    """Orders for every leg whose document changed, but for the one whose webhook we answer: our reply moves it."""
    known = {leg.id: leg.token for leg in before.legs} if before else {}
    changed = [leg for leg in after.legs if known.get(leg.id) != leg.token and leg.id != answering]
    orders: list[AnyCommand] = [order for leg in changed if (order := command(after, leg))]
    if after.lookup and after.lookup != (before.lookup if before else ""):
        orders.append(LookUp(call=after.id, leg=CALLER, token=after.caller.token, lookup=after.lookup))
    return orders


def command(call: Call, leg: Leg) -> LegCommand | None:
    """The one order that would bring this leg where it should be; None when it is there, over, or not yet reachable."""
    match leg.status:
        case LegStatus.WANTED if leg.place.name is PlaceName.RINGING and not leg.sid:
            return RingLeg(call=call.id, leg=leg.id, token=leg.token, person=leg.person, ring_seconds=leg.ring_seconds)
        case LegStatus.GONE:
            return None
        case _ if leg.at(PlaceName.GONE) and leg.sid and (leg.status is not LegStatus.UP or not leg.place.prompts):
            return ReleaseLeg(call=call.id, leg=leg.id, token=leg.token, sid=leg.sid)
        case LegStatus.UP if leg.seen < leg.token:
            return RedirectLeg(call=call.id, leg=leg.id, token=leg.token, sid=leg.sid)
        case _:
            return None


def overdue(call: Call) -> list[Leg]:
    """Legs that are not where they should be, as far as we have seen (repair redirects them again)."""
    return [leg for leg in call.legs if command(call, leg)]
