"""``decide``: the only door into the core. Same call, event and configuration: same decision."""

from dataclasses import dataclass, replace
from datetime import datetime

from callflow.core import hangups
from callflow.core.call import ROOM, Call, Note, Role
from callflow.core.configuration import Configuration
from callflow.core.draft import DecisionDraft
from callflow.core.events import ConsentGiven, ConsentNotHeard, ConsentRefused, Event, LegEvent, LegJoined
from callflow.core.places import ASKING
from callflow.core.stages import PlaceName, Stage
from callflow.core.table import TABLE


@dataclass(frozen=True, slots=True)
class Decision:
    """The call after the event, and what the journal must say of it. Commands: ``difference.commands``."""

    call: Call
    notes: tuple[Note, ...]


def decide(call: Call, event: Event, configuration: Configuration) -> Decision:
    """Take one event. Raises ``table.ImpossibleEvent`` for an event our own edge may not send to this stage."""
    draft = DecisionDraft(_talked(call, event), event, configuration)
    if not _unknown(draft, event):
        TABLE[call.stage, type(event)](draft, event)
    if draft.call.stage is not Stage.ENDED and draft.call.legs and not any(leg.live for leg in draft.call.legs):
        hangups.over(draft)
    return Decision(draft.call, tuple(draft.notes))


def _unknown(draft: DecisionDraft, event: Event) -> bool:
    """A fact about a leg that is not on this call or is over; an arrival by a document long left; an unasked yes."""
    if not isinstance(event, LegEvent):
        return False
    leg = draft.call.leg(event.leg)
    if leg is None or not leg.live:
        return True
    match event:
        case LegJoined():
            return leg.at(PlaceName.GONE) or event.token not in (None, leg.token)
        case ConsentGiven() | ConsentRefused() | ConsentNotHeard():
            return leg.role is not Role.CALLER or leg.place.name not in ASKING
        case _:
            return False


def _talked(call: Call, event: Event) -> Call:
    """Open conversation counts towards the grace of the warnings heard; hold, transfer and menus do not (rule 26)."""
    if not call.warnings or event.at <= call.at or not _in_conversation(call):
        return call
    seconds = (event.at - call.at).total_seconds()
    warnings = tuple(
        replace(one, talked_seconds=one.talked_seconds + seconds) if one.heard_at else one for one in call.warnings
    )
    return call.but(warnings=warnings)


def _in_conversation(call: Call) -> bool:
    """Caller and lead are in the room, and neither is still on the way or being told something."""
    if call.stage is not Stage.TALKING:
        return False
    return all(leg and leg.place == ROOM and leg.seen == leg.token for leg in (call.caller, call.lead_leg))


def served(call: Call, leg: str, at: datetime) -> Call:
    """The leg is being given the document of its current place: from now on its seconds count."""
    found = call.leg(leg)
    if not found or found.seen == found.token:
        return call
    return call.changed(leg, seen=found.token, since=at)
