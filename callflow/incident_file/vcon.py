"""A call as a vCon of the IETF's working group (draft-ietf-vcon-vcon-core), in the syntax 0.4.0 or 0.5.0.

It is only ever written, from ``facts``: drafts change, and what is true is the journal. 0.5.0 has what happened to the
parties as ``events`` of its own, where 0.4.0 has it inside a dialog (slides of the interim meeting of 23 Sep 2026).
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from callflow.core.notes import NoteKind, NoteOutcome

VERSIONS: Final = ("0.4.0", "0.5.0")
WHOLE: Final = 0
"""The number of the dialog that is the call as a whole."""
EVENTS: Final[Mapping[tuple[str, str], str]] = {
    (NoteKind.HOLD, NoteOutcome.BEGUN): "hold",
    (NoteKind.HOLD, NoteOutcome.RETURNED_ON_TIME): "unhold", (NoteKind.HOLD, NoteOutcome.RETURNED_EARLY): "unhold",
    (NoteKind.HOLD, NoteOutcome.ENDED_BY_THE_CALLER): "unhold", (NoteKind.HOLD, NoteOutcome.OVERRUN): "unhold",
    (NoteKind.HOLD, NoteOutcome.ENDED_BY_THE_LEAD): "unhold", (NoteKind.HOLD, NoteOutcome.ENDED): "unhold",
}  # fmt: skip
"""What an entry about a hold is to its party, the caller."""
BEGUN: Final = (NoteKind.CLOSING, NoteOutcome.BEGUN)
"""Its key was pressed when it was decided."""
CONSENT: Final = "consent"
"""The purpose of an attachment, and a kind of entry: its key is how the caller answered."""
UUID_8: Final = "8"


def vcon(facts: Mapping[str, Any], sounds: Mapping[str, bytes], version: str, url: str = "") -> dict[str, Any]:
    """``sounds``: the files of the pack by path. ``url``: where prompts are served; without it they are inside."""
    if version not in VERSIONS:
        raise ValueError(f"there is no writer for vCon {version}")
    events = list(_events(facts))
    whole = {"type": "recording", "start": facts["began"], "duration": _seconds(facts["began"], facts["ended"]),
             "parties": [*range(len(facts["people"]))]}  # fmt: skip
    if version == "0.4.0":
        whole["party_history"] = [{name: one[name] for name in ("party", "time", "event", "button") if name in one}
                                  for one in events if "party" in one]  # fmt: skip
    made: dict[str, Any] = {
        "vcon": version, "uuid": uuid_of(facts, facts["for"] + facts["person"]), "extensions": ["CC"],
        "created_at": facts["ended"], "subject": f"call {facts['reference']}",
        "parties": [_party(one) for one in facts["people"]],
        "dialog": [whole, *_recordings(facts, sounds), *_lines(facts, sounds, url)],
        "analysis": list(_analysis(facts)), "attachments": list(_attachments(facts)),
    }  # fmt: skip
    if facts["for"] != "court":
        made["redacted"] = {"type": f"for the {facts['for']}", "uuid": uuid_of(facts, "court")}
    if version == "0.5.0":
        made["sessions"] = [{"start": whole["start"], "duration": whole["duration"], "parties": whole["parties"],
                             "dialog": [*range(len(made["dialog"]))]}]  # fmt: skip
        made["events"] = [{"type": one["event"], **{name: one[name] for name in ("time", "party", "button")
                           if name in one}, "session": 0, "dialog": WHOLE} for one in events]  # fmt: skip
    return made


def uuid_of(facts: Mapping[str, Any], of: str) -> str:
    """A UUID of version 8: that of the same call, head and audience is always the same."""
    digits = hashlib.sha256(f"{facts['call']}\n{facts['evidence']['head']}\n{of}".encode()).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-{UUID_8}{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


def _seconds(start: str, end: str) -> float:
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds(), 3)


def _party(one: Mapping[str, Any]) -> dict[str, Any]:
    """``role`` is of the extension for contact centres."""
    found = {"role": one["role"], "type": "person", "name": one["name"], "tel": one.get("tel", "")}
    return {name: value for name, value in found.items() if value}


def _number(facts: Mapping[str, Any], label: str) -> int | None:
    return next((at for at, one in enumerate(facts["people"]) if one["id"] == label), None)


def _events(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Joins, drops, holds, keys: what the journal says, in its order."""
    for one in facts["timeline"]:
        party = _number(facts, one["actor"])
        at = {"time": one["at"]} if party is None else {"time": one["at"], "party": party}
        if one["kind"] == NoteKind.CALL_STARTED:
            yield {"time": one["at"], "party": 0, "event": "join"}
        if one["key"] and one["kind"] != CONSENT and (one["kind"], one["outcome"]) != BEGUN and party is not None:
            yield {**at, "event": "keydown", "button": one["key"]}
        if one["kind"] == NoteKind.ACCEPTED and party is not None:
            yield {**at, "event": "join"}
        if event := EVENTS.get((one["kind"], one["outcome"])):
            yield {"time": one["at"], "party": 0, "event": event}
        if one["kind"] == NoteKind.CALL_ENDED:
            yield {"time": one["at"], "party": 0, "event": "drop"}


