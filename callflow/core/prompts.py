"""From a script id to words and seconds. Durations of synthetic speech are estimates; a recording's are exact."""

from datetime import datetime
from zoneinfo import ZoneInfo

from callflow.core.call import Prompt
from callflow.core.configuration import Audio, Configuration

CHARACTERS_PER_SECOND = 14.0
"""Pace assumed of a synthetic voice when a document's length is planned."""
FASTEST_CHARACTERS_PER_SECOND = 25.0
"""No voice is faster: below this a line cannot have been heard in full (rule 24, when there is no recording)."""
PROOF_TOLERANCE_SECONDS = 0.25
"""Rounding of provider timestamps; a warning is not called cut for less."""


def words(configuration: Configuration, language: str, spoken: Prompt) -> str:
    """The line's text with its variables filled in."""
    return configuration.script(spoken.script, language).text.format_map(spoken.values)


def audio(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> Audio | None:
    """The recording of the line, for this conduct key if there is one, else None: the voice says it."""
    recordings = configuration.script(spoken.script, language).audio
    return recordings.get(conduct) or recordings.get("")


def seconds(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> float:
    """How long the line takes, estimated where a voice says it."""
    recording = audio(configuration, language, spoken, conduct)
    if recording:
        return recording.seconds
    return max(0.5, len(words(configuration, language, spoken)) / CHARACTERS_PER_SECOND)


def least_seconds(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> float:
    """The shortest time in which the line can have been heard in full: the recording's length, or the fastest voice."""
    recording = audio(configuration, language, spoken, conduct)
    if recording:
        return max(0.0, recording.seconds - PROOF_TOLERANCE_SECONDS)
    return len(words(configuration, language, spoken)) / FASTEST_CHARACTERS_PER_SECOND


def clock_time(configuration: Configuration, at: datetime) -> str:
    """A time as it is spoken, on the organisation's clock."""
    return at.astimezone(ZoneInfo(configuration.timezone)).strftime("%H:%M")
