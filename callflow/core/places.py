"""The catalogue of places: one row per place, and the sets of places that other modules need, derived from the rows.

A place is one document (``stages.PlaceName``); ``telephony.place_documents`` says how it sounds, ``keys`` what its
keys do. The proofs (``proof.endings``, ``proof.promises``) state what they need of places themselves, so
that they do not repeat a mistake made here.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from callflow.core.call import Role
from callflow.core.records import record
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S


class Asks(StrEnum):
    """The kind of answer that a document asks for."""

    NOTHING = "nothing"
    KEY = "key"
    CONSENT = "consent"
    """A yes or a no, by key or in words. Arrives as consent given, refused or not heard."""
    NUMBER = "number"
    """A telephone number."""
    FLOW = "flow"
    """Whatever the step of the flow asks for: keys, words, or nothing."""
    RECORDING = "recording"


@record
class PlaceSpec:
    """One row of the catalogue."""

    staff: frozenset[Role] = frozenset()
    """The roles of staff that may be there."""
    caller_in: frozenset[S] = frozenset()
    """The stages in which the caller may be there; empty for places of staff."""
    asks: Asks = Asks.NOTHING
    self_timed: bool = False
    """Whether the document ends without a request to us, and a deadline of the stage depends on that end."""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles that may be there."""
        return self.staff | {Role.CALLER} if self.caller_in else self.staff


def _caller(*stages: S, asks: Asks = Asks.NOTHING, self_timed: bool = False) -> PlaceSpec:
    return PlaceSpec(caller_in=frozenset(stages), asks=asks, self_timed=self_timed)


def _staff(*roles: Role, asks: Asks = Asks.NOTHING) -> PlaceSpec:
    return PlaceSpec(staff=frozenset(roles), asks=asks)


CATALOGUE: Mapping[P, PlaceSpec] = MappingProxyType({
    P.STEP: _caller(S.ARRIVING, asks=Asks.FLOW),
    P.QUEUE: _caller(S.WAITING, asks=Asks.FLOW),
    P.HOLD_QUESTION: _caller(S.ASKING_HOLD, asks=Asks.CONSENT, self_timed=True),
    P.HOLD: _caller(S.HOLDING, asks=Asks.KEY, self_timed=True),
    P.CHECK_IN: _caller(S.ASKING_HOLD, asks=Asks.CONSENT, self_timed=True),
    P.SUPERVISOR_QUESTION: _caller(S.OFFERING_SUPERVISOR, asks=Asks.CONSENT, self_timed=True),
    P.CONSULT_WAIT: _caller(S.RINGING, S.CONSULTING, asks=Asks.KEY, self_timed=True),
    P.CALL_BACK_QUESTION: _caller(S.OFFERING_CALL_BACK, asks=Asks.CONSENT, self_timed=True),
    P.CALL_BACK_NUMBER: _caller(S.OFFERING_CALL_BACK, asks=Asks.NUMBER, self_timed=True),
    P.CALL_BACK_CONFIRM: _caller(S.OFFERING_CALL_BACK, asks=Asks.CONSENT, self_timed=True),
    P.WARNING: _caller(S.WARNING, self_timed=True),
    P.CLOSING: _caller(S.CLOSING, self_timed=True),
    P.SILENCE: _caller(S.TALKING, asks=Asks.KEY, self_timed=True),
    P.LET_GO: _caller(S.TALKING, asks=Asks.KEY, self_timed=True),
    P.AGENT_LEFT: _caller(S.LEFT_ALONE, self_timed=True),
    P.MESSAGE: _caller(S.ARRIVING, asks=Asks.RECORDING),
    P.NOT_CALLED: _caller(S.PREPARING),
    P.INVITATION: _caller(S.DIALLING, asks=Asks.KEY),
    P.RECORDING_QUESTION: _caller(S.DIALLING, asks=Asks.CONSENT, self_timed=True),
    P.ROOM: PlaceSpec(
        staff=frozenset({Role.LEAD, Role.HELPER}),
        caller_in=frozenset({
            S.TALKING, S.CHOOSING, S.ASKING_HOLD, S.HOLDING, S.OFFERING_SUPERVISOR, S.RINGING, S.INTRODUCING,
            S.OFFERING_CALL_BACK, S.WARNING, S.CLOSING, S.DIALLING,
        }),
    ),
    P.GONE: PlaceSpec(
        staff=frozenset({Role.CANDIDATE, Role.PARTED, Role.ALERTED, Role.LISTENER}),
        caller_in=frozenset({S.ARRIVING, S.AFTERCARE, S.ENDED}),
    ),
    P.MENU: _staff(Role.LEAD, asks=Asks.KEY),
    P.CONDUCT_MENU: _staff(Role.LEAD, asks=Asks.KEY),
    P.SKIP_MENU: _staff(Role.LEAD, asks=Asks.KEY),
    P.OFFERS_MENU: _staff(Role.LEAD, asks=Asks.KEY),
    P.ATTEST_MENU: _staff(Role.LEAD, asks=Asks.KEY),
    P.END_CONDUCT: _staff(Role.LEAD, asks=Asks.KEY),
    P.END_CONFIRM: _staff(Role.LEAD, asks=Asks.KEY),
    P.END_SILENT: _staff(Role.LEAD, asks=Asks.KEY),
    P.UNLOCK_MENU: _staff(Role.LEAD, asks=Asks.KEY),
    P.BUSY_MENU: _staff(Role.LEAD, asks=Asks.KEY),
    P.STANDBY: _staff(Role.LEAD, asks=Asks.KEY),
    P.SPOKEN_BRIEFING: _staff(Role.LEAD, asks=Asks.RECORDING),
    P.HOLD_DESK: _staff(Role.LEAD, asks=Asks.KEY),
    P.WARNING_ECHO: _staff(Role.LEAD, asks=Asks.KEY),
    P.CLOSING_WATCH: _staff(Role.LEAD, asks=Asks.KEY),
    P.WRAP_UP: _staff(Role.PARTED, asks=Asks.KEY),
    P.NOTE: _staff(Role.PARTED, asks=Asks.RECORDING),
    P.RINGING: PlaceSpec(staff=frozenset({Role.CANDIDATE, Role.ALERTED, Role.LISTENER}),
                         caller_in=frozenset({S.DIALLING})),
    P.OFFER: _staff(Role.CANDIDATE, asks=Asks.KEY),
    P.BRIEFING: _staff(Role.CANDIDATE, asks=Asks.KEY),
    P.DECLINE_MENU: _staff(Role.CANDIDATE, asks=Asks.KEY),
    P.CONSULT_MENU: _staff(Role.LEAD, Role.HELPER, asks=Asks.KEY),
    P.INTRODUCTION_MENU: _staff(Role.LEAD, Role.HELPER, asks=Asks.KEY),
    P.ALERT: _staff(Role.ALERTED),
    P.TOLD: _staff(Role.ALERTED, asks=Asks.KEY),
    P.CO_SIGN: _staff(Role.ALERTED, asks=Asks.KEY),
    P.LISTEN_OFFER: _staff(Role.LISTENER, asks=Asks.KEY),
    P.LISTEN_WAIT: _staff(Role.LISTENER),
    P.LISTENING: _staff(Role.LISTENER),
    P.LISTEN_MENU: _staff(Role.LISTENER, asks=Asks.KEY),
})  # fmt: skip


