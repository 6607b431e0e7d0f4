"""The list of erasures, kept a second time with the audio, where no backup of the database brings back the past.

One file for each month: a line for each call, as a JSON list of its id, time, who and why; and one with the ids of all
records about callers that were erased. They have no number and no name of a caller. Whoever restores an older database
finds in them what has to be erased again.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from callflow.service.caller_records import ERASED, RecordKind
from callflow.service.ports import Store
from callflow.service.recordings import AudioFiles, AudioMissing
from callflow.service.retention import Erasure

FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Before it nothing was erased that a list could have."""

RECORDS: Final = "erasures-of-records"


def month_of(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def kept(files: AudioFiles, month: datetime) -> dict[str, Erasure]:
    """What the file of a month has, by call. Raises AudioUnavailable."""
    try:
        lines = files.read(_name(month)).decode().splitlines()
    except AudioMissing:
        return {}
    rows = (json.loads(line) for line in lines)
    return {call: Erasure(call=call, at=datetime.fromisoformat(at), by=by, why=why) for call, at, by, why in rows}


def all_kept(files: AudioFiles, now: datetime) -> Iterator[Erasure]:
    """Raises AudioUnavailable."""
    month = FIRST
    while month <= now:
        yield from kept(files, month).values()
        month = next_month(month)


def keep(store: Store, files: AudioFiles, at: datetime) -> None:
    """Write the file of that month: what the database has, and what the file had. Raises AudioUnavailable.

    Two at once can lose a line of the other one; the next writing, at the latest that of the night, has it again.
    """
    month = month_of(at)
    before = kept(files, month)
    found = before | {one.call: one for one in store.erasures(month, next_month(month))}
    if found != before:
        lines = [json.dumps([one.call, one.at.isoformat(), one.by, one.why]) for one in found.values()]
        files.put(_name(month), ("\n".join(lines) + "\n").encode())


def _name(month: datetime) -> str:
    return f"erasures-{month:%Y-%m}"


def kept_records(files: AudioFiles) -> list[str]:
    """Ids of records about callers that were erased. Raises AudioUnavailable."""
    try:
        return files.read(RECORDS).decode().splitlines()
    except AudioMissing:
        return []


def keep_records(store: Store, files: AudioFiles) -> None:
    """Add those that the database has. Raises AudioUnavailable."""
    before = kept_records(files)
    erased = [one.id for kind in RecordKind for one in store.caller_records(kind) if one.state == ERASED]
    if new := [id for id in erased if id not in set(before)]:
        files.put(RECORDS, ("\n".join([*before, *new]) + "\n").encode())
