"""How a leg joins the room at the end of its document: who is there, and whether those are told. Pure."""

from callflow.core.call import Call, Leg, Role
from callflow.core.places import ANNOUNCED
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage

MET = frozenset({P.ROOM, P.HOLD_QUESTION, P.CHECK_IN, P.SUPERVISOR_QUESTION, P.CALL_BACK_QUESTION, P.WARNING,
                 P.RECORDING_QUESTION})  # fmt: skip
"""The caller's places whose end brings the caller to the lead: who is in the room, or on the way in a document that is
about as long."""


def is_met(call: Call, leg: Leg) -> bool:
    """Whether somebody is in the room, or comes within seconds, also while our server is down.

    Otherwise the provider's music is the sound of the wait: for a caller whose people may be far, such as in the queue
    or after the key that ends a hold early, and for a lead whose caller waits while supervisors are rung.
    """
    if leg.role is Role.CALLER:
        return leg.place.name in MET and any(one and one.live for one in (call.lead_leg, call.helper_leg))
    return call.stage is not Stage.RINGING or not call.caller.at(P.CONSULT_WAIT)


def is_announced(call: Call, leg: Leg) -> bool:
    """Whether those in the room hear a beep when this leg joins: it may interrupt a consultation, or is a customer for
    whom an agent waits."""
    if leg.role is Role.CALLER:
        return bool(call.helper) or leg.at(P.CONSULT_WAIT) or ANNOUNCED in leg.place.details
    return leg.id == call.helper and call.stage is Stage.CONSULTING