def _where(fits: Callable[[PlaceSpec], bool]) -> frozenset[P]:
    return frozenset(name for name, spec in CATALOGUE.items() if fits(spec))


CALLER_AT: Mapping[S, frozenset[P]] = MappingProxyType(
    {stage: frozenset(name for name, spec in CATALOGUE.items() if stage in spec.caller_in) for stage in S}
)
"""The places of a caller in each stage (the table of design.md, section 2)."""

ROLES_IN_ROOM = CATALOGUE[P.ROOM].roles
"""The roles that may be in the room (F5)."""

WITHOUT_THE_CALLER = _where(lambda spec: not spec.roles <= ROLES_IN_ROOM)
"""Places of people who are rung, only hear a message, or are done: never with the caller (floor F5)."""

WRAPPING_UP = _where(lambda spec: spec.roles == {Role.PARTED})
"""Places of staff who have left the caller and still have something to do for the call."""

LISTENERS = _where(lambda spec: spec.roles == {Role.LISTENER})
"""Places of those who listen: no fallback brings one into the room, where the caller would hear them."""

WITHOUT_STAFF = _where(lambda spec: bool(spec.caller_in) and spec.caller_in <= {S.ARRIVING, S.WAITING})
"""Places of callers for whom nobody is on the line yet."""

PROTECTED = _where(lambda spec: not spec.caller_in and (spec.roles <= ROLES_IN_ROOM or spec.asks is Asks.KEY))
"""Places of staff where the safeguarding and threat keys work: wherever a key is asked for (rule 34). No menu with the
caller uses these keys for anything else: the configuration check refuses them as conduct and skip keys."""

STAR_OPENS = frozenset({P.MENU, P.BUSY_MENU, P.CONSULT_MENU, P.INTRODUCTION_MENU})
"""The menus that ``*`` in the room opens (``menu.STAR``)."""

ASKING = _where(lambda spec: spec.asks is Asks.CONSENT)
"""The caller's yes-or-no questions. Answers arrive as consent given, refused or not heard."""

ANSWERS = _where(lambda spec: bool(spec.caller_in) and spec.asks in (Asks.KEY, Asks.CONSENT))
"""Places where a caller's key is an answer to our question (rule 42)."""

REPEAT = "0"
"""The key with which a caller hears a question again (rule 44), wherever it has no other meaning."""
FINISH = "#"
"""The key that ends a number. Callers also press it after one that is complete by its length, in the next question."""

RECORDED = _where(lambda spec: spec.asks is Asks.RECORDING)
"""Places where a voicemail, a spoken note or a briefing is recorded."""

NOT_WITH_US_YET = frozenset({P.NOT_CALLED, P.RINGING, P.INVITATION})
"""Places of a customer whom we call, before the key without which nobody comes into the room: perhaps a machine."""

STAR = "star"
"""A detail of ROOM: the leg comes from its star, and a digit on the way counts as star and that digit."""

ANNOUNCED = "announced"
"""A detail of ROOM: those who are there hear a beep when the leg joins."""

SELF_TIMED = _where(lambda spec: spec.self_timed)
"""Places whose document ends without a request to us. The provider is asked about the leg before a deadline decides."""

TOLD_OF = "told_of"
"""A detail of a supervisor's leg that is rung for a message: what it is about (``supervision``)."""

COACHES = "coaches"
"""The detail of a listener's place that has the leg of the lead who alone hears this listener."""

SPOKEN = "recording"
"""The detail of a briefing that has the number of the recording to be heard in it."""


WAITS_FOR = "answer"
"""The detail of a question that has the number of the recorded answer that is being recognised."""


def may_join(place: str) -> bool:
    """Whether the stateless document may bring a leg at this place into the room without a key.

    Not if it is staff who may not have accepted, or who have left the caller. A place that is not known here may be
    theirs: the first document of a leg, or one of a newer Callflow.
    """
    return place in CATALOGUE and place not in WITHOUT_THE_CALLER | NOT_WITH_US_YET
