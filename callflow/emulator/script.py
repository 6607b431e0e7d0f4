"""Phone scripts: people who react to what they hear, as data. A script runs on a virtual or on a real clock.

    Script([
        Step("caller", Call("+15550100100")),
        Step("caller", Press("1"), when=Heard("press 1"), after=1.0),
        Step("ana", Press("1"), when=Started("press 1 to accept"), within=30),
    ], phones={"caller": "+15550100199", "ana": "+15550100111"}).run(emulator)

Steps happen in order. Each sound counts once per phone: the next `Heard` of that phone matches what came after it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from callflow.emulator.clock import Timer, VirtualClock
from callflow.emulator.conditions import (
    Action,
    Call,
    Condition,
    Decline,
    Gone,
    HangUp,
    Heard,
    InRoom,
    IsRinging,
    Nothing,
    OnCall,
    PickUp,
    Press,
    Say,
    Started,
    Step,
    step_from_data,
)
from callflow.emulator.emulator import Emulator
from callflow.emulator.events import (
    Answered,
    Event,
    HoldChanged,
    HungUp,
    JoinedRoom,
    LeftRoom,
    PlayEnded,
    PlayStarted,
    RoomEnded,
    RoomStarted,
    SayEnded,
    SayStarted,
)
from callflow.emulator.legs import Heard as Sound
from callflow.emulator.phones import NotOnACall, Phone

__all__ = ["Call", "Decline", "Gone", "HangUp", "Heard", "InRoom", "IsRinging", "Nothing", "OnCall", "PickUp", "Press",
           "Say", "Script", "ScriptRun", "ScriptStuck", "Started", "Step"]  # fmt: skip


LOOK_SECONDS = 0.2
_NOTICED: Mapping[type[Condition], tuple[type[Event], ...]] = {
    Heard: (SayEnded, PlayEnded),
    Started: (SayStarted, PlayStarted),
    InRoom: (JoinedRoom, LeftRoom, RoomStarted, RoomEnded, HoldChanged),
    OnCall: (Answered, HungUp),
    Gone: (HungUp,),
}
"""The events after which a condition may have become true; for others any event."""


class ScriptStuck(AssertionError):
    """A condition did not become true in time. The message lists what the phone heard so far."""


class Script:
    """Steps, and the numbers of the phones they name. A step may name a number instead."""

    def __init__(self, steps: Sequence[Step], phones: Mapping[str, str] | None = None) -> None:
        self.steps = tuple(steps)
        self.phones = dict(phones or {})

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Script:
        """`{phones: {ana: "+1555..."}, steps: [...]}`; see step_from_data. Raises ValueError."""
        return cls([step_from_data(step) for step in data["steps"]], data.get("phones"))

    def start(self, emulator: Emulator, before: Callable[[int], None] | None = None) -> ScriptRun:
        """Start. On a virtual clock the steps happen while the clock runs.

        ``before`` is called with the position of each step, just before it happens.
        """
        return ScriptRun(emulator, self, before)

    def run(self, emulator: Emulator) -> None:
        """Start and wait for the end. Raises ScriptStuck."""
        self.start(emulator).wait()


class ScriptRun:
    """One run of a script. Once `over`, `failure` is a message or None."""

    def __init__(self, emulator: Emulator, script: Script, before: Callable[[int], None] | None = None) -> None:
        self._emulator, self._before = emulator, before
        self._script = script
        self._clock = emulator.clock
        self._phones: dict[str, Phone] = {}
        self._heard_up_to: dict[str, int] = {}
        self._position = 0
        self._acting = False
        self._check_pending = False
        self._limit: Timer | None = None
        self._notices: tuple[type[Event], ...] = ()
        """The events after which the condition of the present step is looked at again."""
        self._ended = threading.Event()
        self._over = False  # a plain attribute, because a virtual clock reads it after every step
        self.failure: str | None = None
        with self._clock.lock:
            self._unsubscribe = emulator.on_event(self._notice)
            self._begin_step()

    @property
    def over(self) -> bool:
        return self._over

    def wait(self, look: Callable[[], None] = lambda: None) -> None:
        """Wait for the end: run a virtual clock, or sleep with a real one. Raises ScriptStuck.

        ``look`` is called at the end, with a real clock several times a second; it may raise to wait no longer.
        """
        most = sum(step.within + step.after for step in self._script.steps)
        if isinstance(self._clock, VirtualClock):
            self._clock.run_until_true(lambda: self._over, most)
        else:
            until = time.monotonic() + most + 5
            while not self._ended.wait(LOOK_SECONDS) and time.monotonic() < until:
                look()
        look()
        if self.failure is not None or not self.over:
            raise ScriptStuck(self.failure or "the script did not end in time")

    def phone(self, name: str) -> Phone:
        found = self._phones.get(name)
        if found is None:
            found = self._phones[name] = self._emulator.phone(self._script.phones.get(name, name))
        return found

    def _begin_step(self) -> None:
        if self._position == len(self._script.steps):
            self._end(None)
            return
        step = self._script.steps[self._position]
        self._acting = False
        self._notices = _NOTICED.get(type(step.when), (Event,)) if step.when else ()
        self._limit = self._clock.after(step.within, partial(self._give_up, self._position))
        self._clock.post(self._check)

    def _notice(self, event: Event) -> None:
        """Check the step once, after all other callbacks of this moment."""
        if not self._check_pending and not self._acting and isinstance(event, self._notices):
            self._check_pending = True
            self._clock.post(self._check)

    def _check(self) -> None:
        self._check_pending = False
        if self.over or self._acting:
            return
        step = self._script.steps[self._position]
        if step.when is None or self._holds(step.when, step.phone):
            self._acting = True
            if self._limit:
                self._limit.cancel()
            self._clock.after(step.after, self._act)

    def _act(self) -> None:
        if self.over:
            return
        step = self._script.steps[self._position]
        if self._before:
            self._before(self._position)
        try:
            perform(self.phone(step.phone), step.do)
        except (NotOnACall, ValueError) as error:
            self._end(f"step {self._position + 1} ({step}): {error}. {self._heard_so_far(step.phone)}")
            return
        self._position += 1
        self._begin_step()

    def _give_up(self, position: int) -> None:
        if not self.over and not self._acting and position == self._position:
            step = self._script.steps[position]
            text = f"step {position + 1} ({step}) did not become possible within {step.within:g} s."
            self._end(f"{text} {self._heard_so_far(step.phone)}")

    def _end(self, failure: str | None) -> None:
        self._unsubscribe()
        self.failure = failure
        self._over = True
        self._ended.set()

    def _heard_so_far(self, name: str) -> str:
        """Where this phone is and what it heard so far, one sound per line."""
        phone = self.phone(name)
        where = phone.leg.where if phone.leg else "not on a call"
        lines = [f"  {_line(sound)}" for sound in phone.heard]
        return f"{name} is now: {where}. It heard so far:\n" + ("\n".join(lines) or "  nothing")

    def _holds(self, when: Condition, name: str) -> bool:
        phone = self.phone(name)
        leg = phone.leg
        if isinstance(when, Heard | Started):
            return self._was_heard(when, name, phone)
        if isinstance(when, InRoom):
            members = leg.seat.room.members if leg is not None and leg.seat is not None else []
            together = leg is not None and leg.sid in members and len(members) >= when.people
            return together or (when.people <= 1 and leg is not None and leg.seat is not None)
        if isinstance(when, OnCall):
            return leg is not None and leg.status == "in-progress"
        if isinstance(when, IsRinging):
            return leg is not None and leg.rings
        other = self.phone(when.phone) if when.phone else phone
        return bool(other.legs) and other.leg is None

    def _was_heard(self, when: Heard | Started, name: str, phone: Phone) -> bool:
        wanted, heard = when.text.lower(), phone.heard
        for index in range(self._heard_up_to.get(name, 0), len(heard)):
            sound = heard[index]
            fits = sound.kind in {"say", "play"} and wanted in sound.text_or_url.lower()
            if fits and (isinstance(when, Started) or sound.complete):
                self._heard_up_to[name] = index + 1
                return True
        return False


def perform(phone: Phone, action: Action) -> None:
    """Do `action` with `phone`. Raises NotOnACall, ValueError."""
    _ACTIONS[type(action)](phone, action)


_ACTIONS: Mapping[type[Action], Callable[[Phone, Any], object]] = {
    Press: lambda phone, press: phone.press(press.keys),
    Say: lambda phone, say: phone.say(say.text, say.confidence),
    Call: lambda phone, call: phone.call(call.to, call.caller_id),
    HangUp: lambda phone, _action: phone.hang_up(),
    PickUp: lambda phone, _action: phone.answer(),
    Decline: lambda phone, _action: phone.decline(),
    Nothing: lambda _phone, _action: None,
}


def _line(sound: Sound) -> str:
    state = "" if sound.complete else (f" (cut after {sound.seconds_heard:.1f} s)" if sound.ended else " (now)")
    return f"{sound.at:%H:%M:%S} {sound.kind} {sound.text_or_url!r}{state}"
