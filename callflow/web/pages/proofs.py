"""Whether the journal of a call is as it was written, as far as the database itself shows it."""

from datetime import datetime
from typing import Any, NamedTuple

from callflow.store.call_faults import verified
from callflow.store.log import Seen


class Proof(NamedTuple):
    """``fault``: what is not as it was written, "" if all is. ``leaf``: of the log of finished calls, None before it is
    there. ``checkpoint``: when the log was signed over it, and who has seen that."""

    entries: int
    fault: str
    leaf: int | None = None
    checkpoint: datetime | None = None
    seen: tuple[Seen, ...] = ()


def proof(store: Any, call: str) -> Proof | None:
    """None for a store that keeps no chain."""
    found = verified(store, call)
    if found is None:
        return None
    point = found.proof
    return Proof(found.entries, found.fault, found.leaf, point and point.checkpoint.at, point.seen if point else ())
