"""How long deadlines wait for the report that a document has ended before they decide without it."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core.timer_names import Timer, TimerName

MARGIN_SECONDS: Mapping[TimerName, int] = MappingProxyType({
    Timer.HOLD: 4,
    Timer.HOLD_QUESTION: 15,
    Timer.SUPERVISOR_QUESTION: 15,
    Timer.CALL_BACK_QUESTION: 15,
    Timer.WARNING: 15,
    Timer.SILENCE: 15,
    Timer.CLOSING_OVER: 15,
})  # fmt: skip
"""By the deadline's name, from the planned end of the document. That of a hold is short, because its end was promised:
long enough for the report that both are back, short enough to help if the report never comes."""
