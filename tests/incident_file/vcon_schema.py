"""The JSON schemas of a vCon, transcribed.

0.4.0: from ``vcon_json_schema.json`` of draft-ietf-vcon-vcon-core at commit 2342aba (1 Jul 2026, draft -03). 0.5.0: the
same with the changes of the interim meeting of 23 Sep 2026 (slides-interim-2026-vcon-03-sessa-petrie-session-proposal):
top-level ``events`` and ``sessions`` take the place of ``party_history``. Its own schema was not to be had. Both are
stricter than the originals in one thing: only names that the draft or its extension for contact centres has.
"""

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
INDEX: dict[str, Any] = {"type": "integer", "minimum": 0}
TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
INDEXES: dict[str, Any] = {"type": "array", "items": INDEX}
ONE_OR_MORE: dict[str, Any] = {"oneOf": [INDEX, INDEXES]}
UUID: dict[str, Any] = {"type": "string", "format": "uuid", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-8"}
EVENTS = ["join", "drop", "hold", "unhold", "mute", "unmute", "keydown", "keyup"]
TYPES = ["recording", "text", "transfer", "incomplete", "recording-set"]
REASONS = ["no-answer", "congestion", "failed", "busy", "hung-up", "voicemail-no-message"]


def closed(required: str, **properties: Any) -> dict[str, Any]:
    """An object with these properties only. A URL goes with a hash, a key event with its button."""
    return {"type": "object", "required": required.split(), "properties": properties, "additionalProperties": False,
            "dependencies": {"url": ["content_hash"]} if "url" in properties else {}}  # fmt: skip


CONTENT = {"mediatype": TEXT, "filename": TEXT, "body": {}, "url": {"type": "string", "format": "uri"},
           "encoding": {"enum": ["base64url", "json", "none"]},
           "content_hash": {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}}  # fmt: skip
PARTY = closed(
    "",
    role=TEXT,
    **dict.fromkeys(
        ("tel", "sip", "stir", "mailto", "name", "did", "validation", "gmlpos", "uuid", "type", "org", "dept"), TEXT
    ),
)
HISTORY = closed("party time event", party=INDEX, time=TIME, event={"enum": EVENTS}, button=TEXT)
DIALOG: dict[str, Any] = {
    "type": {"enum": TYPES}, "start": TIME, "duration": {"type": "number", "minimum": 0}, "parties": INDEXES,
    "originator": INDEX, "recordings": INDEXES, "recording_set": INDEX, "disposition": {"enum": REASONS},
    "application": TEXT, "message_id": TEXT, **CONTENT,
}  # fmt: skip
ATTACHMENT = closed("start party dialog", purpose=TEXT, start=TIME, party=INDEX, dialog=INDEX, **CONTENT)
ANALYSIS = closed("type vendor", type=TEXT, dialog=ONE_OR_MORE, attachment=ONE_OR_MORE, vendor=TEXT, product=TEXT,
                  schema=TEXT, **CONTENT)  # fmt: skip
EVENT = closed("type time", type={"enum": EVENTS}, time=TIME, party=INDEX, dialog=INDEX, session=INDEX, button=TEXT)
SESSION = closed("start", start=TIME, duration={"type": "number", "minimum": 0}, parties=INDEXES, dialog=INDEXES,
                 parent=INDEX)  # fmt: skip


def schema(version: str) -> dict[str, Any]:
    older = version == "0.4.0"
    dialog = {**DIALOG, "party_history": {"type": "array", "items": HISTORY}} if older else DIALOG
    lists = {"parties": PARTY, "dialog": closed("type start", **dialog), "analysis": ANALYSIS,
             "attachments": ATTACHMENT, **({} if older else {"events": EVENT, "sessions": SESSION})}  # fmt: skip
    redacted = closed("type", type=TEXT, uuid=UUID, url=CONTENT["url"], content_hash=CONTENT["content_hash"])
    return closed(
        "uuid created_at", vcon={"const": version}, uuid=UUID, created_at=TIME, updated_at=TIME, subject=TEXT,
        extensions={"type": "array", "items": TEXT}, critical={"type": "array", "items": TEXT}, redacted=redacted,
        amended=redacted, **{name: {"type": "array", "items": one} for name, one in lists.items()},
    )  # fmt: skip