def _recordings(facts: Mapping[str, Any], sounds: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    for one in facts["recordings"]:
        party = _number(facts, one["person"])
        until = datetime.fromisoformat(one["at"])
        yield {"type": "recording", "start": (until - timedelta(seconds=one["seconds"])).isoformat(),
               "duration": one["seconds"], "parties": [] if party is None else [party],
               **_inside(one["file"], sounds[one["file"]])}  # fmt: skip


def _lines(facts: Mapping[str, Any], sounds: Mapping[str, bytes], url: str) -> Iterator[dict[str, Any]]:
    """Each file that a warning or a closing was played from: that this was played, from when, and for how long."""
    for line in facts["lines"]:
        start = datetime.fromisoformat(line["start"])
        for file in line["files"]:
            path = f"audio/prompts/{file['path']}"
            content = sounds.get(path)
            played = min(file["seconds"], _seconds(start.isoformat(), line["end"])) if line["end"] else 0
            known = {"type": "recording", "start": start.isoformat(), "duration": max(0, round(played, 3)),
                     "parties": [0], "application": f"{line['kind']}: {line['script']}@{line['version']}"}  # fmt: skip
            start += timedelta(seconds=file["seconds"])
            if content is None:
                yield known
            elif url:
                served = f"{url}/audio/{file['sha256']}/{file['path']}"
                yield {**known, "mediatype": "audio/x-wav", "filename": path, "url": served,
                       "content_hash": content_hash(content)}  # fmt: skip
            else:
                yield {**known, **_inside(path, content)}


def _inside(path: str, content: bytes) -> dict[str, Any]:
    return {"mediatype": "audio/x-wav", "filename": path, "encoding": "base64url", "body": _base64(content),
            "content_hash": content_hash(content)}  # fmt: skip


def content_hash(content: bytes) -> str:
    return f"sha512-{_base64(hashlib.sha512(content).digest())}"


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _analysis(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What machines wrote down. A draft is no statement of anybody."""
    order = [one["file"] for one in facts["recordings"]]
    for one in facts["transcripts"]:
        file = f"audio/{one['recording']}.wav"
        about = {"dialog": 1 + order.index(file)} if file in order else {}
        yield {"type": "transcript", **about, "vendor": one["engine"], "product": f"{one['engine']} {one['version']}",
               "schema": "machine draft", "mediatype": "text/plain", "encoding": "none",
               "body": one["text"]}  # fmt: skip


def _attachments(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    consents = [one for one in facts["timeline"] if one["kind"] == NoteKind.CONSENT]
    incident = {name: facts[name] for name in ("accounts", "answer")}
    for purpose, body in ((CONSENT, consents), ("incident", incident), ("configuration", facts["configuration"]),
                          ("tamper evidence", facts["evidence"]), ("journal", facts["timeline"])):  # fmt: skip
        if body:
            yield {"purpose": purpose, "start": facts["ended"], "party": 0, "dialog": WHOLE,
                   "mediatype": "application/json", "encoding": "json", "body": body}  # fmt: skip
