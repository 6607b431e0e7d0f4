"""The sound of a call on the local provider: everything that its telephones played, and what people did with them."""

from array import array
from collections.abc import Iterator
from datetime import datetime

from callflow.audio import sounds
from callflow.audio.levels import samples_of
from callflow.audio.wav import NotWav
from callflow.emulator import Emulator
from callflow.emulator import events as e
from callflow.emulator.legs import Heard, Leg
from callflow.emulator.transport import HttpRequest
from callflow.soundtrack.track import BEEP, KEY_SECONDS, RATE, Ear, Piece, key_tone, ringing, tones
from callflow.soundtrack.voices import Voices

BEEP_SECONDS = 0.3
MUSIC = "tone"
"""The sound that stands for the provider's own music, which we do not have."""


class Listening:
    """Subscribes to an emulator before the call. ``begun`` is when the first thing happened; None before."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.begun: datetime | None = None
        self._second = 0.0
        self._files: dict[str, array[int]] = {}
        self._keys: list[tuple[float, str, str]] = []
        self._said: list[tuple[float, str, str]] = []
        self._rings: dict[str, tuple[float, float | None]] = {}
        emulator.on_event(self.take)

    def take(self, event: e.Event) -> None:
        """Note what is heard, and at which second of the call."""
        now = self._emulator.clock.monotonic()
        if self.begun is None:
            self.begun, self._second = event.at, now
        match event:
            case e.PlayStarted(url=url) if url not in self._files:
                self._files[url] = self._fetched(url)
            case e.Pressed(leg=leg, key=key):
                self._keys.append((now, leg, key))
            case e.Spoke(leg=leg, text=text):
                self._said.append((now, leg, text))
            case e.Ringing(leg=leg):
                self._rings.setdefault(leg, (now, None))
            case e.Answered(leg=leg) | e.PickedUp(leg=leg) | e.HungUp(leg=leg) if leg in self._rings:
                begun, ended = self._rings[leg]
                self._rings[leg] = begun, now if ended is None else ended

    def _fetched(self, url: str) -> "array[int]":
        """The samples of a file, as the provider gets it; nothing if it cannot."""
        try:
            return samples_of(self._emulator.exchange.app_client.send(HttpRequest("GET", url, {})).body)
        except (OSError, NotWav, TimeoutError):
            return array("h")

    def pieces(self, voices: Voices) -> list[Piece]:
        """Everything that was heard, in no particular order."""
        begun = self._second
        found: list[Piece] = []
        for leg in self._emulator.legs.values():
            for heard in leg.heard:
                found += self._heard(heard, ear_of(leg), voices, begun)
        for at, sid, key in self._keys:
            found.append(Piece(self._ear(sid), at - begun, KEY_SECONDS, key_tone(key)))
        for at, sid, text in self._said:
            said = voices.person(text, self._ear(sid))
            found.append(Piece(self._ear(sid), at - begun, len(said) / RATE, said))
        for sid, (at, until) in self._rings.items():
            if self._ear(sid) is Ear.STAFF and until:
                found.append(Piece(Ear.STAFF, at - begun, until - at, ringing(until - at)))
        return found

    def _heard(self, heard: Heard, ear: Ear, voices: Voices, begun: float) -> Iterator[Piece]:
        end = heard.monotonic + heard.seconds_heard if heard.ended else self._emulator.clock.monotonic()
        seconds, at = end - heard.monotonic, heard.monotonic - begun
        match heard.kind:
            case "say":
                # A line that was cut is spoken at the pace it would have had.
                samples = voices.line(heard.text_or_url, ear, seconds if heard.complete else 0.0)
            case "play":
                samples = self._files.get(heard.text_or_url, array("h"))
            case "music":
                samples = samples_of(sounds.wav(MUSIC, min(sounds.LONGEST_SECONDS, int(seconds) + 1)))
            case "ringing":
                samples = ringing(seconds)
            case "beep":
                samples = tones(BEEP, BEEP_SECONDS)
            case _:
                return
        yield Piece(ear, at, seconds, samples)

    def _ear(self, sid: str) -> Ear:
        return ear_of(self._emulator.legs[sid])


def ear_of(leg: Leg) -> Ear:
    return Ear.CALLER if leg.direction == "inbound" else Ear.STAFF
