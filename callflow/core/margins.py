"""How long a deadline waits for the news that a document has ended, before it decides without that news."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core.timer_names import Timer, TimerName

MARGIN_SECONDS: Mapping[TimerName, int] = MappingProxyType({
    Timer.HOLD: 4,
    Timer.HOLD_QUESTION: 15,
    Timer.SUPERVISOR_QUESTION: 15,
    Timer.WARNING: 15,
    Timer.CLOSING_OVER: 15,
})  # fmt: skip
"""By the deadline's name, from the planned end of the document. A hold's is short, as the caller was promised a second:
long enough for the event that they are together, short enough to help if it never comes."""
