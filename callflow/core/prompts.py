"""The text and the length of prompts. The length of a recording is exact; that of synthetic speech is estimated."""

from collections.abc import Mapping
from datetime import datetime

from callflow.core.call import Call, Leg, Prompt, Role, Word
from callflow.core.configuration import Audio, Configuration, Language
from callflow.core.languages import least_speaking_seconds, speaking_seconds, spoken_time
from callflow.core.opening_hours import zone

PROOF_TOLERANCE_SECONDS = 0.25
"""For the rounding of the provider's timestamps: a warning shorter by less than this still counts as heard in full."""


def heard_by(configuration: Configuration, call: Call, leg: Leg) -> str:
    """The language that a leg hears: the caller that of the call, staff their own."""
    return call.language if leg.role is Role.CALLER else configuration.language_of(leg.person)


def text(configuration: Configuration, language: str, spoken: Prompt) -> str:
    """The text of a prompt with its variables filled in, all in one language."""
    return spoken_by(configuration, configuration.speaks(spoken.script, language), spoken)


def spoken_by(configuration: Configuration, speaks: Language, spoken: Prompt) -> str:
    """The same in a language that has the script (``Configuration.speaks``)."""
    return speaks.scripts[spoken.script].text.format_map(_words(configuration, speaks, spoken.values))


def words(configuration: Configuration, language: str, spoken: Prompt) -> Mapping[str, str]:
    """The variables of a prompt as they are said in this language."""
    speaks = configuration.speaks(spoken.script, language)
    return {name: _word(configuration, speaks, one) for name, one in spoken.values.items()}


def word(configuration: Configuration, language: str, spoken: Word) -> str:
    """A value of a prompt by itself, such as a fragment, in this language."""
    speaks = configuration.languages.get(language) or configuration.languages[configuration.language]
    return _word(configuration, speaks, spoken)


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


def recordings(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> tuple[Audio, ...]:
    """What a prompt is played from: one recording, for this conduct key if there is one, or several for a line in
    pieces. Empty: the voice of the language speaks it.

    A line in pieces is played only if all that is filled in is recorded, too: nobody hears two voices in one sentence,
    and what is played is one file, which is fetched at once.
    """
    speaks = configuration.speaks(spoken.script, language)
    script = speaks.scripts[spoken.script]
    if script.audio and (whole := script.audio.get(conduct) or script.audio.get("")):
        return (whole,)
    if not script.pieces:
        return ()
    words = _words(configuration, speaks, spoken.values)
    found: list[Audio] = []
    for piece in script.pieces:
        if isinstance(piece, Audio):
            found.append(piece)
        elif value := str(words[piece]):
            said = _value(speaks, value)
            if not said:
                return ()
            found += said
    return tuple(found)


def _value(speaks: Language, value: str) -> list[Audio]:
    """The recording of a value, or those of the letters and digits that it is spelled with. Empty: there is none."""
    if value in speaks.values:
        return [speaks.values[value]]
    spelled = [speaks.values.get(one) for one in value.split(" ")]
    return [one for one in spelled if one] if all(spelled) else []


def seconds(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> float:
    """The length of a prompt; an estimate if a voice speaks it."""
    recorded = recordings(configuration, language, spoken, conduct)
    return sum([one.seconds for one in recorded]) if recorded else voice_seconds(configuration, language, spoken)


def voice_seconds(configuration: Configuration, language: str, spoken: Prompt) -> float:
    """How long the voice of the language speaks a prompt, also one that has a recording. An estimate."""
    speaks = configuration.speaks(spoken.script, language)
    return speaking_seconds(spoken_by(configuration, speaks, spoken), speaks.tag)


def least_seconds(configuration: Configuration, language: str, spoken: Prompt, conduct: str = "") -> float:
    """The shortest time to hear a prompt in full: the length of its recordings, or that of the fastest voice."""
    recorded = recordings(configuration, language, spoken, conduct)
    if recorded:
        return max(0.0, sum(one.seconds for one in recorded) - PROOF_TOLERANCE_SECONDS)
    return least_voice_seconds(configuration, language, spoken)


def least_voice_seconds(configuration: Configuration, language: str, spoken: Prompt) -> float:
    """The same for a prompt that the voice speaks although it may have a recording."""
    tag = configuration.speaks(spoken.script, language).tag
    return least_speaking_seconds(text(configuration, language, spoken), tag)


def clock_time(configuration: Configuration, language: str, at: datetime) -> str:
    """A time as it is spoken in this language, in the organisation's time zone."""
    spoken = configuration.languages.get(language) or configuration.languages[configuration.language]
    return spoken_time(at.astimezone(zone(configuration.timezone)), spoken.tag)


def due_time(configuration: Configuration, language: str, due: datetime, now: datetime) -> Word:
    """A time by which something is promised, with its day if that is another one than today's."""
    zoned = zone(configuration.timezone)
    time = clock_time(configuration, language, due)
    days = (due.astimezone(zoned).date() - now.astimezone(zoned).date()).days
    if days <= 0:
        return time
    return (
        Prompt("due_tomorrow", {"time": time}) if days == 1 else Prompt("due_in_days", {"time": time, "n": str(days)})
    )
