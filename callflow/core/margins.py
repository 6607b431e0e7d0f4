"""How long deadlines wait for the report that a document has ended before they decide without it."""

from collections.abc import Mapping
from types import MappingProxyType

MARGIN_SECONDS: Mapping[str, int] = MappingProxyType({
    "hold": 4,
    "hold_question": 15,
    "supervisor_question": 15,
    "warning": 15,
    "closing_over": 15,
})  # fmt: skip
"""By the deadline's name, from the planned end of the document. That of a hold is short, because its end was promised:
long enough for the report that both are back, short enough to help if the report never comes."""
