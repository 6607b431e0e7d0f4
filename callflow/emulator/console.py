"""The phone prompt: `call +1555.. +1555..`, `press +1555.. 1`, `show`. Takes and returns text; does no I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from callflow.emulator.emulator import Emulator
from callflow.emulator.events import (
    Answered,
    ErrorRaised,
    Event,
    HungUp,
    JoinedRoom,
    LeftRoom,
    PlayStarted,
    Pressed,
    Ringing,
    SayStarted,
    Spoke,
)
from callflow.emulator.phones import Manual, NotOnACall

HELP = """\
call FROM TO          FROM dials TO, a number of the account
press PHONE KEYS      press keys, e.g. press +15550100111 * (or press ana *, where names are known)
say PHONE WORDS       say something
answer PHONE          pick up (phones answer by themselves after 2 s unless: manual PHONE)
manual PHONE          from now on PHONE rings until answer or decline
decline PHONE         refuse a ringing call
hang up PHONE         put the receiver down
show                  where every phone is, and the rooms
errors                Twilio error codes so far
help                  this
quit                  stop the emulator"""


class Console:
    """Answers one command at a time. ``names`` maps numbers to names; a name can be used instead of its number."""

    def __init__(self, emulator: Emulator, names: Mapping[str, str] | None = None) -> None:
        self._emulator = emulator
        self._names = dict(names or {})
        self._numbers = {name.lower(): number for number, name in self._names.items()}

    def answer(self, line: str) -> str:
        """What to print for one command. A mistake is answered with a message, never raised."""
        words = line.split()
        if not words:
            return ""
        try:
            return self._run(words)
        except (ValueError, NotOnACall) as error:
            return f"{error}"

    def _run(self, words: list[str]) -> str:
        if words[:2] == ["hang", "up"]:
            words = ["hang_up", *words[2:]]
        plain: dict[str, Callable[[], str]] = {"show": self._show, "errors": self._errors, "help": lambda: HELP}
        if words[0] in plain:
            return plain[words[0]]()
        if len(words) < 2:
            return "help lists what can be typed"
        return self._act(words[0], words[1], words[2:])

    def _act(self, action: str, number: str, rest: list[str]) -> str:
        phone = self._emulator.phone(self._numbers.get(number.lower(), number))
        text = " ".join(rest)
        actions: dict[str, Callable[[], object]] = {
            "call": lambda: phone.call(text),
            "press": lambda: phone.press(text),
            "say": lambda: phone.say(text),
            "answer": phone.answer,
            "decline": phone.decline,
            "hang_up": phone.hang_up,
            "manual": lambda: phone.behave(Manual()),
        }
        if action not in actions:
            return f"no such command: {action}; help lists them"
        actions[action]()
        return "ok"

    def _show(self) -> str:
        emulator = self._emulator
        with emulator.clock.lock:
            phones = [(phone.number, phone.leg) for phone in emulator.exchange.phones.values()]
            lines = [
                f"{self._names.get(number, number)}  {leg.where if leg else 'on the hook'}" for number, leg in phones
            ]
            lines += [f"room {name}: {len(room.members)} together" for name, room in emulator.rooms.items()]
        return "\n".join(lines) or "no phone has been used yet"

    def _errors(self) -> str:
        return "\n".join(f"{error.code} {error.text}" for error in self._emulator.errors) or "none"

    def describe(self, event: Event) -> str | None:
        """One line about an event that a person would notice, or None."""
        if isinstance(event, ErrorRaised):
            return f"! {event.code} {event.text}"
        shown = (Ringing, Answered, SayStarted, PlayStarted, Pressed, Spoke, JoinedRoom, LeftRoom, HungUp)
        if not isinstance(event, shown):
            return None
        leg = self._emulator.legs.get(event.leg)
        who = leg.phone.number if leg is not None and leg.phone is not None else event.leg
        who = self._names.get(who, who)
        return f"{event.at:%H:%M:%S} {who} {_SENTENCES[type(event)](event)}"


_SENTENCES: dict[type, Callable[..., str]] = {
    Ringing: lambda _event: "rings",
    Answered: lambda _event: "is connected",
    SayStarted: lambda event: f"hears: {event.text}",
    PlayStarted: lambda event: f"hears the file {event.url}",
    Pressed: lambda event: f"presses {event.key}",
    Spoke: lambda event: f"says: {event.text}",
    JoinedRoom: lambda event: f"is in room {event.room}",
    LeftRoom: lambda event: f"left room {event.room}",
    HungUp: lambda event: f"is off the line ({event.status}, by {event.by})",
}
