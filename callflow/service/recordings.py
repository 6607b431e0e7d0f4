"""Recordings of people: fetched from the provider, stored by us, sealed under the key of their call.

A recording is a row of the store (``RecordingRows``) and a file (``AudioFiles``) that only the key of its call opens.
To erase the call makes the file unreadable, wherever a copy is. Whoever listens to one leaves an entry in the journal.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Final, Protocol

from callflow.core.call import Call
from callflow.core.notes import Note
from callflow.core.recordings import KINDS, RecordingKind, recording_id
from callflow.core.records import record
from callflow.service.jobs import NewJob

FETCH: Final = "fetch_recording"
"""The kind of job that fetches a recording. ``args``: ``call`` and ``recording`` (ids)."""
TRANSCRIBE: Final = "transcribe"
"""The kind of job that follows, where it exists. ``args``: the same, and ``purpose`` (a ``RecordingKind``)."""

DROP_UNUSED: Final = "drop_unused_recording"
"""The kind of job that deletes at the provider what a call did not keep. ``args``: ``call``, ``recording`` (its id
there)."""

RECOGNISE_ANSWER: Final = "recognise_answer"
"""The kind of job that fetches and recognises an answer while the caller waits. ``args``: ``call`` and ``recording``.
"""
UNHURRIED_SECONDS: Final = 60
"""By then nobody waits for an answer any more: whatever is left to do with its recording is done as with any other."""


class RecordingState(StrEnum):
    WAITING = "waiting"
    """At the provider, and not fetched yet."""
    FETCHED = "fetched"
    FAILED = "failed"
    """The last attempt to fetch it failed. `callflow jobs` says why, and whether it is tried again."""
    DELETED = "deleted"


@record
class Recording:
    """A stored recording. ``hash`` is the SHA-256 (hex) of the WAV file as it was fetched, and ``length`` its bytes.

    ``provider_id`` is "" once its call was erased; ``at_provider``: the provider still has it, as far as we know.
    """

    id: str
    call: str
    kind: RecordingKind
    person: str
    provider_id: str
    state: RecordingState
    at: datetime
    seconds: int
    hash: str = ""
    length: int = 0
    at_provider: bool = True


class RecordingRows(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable, and CannotOpen for another secret."""

    def recording(self, id: str) -> Recording | None: ...

    def recordings(self, call: str = "", limit: int = 100) -> list[Recording]:
        """All of a call, or the newest ``limit`` of all calls, newest first."""

    def keep_recording(self, recording: Recording) -> None:
        """Write state, hash, length, seconds and whether the provider has it, of a recording that is stored.

        Nothing is written over one that is deleted, nor a failure over one that is fetched: two may have been at it.
        """

    def seal_audio(self, recording: Recording, audio: bytes) -> bytes:
        """The audio, sealed under the key of its call and bound to the recording; b"" if the call was erased."""

    def open_audio(self, recording: Recording, sealed: bytes) -> bytes:
        """Undo ``seal_audio``; b"" if the call was erased."""


class AudioFiles(Protocol):
    """Where sealed audio is kept. ``name`` is the id of a recording. All methods raise AudioUnavailable."""

    def put(self, name: str, content: bytes) -> None:
        """Store the content under this name, whole or not at all."""

    def read(self, name: str) -> bytes:
        """Raises AudioMissing if there is none."""

    def delete(self, name: str) -> None:
        """Does nothing if there is none."""


def check_audio(files: AudioFiles) -> None:
    """Write a file, read it and delete it. Raises AudioUnavailable.

    Its name is its own, because several servers share the place, and may start together.
    """
    probe = f"probe-{token_hex(8)}"
    files.put(probe, b"")
    files.read(probe)
    files.delete(probe)


class RecordingSource(Protocol):
    """The provider's recordings. ``account`` is the sub-account of the call, "" for the main one."""

    def fetch(self, provider_id: str, account: str = "") -> bytes:
        """The WAV file. Raises GatewayFailure; ``gone`` if there is no such recording, or not yet."""

    def delete(self, provider_id: str, account: str = "") -> None:
        """Does nothing if it is gone. Raises GatewayFailure."""


class AudioUnavailable(Exception):
    """The audio cannot be read or written now. The message quotes nobody."""


class AudioMissing(AudioUnavailable):
    """There is no audio of this recording: it was not fetched yet, was deleted, or its call was erased."""


def made(call: Call, notes: Iterable[Note], at: datetime) -> list[Recording]:
    """The recordings that these new entries of the call's journal are about."""
    return [
        Recording(id=recording_id(call.id, int(note.details["recording"])), call=call.id, kind=KINDS[note.kind],
                  person=note.actor, provider_id=note.outcome, state=RecordingState.WAITING, at=at,
                  seconds=int(note.details["seconds"]))
        for note in notes if note.kind in KINDS
    ]  # fmt: skip


def jobs_for(recording: Recording) -> list[NewJob]:
    """The jobs that fetch a recording, and first recognise it if it is an answer that somebody waits for."""
    args = {"call": recording.call, "recording": recording.id}
    if recording.kind is not RecordingKind.CONSENT:
        return [NewJob(kind=FETCH, at=recording.at, args=args)]
    return [NewJob(kind=RECOGNISE_ANSWER, at=recording.at, args=args),
            NewJob(kind=FETCH, at=recording.at, args=args, wait_seconds=UNHURRIED_SECONDS)]  # fmt: skip
