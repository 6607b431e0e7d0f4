"""What happens on an emulator, as items of a scenario: who met, who was let go, who heard what."""

from collections.abc import Mapping, Sequence

from callflow.emulator import Emulator
from callflow.emulator import events as e
from callflow.emulator.legs import Heard as Sound
from callflow.simulator.expectations import MUSIC, Prompts, is_said
from callflow.simulator.recorder_text import Heard, Item, Left, Met

SKIPPED_SECONDS = 1.0


class Happened:
    """Subscribes to an emulator. ``items`` is in the order of time; what people do is added to it by others.

    ``numbers`` are the phones by the ids of their people, and may get further ones.
    """

    def __init__(self, emulator: Emulator, prompts: Prompts, numbers: Mapping[str, str]) -> None:
        self._emulator, self._prompts, self._numbers = emulator, prompts, numbers
        self.items: list[Item] = []
        self._together: frozenset[str] = frozenset()
        emulator.on_event(self._notice)

    def who(self, sid: str) -> str:
        """The id of the person on the call with this SID, or ""."""
        leg = self._emulator.legs.get(sid)
        return {number: who for who, number in self._numbers.items()}.get(leg.person, "") if leg else ""

    def _notice(self, event: e.Event) -> None:
        if isinstance(event, e.JoinedRoom | e.LeftRoom | e.RoomStarted | e.RoomEnded):
            self._meet()
        if isinstance(event, e.HungUp) and event.by != "phone" and (who := self.who(event.leg)):
            self.items.append(Left(self._emulator.clock.monotonic(), who))

    def _meet(self) -> None:
        """Record who hears each other now, if that are two or more."""
        for room in self._emulator.rooms.values():
            together = frozenset(who for sid in room.members if (who := self.who(sid)))
            if len(together) > 1 and together != self._together:
                self.items.append(Met(self._emulator.clock.monotonic(), tuple(sorted(together))))
            self._together = together

    def in_order(self) -> Sequence[Item]:
        """All items, with the lines that people heard."""
        heard = [
            Heard(sound.monotonic + (sound.seconds_heard if sound.complete else 0.0), who, prompt, sound.complete)
            for who, number in self._numbers.items()
            for sound in self._emulator.phone(number).heard
            if _was_heard(sound) and (prompt := self._prompts.id(sound)) not in ("", MUSIC)
        ]
        return sorted([*self.items, *heard], key=lambda item: item.at)


def _was_heard(sound: Sound) -> bool:
    """Whether more than the first words of the prompt were heard before a key was pressed."""
    long_enough = sound.complete or not sound.ended or sound.seconds_heard > SKIPPED_SECONDS
    return is_said(sound) and long_enough
