"""The catalogue has a row for every place, and the sets derived from it are those that other modules need."""

from callflow.core import places
from callflow.core.call import Role
from callflow.core.keys import KEYS, SILENT
from callflow.core.places import CATALOGUE, Asks
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S

GROUPS = {
    "PROTECTED": {
        P.MENU, P.CONDUCT_MENU, P.SKIP_MENU, P.END_CONDUCT, P.END_CONFIRM, P.END_SILENT, P.BUSY_MENU, P.UNLOCK_MENU,
        P.OFFERS_MENU, P.ATTEST_MENU, P.STANDBY, P.HOLD_DESK,
        P.CONSULT_MENU, P.INTRODUCTION_MENU, P.WARNING_ECHO, P.CLOSING_WATCH, P.SPOKEN_BRIEFING,
        P.OFFER, P.BRIEFING, P.DECLINE_MENU, P.WRAP_UP, P.TOLD, P.CO_SIGN, P.LISTEN_OFFER, P.LISTEN_MENU,
    },
    "ASKING": {P.HOLD_QUESTION, P.CHECK_IN, P.SUPERVISOR_QUESTION, P.CALL_BACK_QUESTION, P.CALL_BACK_CONFIRM,
               P.RECORDING_QUESTION},
    "WITHOUT_THE_CALLER": {
        P.RINGING, P.OFFER, P.BRIEFING, P.DECLINE_MENU, P.ALERT, P.TOLD, P.CO_SIGN, P.WRAP_UP, P.NOTE,
        P.LISTEN_OFFER, P.LISTEN_WAIT, P.LISTENING, P.LISTEN_MENU,
        P.GONE,
    },
    "ANSWERS": {
        P.HOLD, P.CONSULT_WAIT, P.CHECK_IN, P.HOLD_QUESTION, P.SUPERVISOR_QUESTION, P.CALL_BACK_QUESTION,
        P.CALL_BACK_CONFIRM, P.SILENCE, P.LET_GO, P.RECORDING_QUESTION, P.INVITATION,
    },
    "SELF_TIMED": {
        P.HOLD, P.WARNING, P.CONSULT_WAIT, P.HOLD_QUESTION, P.SUPERVISOR_QUESTION, P.CALL_BACK_QUESTION,
        P.CALL_BACK_CONFIRM, P.CALL_BACK_NUMBER, P.CHECK_IN, P.AGENT_LEFT, P.CLOSING, P.SILENCE,
        P.LET_GO, P.RECORDING_QUESTION,
    },
    "RECORDED": {P.MESSAGE, P.NOTE, P.SPOKEN_BRIEFING},
    "NOT_WITH_US_YET": {P.NOT_CALLED, P.RINGING, P.INVITATION},
    "WRAPPING_UP": {P.WRAP_UP, P.NOTE},
    "ROLES_IN_ROOM": {Role.CALLER, Role.LEAD, Role.HELPER},
}  # fmt: skip
CALLER_AT = {
    S.ARRIVING: {P.STEP, P.MESSAGE, P.GONE},
    S.WAITING: {P.QUEUE},
    S.TALKING: {P.ROOM, P.SILENCE, P.LET_GO},
    S.CHOOSING: {P.ROOM},
    S.ASKING_HOLD: {P.HOLD_QUESTION, P.CHECK_IN, P.ROOM},
    S.HOLDING: {P.HOLD, P.ROOM},
    S.OFFERING_SUPERVISOR: {P.SUPERVISOR_QUESTION, P.ROOM},
    S.RINGING: {P.CONSULT_WAIT, P.ROOM},
    S.CONSULTING: {P.CONSULT_WAIT},
    S.INTRODUCING: {P.ROOM},
    S.OFFERING_CALL_BACK: {P.CALL_BACK_QUESTION, P.CALL_BACK_NUMBER, P.CALL_BACK_CONFIRM, P.ROOM},
    S.WARNING: {P.WARNING, P.ROOM},
    S.CLOSING: {P.CLOSING, P.ROOM},
    S.LEFT_ALONE: {P.AGENT_LEFT},
    S.PREPARING: {P.NOT_CALLED},
    S.DIALLING: {P.RINGING, P.INVITATION, P.RECORDING_QUESTION, P.ROOM},
    S.AFTERCARE: {P.GONE},
    S.ENDED: {P.GONE},
}


def test_every_place_has_a_row() -> None:
    assert set(CATALOGUE) == set(P)
    assert not [name for name, spec in CATALOGUE.items() if not spec.roles]


def test_the_groups_are_those_expected() -> None:
    assert {name: getattr(places, name) for name in GROUPS} == GROUPS


def test_a_caller_has_a_place_in_every_stage() -> None:
    assert places.CALLER_AT == CALLER_AT


def test_what_asks_for_a_key_has_a_row_for_it() -> None:
    """A yes or no arrives as consent; any other key at a question has a row, and one on the way into the room, and in a
    recording that has keys besides the hash key."""
    keyed = {name for name, spec in CATALOGUE.items() if spec.asks not in (Asks.NOTHING, Asks.RECORDING)}
    assert keyed | {P.ROOM, P.SPOKEN_BRIEFING} == KEYS.keys()
    assert SILENT.keys() | {P.SPOKEN_BRIEFING} >= places.RECORDED
