"""What a document does if nobody presses anything: how long it lasts, and the event with which it ends.

A second opinion on ``telephony.place_documents``, kept small: lengths need only be about right, endings exactly.
"""

from datetime import datetime

from callflow.core import prompts
from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.core.events import Event, ForwardEnded, LegJoined, LegLost, LegNotReached, PlaceEnded
from callflow.core.places import STAR
from callflow.core.script_catalogue import CHOICES, YES_OR_NO
from callflow.core.stages import PlaceName as P

COME_TO_US = frozenset({P.STEP, P.MESSAGE, P.NOTE, P.LISTEN_MENU})
HANG_UP = frozenset({P.GONE, P.CLOSING, P.LET_GO, P.OFFER, P.BRIEFING, P.DECLINE_MENU, P.WRAP_UP, P.ALERT, P.TOLD,
                     P.CO_SIGN, P.INVITATION, P.LISTEN_OFFER, P.LISTEN_WAIT})  # fmt: skip
"""All other documents end in the room."""
RECORDING_SECONDS = 5
WATCH_SECONDS = 6
STAR_SECONDS = 2


def seconds(configuration: Configuration, call: Call, leg: Leg) -> float:
    """How long the leg's document lasts."""
    place = leg.place
    details = {name: value for name, value in place.details.items() if isinstance(value, int)}
    conduct = str(place.details.get("conduct", ""))
    spoken = sum(prompts.seconds(configuration, call.language, line, conduct) for line in place.prompts)
    if place.name is P.RINGING:
        return leg.ring_seconds
    if place.name is P.INVITATION:
        return details["rounds"] * (spoken + details["seconds"])
    if place.name is P.STEP and not details["asks"]:
        return spoken + (details["seconds"] if "how" in place.details else 0)
    return _lasting(leg, spoken, details.get("seconds", 0), details)


def _lasting(leg: Leg, spoken: float, listens: int, details: dict[str, int]) -> float:
    asks = sum(line.script == YES_OR_NO for line in leg.place.prompts) or 1
    spoken += sum(line.script in CHOICES for line in leg.place.prompts if leg.place.name is not P.STEP)
    special = {
        P.ROOM: lambda: spoken + (STAR_SECONDS if STAR in details else 0),
        P.HOLD: lambda: spoken + details["music"] + 1,
        P.HOLD_DESK: lambda: details["end_tenths"] / 10,
        P.STANDBY: lambda: max(spoken, listens),
        P.CONSULT_WAIT: lambda: max(spoken, listens),
        P.QUEUE: lambda: 3 * (spoken + listens),
        P.CLOSING_WATCH: lambda: spoken + (listens or WATCH_SECONDS),
        P.MESSAGE: lambda: spoken + RECORDING_SECONDS,
        P.NOTE: lambda: spoken + RECORDING_SECONDS,
    }
    return special.get(leg.place.name, lambda: spoken + listens * asks)()


def ending(leg: Leg, at: datetime) -> Event:
    """The event with which the leg's document ends by itself."""
    name = leg.place.name
    if name is P.RINGING:
        return LegNotReached(at=at, leg=leg.id, status="no-answer")
    if name in HANG_UP:
        return LegLost(at=at, leg=leg.id, status="completed")
    if name is P.STEP and leg.place.details.get("how") == "dial":
        return ForwardEnded(at=at, leg=leg.id, status="no-answer")
    if name in COME_TO_US:
        return PlaceEnded(at=at, leg=leg.id)
    return LegJoined(at=at, leg=leg.id, token=leg.token)
