"""What an incident file says, as JSON values, for one audience: the report and the vCon are written from this alone.

Times are ISO 8601 (UTC), hashes are hex, lengths are seconds.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from string import Formatter
from typing import Any, Final

from callflow.core import prompts
from callflow.core.call import CALLER, Prompt
from callflow.core.configuration import Audio, Configuration, Script
from callflow.core.draft import DecisionDraft
from callflow.core.events import FollowedUp
from callflow.core.incident_facts import DONE, OFFERED
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.transcription import Purpose
from callflow.incident_file.audiences import LEFT_OUT, View
from callflow.incident_file.collecting import Collected
from callflow.incident_file.verify import CANNOT, FORMAT
from callflow.service.ports import Entry

PLAYED: Final = frozenset({NoteKind.WARNING, NoteKind.CLOSING})


SAME: Final = ("ref", "contact", "emergency")
"""Variables whose values are the same throughout a call, and name nobody."""


def facts(found: Collected, view: View) -> dict[str, Any]:
    call, known = found.call, found.configuration
    timeline = [_entry(one, view) for one in found.entries]
    return {
        "format": FORMAT, "for": view.audience.value, "person": view.person, "reference": call.reference,
        "call": call.id, "began": _time(call.started_at, view), "ended": _ended(found, view),
        "outcome": call.outcome, "language": call.language,
        "organisation": known.organisation_on(call.called).name if known else "",
        "people": list(_people(found, view)), "timeline": timeline,
        "offered": [one for one in timeline if one["kind"] in OFFERED],
        "done": [one for one in timeline if one["kind"] in DONE],
        "lines": list(_lines(found, view)),
        "accounts": _accounts(found, view), "answer": _answer(found, view),
        "transcripts": [
            {"recording": one.recording, "person": view.label(_person_of(found, one.recording)), "engine": one.engine,
             "version": one.version, "text": one.text, "at": one.at.isoformat()}
            for one in found.transcripts if one.purpose is not Purpose.TALK_OVER
            and view.shows(_person_of(found, one.recording))],
        "recordings": [
            {"file": f"audio/{one.id}.wav", "kind": one.kind.value, "person": view.label(one.person),
             "at": one.at.isoformat(), "seconds": one.seconds, "sha256": one.hash}
            for one, _ in found.recordings if view.shows(one.person)],
        "configuration": {"sha256": call.digest, "files": sorted(found.texts) if view.whole else [],
                          "recordings_as_then": bool(known and known.digest == call.digest)},
        "evidence": {"call": call.id, "head": found.head, "origin": found.origin, "leaf": found.leaf.number,
                     "checkpoint": _checkpoint(found)},
        "left_out": list(LEFT_OUT[view.audience]), "cannot_prove": list(CANNOT),
    }  # fmt: skip


def _ended(found: Collected, view: View) -> str:
    """When the caller was gone; entries after that are about what was done with it."""
    ends = [one.at for one in found.entries if one.note.kind in (NoteKind.CALL_ENDED, NoteKind.ENDED)]
    return _time(ends[0] if ends else found.entries[-1].at, view)


def _entry(one: Entry, view: View) -> dict[str, Any]:
    """An entry for the audience. Only the court's has the time to the microsecond, so that nobody can find out by
    trying what was left out of the others."""
    note = one.note
    return {"seq": one.seq, "at": _time(one.at, view), "kind": str(note.kind), "actor": view.label(note.actor),
            "key": note.key, "script": note.script, "version": note.version, "language": note.language,
            "outcome": view.outcome(note), "details": view.details(note)}  # fmt: skip


def _people(found: Collected, view: View) -> Iterator[dict[str, Any]]:
    """``provider_ids``: of their legs, to be compared with the provider's own list of calls. For the court only."""
    number = {"tel": found.call.number} if view.shows(CALLER) and found.call.number else {}
    yield {"id": CALLER, "role": CALLER, "name": "", **number, "provider_ids": _provider_ids(found, view, "")}
    for person in dict.fromkeys(leg.person for leg in found.call.legs if leg.accepted and leg.person):
        yield {"id": view.label(person), "role": view.role(person), "name": view.name(person),
               "provider_ids": _provider_ids(found, view, person)}  # fmt: skip


def _provider_ids(found: Collected, view: View, person: str) -> list[str]:
    legs = [leg for leg in found.call.legs if (leg.person == person if person else leg.id == CALLER)]
    return [leg.sid for leg in legs if leg.sid] if view.whole else []


