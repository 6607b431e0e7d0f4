"""How the document of each place ends if nobody presses anything: the safe tails (design, section 3).

This is stated independently of ``telephony.place_documents``, so that proof and code do not share a mistake.
``callflow check`` passes the rendered documents to ``prove``, which reports a violation if one ends differently.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from callflow.core.call import Call, Leg, Role
from callflow.core.configuration import Configuration
from callflow.core.stages import PlaceName as P


class Ending(StrEnum):
    ROOM = "in the room"
    US = "with a question to us"
    HANG_UP = "with a hang-up"


Rendered = Callable[[Call, Leg, Configuration], Ending | None]
"""How the document that is served for this leg really ends; None if that is unknown."""

COME_TO_US = frozenset({P.STEP, P.MESSAGE, P.NOTE, P.LISTEN_MENU})
BEFORE_THE_KEY = frozenset({P.NOT_CALLED, P.RINGING, P.INVITATION})
"""Places of a customer whom we call, and who is with nobody yet."""
HANG_UP = BEFORE_THE_KEY | {
    P.GONE, P.CLOSING, P.LET_GO, P.OFFER, P.BRIEFING, P.DECLINE_MENU, P.WRAP_UP, P.ALERT, P.TOLD, P.CO_SIGN,
    P.LISTEN_OFFER, P.LISTEN_WAIT,
}  # fmt: skip
ENDINGS: Mapping[P, Ending] = MappingProxyType({
    place: Ending.US if place in COME_TO_US else Ending.HANG_UP if place in HANG_UP else Ending.ROOM for place in P
})  # fmt: skip

UNSAFE_FOR_CALLER = HANG_UP - {P.GONE, P.CLOSING, P.LET_GO} - BEFORE_THE_KEY
"""Places whose document would hang up on a live caller. Closing, the end of a flow and calling a customer have proofs
of their own."""
WITH_THE_CALLER = (Role.LEAD, Role.HELPER)


def unsafe(leg: Leg) -> bool:
    """Whether this leg, a caller or staff with the caller, has a document without a safe tail."""
    if leg.role is Role.CALLER:
        return leg.place.name in UNSAFE_FOR_CALLER
    return leg.role in WITH_THE_CALLER and ENDINGS[leg.place.name] is Ending.HANG_UP
