"""Lines that staff recorded on the staff line: kept as a job, examined, and then in force on every server.

The sound is stored in the database until a later one replaces it, because servers need not share an audio folder: each
writes what it lacks into its own (``PromptKeeper.take_up``, every few seconds), where configurations are read from. A
line is no one's private words; the row says who recorded which line and when, and what became of it.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from callflow.core.records import record

KEEP: Final = "keep_prompt"
"""The kind of job that puts a recording in force. ``args``: ``prompt`` (its id)."""
DROP: Final = "drop_prompt"
"""The kind of job that deletes at the provider what was not kept. ``args``: ``recording`` (its id there), ``account``.
"""
WORK: Final = "callflow.speech.prompts:work"
"""Named and not imported: no server loads a recogniser."""


class PromptState(StrEnum):
    WAITING = "waiting"
    IN_FORCE = "in force"
    IN_DOUBT = "in doubt"
    """In force; some words may be others (``PromptRecording.doubts``)."""
    SILENT = "silent"
    QUIET = "too quiet"
    CLIPPED = "clipped"
    LONG = "too long"
    WORDS = "other words"
    FAILED = "failed"
    """Not fetched or not put in force. `callflow jobs` says whether it is tried again, else the log why."""


IN_FORCE: Final = frozenset({PromptState.IN_FORCE, PromptState.IN_DOUBT})
OPEN: Final = frozenset({PromptState.WAITING, PromptState.FAILED})
HEARD_AS: Final[Mapping[PromptState, str]] = {
    PromptState.IN_FORCE: "record_in_force", PromptState.IN_DOUBT: "record_in_doubt",
    PromptState.SILENT: "record_silent", PromptState.QUIET: "record_quiet", PromptState.CLIPPED: "record_clipped",
    PromptState.LONG: "record_long", PromptState.WORDS: "record_words", PromptState.FAILED: "record_failed",
}  # fmt: skip
"""The line that tells whoever recorded it."""


@record
class PromptRecording:
    """``id`` is that of its session and document, so that a repeated request keeps nothing twice.

    ``provider_id``: "" once the provider has deleted it. ``verified``: whether a recogniser compared the words.
    ``replaces`` and ``hash`` are the SHA-256 (hex) of the recording that was played until then ("" without one), and
    of this one. ``told``: whoever recorded it has heard its outcome.
    """

    id: str
    person: str
    language: str
    line: str
    path: str
    words: str
    at: datetime
    provider_id: str
    account: str = ""
    state: PromptState = PromptState.WAITING
    verified: bool = False
    doubts: tuple[str, ...] = ()
    replaces: str = ""
    hash: str = ""
    told: bool = False


class PromptRows(Protocol):
    """Implemented by ``ports.Store``. All methods raise StoreUnavailable."""

    def prompt_recordings(self) -> list[PromptRecording]:
        """All of them, oldest first."""

    def prompt_sound(self, id: str) -> bytes:
        """The WAV file of one that is in force; b"" if there is none, or a later one has replaced it."""

    def keep_prompt(self, one: PromptRecording, sound: bytes | None = None) -> None:
        """Write it, and its sound unless that is None. Does not change whether its outcome was told."""


class PromptFolder(Protocol):
    """The audio folder of this server. All methods raise OSError."""

    def hash_of(self, path: str) -> str:
        """The SHA-256 (hex) of a file below it; "" if there is none."""

    def writable(self, path: str) -> None:
        """Try whether a file can be written there."""

    def keep(self, path: str, content: bytes, words: str, voice: str) -> None: ...
