"""Acts: what somebody who may see a call does to it without a key on one of its telephones (``acts``)."""

from enum import StrEnum

from callflow.core.event import Event
from callflow.core.records import record


class Act(StrEnum):
    LISTEN = "listen"
    """Hear the call, muted. Whoever coaches goes back to it."""
    COACH = "coach"
    """Listen, and be heard by the lead alone (rule 6)."""
    JOIN = "join"
    """Talk with caller and lead, as a helper who was introduced."""
    TAKE_OVER = "take_over"
    """Become the lead: after the introduction, or at once if the caller has nobody."""
    LEAVE = "leave"
    """Stop listening."""
    VETO = "veto"
    """Stop a closing, until its last word (rules 21 and 29)."""
    RING = "ring"
    """Ring a named person to join the call."""
    LOCK = "lock"
    UNLOCK = "unlock"
    RELIEF = "relief"
    CO_SIGN = "co_sign"


@record
class Acted(Event):
    """``person`` acts on the call. ``what``: whom to ring (an id), which lock, or the reason to lift one.

    ``reachable``: the telephone that the act needs is not in use. The service has looked, and has locked it.
    """

    person: str
    act: Act
    what: str = ""
    reachable: bool = True
