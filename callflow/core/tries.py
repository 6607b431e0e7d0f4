"""What became of the tries to ring people for a call: who declined, who did not answer, and what follows from that."""

from datetime import timedelta

from callflow.core.call import Call, Leg
from callflow.core.stages import PlaceName, Stage

FIRST_PAUSE_SECONDS = 60
"""How long somebody who declined is not rung for the same caller. Each further time doubles it."""
AWAY_AFTER = 3
"""So many calls in a row that a person did not answer make the person away."""
MISSED = "missed"
"""The detail of a leg's place with the calls in a row that its person did not answer before."""
UNANSWERED = ("no-answer", "completed")
"""How a phone ends that was rung in vain: not answered, or hung up without a key, perhaps by a voicemail. A busy phone,
and one that the network does not reach, say nothing about the person."""


def in_vain(call: Call, leg: Leg) -> Call:
    """The call after nobody or a voicemail answered. Whoever hangs up when asked for a reason has declined before."""
    declined = leg.at(PlaceName.DECLINE_MENU)
    return call.changed(leg.id, declined=declined, missed=not declined)


def before(leg: Leg) -> dict[str, int]:
    """The detail ``MISSED`` of a leg, to be kept in its next place; empty if the person missed no call."""
    return {MISSED: leg.place.number(MISSED)} if MISSED in leg.place.details else {}


def is_away(leg: Leg) -> bool:
    return before(leg).get(MISSED, 0) >= AWAY_AFTER


def becomes_away(leg: Leg) -> bool:
    """Whether the person of a leg that was rung in vain is away from now on."""
    return before(leg).get(MISSED, 0) + 1 == AWAY_AFTER and not leg.at(PlaceName.DECLINE_MENU)


def pausing(call: Call, person: str) -> bool:
    """Whether this person has declined the caller too recently to be asked again.

    Not if a lead has just pressed the key for a supervisor, who is then asked once, and not while a lock is on.
    """
    times = [leg.since for leg in call.legs if leg.declined and leg.person == person]
    if not times or call.locks or call.stage is Stage.RINGING:
        return False
    return call.at < times[-1] + timedelta(seconds=FIRST_PAUSE_SECONDS * 2 ** (len(times) - 1))


def declined(call: Call) -> set[str]:
    """Who has declined the caller during the present search. Nobody while a lock is on: then all are paged again."""
    since = call.search.since if call.search and not call.locks else None
    return {leg.person for leg in call.legs if leg.declined and since and leg.since >= since}
