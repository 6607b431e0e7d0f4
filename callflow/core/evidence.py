"""What a call keeps as evidence: the caller's yes, the warnings, the decision to close, the promise of a call back.

``later`` is the same in all of them as in ``call.Call``.
"""

from datetime import datetime
from enum import StrEnum

from callflow.core.records import record


class Recorded(StrEnum):
    """Whether the call is recorded at the moment, as we have decided it."""

    OFF = ""
    ALLOWED = "allowed"  # the caller has heard the notice or said yes, and talks with nobody yet
    REFUSED = "refused"
    ON = "on"
    PAUSING = "pausing"  # for card data: nobody is told before the provider has done it
    PAUSED = "paused"
    STOPPED = "stopped"


RUNNING = (Recorded.ON, Recorded.PAUSING, Recorded.PAUSED)
"""The provider has been asked to record; a second start is never sent."""


@record
class Consent:
    """The recorded yes to one hold or one wait. ``how`` is key, speech or recording; ``used``: the hold has begun."""

    kind: str
    how: str
    at: datetime
    used: bool
    later: str = ""


@record
class Warned:
    """One civility warning. ``needed_seconds`` is the length of its audio; ``heard_at`` is None unless heard in full.

    ``talked_seconds`` is the conversation since it was heard, without holds and transfers (rule 26).
    """

    script: str
    conduct: str
    final: bool
    key: str
    actor: str
    started_at: datetime
    token: int
    needed_seconds: float
    elapsed_seconds: float = 0.0
    heard_at: datetime | None = None
    cut: bool = False
    talked_seconds: float = 0.0
    later: str = ""


@record
class Closing:
    """A person's decision to close the call: who, by which key, when; ``conduct`` is the one named after the grace."""

    conduct: str
    key: str
    actor: str
    confirmed_at: datetime
    needed_seconds: float
    read_aloud: bool = False
    """By the lead, because the message could not be played: then nothing is played before the end."""
    later: str = ""


@record
class CallBack:
    """A promise to call the caller back. ``number`` is E.164, or "" until the caller has given one."""

    owner: str
    due: datetime
    number: str
    confirmed: bool = False
    kept: bool = False
    later: str = ""
