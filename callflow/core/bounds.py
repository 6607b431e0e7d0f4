"""The deadlines that end each stage (floor F4), and the stages that have a lead."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core.stages import Stage as S

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
"""The deadlines of a stage, one of which always runs and ends it even if no report ever arrives."""

WITH_LEAD = frozenset(S) - {S.ARRIVING, S.WAITING, S.LEFT_ALONE, S.AFTERCARE, S.ENDED}
"""Stages in which the call has a lead."""
