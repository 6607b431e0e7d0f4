"""A house with a store, its audio, its provider, and nights that pass."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.notes import NoteKind
from callflow.core.recordings import RecordingKind
from callflow.core.retention import Retention
from callflow.core.stages import Stage
from callflow.core.transcription import Purpose
from callflow.service.configurations import Configurations
from callflow.service.legal_holds import LegalHolds
from callflow.service.moments import Moment
from callflow.service.ports import GatewayFailure, Store
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.recordings import Recording, RecordingState
from callflow.service.retention_keeper import RetentionKeeper
from callflow.service.transcripts import Transcript, TranscriptState
from callflow.store.audio_files import MemoryFiles
from tests.contracts.sample import a_call, note, save

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
NIGHT = timedelta(days=1)
NUMBER = "+15550100999"


class Provider:
    """Recordings at the provider: which were deleted, and whether it can be reached."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.down = False
        self.refused: set[str] = set()

    def fetch(self, provider_id: str, account: str = "") -> bytes:
        return b"RIFF"

    def delete(self, provider_id: str, account: str = "") -> None:
        if self.down:
            raise GatewayFailure("deleting a recording: HTTP 503", retry=True)
        if provider_id in self.refused:
            raise GatewayFailure("deleting a recording: HTTP 401, code 20003")
        self.deleted.append(provider_id)


class House:
    """A store, its audio and its nights."""

    def __init__(self, store: Store, shipped: Configuration) -> None:
        self.store, self.files, self.provider, self.now = store, MemoryFiles(), Provider(), NOW
        self.configurations = Configurations(shipped)
        recordings = RecordingKeeper(store, self.files, self.provider, self.configurations, lambda: self.now)
        self.keeper = RetentionKeeper(recordings, lambda seconds: None)
        self.holds = LegalHolds(store, self.configurations, lambda: self.now)

    def keeps(self, **rules: Any) -> None:
        self.configurations.adopt(replace(self.configurations.current, retention=Retention(**rules)))

    def call(self, id: str, days_ago: float, *kinds: NoteKind, stage: Stage = Stage.ENDED) -> None:
        """A call with a message, what was written down of it, and a promise that was kept."""
        at = self.now - timedelta(days=days_ago)
        call = a_call(id, reference=id.upper(), stage=stage, started_at=at, at=at)
        message = Recording(id=f"{id}-3", call=id, kind=RecordingKind.VOICEMAIL, person="caller", provider_id=f"RE{id}",
                            state=RecordingState.WAITING, at=at, seconds=9)  # fmt: skip
        promise = FollowUp(id=f"{id}-promise-1", kind=FollowUpKind.PROMISE, call=id, person="sam", state="kept", at=at,
                           closed=True, body={"words": "secret"})  # fmt: skip
        save(self.store, call, notes=[note(kind) for kind in kinds], recordings=[message], follow_ups=[promise],
             history=Moment(at=at, facts=()))  # fmt: skip
        self.files.put(message.id, self.store.seal_audio(message, b"sound"))
        self.store.keep_recording(replace(message, state=RecordingState.FETCHED))
        self.store.keep_transcript(Transcript(recording=message.id, call=id, purpose=Purpose.VOICEMAIL, at=at,
                                              text="my bill", state=TranscriptState.MADE, engine="vosk"))  # fmt: skip

    def nights(self, count: int) -> dict[str, Any]:
        """Let nights pass. The report of the last one."""
        for _ in range(count):
            self.now += NIGHT
            self.keeper.run({})
        return dict(self.store.deletion_reports()[0].body)

    def has(self, id: str) -> tuple[bool, bool, bool, bool]:
        """Whether it still has its audio, what was written down, the promise's words, and its number."""
        (message,) = self.store.recordings(id)
        (promise,) = self.store.follow_ups(call=id, closed=True)
        call = self.store.read(id)
        assert call
        return (message.state is not RecordingState.DELETED, bool(self.store.transcripts(id)), bool(promise.body),
                bool(call.number))  # fmt: skip
