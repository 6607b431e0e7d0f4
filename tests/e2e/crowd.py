"""Many callers and agents at once, in real time. Everybody presses the expected key as soon as it is asked for."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from callflow.emulator import Answers, Emulator, NotOnACall
from callflow.emulator.events import CallPlaced, Event, HungUp, JoinedRoom, LeftRoom, SayEnded, SayStarted
from tests.e2e.conversation import LINE

PROMISE = timedelta(seconds=15)
LATE = timedelta(seconds=1)
ASKED = {"Press 1 to accept": "1", "Press 1 for a bill": "1", "6 threat": "1", "hash when done": "#",
         "Press any key": "1"}  # fmt: skip
"""Part of what is said -> the key that is pressed."""


def numbers(agents: int) -> dict[str, str]:
    """Agent -> telephone."""
    return {f"a{n:03}": f"+1555020{n:04}" for n in range(agents)}


def people(agents: int) -> dict[str, object]:
    """The changes of people.yaml for so many agents."""
    known = {name: {"name": name.upper(), "phone": number} for name, number in numbers(agents).items()}
    team = {"agents": list(known), "supervisors": ["sam", "sky"], "ring": "in_order"}
    return {"agents": known, "teams": {"energy_desk": team}}


@dataclass
class Crowd:
    """``calls`` callers, evenly spaced over ``arrival_seconds``. Each agent holds the caller once, by consent.

    ``holds`` is False for calls that last only ``talk_seconds``. Callers hang up when they are back from the hold, or
    have talked for ``patience_seconds``.
    """

    emulator: Emulator
    calls: int
    agents: int
    arrival_seconds: float
    holds: bool = True
    talk_seconds: float = 3.0
    patience_seconds: float = 60.0
    promised: dict[str, datetime] = field(default_factory=dict)
    back: dict[str, datetime] = field(default_factory=dict)
    """By the caller's leg: when each hold was to end at the latest, and when the caller was back in the room."""
    over: dict[str, str] = field(default_factory=dict)
    """How each leg ended (``HungUp.by``)."""
    together: set[str] = field(default_factory=set)
    """Callers who were in a room with somebody."""
    callers: list[str] = field(default_factory=list)
    """The legs of all callers so far."""
    _asked: set[str] = field(default_factory=set)
    _rooms: dict[str, set[str]] = field(default_factory=dict)

    def arrive(self) -> None:
        self.emulator.on_event(self._take)
        for n in range(self.calls):
            caller = self.emulator.phone(f"+1555030{n:04}")
            self.emulator.clock.after(n * self.arrival_seconds / self.calls, partial(caller.call, LINE))
        for number in numbers(self.agents).values():
            self.emulator.phone(number).behave(Answers(0.5))

    @property
    def gone(self) -> int:
        """Callers whose call is over."""
        return sum(leg in self.over for leg in self.callers)

    @property
    def lost(self) -> list[str]:
        """Callers who never spoke with anybody, or whose line ended before they hung up, with how."""
        return [f"{leg}: {self.over.get(leg, 'still there')}{'' if leg in self.together else ', never with anybody'}"
                for leg in self.callers
                if self.over.get(leg) != "phone" or leg not in self.together]  # fmt: skip

    @property
    def late(self) -> list[str]:
        return [leg for leg, at in self.promised.items() if leg not in self.back or self.back[leg] > at + LATE]

    def _take(self, event: Event) -> None:
        match event:
            case SayStarted():
                for part, key in ASKED.items():
                    if part in event.text:
                        self._press(event.leg, key, 0.2)
            case SayEnded(complete=True):
                self._ends(event)
            case JoinedRoom():
                self._joins(event)
            case LeftRoom():
                self._rooms.get(event.room, set()).discard(event.leg)
            case CallPlaced(direction="inbound"):
                self.callers.append(event.leg)
            case HungUp():
                self.over[event.leg] = event.by

    def _ends(self, event: SayEnded) -> None:
        if event.text.endswith("to look at your account?"):
            self._press(event.leg, "1", 0.3)
        elif event.text.startswith("Thank you. About"):
            self.promised[event.leg] = event.at + PROMISE

    def _joins(self, event: JoinedRoom) -> None:
        present = self._rooms.setdefault(event.room, set())
        present.add(event.leg)
        if len(present) > 1:
            for leg in present:
                self._meets(leg)
        if event.leg in self.promised:
            self.back.setdefault(event.leg, event.at)
            self._hang_up(event.leg, 3.0)
        elif self.holds and not self._is_caller(event.leg) and event.leg not in self._asked:
            self._asked.add(event.leg)
            self._press(event.leg, "*", 1.5)

    def _is_caller(self, leg: str) -> bool:
        return self.emulator.legs[leg].direction == "inbound"

    def _meets(self, leg: str) -> None:
        if self._is_caller(leg) and leg not in self.together:
            self.together.add(leg)
            self._hang_up(leg, self.patience_seconds if self.holds else self.talk_seconds)

    def _hang_up(self, leg: str, after: float) -> None:
        self.emulator.clock.after(after, self.emulator.legs[leg].phone.hang_up)  # type: ignore[union-attr]

    def _press(self, leg: str, key: str, after: float) -> None:
        phone = self.emulator.legs[leg].phone

        def press() -> None:
            try:
                phone.press(key)  # type: ignore[union-attr]
            except NotOnACall:
                return

        self.emulator.clock.after(after, press)
