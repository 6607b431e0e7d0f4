"""What a person reads first: the report of an incident file as sections, from ``facts``. ``paper`` prints them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from callflow.core.notes import NoteKind
from callflow.core.records import record

DAY: Final = "%Y-%m-%d %H:%M:%S UTC"
CLOCK: Final = "%H:%M:%S"
FOR: Final[Mapping[str, str]] = {"court": "For a court or an authority: complete", "caller": "For the caller",
                                 "agent": "For the agent"}  # fmt: skip


MOST_FILES: Final = 3
"""On the first page, for one line."""


@record
class Section:
    """``paragraphs``, then ``items`` of a list, then a table, whichever are there. ``first``: on the first page."""

    title: str
    paragraphs: Sequence[str] = ()
    items: Sequence[str] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    first: bool = False


def sections(facts: Mapping[str, Any]) -> list[Section]:
    """In the order in which they are read. Those without content are left out."""
    found = [
        Section(title="What happened", items=list(_happened(facts)), first=True),
        Section(title="What was offered", items=list(_offered(facts)) or ["Nothing was offered."], first=True),
        *_proofs(facts),
        _table("The steps as they were lived", sorted([*facts["offered"], *facts["done"]], key=lambda one: one["seq"])),
        _table("The journal", facts["timeline"]),
        Section(title="People", head=("in this file", "role", "name", "ids of the provider"),
                rows=[(one["id"], one["role"], one["name"], ", ".join(one["provider_ids"]))
                      for one in facts["people"]]),
        Section(title="What those who were on the call have added", items=list(_added(facts))),
        Section(title="What a machine wrote down of recordings (a draft, no statement of anybody)",
                items=[f"{one['person']}, by {one['engine']} {one['version']}: {one['text']}"
                       for one in facts["transcripts"]]),
        Section(title="What warnings and the closing were played from", head=("file", "seconds", "SHA-256"),
                rows=_prompts(facts)),
        Section(title="Recordings in this file", head=("file", "of", "seconds", "SHA-256"),
                rows=[(one["file"], one["person"], str(one["seconds"]), one["sha256"]) for one in facts["recordings"]]),
        Section(title="How to verify it", items=list(_verification(facts))),
        Section(title="What this file does not prove",
                items=[f"It does not prove {one}." for one in facts["cannot_prove"]]),
        Section(title="What was left out of this copy", items=facts["left_out"]),
    ]  # fmt: skip
    return [one for one in found if one.paragraphs or one.items or one.rows]


def title(facts: Mapping[str, Any]) -> str:
    return f"Incident file of call {facts['reference']}"


def subtitle(facts: Mapping[str, Any]) -> str:
    of = f"{facts['organisation']}. " if facts["organisation"] else ""
    return f"{of}{FOR[facts['for']]}{' ' + facts['person'] if facts['person'] else ''}."


def _at(text: str, how: str = CLOCK) -> str:
    return datetime.fromisoformat(text).strftime(how)


def _who(facts: Mapping[str, Any], label: str) -> str:
    """A person by their name, if this copy has it."""
    return next((one["name"] for one in facts["people"] if one["id"] == label and one["name"]), label)


def _happened(facts: Mapping[str, Any]) -> Iterator[str]:
    warnings = [one for one in facts["lines"] if one["kind"] == NoteKind.WARNING]
    yield f"The call began at {_at(facts['began'], DAY)} and ended at {_at(facts['ended'], DAY)}."
    for one in facts["lines"]:
        what = "warned the caller" if one["kind"] == NoteKind.WARNING else "decided to end the call with a message"
        about = f" because of {one['conduct']}" if one["conduct"] else ""
        heard = "was played in full" if one["in_full"] else f"was not played in full ({one['outcome']})"
        yield f"{_at(one['start'])}: {_who(facts, one['by'])} {what}{about}, by key {one['key']}. It {heard}."
    for one in facts["timeline"]:
        if one["kind"] in (NoteKind.SAFEGUARDING, NoteKind.THREAT, NoteKind.RELIEF):
            yield f"{_at(one['at'])}: {_who(facts, one['actor'])}: {one['kind']} {one['outcome']}."
    if not warnings:
        yield "No warning was given."
    if facts["outcome"]:
        yield f"How it ended: {facts['outcome'].replace('_', ' ')}."


def _offered(facts: Mapping[str, Any]) -> Iterator[str]:
    names = {NoteKind.TIME_OUT: "a time out", NoteKind.DELEGATE_UPWARDS: "a supervisor", NoteKind.CONSENT: "answer",
             NoteKind.CALL_BACK: "a call back"}  # fmt: skip
    for one in facts["offered"]:
        what = names.get(one["kind"], one["kind"].replace("_", " "))
        yield f"{_at(one['at'])}, {_who(facts, one['actor'])}, {what}: {one['outcome'] or 'noted'}."


def _proofs(facts: Mapping[str, Any]) -> Iterator[Section]:
    for one in facts["lines"]:
        what = "warning" if one["kind"] == NoteKind.WARNING else "closing message"
        heard = "was heard in full" if one["in_full"] else "was not heard in full"
        said = f"“{one['text']}”" if one["text"] else "Its words are those of the script and version below."
        yield Section(title=f"The {what} of {_at(one['start'])} {heard}", paragraphs=[said], rows=_proof(one),
                      head=("proof", ""), first=True)  # fmt: skip


def _proof(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    needed = one["needed_seconds"]
    over = one["talk_over_seconds"]
    return [
        ("played", f"{one['start']} to {one['end']}"),
        ("heard for", f"{one['elapsed_seconds']} s" + (f" of at least {needed} s" if needed is not None else "")),
        ("script", f"{one['script']}, version {one['version']}, language {one['language']}"),
        *_files(one["files"]),
        ("caller spoke over it", "not measured" if over is None else f"{over} s"),
    ]  # fmt: skip


def _files(files: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    if not files:
        return [("recording", "not known: spoken by a voice, or replaced since")]
    if len(files) > MOST_FILES:
        return [("recordings", f"{len(files)}, one after another; listed below")]
    return [("recording", f"{one['path']}, {one['seconds']} s, SHA-256 {one['sha256']}") for one in files]


def _prompts(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    every = [(one["path"], str(one["seconds"]), one["sha256"]) for line in facts["lines"] for one in line["files"]]
    return list(dict.fromkeys(every))


def _table(name: str, entries: Sequence[Mapping[str, Any]]) -> Section:
    rows = [(str(one["seq"]), _at(one["at"]), one["actor"], one["kind"].replace("_", " "), one["key"], one["script"],
             _told(one)) for one in entries]  # fmt: skip
    return Section(title=name, head=("no.", "UTC", "who", "what", "key", "script", "outcome"), rows=rows)


def _told(one: Mapping[str, Any]) -> str:
    return ", ".join([one["outcome"], *(f"{name} {value}" for name, value in one["details"].items())]).strip(", ")


def _added(facts: Mapping[str, Any]) -> Iterator[str]:
    for who, account in facts["accounts"].items():
        for part, said in account.items():
            if part not in ("at", "recordings"):
                yield f"{who}, {part}: {said}"
    if answer := facts["answer"]:
        words = f": {answer['words']}" if answer.get("words") else ""
        yield f"{answer['by']} answered {answer['answer'].replace('_', ' ')}{words}"


def _verification(facts: Mapping[str, Any]) -> Iterator[str]:
    evidence, point = facts["evidence"], facts["evidence"]["checkpoint"]
    yield "Run: python3 -I verify.py FILE.zip, with the verify.py of this file, or better one that you had before."
    yield f"Head of the journal: {evidence['head']}"
    if point:
        yield (f"Leaf {evidence['leaf']} of the log of finished calls, in checkpoint {point['number']} over "
               f"{point['size']} leaves, signed {_at(point['at'], DAY)}, SHA-256 {point['sha256']}")  # fmt: skip
    else:
        yield "The log of finished calls was not signed when this file was made."
    configuration = facts["configuration"]
    yield f"Configuration in force: SHA-256 {configuration['sha256']}"
    if not configuration["recordings_as_then"]:
        yield "Prompts have changed since the call: those that are not what was played are not in this file."