def _lines(found: Collected, view: View) -> Iterator[dict[str, Any]]:
    """The warnings and the closing: what was played, from when to when, and whether it was heard in full."""
    begun: Entry | None = None
    decided: Mapping[str, Any] = {}
    for one in found.entries:
        if one.note.kind == NoteKind.CLOSING and one.note.outcome == NoteOutcome.DECIDED:
            decided = one.note.details
        if one.note.kind in PLAYED and one.note.outcome == NoteOutcome.BEGUN:
            begun = one
        elif begun and _ends(begun, one):
            yield _line(found, view, begun, one, {**decided, **begun.note.details})
            begun = None


def _ends(begun: Entry, one: Entry) -> bool:
    return one.note.kind in (begun.note.kind, NoteKind.CALL_ENDED)


def _line(found: Collected, view: View, begun: Entry, over: Entry, told: Mapping[str, Any]) -> dict[str, Any]:
    conduct = str(told.get("conduct", ""))
    text, files = _played(found, begun.note, conduct)
    closed = over.note.outcome == NoteOutcome.CLOSED
    elapsed = over.note.details.get("elapsed_seconds", round((over.at - begun.at).total_seconds(), 2))
    return {
        "kind": str(begun.note.kind), "script": begun.note.script, "version": begun.note.version,
        "language": begun.note.language, "conduct": conduct, "text": text,
        "by": view.label(begun.note.actor), "key": begun.note.key,
        "start": _time(begun.at, view), "end": _time(over.at, view), "elapsed_seconds": elapsed,
        "needed_seconds": over.note.details.get("needed_seconds", told.get("needed_seconds")),
        "outcome": view.outcome(over.note),
        "in_full": closed or over.note.outcome == NoteOutcome.HEARD_IN_FULL,
        "files": [{"path": one.path, "sha256": one.digest, "seconds": round(one.seconds, 2)} for one in files],
        "talk_over_seconds": _talk_over(found),
    }  # fmt: skip


def _played(found: Collected, note: Note, conduct: str) -> tuple[str, list[Audio]]:
    """The text of a line in the configuration of the call, and the recordings it was played from, one after another.

    No recordings if one was replaced since, or if the voice may have spoken a value that is not known any more.
    """
    known = found.configuration
    script = _script(known, note) if known else None
    if not known or not script:
        return "", []
    key = next((one.key for one in known.policy.draw_the_line.conduct if one.name == conduct), "")
    draft = DecisionDraft(found.call, FollowedUp(at=found.call.at, kind="", person=""), known)
    values = {**{name: draft.word(name, note.script) for name in SAME}, "conduct": conduct}
    unknown = {name for _, name, _, _ in Formatter().parse(script.text) if name and name not in values}
    said = Prompt(note.script, {**values, **{name: f"({name})" for name in unknown}})
    sure = script.version == note.version and (script.audio or not unknown)
    files = prompts.recordings(known, note.language, said, key) if sure else ()
    return prompts.text(known, note.language, said), list(files)


def _script(known: Configuration, note: Note) -> Script | None:
    try:
        return known.script(note.script, note.language)
    except KeyError:
        return None


def _talk_over(found: Collected) -> float | None:
    """For how long the caller spoke while it was played, where that was measured, and only one was played."""
    measured = [one.seconds for one in found.transcripts if one.purpose is Purpose.TALK_OVER]
    played = [one for one in found.entries if one.note.outcome == NoteOutcome.BEGUN and one.note.kind in PLAYED]
    return measured[0] if len(measured) == len(played) == 1 else None


def _time(at: datetime, view: View) -> str:
    return (at if view.whole else at.replace(microsecond=0)).isoformat()


def _person_of(found: Collected, recording: str) -> str:
    return next((one.person for one, _ in found.recordings if one.id == recording), "")


def _accounts(found: Collected, view: View) -> dict[str, Any]:
    """What those who were on the call have added until then, as far as the audience may read it."""
    every = found.incident.body.get("accounts", {}) if found.incident else {}
    return {view.label(who): one for who, one in every.items()
            if view.shows(who) and one.get("at", "") <= found.until.isoformat()}  # fmt: skip


def _answer(found: Collected, view: View) -> dict[str, Any]:
    """What a reviewer has answered until then. The caller is told what was decided, in no words of ours."""
    answer = found.incident.body.get("answer", {}) if found.incident else {}
    if not answer or answer.get("at", "") > found.until.isoformat():
        return {}
    if view.whole:
        return dict(answer)
    shown = {"answer": answer["answer"], "at": answer["at"], "by": "a reviewer"}
    return {**shown, "words": answer.get("words", "")} if view.person else shown


def _checkpoint(found: Collected) -> dict[str, Any] | None:
    if not found.proof:
        return None
    point = found.proof.checkpoint
    return {"number": point.number, "size": point.size, "at": point.at.isoformat(),
            "sha256": hashlib.sha256(point.note.encode()).hexdigest()}  # fmt: skip
