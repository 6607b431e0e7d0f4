"""From a script id to words and seconds. Durations of synthetic speech are estimates; a recording's are exact."""

from datetime import datetime
from zoneinfo import ZoneInfo

from callflow.core.call import Spoken
from callflow.core.configured import Audio, Configuration

CHARACTERS_PER_SECOND = 14.0
"""Pace assumed of a synthetic voice when a document's length is planned."""
FASTEST_CHARACTERS_PER_SECOND = 25.0
"""No voice is faster: below this a line cannot have been heard in full (rule 24, when there is no recording)."""
PROOF_TOLERANCE_SECONDS = 0.25
"""Rounding of provider timestamps; a warning is not called cut for less."""


def words(house: Configuration, language: str, spoken: Spoken) -> str:
    """The line's text with its variables filled in."""
    return house.script(spoken.script, language).text.format_map(spoken.values)


def audio(house: Configuration, language: str, spoken: Spoken, conduct: str = "") -> Audio | None:
    """The recording of the line, for this conduct key if there is one, else None: the voice says it."""
    recordings = house.script(spoken.script, language).audio
    return recordings.get(conduct) or recordings.get("")


def seconds(house: Configuration, language: str, spoken: Spoken, conduct: str = "") -> float:
    """How long the line takes, estimated where a voice says it."""
    recording = audio(house, language, spoken, conduct)
    if recording:
        return recording.seconds
    return max(0.5, len(words(house, language, spoken)) / CHARACTERS_PER_SECOND)


def least_seconds(house: Configuration, language: str, spoken: Spoken, conduct: str = "") -> float:
    """The shortest time in which the line can have been heard in full: the recording's length, or the fastest voice."""
    recording = audio(house, language, spoken, conduct)
    if recording:
        return max(0.0, recording.seconds - PROOF_TOLERANCE_SECONDS)
    return len(words(house, language, spoken)) / FASTEST_CHARACTERS_PER_SECOND


def clock_time(house: Configuration, at: datetime) -> str:
    """A time as it is spoken, on the organisation's clock."""
    return at.astimezone(ZoneInfo(house.timezone)).strftime("%H:%M")
