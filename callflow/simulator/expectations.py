"""What a scenario can expect: prompts that are heard, in any wording; where people are; journal entries."""

import re
from collections.abc import Iterable, Mapping, Sequence

from callflow.core.configuration import Configuration
from callflow.core.notes import NoteKind
from callflow.emulator import Emulator, Phone
from callflow.emulator.legs import Heard
from callflow.emulator.rooms import Room
from callflow.service.ports import Entry
from callflow.simulator.scenario import ExpectedEntry, Prompt
from callflow.simulator.transcript import JOINED, SOUNDS, RecordedWords
from callflow.simulator.transcript import MUSIC as MUSIC_PATH

MUSIC = "music"
BEEP = "beep"
"""What is heard without being a line of ours: music, and the beep when somebody joins."""

KINDS = frozenset(NoteKind)
FACTS = frozenset({
    "kind", "actor", "key", "script", "language", "outcome", "conduct", "minutes", "owner", "reason", "seconds",
    "threat", "variable", "found", "request", "flow", "jitter_buffer", "about", "engine", "warning",
    "ago", "how", "n", "act", "offer",
})  # fmt: skip
"""The fields of an entry that a scenario can check."""


class Prompts:
    """Recognises the scripts of a configuration in what is heard, whatever values their variables have."""

    def __init__(self, configuration: Configuration) -> None:
        self._texts: dict[str, list[str]] = {}
        self._audio: dict[str, list[str]] = {}
        for language in configuration.languages.values():
            for id, script in language.scripts.items():
                self._texts.setdefault(id, []).append(script.text)
                self._audio.setdefault(id, []).extend(one.path for one in script.audio.values())
        self._patterns: dict[str, re.Pattern[str]] = {}
        self._recorded = RecordedWords(configuration)

    @property
    def ids(self) -> Iterable[str]:
        return self._texts

    def knows(self, id: str) -> bool:
        return id in self._texts

    def text(self, id: str) -> str:
        """The script's text, or "" for an unknown id."""
        return next(iter(self._texts.get(id, ())), "")

    def fits(self, sound: Heard, wanted: Prompt) -> bool:
        """Whether this sound is that script, or contains these words."""
        if wanted.named == MUSIC:
            return _is_music(sound)
        if wanted.named == BEEP:
            return sound.kind == "beep"
        if sound.kind not in ("say", "play"):
            return False
        if wanted.script and not self._pattern(wanted.named).fullmatch(sound.text_or_url):
            return False
        words = self.words(sound).lower()
        return (wanted.script or wanted.named.lower() in words) and wanted.saying.lower() in words

    def words(self, sound: Heard) -> str:
        """The words of a sound; for a recording, those of its script."""
        if sound.kind != "play":
            return sound.text_or_url
        return self._recorded.of(sound.text_or_url)

    def id(self, sound: Heard) -> str:
        """The id of the script that this sound is, or ""."""
        if _is_music(sound):
            return MUSIC
        return next((id for id in self._texts if self.fits(sound, Prompt(id, True))), "")

    def _pattern(self, id: str) -> re.Pattern[str]:
        if id not in self._patterns:
            wordings = [_any_values(text) for text in self._texts[id]]
            recordings = [rf".*/{re.escape(path)}" for path in self._audio[id]] + [f".*{JOINED}{id}/.*"]
            self._patterns[id] = re.compile("|".join((*wordings, *recordings)), re.DOTALL)
        return self._patterns[id]


def _any_values(text: str) -> str:
    return "".join(".*" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", text))


def _is_music(sound: Heard) -> bool:
    return sound.kind == "music" or (sound.kind == "play" and MUSIC_PATH in sound.text_or_url)


def is_said(sound: Heard) -> bool:
    """Whether it is spoken or recorded words, and not music or a sound of waiting."""
    return sound.kind == "say" or (sound.kind == "play" and not _is_music(sound) and SOUNDS not in sound.text_or_url)


def together_with(emulator: Emulator, phone: Phone) -> set[str]:
    """The numbers of those who hear each other with this phone, its own included; empty if it is with nobody."""
    phones = [emulator.legs[sid].phone for sid in _members(phone)]
    return {one.number for one in phones if one}


def _in_conversation(room: Room, sid: str) -> set[str]:
    """This leg and those with whom it talks: both hear each other. Empty if it is on hold."""
    hears = room.audible_to(sid)
    return {sid, *(one for one in hears if sid in room.audible_to(one))} if sid in room.members else set()


def _members(phone: Phone) -> set[str]:
    """The ids of the legs in the room of this phone, or of the two of a forwarded call; empty if it is in neither."""
    leg = phone.leg
    if leg is None:
        return set()
    if leg.seat:
        return _in_conversation(leg.seat.room, leg.sid)
    last = leg.heard[-1] if leg.heard else None
    return {leg.sid, last.text_or_url} if last and last.kind == "people" and not last.ended else set()


def on_hold(phone: Phone) -> bool:
    leg = phone.leg
    return bool(leg and leg.heard and not leg.heard[-1].ended and _is_music(leg.heard[-1]))


def holds(wanted: ExpectedEntry, entry: Entry) -> bool:
    """Whether the entry has all the expected values."""
    return all(facts(entry).get(name) == value for name, value in wanted.wanted.items())


def facts(entry: Entry) -> Mapping[str, str | int | float]:
    note = entry.note
    return {**note.details, "kind": note.kind, "actor": note.actor, "key": note.key, "script": note.script,
            "language": note.language, "outcome": note.outcome}  # fmt: skip


def first_missing(wanted: Sequence[ExpectedEntry], entries: Iterable[Entry]) -> ExpectedEntry | None:
    """The first expected entry that does not follow those before it; None if all are there, in this order."""
    rest = iter(entries)
    return next((one for one in wanted if not any(holds(one, entry) for entry in rest)), None)
