"""The text and the length of prompts. The length of a recording is exact; that of synthetic speech is estimated."""

from datetime import datetime
from zoneinfo import ZoneInfo

from callflow.core.call import Prompt
from callflow.core.configuration import Audio, Configuration
from callflow.core.languages import least_speaking_seconds, speaking_seconds, spoken_time

PROOF_TOLERANCE_SECONDS = 0.25
"""For the rounding of the provider's timestamps: a warning shorter by less than this still counts as heard in full."""


def text(configuration: Configuration, language: str, spoken: Prompt) -> str:
    """The text of a prompt with its variables filled in."""
    return configuration.script(spoken.script, language).text.format_map(spoken.values)


def audio(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> Audio | None:
    """The recording of a prompt, for this conduct key if there is one. None: the voice of the language speaks it."""
    recordings = configuration.script(spoken.script, language).audio
    return recordings.get(conduct) or recordings.get("")


def seconds(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> float:
    """The length of a prompt; an estimate if a voice speaks it."""
    recording = audio(configuration, language, spoken, conduct)
    return recording.seconds if recording else voice_seconds(configuration, language, spoken)


def voice_seconds(configuration: Configuration, language: str, spoken: Prompt) -> float:
    """How long the voice of the language speaks a prompt, also one that has a recording. An estimate."""
    return speaking_seconds(text(configuration, language, spoken), configuration.speaks(spoken.script, language).tag)


def least_seconds(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> float:
    """The shortest time to hear a prompt in full: the length of its recording, or that of the fastest voice."""
    recording = audio(configuration, language, spoken, conduct)
    if recording:
        return max(0.0, recording.seconds - PROOF_TOLERANCE_SECONDS)
    return least_voice_seconds(configuration, language, spoken)


def least_voice_seconds(configuration: Configuration, language: str, spoken: Prompt) -> float:
    """The same for a prompt that the voice speaks although it may have a recording."""
    tag = configuration.speaks(spoken.script, language).tag
    return least_speaking_seconds(text(configuration, language, spoken), tag)


def clock_time(configuration: Configuration, language: str, at: datetime) -> str:
    """A time as it is spoken in this language, in the organisation's time zone."""
    spoken = configuration.languages.get(language) or configuration.languages[configuration.language]
    return spoken_time(at.astimezone(ZoneInfo(configuration.timezone)), spoken.tag)
