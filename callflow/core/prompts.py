"""The text and the length of prompts. The length of a recording is exact; that of synthetic speech is estimated."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from callflow.core.call import Call, Leg, Prompt, Role, Word
from callflow.core.configuration import Audio, Configuration, Language
from callflow.core.languages import least_speaking_seconds, speaking_seconds, spoken_time

PROOF_TOLERANCE_SECONDS = 0.25
"""For the rounding of the provider's timestamps: a warning shorter by less than this still counts as heard in full."""


def heard_by(configuration: Configuration, call: Call, leg: Leg) -> str:
    """The language that a leg hears: the caller that of the call, staff their own."""
    return call.language if leg.role is Role.CALLER else configuration.language_of(leg.person)


def text(configuration: Configuration, language: str, spoken: Prompt) -> str:
    """The text of a prompt with its variables filled in, all in one language."""
    speaks = configuration.speaks(spoken.script, language)
    return speaks.scripts[spoken.script].text.format_map(_words(configuration, speaks, spoken.values))


def words(configuration: Configuration, language: str, spoken: Prompt) -> Mapping[str, str]:
    """The variables of a prompt as they are said in this language."""
    speaks = configuration.speaks(spoken.script, language)
    return {name: _word(configuration, speaks, one) for name, one in spoken.values.items()}


def _words(configuration: Configuration, speaks: Language, values: Mapping[str, Word]) -> Mapping[str, Word]:
    """The values as texts of this language."""
    if not speaks.names and all([type(one) is str for one in values.values()]):
        return values
    return {name: _word(configuration, speaks, one) for name, one in values.items()}


def _word(configuration: Configuration, speaks: Language, word: Word) -> str:
    match word:
        case str():
            return speaks.names.get(word, word)
        case Prompt(script=id, values=values):
            return configuration.fragment(id, speaks.code).format_map(_words(configuration, speaks, values))
        case _:
            return "".join([_word(configuration, speaks, one) for one in word])


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
