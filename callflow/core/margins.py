"""How long a deadline waits for the news that a document has ended, before it decides without that news."""

from collections.abc import Mapping
from types import MappingProxyType

MARGIN_SECONDS: Mapping[str, int] = MappingProxyType({
    "hold": 4,
    "hold_question": 15,
    "supervisor_question": 15,
    "warning": 15,
    "closing_over": 15,
})  # fmt: skip
"""By the deadline's name, from the planned end of the document. A hold's is short, as the caller was promised a second:
long enough for the event that they are together, short enough to help if it never comes."""
