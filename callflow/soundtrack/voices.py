"""What is said, as samples: in a voice for each kind of person, and in exactly the seconds that the call gave it."""

from array import array
from functools import lru_cache

from callflow.audio.decoding import Undecodable, telephone_wav
from callflow.audio.levels import EXPECTED, samples_of
from callflow.audio.loudness import loudness
from callflow.audio.synthesis import NoVoice, default_voice, speak
from callflow.configuration.function_words import other_language
from callflow.core.configuration import Configuration
from callflow.soundtrack.track import RATE, Ear

PEOPLE = {Ear.CALLER: "flite kal16", Ear.STAFF: "flite rms"}
"""English voices of people, other than those of Callflow's own lines."""


class Voices:
    """Speaks for the people and for Callflow. ``language_of`` finds out in which of its languages a line is.

    Raises NoVoice, when it is made, if nothing can speak the default language on this machine.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._tags = {code: language.tag for code, language in configuration.languages.items()}
        self._default = configuration.language
        try:
            spoken(default_voice(self._tags[self._default], staff=False), "0")
        except Undecodable as error:
            raise NoVoice(f"what the voice writes {error}") from None

    def line(self, text: str, ear: Ear, seconds: float) -> "array[int]":
        """A line of Callflow, spoken faster or slower to take ``seconds``, as the provider's voice did."""
        voice = default_voice(self._tags[self._language_of(text)], staff=ear is Ear.STAFF)
        return fitted(spoken(voice, text), seconds)

    def person(self, text: str, ear: Ear) -> "array[int]":
        """What somebody on a telephone says."""
        tag = self._tags[self._language_of(text)]
        english = tag.startswith("en") and default_voice(tag, staff=False).startswith("flite")
        return spoken(PEOPLE[ear] if english else default_voice(tag, staff=ear is Ear.STAFF), text)

    def _language_of(self, text: str) -> str:
        fitting = (code for code in (self._default, *self._tags) if not other_language(text, code))
        return next(fitting, self._default)


@lru_cache(maxsize=512)
def spoken(voice: str, text: str) -> "array[int]":
    """A text at the voice's own pace, as loud as recordings."""
    samples = samples_of(telephone_wav(speak(voice, text)))
    factor = 10 ** ((EXPECTED - loudness(samples)) / 20)
    return array("h", [max(-32768, min(32767, round(value * factor))) for value in samples])


def fitted(samples: "array[int]", seconds: float) -> "array[int]":
    """The same sound in so many seconds, at the same pitch: short overlapping frames are moved together or apart.

    (Overlap and add, Allen 1977; each frame is taken where it continues the last one best.)
    """
    wanted = round(seconds * RATE)
    if wanted <= FRAME or len(samples) <= 2 * FRAME or abs(wanted - len(samples)) < HOP:
        return samples
    made, scale = [0.0] * (wanted + FRAME), (len(samples) - 2 * FRAME) / max(1, wanted - FRAME)
    source = 0
    for at in range(0, wanted, HOP):
        around = round(at * scale)
        source = _best(samples, source + HOP, around) if at else 0
        for n in range(FRAME):
            made[at + n] += samples[source + n] * WINDOW[n]
    return array("h", [max(-32768, min(32767, round(value))) for value in made[:wanted]])


FRAME, HOP, SEEK = 320, 160, 60
"""Samples: 40 ms, half of it, and how far a better beginning is looked for."""
WINDOW = tuple(1 - abs(2 * n / FRAME - 1) for n in range(FRAME))


def _best(samples: "array[int]", continued: int, around: int) -> int:
    """Where near ``around`` the sound is most like that at ``continued``."""
    last = len(samples) - FRAME
    like = samples[min(continued, last) : min(continued, last) + HOP : 4]
    places = range(max(0, around - SEEK), min(last, around + SEEK) + 1, 4)
    return max(places, default=min(max(0, around), last),
               key=lambda at: sum(a * b for a, b in zip(like, samples[at : at + HOP : 4], strict=False)))  # fmt: skip


__all__ = ["NoVoice", "Voices", "fitted", "spoken"]
