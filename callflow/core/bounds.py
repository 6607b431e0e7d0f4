"""Where a caller is in each stage (the table of design.md, section 2, as data), and what ends the stage (floor F4)."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S

CALLER_AT: Mapping[S, frozenset[P]] = MappingProxyType({
    S.ARRIVING: frozenset({P.STEP, P.MESSAGE, P.GONE}),
    S.WAITING: frozenset({P.QUEUE}),
    S.TALKING: frozenset({P.ROOM}),
    S.CHOOSING: frozenset({P.ROOM}),
    S.ASKING_HOLD: frozenset({P.HOLD_QUESTION, P.CHECK_IN, P.ROOM}),
    S.HOLDING: frozenset({P.HOLD, P.ROOM}),
    S.OFFERING_SUPERVISOR: frozenset({P.SUPERVISOR_QUESTION, P.ROOM}),
    S.RINGING: frozenset({P.CONSULT_WAIT, P.ROOM}),
    S.CONSULTING: frozenset({P.CONSULT_WAIT}),
    S.INTRODUCING: frozenset({P.ROOM}),
    S.OFFERING_CALL_BACK: frozenset({P.CALL_BACK_QUESTION, P.CALL_BACK_NUMBER, P.CALL_BACK_CONFIRM, P.ROOM}),
    S.WARNING: frozenset({P.WARNING, P.ROOM}),
    S.CLOSING: frozenset({P.CLOSING, P.ROOM}),
    S.LEFT_ALONE: frozenset({P.AGENT_LEFT}),
    S.AFTERCARE: frozenset({P.GONE}),
    S.ENDED: frozenset({P.GONE}),
})  # fmt: skip

BOUND: Mapping[S, frozenset[str]] = MappingProxyType({
    S.WAITING: frozenset({"queue"}),
    S.CHOOSING: frozenset({"choosing"}),
    S.ASKING_HOLD: frozenset({"hold_question"}),
    S.HOLDING: frozenset({"hold"}),
    S.OFFERING_SUPERVISOR: frozenset({"supervisor_question"}),
    S.RINGING: frozenset({"ring_total"}),
    S.CONSULTING: frozenset({"consult"}),
    S.OFFERING_CALL_BACK: frozenset({"call_back_question"}),
    S.WARNING: frozenset({"warning"}),
    S.CLOSING: frozenset({"closing", "closing_over"}),
    S.LEFT_ALONE: frozenset({"left_alone"}),
})  # fmt: skip
"""The deadline (one of them) by which a stage ends even if no report ever comes."""

WITH_LEAD = frozenset(S) - {S.ARRIVING, S.WAITING, S.LEFT_ALONE, S.AFTERCARE, S.ENDED}
"""Stages in which somebody owns the call."""

WITHOUT_THE_CALLER = frozenset({P.RINGING, P.OFFER, P.BRIEFING, P.DECLINE_MENU, P.ALERT, P.WRAP_UP, P.NOTE, P.GONE})
"""Places of people who are rung, told something or done: never with the caller (floor F5)."""
