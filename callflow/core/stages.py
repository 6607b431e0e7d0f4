"""The stages of a call, and the roles, places and statuses of its legs (design, section 2)."""

from enum import StrEnum


class Stage(StrEnum):
    ARRIVING = "arriving"
    """The caller is in a step of the flow."""
    WAITING = "waiting"
    """The caller is in the queue; staff are being rung."""
    TALKING = "talking"
    CHOOSING = "choosing"
    """The lead pressed star and hears a menu; the caller is alone in the room for some seconds."""
    ASKING_HOLD = "asking_hold"
    HOLDING = "holding"
    OFFERING_SUPERVISOR = "offering_supervisor"
    RINGING = "ringing"
    """Supervisors are being rung; the caller waits by consent, or goes on talking with the lead (help without hold)."""
    CONSULTING = "consulting"
    INTRODUCING = "introducing"
    OFFERING_CALL_BACK = "offering_call_back"
    """No supervisor is free, or the caller asked for it at a check-in: the choice of a call back or carrying on."""
    WARNING = "warning"
    CLOSING = "closing"
    PREPARING = "preparing"
    """A call to a customer: the agent who makes it is rung and briefed, and nobody has rung the customer yet."""
    DIALLING = "dialling"
    """The customer's phone rings, or asks whoever answered for a key. The agent waits in the room."""
    LEFT_ALONE = "left_alone"
    """The lead has left; the caller is told so and goes back to the queue."""
    AFTERCARE = "aftercare"
    ENDED = "ended"


class Role(StrEnum):
    CALLER = "caller"
    LEAD = "lead"
    HELPER = "helper"
    CANDIDATE = "candidate"  # is being rung, hears an offer or is being briefed; is not with the caller yet
    PARTED = "parted"  # was on the call; is in wrap-up or gone
    ALERTED = "alerted"  # is rung only to hear a message (the security desk); never joins
    LISTENER = "listener"  # hears the call, or waits to (``listening``); the caller never hears a listener


class LegStatus(StrEnum):  # as the network reported it; independent of the call's ``Stage``
    WANTED = "wanted"
    RINGING = "ringing"
    UP = "up"
    GONE = "gone"


class PlaceName(StrEnum):
    """Each place is one document. The comments say whose place it is."""

    # the caller's
    STEP = "step"
    QUEUE = "queue"
    HOLD_QUESTION = "hold_question"
    HOLD = "hold"
    CHECK_IN = "check_in"
    SUPERVISOR_QUESTION = "supervisor_question"
    CONSULT_WAIT = "consult_wait"
    CALL_BACK_QUESTION = "call_back_question"
    CALL_BACK_NUMBER = "call_back_number"
    CALL_BACK_CONFIRM = "call_back_confirm"
    WARNING = "warning"
    CLOSING = "closing"
    SILENCE = "silence"
    LET_GO = "let_go"
    AGENT_LEFT = "agent_left"
    MESSAGE = "message"
    NOT_CALLED = "not_called"
    INVITATION = "invitation"
    RECORDING_QUESTION = "recording_question"
    # everyone's
    ROOM = "room"
    GONE = "gone"
    # the lead's
    MENU = "menu"
    CONDUCT_MENU = "conduct_menu"
    SKIP_MENU = "skip_menu"
    OFFERS_MENU = "offers_menu"
    ATTEST_MENU = "attest_menu"
    END_CONDUCT = "end_conduct"
    END_CONFIRM = "end_confirm"
    END_SILENT = "end_silent"
    UNLOCK_MENU = "unlock_menu"
    BUSY_MENU = "busy_menu"
    STANDBY = "standby"
    SPOKEN_BRIEFING = "spoken_briefing"
    HOLD_DESK = "hold_desk"
    WARNING_ECHO = "warning_echo"
    CLOSING_WATCH = "closing_watch"
    WRAP_UP = "wrap_up"
    NOTE = "note"
    # of staff who are being rung
    RINGING = "ringing"
    OFFER = "offer"
    BRIEFING = "briefing"
    DECLINE_MENU = "decline_menu"
    CONSULT_MENU = "consult_menu"
    INTRODUCTION_MENU = "introduction_menu"
    ALERT = "alert"
    TOLD = "told"
    CO_SIGN = "co_sign"
    # of those who listen
    LISTEN_OFFER = "listen_offer"
    LISTEN_WAIT = "listen_wait"
    """In no room: until the caller has heard the notice, and while there is no conversation."""
    LISTENING = "listening"
    """In the room, muted, or heard by the lead alone."""
    LISTEN_MENU = "listen_menu"
