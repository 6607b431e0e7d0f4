"""Recordings of people (``service.recordings``), for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from callflow.core.codec import from_micros, to_micros
from callflow.core.recordings import RecordingKind
from callflow.service.recordings import Recording, RecordingState

if TYPE_CHECKING:  # a memory store needs nothing of them
    from callflow.store.keys import Keys
    from callflow.store.sealing import CallKey
    from callflow.store.transaction import SqlTransaction


def recording_values(one: Recording, call: int, key: "CallKey") -> dict[str, Any]:
    """The row of a new recording. ``call`` is the row of its call."""
    return {**_changing(one), "call": call, "kind": one.kind.value, "person": one.person, "at": to_micros(one.at),
            "provider": key.seal(one.provider_id, _provider(one.id))}  # fmt: skip


def _changing(one: Recording) -> dict[str, Any]:
    return {"id": one.id, "state": one.state.value, "seconds": one.seconds, "hash": one.hash, "length": one.length,
            "at_provider": one.at_provider}  # fmt: skip


def _provider(id: str) -> str:
    return f"provider's id of recording {id}"


def _audio(id: str) -> str:
    return f"audio of recording {id}"


class SqlRecordings(ABC):
    """Uses ``_unit``, ``_rows`` and ``_keys`` of ``sql.SqlStore``. Implements ``RecordingRows``."""

    _keys: "Keys"

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def recording(self, id: str) -> Recording | None:
        rows = self._rows("recording", id=id)
        return self._recording(rows[0]) if rows else None

    def recordings(self, call: str = "", limit: int = 100) -> list[Recording]:
        rows = self._rows("recordings_of", call=call) if call else self._rows("recordings", limit=limit)
        return [self._recording(row) for row in rows]

    def _recording(self, row: Any) -> Recording:
        id, call, kind, person, provider, state, at, seconds, hash, length, at_provider, wrapped = row
        provider_id = self._keys.key(call, wrapped).open(provider, _provider(id))
        return Recording(id=id, call=call, kind=RecordingKind(kind), person=person, provider_id=provider_id,
                         state=RecordingState(state), at=from_micros(at), seconds=seconds, hash=hash, length=length,
                         at_provider=bool(at_provider))  # fmt: skip

    def keep_recording(self, recording: Recording) -> None:
        self._unit(lambda unit: unit.run("keep_recording", _changing(recording)))

    def seal_audio(self, recording: Recording, audio: bytes) -> bytes:
        return self._key(recording).seal_bytes(audio, _audio(recording.id))

    def open_audio(self, recording: Recording, sealed: bytes) -> bytes:
        return self._key(recording).open_bytes(sealed, _audio(recording.id))

    def _key(self, recording: Recording) -> "CallKey":
        rows = self._rows("recording", id=recording.id)
        return self._keys.key(recording.call, rows[0][-1] if rows else None)


_UNDONE = (RecordingState.FETCHED, RecordingState.FAILED)


class MemoryRecordings:
    """Uses a dictionary, whose single operations are atomic. Nothing is sealed."""

    def __init__(self) -> None:
        super().__init__()
        self._recordings: dict[str, Recording] = {}

    def recording(self, id: str) -> Recording | None:
        return self._recordings.get(id)

    def recordings(self, call: str = "", limit: int = 100) -> list[Recording]:
        found = [one for one in list(self._recordings.values()) if call in ("", one.call)]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[: None if call else limit]

    def keep_recording(self, recording: Recording) -> None:
        known = self._recordings[recording.id]
        kept, late = known.state, recording.state
        if kept is not late and (kept is RecordingState.DELETED or (kept, late) == _UNDONE):
            return
        self._recordings[recording.id] = replace(recording, provider_id=known.provider_id)

    def seal_audio(self, recording: Recording, audio: bytes) -> bytes:
        return audio if self._recordings[recording.id].provider_id else b""

    open_audio = seal_audio

    def _erase_recordings(self, call: str) -> None:
        for one in self.recordings(call):
            self._recordings[one.id] = replace(one, provider_id="", state=RecordingState.DELETED)
