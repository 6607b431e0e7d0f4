"""The transcript of a call: who hears what, who presses what, who is together. Made from the emulator's events."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from callflow.configuration.recordings import paths_of
from callflow.core.configuration import Audio, Configuration
from callflow.emulator import Emulator
from callflow.emulator import events as e
from callflow.service.ports import Entry

NAME_WIDTH = 9
SHORT_DIGEST = 16
SPACE = re.compile(r" ([,;:.])")
VARIABLE = re.compile(r"\{\w+\}")
MUSIC = "/audio/music/"
SOUNDS = "/audio/sounds/"
"""In the URLs of our music, and of the sounds of waiting."""


class Told(NamedTuple):
    """What a person noticed: ``seconds`` after the first event, ``who`` ("" for all in a room), ``what`` in words."""

    seconds: float
    who: str
    what: str

    @property
    def line(self) -> str:
        minutes, seconds = divmod(self.seconds, 60)
        return f"{int(minutes):3d}:{seconds:04.1f}  {self.who:<{NAME_WIDTH}} {self.what}"


class Transcript:
    """Subscribes to an emulator and calls ``write`` for every event that a person would notice.

    ``names`` maps telephone numbers to names; ``configuration`` has the words of recordings.
    """

    def __init__(
        self, emulator: Emulator, names: Mapping[str, str], configuration: Configuration, write: Callable[[Told], None]
    ) -> None:
        self._emulator = emulator
        self._names = names
        self._write = write
        self._recorded = RecordedWords(configuration)
        self._begun: datetime | None = None
        self._together: dict[str, frozenset[str]] = {}
        """Room -> who is in it."""
        self._told: dict[str, str] = {}
        emulator.on_event(self.take)

    def take(self, event: e.Event) -> None:
        """Write a line about this event, if a person would notice it."""
        if self._begun is None:
            self._begun = event.at
        what = self._what(event)
        who = self._name(event.leg) if isinstance(event, e.LegEvent) else ""
        again = isinstance(event, e.PlayStarted) and SOUNDS in event.url and self._told.get(who) == what
        if what and not again:  # a sound of waiting is told once, not every round
            self._told[who] = what
            self._line(event.at, who, what)
        elif isinstance(event, e.JoinedRoom | e.LeftRoom | e.RoomStarted | e.RoomEnded):
            self._tell_room(event.at, event.room)

    def _what(self, event: e.Event) -> str:
        """The event in words; "" for one that no person would notice."""
        if isinstance(event, e.Ringing | e.Answered) and self._is_caller(event):
            return ""
        return DESCRIPTIONS[type(event)](self, event) if type(event) in DESCRIPTIONS else ""

    def _line(self, at: datetime, who: str, what: str) -> None:
        self._write(Told((at - (self._begun or at)).total_seconds(), who, what))

    def _tell_room(self, at: datetime, name: str) -> None:
        """Write who is in this room together, if that changed and there are at least two."""
        room, before = self._emulator.rooms.get(name), self._together.get(name)
        together = self._together[name] = frozenset(self._name(sid) for sid in room.members) if room else frozenset()
        if len(together) > 1 and together != before:
            self._line(at, "", f"-- in the room together: {', '.join(sorted(together))}")

    def _name(self, sid: str) -> str:
        leg = self._emulator.legs.get(sid)
        number = (leg.phone.number if leg.phone else leg.to_number) if leg else ""
        return self._names.get(number, number[-4:])

    def _is_caller(self, event: e.LegEvent) -> bool:
        leg = self._emulator.legs.get(event.leg)
        return leg is not None and leg.direction == "inbound"

    def before_extension(self, event: e.Ringing | e.Answered) -> bool:
        """Whether this is the exchange in front of an extension, not the telephone itself."""
        leg = self._emulator.legs.get(event.leg)
        of_the_phone = isinstance(event, e.Ringing) and leg and leg.phone and leg.phone.number == event.number
        return bool(leg and leg.send_digits and not of_the_phone)

    def played(self, url: str) -> str:
        path = urlsplit(url).path
        if MUSIC in path:
            return f"hears  music, {path.rpartition('/')[2].removesuffix('.wav')} s"
        if SOUNDS in path:
            return f"hears  a {path.split('/')[-2]}, as long as this wait lasts"
        return f'hears  a recording: "{self._recorded.of(url) or path.rpartition("/")[2]}"'


def _cut(_: Transcript, event: e.SayEnded | e.PlayEnded) -> str:
    quiet = isinstance(event, e.PlayEnded) and SOUNDS in event.url
    return "" if event.complete or quiet else "  (and no more of it)"


DESCRIPTIONS: Mapping[type[e.Event], Callable[[Transcript, Any], str]] = {
    e.CallPlaced: lambda _, event: f"calls {event.to_number}" if event.direction == "inbound" else "",
    e.Ringing: lambda story, event: "exchange rings" if story.before_extension(event) else "phone rings",
    e.Answered: lambda story, event: "exchange answers" if story.before_extension(event) else "picks up",
    e.PickedUp: lambda *_: "picks up",
    e.SayStarted: lambda _, event: f'hears  "{event.text}"',
    e.PlayStarted: lambda story, event: story.played(event.url),
    e.SayEnded: _cut,
    e.PlayEnded: _cut,
    e.Pressed: lambda _, event: f"presses {event.key}",
    e.Spoke: lambda _, event: f'says   "{event.text}"',
    e.HungUp: lambda _, event: "hangs up" if event.by == "phone" else "line ends",
    e.ErrorRaised: lambda _, event: f"!! provider error {event.code}: {event.text}",
}


JOINED = "/audio/joined/"
"""In the URLs of lines that are recorded in pieces, before the id of the line."""


class RecordedWords:
    """The words of the recordings of a configuration, by the addresses at which they are played."""

    def __init__(self, configuration: Configuration) -> None:
        self._by_path = recorded_words(configuration)
        self._by_digest = {one.digest[:SHORT_DIGEST]: self._by_path[path]
                           for path, one in paths_of(configuration).items() if path in self._by_path}  # fmt: skip

    def of(self, url: str) -> str:
        """What is said at this address, or ""."""
        path = urlsplit(url).path
        if JOINED in path:
            parts = path.rpartition("/")[2].removesuffix(".wav").split("-")
            return SPACE.sub(r"\1", " ".join(self._by_digest.get(one, "") for one in parts))
        return next((text for name, text in self._by_path.items() if path.endswith(name)), "")


def recorded_words(configuration: Configuration) -> dict[str, str]:
    """The words of each recording by its path, with the conduct's name filled in if there is one recording for each."""
    conduct = {one.key: one.name for one in configuration.policy.draw_the_line.conduct}
    found = {}
    for language in configuration.languages.values():
        for script in language.scripts.values():
            for key, recording in script.audio.items():
                named = conduct.get(key, "{conduct}")
                found[recording.path] = script.text.replace("{conduct}", language.names.get(named, named))
            texts = [text.strip() for text in VARIABLE.split(script.text) if re.search(r"\w", text)]
            pieces = [one for one in script.pieces if isinstance(one, Audio)]
            found |= {one.path: text for one, text in zip(pieces, texts, strict=False)}
        found |= {one.path: value for value, one in language.values.items()}
    return found


def journal_lines(entries: Sequence[Entry]) -> list[str]:
    """The incident journal, one line per entry: number, UTC time, actor, kind, key, script and version, outcome."""
    return [_journal_line(entry) for entry in entries]


def _journal_line(entry: Entry) -> str:
    note = entry.note
    script = f"{note.script}@{note.version}/{note.language}" if note.script else ""
    parts = [f"key {note.key}" if note.key else "", script, note.outcome]
    parts += [f"{name}={value}" for name, value in note.details.items()]
    facts = ", ".join(part for part in parts if part)
    return f"{entry.seq:3d}  {entry.at:%H:%M:%S.%f}"[:-3] + f"Z  {note.actor:<9} {note.kind:<17} {facts}".rstrip()
