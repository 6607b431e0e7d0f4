"""An event and an entry of the journal as conversations tell them."""

from typing import Any

from callflow.core import events as e
from callflow.core.notes import Note


def facts(note: Note) -> dict[str, Any]:
    return {**note.details, "actor": note.actor, "key": note.key, "script": note.script, "outcome": note.outcome}


def told(event: e.Event) -> str:
    known = ", ".join(f"{name}={getattr(event, name)}" for name in event.__dataclass_fields__ if name != "at")
    return f"{type(event).__name__} {known}"
