"""Requests to the network. They are computed (``command_diff.commands``), never written by a handler.

A command's id is derived from the call, the leg and the token, so the same decision always gives the same id.
"""

from callflow.core.records import record


@record
class Command:
    call: str
    leg: str
    token: int

    @property
    def id(self) -> str:
        return f"{self.call}.{self.leg}.{self.token}.{type(self).__name__.lower()}"


@record
class RingLeg(Command):
    """Place an outgoing call to a person, or to the number of the call: to a customer, who is no person of ours ("").

    The leg fetches its document when it is answered."""

    person: str
    ring_seconds: int


@record
class RedirectLeg(Command):
    """Make a live leg fetch the document of its current place."""

    sid: str


@record
class ReleaseLeg(Command):
    """End a leg: stop its ringing, or hang up."""

    sid: str


@record
class Announce(Command):
    """Play the sound of waiting to a leg that is alone in the room. ``token`` is the call's ``seq``."""

    sid: str


@record
class LookUp(Command):
    """Send the lookup of the call's current step to another system. ``lookup`` is ``Call.lookup``."""

    lookup: str


@record
class ControlRecording(Command):
    """Start, pause or resume (``change``) the recording of the caller's leg. ``token`` is the call's ``seq``."""

    sid: str
    change: str

    @property
    def id(self) -> str:
        return f"{self.call}.{self.leg}.{self.token}.{self.change}_recording"


LegCommand = RingLeg | RedirectLeg | ReleaseLeg
AnyCommand = LegCommand | Announce | LookUp | ControlRecording
