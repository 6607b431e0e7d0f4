"""Commands are computed from the call before and after: new legs are rung, moved ones redirected, others released."""

from callflow.core import company
from callflow.core.call import CALLER, Call, Leg, LegStatus
from callflow.core.commands import (
    Announce,
    AnyCommand,
    ControlRecording,
    LegCommand,
    LookUp,
    RedirectLeg,
    ReleaseLeg,
    RingLeg,
)
from callflow.core.evidence import RUNNING, Recorded
from callflow.core.stages import PlaceName


def commands(before: Call | None, after: Call, answering: str = "") -> list[AnyCommand]:
    """A command for every leg whose document changed, except ``answering``: the reply to its webhook moves that leg.

    A leg that is alone in the room from now on keeps its document, and hears that the line is alive.
    """
    known = {leg.id: leg.token for leg in before.legs} if before else {}
    changed = [leg for leg in after.legs if known.get(leg.id) != leg.token and leg.id != answering]
    orders: list[AnyCommand] = [order for leg in changed if (order := command(after, leg))]
    if after.lookup and after.lookup != (before.lookup if before else ""):
        orders.append(LookUp(call=after.id, leg=CALLER, token=after.caller.token, lookup=after.lookup))
    orders += _recording(before, after)
    waits = company.alone(after)
    if waits and not (before and _id(company.alone(before)) == waits.id):
        orders.append(Announce(call=after.id, leg=waits.id, token=after.seq, sid=waits.sid))
    return orders


def _recording(before: Call | None, after: Call) -> list[ControlRecording]:
    """The recording is started once, when it begins to run; it ends with the caller's leg."""
    was, now = before.recording if before else Recorded.OFF, after.recording
    if was is now or now not in RUNNING:
        return []
    changes = ["pause"] if now is Recorded.PAUSED else ["resume"] if was in RUNNING else []
    changes = changes if was in RUNNING else ["start", *changes]
    caller = after.caller
    return [ControlRecording(call=after.id, leg=CALLER, token=after.seq, sid=caller.sid, change=one) for one in changes]


def _id(leg: Leg | None) -> str:
    return leg.id if leg else ""


def command(call: Call, leg: Leg) -> LegCommand | None:
    """The command that moves this leg to its place; None if the leg is there, over, or cannot be reached yet."""
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
    """The legs that have not fetched their current document. Repair redirects them again."""
    return [leg for leg in call.legs if command(call, leg)]
