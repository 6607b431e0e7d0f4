"""The deadlines that bound each stage (floor F4), and the stages that have a lead."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core.call import Call
from callflow.core.stages import Stage as S
from callflow.core.timer_names import Timer, leg_timer

BOUND: Mapping[S, frozenset[Timer]] = MappingProxyType({
    S.ARRIVING: frozenset({Timer.STEP, Timer.LOOKUP}),
    S.WAITING: frozenset({Timer.QUEUE}),
    S.TALKING: frozenset({Timer.REJOIN}),
    S.CHOOSING: frozenset({Timer.CHOOSING}),
    S.ASKING_HOLD: frozenset({Timer.HOLD_QUESTION}),
    S.HOLDING: frozenset({Timer.HOLD}),
    S.OFFERING_SUPERVISOR: frozenset({Timer.SUPERVISOR_QUESTION}),
    S.RINGING: frozenset({Timer.RING_TOTAL}),
    S.CONSULTING: frozenset({Timer.CONSULT}),
    S.INTRODUCING: frozenset({Timer.INTRODUCTION}),
    S.OFFERING_CALL_BACK: frozenset({Timer.CALL_BACK_QUESTION}),
    S.WARNING: frozenset({Timer.WARNING}),
    S.CLOSING: frozenset({Timer.CLOSING, Timer.CLOSING_OVER}),
    S.LEFT_ALONE: frozenset({Timer.LEFT_ALONE}),
    S.PREPARING: frozenset(),
    S.DIALLING: frozenset(),
})  # fmt: skip
"""The deadlines of a stage. One of them runs, and ends it or brings people together even if no report ever arrives."""

WITH_LEAD = frozenset(S) - {S.ARRIVING, S.WAITING, S.LEFT_ALONE, S.PREPARING, S.AFTERCARE, S.ENDED}
"""Stages in which the call has a lead."""


def bounded(call: Call) -> bool:
    """Whether a deadline of its own bounds the stage.

    Conversation needs none while the lead is in the room. Nobody is left in silence after the caller has gone: every
    leg has a deadline instead, as has a caller who hears the end of a flow.
    """
    match call.stage:
        case S.ENDED:
            return True
        case S.TALKING if call.lead_leg and call.lead_leg.in_room:
            return True
        case S.AFTERCARE:
            return all(leg_timer(leg.id) in call.deadlines for leg in call.legs if leg.live)
        case S.PREPARING:  # nobody has rung the customer
            return any(leg_timer(leg.id) in call.deadlines for leg in call.candidates)
    return bool((BOUND[call.stage] | {leg_timer(call.caller.id)}) & call.deadlines.keys())
