"""The entries of the journal: what happened and how it came out. They are stored as they are: a value never changes."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Final, NewType

from callflow.core.records import record


class NoteKind(StrEnum):
    """What happened."""

    ACCEPTED = "accepted"
    ACT = "act"
    """Somebody acts on the call without a key on one of its telephones. What follows has entries of its own."""
    ADJUSTMENT = "adjustment"
    """What the caller needs was said, confirmed or changed; which needs is in no entry."""
    ANSWER_RECOGNISED = "answer_recognised"
    ANSWER_RECORDED = "answer_recorded"
    ALARM = "alarm"
    ANSWERED = "answered"
    ASKED = "asked"
    AWAY = "away"
    CALL_BACK = "call_back"
    CALL_ENDED = "call_ended"
    CALL_READ = "call_read"
    """Somebody opened what identifies or quotes the caller, and why."""
    CALL_RECORDED = "call_recorded"
    CALL_STARTED = "call_started"
    CHECK_IN = "check_in"
    CHOSE = "chose"
    CLOSING = "closing"
    CONSENT = "consent"
    CONSULT = "consult"
    CO_SIGNATURE = "co_signature"
    """A supervisor agrees to a closing, or does not (rule 30)."""
    COOL_DOWN = "cool_down"
    DECLINED = "declined"
    DELEGATE_UPWARDS = "delegate_upwards"
    ENDED = "ended"
    ERASED = "erased"
    """What identifies or quotes people in this call was erased, why (``outcome``) and by whom."""
    EXPORTED = "exported"
    """A copy of what is held was made for the caller."""
    FLOW_ENDED = "flow_ended"
    FLOW_LOST = "flow_lost"
    FORWARD = "forward"
    HANDOVER = "handover"
    HOLD = "hold"
    HOURS = "hours"
    IMPOSSIBLE_EVENT = "impossible_event"
    INCIDENT = "incident"
    INCIDENT_ACCOUNT = "incident_account"
    """What somebody who was on the call adds to its incident."""
    INCIDENT_FILE = "incident_file"
    """Somebody takes a file about the call, for a court, the caller or an agent (its outcome)."""
    INCIDENT_READ = "incident_read"
    INCIDENT_WORDS = "incident_words"
    """The same, as a recording."""
    INTRODUCTION = "introduction"
    LANGUAGE = "language"
    LEAD_LOST = "lead_lost"
    LEFT_THE_LINE = "left_the_line"
    LEGAL_HOLD = "legal_hold"
    LISTENER = "listener"
    """Somebody listens to the call, or wants to; and whether the caller has heard so (rule 20)."""
    LOOKUP = "lookup"
    MESSAGE_LEFT = "message_left"
    MOMENTS_LOST = "moments_lost"
    """The database has lost what happened last on this call."""
    NO_ANSWER = "no_answer"
    """The caller is asked for a sign, and let go without one (rule 3). Never conduct."""
    NOT_ACCEPTED = "not_accepted"
    NOT_CONNECTED = "not_connected"
    NOT_REACHED = "not_reached"
    OFFER = "offer"
    """An agent has offered something to the caller, as ops allow it."""
    OUTCOME = "outcome"
    OUTGOING = "outgoing"
    """A call to a customer was begun, and how it goes until the customer is reached."""
    REACHED = "reached"
    """Whether the customer of an outgoing call was: by the key 1, never by an answered phone alone."""
    RECEIPT = "receipt"
    """In writing, for the caller (``receipts``)."""
    RECORDING = "recording"
    RECORDING_OPENED = "recording_opened"
    REFUSED = "refused"
    RELIEF = "relief"
    REQUEST_REFUSED = "request_refused"
    RINGING = "ringing"
    SAFEGUARDING = "safeguarding"
    SPOKEN_BRIEFING = "spoken_briefing"
    SPOKEN_NOTE = "spoken_note"
    SUPERVISOR_TOLD = "supervisor_told"
    """A supervisor is told of a warning or a closing (rule 31)."""
    TALK_OVER = "talk_over"
    THREAT = "threat"
    TIME_OUT = "time_out"
    UNLOCKED = "unlocked"
    WAITING = "waiting"
    WARNING = "warning"
    WRAP_UP = "wrap_up"
    WRITTEN_NOTE = "written_note"
    """What somebody who was on the call has written down about it."""


class NoteOutcome(StrEnum):
    """How it came out, in words of ours."""

    # a question to the caller, or an offer
    ASKED = "asked"
    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    """An answer was reported, and was neither a yes nor a no."""
    NO_CLEAR_ANSWER = "no clear answer"
    """Nothing was reported: the caller was silent, or pressed a key at a moment when none reaches us."""
    DECLINED = "declined"
    TAKEN_BACK = "taken back"
    NO_ANSWER_IN_TIME = "no answer in time"
    TIME_OVER = "time over"
    REPEATED = "repeated"
    GIVEN = "given"
    NOT_GIVEN = "not given"
    ANSWERED = "answered"
    # a hold
    BEGUN = "begun"
    RETURNED_ON_TIME = "returned on time"
    RETURNED_EARLY = "returned early"
    ENDED_BY_THE_CALLER = "ended by the caller"
    ENDED_BY_THE_LEAD = "ended by the lead"
    OVERRUN = "overrun"
    ENDED = "ended"
    # a recording of the call (its end is ``ENDED``)
    PAUSED = "paused"
    RESUMED = "resumed"
    NOT_PAUSED = "not paused"
    # a supervisor
    PAGED = "paged"
    PAGED_AGAIN = "paged again"
    UNAVAILABLE = "unavailable"
    CALLER_CAME_BACK = "caller came back"
    CANCELLED = "cancelled"
    MORE_TIME = "more time"
    GIVEN_BACK = "given back"
    HELPER_LOST = "helper lost"
    # a step not taken, a lock, relief, a hand-over
    SKIPPED = "skipped"
    ON = "on"
    DONE = "done"
    # a supervisor who is told of a warning or a closing
    NOBODY_FREE = "nobody free"
    ON_THE_CALL = "on the call"
    IN_THE_JOURNAL = "in the journal"
    """Ops have no telephone rung for it."""
    # a warning and a closing
    AGREED = "agreed"
    """By a supervisor, because the caller has an adjustment."""
    HEARD_IN_FULL = "heard in full"
    CUT_SHORT = "cut short"
    DECIDED = "decided"
    NOT_PLAYED = "not played"
    VETOED = "vetoed"
    """By a supervisor who is not the lead."""
    READ_ALOUD = "read aloud"
    """By the lead, because the message could not be played."""
    END_NOT_REPORTED = "end not reported"
    FOUND_IN_THE_ROOM = "found in the room"
    """A leg was there, or is brought there, by a document of which nothing is known any more."""
    # the end of a call or of a lead's part in it
    CLOSED = "closed"
    NO_RESPONSE = "no response"
    CALLER_HUNG_UP = "caller hung up"
    GOODBYE_SAID = "goodbye said"
    LINE_FAILED = "line failed"
    CALLER_LEFT_DURING_THE_CLOSING = "caller left during the closing"
    HELPER_TAKES_OVER = "helper takes over"
    CALLER_KEPT = "caller kept"
    # wrap-up
    RESOLVED = "resolved"
    CALL_BACK_PROMISED = "call_back_promised"
    UNRESOLVED = "unresolved"
    LONGER = "longer"
    SHORTER = "shorter"
    OVER = "over"
    # an outgoing call (a customer who is not there is ``NO_ANSWER``)
    REACHED = "reached"
    NO_ANSWER = "no answer"
    BUSY = "busy"
    NO_KEY = "no key pressed"
    """Answered, and nobody pressed 1 or 2: a machine, or a person who hung up."""
    NOT_NOW = "not now"
    # a legal hold
    PUT = "put"
    RELEASED = "released"
    REVIEWED = "reviewed"
    # a call back
    WANTED = "wanted"
    PROMISED = "promised"
    PROPOSED = "proposed"
    NO_NUMBER = "no number"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not confirmed"
    REMINDED = "reminded"
    MISSED = "missed"
    """Its time is over; it may still be kept."""
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    # steps of a flow (closed hours are ``CLOSED``)
    NUMBER_SHOWN = "number shown"
    NUMBER_WITHHELD = "number withheld"
    OPEN = "open"
    CLOSED_BY_HAND = "closed by hand"
    RINGING = "ringing"
    NOT_REACHED = "not reached"
    NOT_KNOWN = "not known"
    WAITED_LONG_ENOUGH = "waited long enough"
    NOBODY_CAN_BE_RUNG = "nobody can be rung"
    EVERYBODY_DECLINED = "everybody declined"
    EVERYBODY_AWAY = "everybody away"
    NOBODY_ON_DUTY = "nobody on duty"
    STEPS_WITHOUT_AN_END = "steps without an end"
    # an incident, and what a reviewer answers (its reviewer is ``GIVEN``)
    ADDED = "added"
    NOT_ADDED_IN_TIME = "not added in time"
    NOT_ANSWERED_IN_TIME = "not answered in time"
    NO_ACTION = "no action"
    APOLOGY = "apology"
    WARNING_LETTER = "warning letter"
    REFER = "refer"
    SHOWN = "shown"
    COPIED = "copied"
    # a check-in (its end is ``DONE``, ``NO`` or ``OVER``)
    OFFERED = "offered"
    ACCEPTED = "accepted"
    LATER = "later"
    LATE = "late"
    # a receipt (without an answer of the provider it is ``NOT_KNOWN``)
    SENT = "sent"
    NOT_SENT = "not sent"
    # reasons to lift a lock
    SAFE = "safe"
    MISUNDERSTANDING = "misunderstanding"
    PASSED_TO_EMERGENCY_SERVICES = "passed to emergency services"
    # reasons to decline a call
    BUSY_WITH_SOMETHING_URGENT = "busy with something urgent"
    NOT_MY_AREA = "not my area"
    OTHER = "other"


OutcomeText = NewType("OutcomeText", str)
"""An outcome that is no fixed word: the provider's status or error code or
id of a recording; a step, script, language, group or
role; why a lookup failed; which event was impossible; the outcome of the call."""
AnyOutcome = NoteOutcome | OutcomeText
NO_OUTCOME: Final = OutcomeText("")


@record
class Note:
    """One journal entry (F8). ``kind`` is what happened. It never contains a phone number or speech.

    ``actor`` is a leg's person id, CALLER or "callflow"; ``key`` the key pressed; ``script`` the id of what was spoken;
    ``outcome`` the result; ``details`` further facts (seconds, conduct, reason codes). In an entry that was read from a
    store, kind and outcome are plain strings, equal to the members; another release may know further ones.
    """

    kind: NoteKind
    actor: str
    key: str = ""
    script: str = ""
    version: str = ""
    language: str = ""
    outcome: AnyOutcome = NO_OUTCOME
    details: Mapping[str, str | int | float] = field(default_factory=dict)


PRIVATE: Final[Mapping[str, frozenset[str]]] = {
    NoteKind.ANSWER_RECORDED: frozenset({"outcome"}),
    NoteKind.MESSAGE_LEFT: frozenset({"outcome"}),
    NoteKind.SPOKEN_BRIEFING: frozenset({"outcome"}),
    NoteKind.SPOKEN_NOTE: frozenset({"outcome"}),
    NoteKind.CALL_RECORDED: frozenset({"outcome"}),
    NoteKind.INCIDENT_WORDS: frozenset({"outcome"}),
    NoteKind.INCIDENT_ACCOUNT: frozenset({"vulnerable", "helped"}),
    NoteKind.INCIDENT_READ: frozenset({"reason"}),
    NoteKind.CALL_READ: frozenset({"reason"}),
    NoteKind.RECORDING_OPENED: frozenset({"reason"}),
    NoteKind.INCIDENT_FILE: frozenset({"reason"}),
    NoteKind.WRITTEN_NOTE: frozenset({"words"}),
}
"""By kind, what of a note leads to a person's words or tells about the caller: the id of a recording, an answer.
"outcome", or names of details. Stores seal it."""
