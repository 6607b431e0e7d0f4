"""New rows of the journal."""

from typing import Any

from callflow.core.codec import to_micros
from callflow.service.ports import Change
from callflow.store.rows import details_to_json
from callflow.store.sealed_rows import sealed_note
from callflow.store.sealing import CallKey


def new_entries(change: Change, length: int, key: CallKey) -> list[dict[str, Any]]:
    """What a change adds to the journal after ``length`` entries, as it is stored: values of ``add_entry``."""
    at, rows = to_micros(change.call.at), []
    for seq, plain in enumerate(change.notes, length + 1):
        note = sealed_note(plain, seq, key)
        rows.append({
            "seq": seq, "at": at, "kind": str(note.kind), "actor": note.actor, "key": note.key, "script": note.script,
            "version": note.version, "language": note.language, "outcome": str(note.outcome),
            "details": details_to_json(note.details),
        })  # fmt: skip
    return rows
