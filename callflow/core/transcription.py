"""Which recogniser writes down which recordings, as configured."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callflow.core.records import record


class Purpose(StrEnum):
    """What a recording is recognised for. ``TALK_OVER``: for how long the caller speaks over a warning, no words."""

    CONSENT = "consent"
    BRIEFING = "briefing"
    NOTE = "note"
    VOICEMAIL = "voicemail"
    CALL = "call"
    INCIDENT = "incident"
    PROMPT = "prompt"
    TALK_OVER = "talk_over"


@record
class Engine:
    """A recogniser by its name in callflow.yaml. ``sha256`` (hex) is that of the file or folder ``model_path``."""

    name: str
    model_path: str = ""
    sha256: str = ""


BY_PATH: Final = frozenset({"faster_whisper", "vosk", "whisper_cpp"})
"""Engines that need a model."""
HOSTED: Final[Mapping[str, str]] = MappingProxyType({"google_cloud": "Google", "openai": "OpenAI", "groq": "Groq"})
"""Engines of other companies, which get the recording, and the name that callers must be told."""
EMBEDDED: Final = frozenset({"pocketsphinx"})
ACTIVITY: Final = "webrtcvad"
"""The only engine of ``TALK_OVER``, and for nothing else."""
