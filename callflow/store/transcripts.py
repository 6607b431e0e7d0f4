"""Transcripts of recordings (``service.transcripts``), for the SQL stores and the memory store."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from callflow.core.codec import from_micros, to_micros
from callflow.core.transcription import Purpose
from callflow.service.transcripts import Transcript, TranscriptState

if TYPE_CHECKING:  # a memory store needs nothing of them
    from callflow.store.keys import Keys
    from callflow.store.transaction import SqlTransaction


def _field(recording: str, purpose: str) -> str:
    return f"{purpose} transcript of recording {recording}"


class SqlTranscripts(ABC):
    """Uses ``_unit``, ``_rows`` and ``_keys`` of ``sql.SqlStore``. Implements ``TranscriptRows``."""

    _keys: "Keys"

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def keep_transcript(self, transcript: Transcript) -> None:
        """The key is read and the row written in one transaction, so that an erasure in between leaves nothing."""
        one, purpose = transcript, transcript.purpose.value

        def kept(unit: "SqlTransaction") -> None:
            unit.load(one.call)
            known = unit.loaded(one.call)
            if known is None or known.key.stored is None:
                return
            text = known.key.seal(one.text, _field(one.recording, purpose))
            seconds = None if one.seconds is None else round(one.seconds * 1000)
            unit.run("keep_transcript", {
                "recording": one.recording, "the_row": known.row, "purpose": purpose, "state": one.state.value,
                "at": to_micros(one.at), "engine": one.engine, "version": one.version, "text": text,
                "milliseconds": seconds,
            })  # fmt: skip

        self._unit(kept)

    def transcripts(self, call: str) -> list[Transcript]:
        return [self._transcript(call, row) for row in self._rows("transcripts", call=call)]

    def _transcript(self, call: str, row: Any) -> Transcript:
        recording, purpose, state, at, engine, version, text, milliseconds, wrapped = row
        opened = self._keys.key(call, wrapped).open(text, _field(recording, purpose))
        return Transcript(recording=recording, call=call, purpose=Purpose(purpose), state=TranscriptState(state),
                          at=from_micros(at), engine=engine, version=version, text=opened,
                          seconds=None if milliseconds is None else milliseconds / 1000)  # fmt: skip


class MemoryTranscripts:
    """Uses a dictionary, whose single operations are atomic. Nothing is sealed."""

    def __init__(self) -> None:
        super().__init__()
        self._transcripts: dict[tuple[str, str], Transcript] = {}
        self._without_words: set[str] = set()

    def keep_transcript(self, transcript: Transcript) -> None:
        if transcript.call not in self._without_words:
            self._transcripts[transcript.recording, transcript.purpose] = transcript

    def transcripts(self, call: str) -> list[Transcript]:
        found = [one for one in list(self._transcripts.values()) if one.call == call]
        return sorted(found, key=lambda one: (one.recording, one.purpose))

    def _erase_transcripts(self, call: str) -> None:
        self._without_words.add(call)
        for one in self.transcripts(call):
            self._transcripts[one.recording, one.purpose] = replace(one, text="")
