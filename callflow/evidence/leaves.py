"""A leaf of the log: a finished call as it was, in one JSON list. A call that goes on afterwards gets another leaf."""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

FORMAT: Final = "callflow call 1"
PLAIN: Final = ("reference", "started_at", "ended_at", "stage", "seq", "entries", "head", "origin", "due", "queue",
                "team", "priority", "since")  # fmt: skip
HASHED: Final = ("sid", "state")
"""Columns of which a leaf only has the SHA-256. What the caller is recognised by is not in it, as that is erased."""
FIELDS: Final = ("format", "number", "id", *PLAIN, *HASHED, "sealing")
COLUMNS: Final = ("row", "id", *PLAIN, *HASHED, "key")
"""The columns of a call that a leaf is made from."""
STEPS: Final = ("plain", "sealed", "erased")
"""What a call can be, one after the other; each step changes its state without an event."""


def body(number: int, call: Mapping[str, Any]) -> str:
    """What is hashed as leaf ``number`` of the log, from the columns of the call."""
    hashed = [None if (value := call[name]) is None else sha256(str(value).encode()).hexdigest() for name in HASHED]
    return json.dumps([FORMAT, number, call["id"], *(call[name] for name in PLAIN), *hashed, sealing(call["key"])],
                      separators=(",", ":"))  # fmt: skip


def sealing(key: str | None) -> str:
    return "erased" if key is None else "sealed" if key else "plain"


def read(text: str) -> dict[str, Any] | None:
    """The fields of a leaf by name; None if it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return dict(zip(FIELDS, found, strict=True)) if isinstance(found, list) and len(found) == len(FIELDS) else None


def changed(leaf: Mapping[str, Any], call: Mapping[str, Any]) -> Sequence[str]:
    """The fields in which a call differs from its latest leaf, if nothing has happened on it since."""
    now = read(body(leaf["number"], call))
    assert now is not None
    found = [name for name in FIELDS[2:-1] if now[name] != leaf[name]]
    if leaf["reference"] is None:  # filled in by the upgrade from schema version 5
        found = [name for name in found if name != "reference"]
    if STEPS.index(now["sealing"]) < STEPS.index(leaf["sealing"]):
        return [*found, "key"]
    return found if now["sealing"] == leaf["sealing"] else [name for name in found if name != "state"]
