"""Lines that were recorded on the staff line (``service.prompt_recordings``), for all stores."""

import json
from abc import ABC, abstractmethod
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from callflow.core.codec import from_micros, to_micros
from callflow.service.prompt_recordings import PromptRecording, PromptState

if TYPE_CHECKING:  # a memory store needs nothing of it
    from callflow.store.transaction import SqlTransaction


def put_prompt(unit: "SqlTransaction", one: PromptRecording) -> None:
    """A new one. One that is stored already stays as it is."""
    unit.run("put_prompt", {"id": one.id, "at": to_micros(one.at), "body": _body(one)})


def _body(one: PromptRecording) -> str:
    values = asdict(one)
    return json.dumps({name: values[name] for name in values if name not in ("id", "at", "told")})


def _opened(id: str, at: int, body: str, told: int) -> PromptRecording:
    values: dict[str, Any] = json.loads(body)
    more = {"state": PromptState(values["state"]), "doubts": tuple(values["doubts"])}
    return PromptRecording(**{**values, **more}, id=id, at=from_micros(at), told=bool(told))


class SqlPromptRecordings(ABC):
    """Uses ``_unit`` and ``_rows`` of ``sql.SqlStore``."""

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def prompt_recordings(self) -> list[PromptRecording]:
        return [_opened(*row) for row in self._rows("prompts")]

    def prompt_sound(self, id: str) -> bytes:
        rows = self._rows("prompt_sound", id=id)
        return b64decode(rows[0][0]) if rows else b""

    def keep_prompt(self, one: PromptRecording, sound: bytes | None = None) -> None:
        def work(unit: "SqlTransaction") -> None:
            unit.run("keep_prompt", {"id": one.id, "body": _body(one)})
            if sound is not None:
                unit.run("keep_prompt_sound", {"id": one.id, "sound": b64encode(sound).decode()})

        self._unit(work)


class MemoryPromptRecordings:
    """Uses dictionaries, whose single operations are atomic."""

    def __init__(self) -> None:
        super().__init__()
        self._prompts: dict[str, PromptRecording] = {}
        self._prompt_sounds: dict[str, bytes] = {}

    def prompt_recordings(self) -> list[PromptRecording]:
        return sorted(self._prompts.values(), key=lambda one: (one.at, one.id))

    def prompt_sound(self, id: str) -> bytes:
        return self._prompt_sounds.get(id, b"")

    def keep_prompt(self, one: PromptRecording, sound: bytes | None = None) -> None:
        if known := self._prompts.get(one.id):
            self._prompts[one.id] = replace(one, told=known.told)
            if sound is not None:
                self._prompt_sounds[one.id] = sound
