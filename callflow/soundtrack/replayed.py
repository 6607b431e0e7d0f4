"""The sound of a past call: what its documents had people hear, by its history, recordings and an installed voice.

What people said is not kept, so between the lines there is silence. Lines last as long as the voice of today speaks
them, until the person was somewhere else.
"""

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from callflow.audio.levels import samples_of
from callflow.audio.wav import NotWav
from callflow.core import events as e
from callflow.core import prompts
from callflow.core.call import Call, Leg, Role
from callflow.core.configuration import Audio, Configuration
from callflow.core.stages import PlaceName
from callflow.simulator.replay import ReplayFrame
from callflow.soundtrack.track import KEY_SECONDS, PAD, RATE, Ear, Piece, key_tone
from callflow.soundtrack.voices import Voices

ON_HOLD = frozenset({PlaceName.HOLD, PlaceName.CONSULT_WAIT})
"""Where a caller hears music after the words."""
MOST_ROUNDS = 20
"""Of the music; what is not heard is cut off."""


class PastCall:
    """``pieces`` of the frames of one call, which need its own configuration: others do not say what was heard."""

    def __init__(self, configuration: Configuration, audio: Path, voices: Voices) -> None:
        self._configuration, self._audio, self._voices = configuration, audio, voices
        self._recorded: dict[str, array[int]] = {}

    def pieces(self, frames: Iterable[ReplayFrame], begun: datetime) -> Iterator[Piece]:
        hears: dict[str, list[Piece]] = {}
        for frame in frames:
            now = (frame.moment.at - begun).total_seconds()
            if frame.now is None:
                continue
            for fact in frame.moment.facts:
                if isinstance(fact, e.DigitPressed | e.StarPressed) and (leg := frame.now.leg(fact.leg)):
                    yield from self._key(getattr(fact, "key", "*"), leg, now)
            for id in frame.moment.places:
                yield from until(now, hears.pop(id, []))
                if leg := frame.now.leg(id):
                    hears[id] = self._lines(leg, frame.now, now)
        for left in hears.values():
            yield from left

    def _lines(self, leg: Leg, call: Call, now: float) -> list[Piece]:
        """What this leg hears from now on, if it stays where it is."""
        language, ear, at = prompts.heard_by(self._configuration, call, leg), ear_of(leg), now
        conduct, found = str(leg.place.details.get("conduct", "")), list[Piece]()
        for number, spoken in enumerate(leg.place.prompts):
            recorded = prompts.recordings(self._configuration, language, spoken, conduct) if number == 0 else ()
            said = prompts.text(self._configuration, language, spoken)
            for part in recorded or (said,):
                samples = self._file(part) if isinstance(part, Audio) else self._voices.line(part, ear, 0.0)
                found.append(Piece(ear, at, len(samples) / RATE, samples))
                at += len(samples) / RATE
        if leg.role is Role.CALLER and leg.place.name in ON_HOLD:
            music = self._file(self._configuration.music)
            for _ in range(MOST_ROUNDS):
                found.append(Piece(ear, at, len(music) / RATE, music))
                at += len(music) / RATE
        return found

    def _file(self, recording: Audio) -> "array[int]":
        """A recording, if it is there and unchanged; else silence of its length."""
        if recording.path not in self._recorded:
            try:
                self._recorded[recording.path] = samples_of((self._audio / recording.path).read_bytes())
            except (OSError, NotWav):
                self._recorded[recording.path] = array("h", bytes(2 * round(recording.seconds * RATE)))
        return self._recorded[recording.path]

    @staticmethod
    def _key(key: str, leg: Leg, now: float) -> Iterator[Piece]:
        if key in PAD:
            yield Piece(ear_of(leg), now, KEY_SECONDS, key_tone(key))


def until(now: float, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces as far as they were heard before ``now``."""
    for one in pieces:
        if one.begins < now:
            yield Piece(one.ear, one.begins, min(one.seconds, now - one.begins), one.samples)


def ear_of(leg: Leg) -> Ear:
    return Ear.CALLER if leg.role is Role.CALLER else Ear.STAFF
