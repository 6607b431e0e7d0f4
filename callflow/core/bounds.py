"""The deadlines that end each stage (floor F4), and the stages that have a lead."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core.stages import Stage as S
from callflow.core.timer_names import Timer

BOUND: Mapping[S, frozenset[Timer]] = MappingProxyType({
    S.WAITING: frozenset({Timer.QUEUE}),
    S.CHOOSING: frozenset({Timer.CHOOSING}),
    S.ASKING_HOLD: frozenset({Timer.HOLD_QUESTION}),
    S.HOLDING: frozenset({Timer.HOLD}),
    S.OFFERING_SUPERVISOR: frozenset({Timer.SUPERVISOR_QUESTION}),
    S.RINGING: frozenset({Timer.RING_TOTAL}),
    S.CONSULTING: frozenset({Timer.CONSULT}),
    S.OFFERING_CALL_BACK: frozenset({Timer.CALL_BACK_QUESTION}),
    S.WARNING: frozenset({Timer.WARNING}),
    S.CLOSING: frozenset({Timer.CLOSING, Timer.CLOSING_OVER}),
    S.LEFT_ALONE: frozenset({Timer.LEFT_ALONE}),
})  # fmt: skip
"""The deadlines of a stage, one of which always runs and ends it even if no report ever arrives."""

WITH_LEAD = frozenset(S) - {S.ARRIVING, S.WAITING, S.LEFT_ALONE, S.AFTERCARE, S.ENDED}
"""Stages in which the call has a lead."""
