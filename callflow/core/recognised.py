"""What is known of a caller when the call begins: by the records that the service found (``service.caller_records``).

Numbers are shared, withheld and forged: what is known only prepares people and gives the caller more time. It never
ends a call, warns, ranks or routes anybody worse.
"""

import json
from dataclasses import asdict
from functools import lru_cache

from callflow.core.records import record

NEEDS = ("more_time", "speech", "tics", "interpreter", "relay", "vulnerable")
"""What a caller may need, in the order of the keys of ``core.flow.adjustments``: more time to answer, time to speak (a
stammer), tics, an interpreter, a relay service, care because of what they live through."""


@record
class Recognised:
    """The ids of records, and what they say. ``needs`` count from the beginning unless somebody else ``proposed`` them.

    ``back``: a call from this number was ended after a warning a while ago. It was about ``reason``; this one goes to
    ``person`` first, and to ``not_first`` last: whoever was on that call.
    """

    adjustment: str = ""
    needs: tuple[str, ...] = ()
    proposed: bool = False
    restriction: str = ""
    back: bool = False
    reason: str = ""
    person: str = ""
    not_first: str = ""


NOTHING = Recognised()


def to_text(known: Recognised) -> str:
    """As it is stored in a call; "" for nothing."""
    return json.dumps(asdict(known), separators=(",", ":")) if known != NOTHING else ""


@lru_cache(1000)
def of_text(text: str) -> Recognised:
    """Undo ``to_text``. Fields that only a newer Callflow knows are left out."""
    if not text:
        return NOTHING
    found = {name: value for name, value in json.loads(text).items() if name in Recognised.__dataclass_fields__}
    return Recognised(**{**found, "needs": tuple(found.get("needs", ()))})
