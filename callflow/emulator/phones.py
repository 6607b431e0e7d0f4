"""Phones and their people. A phone has a behaviour for when it rings; a person presses keys, speaks and hangs up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from unicodedata import east_asian_width

from callflow.emulator.calls import answer, finish
from callflow.emulator.dialling import receive_call
from callflow.emulator.events import PickedUp, Pressed, Ringing, Spoke
from callflow.emulator.exchange import Exchange
from callflow.emulator.extensions import EXCHANGE_SECONDS
from callflow.emulator.legs import Heard, Leg
from callflow.emulator.messages import Message
from callflow.emulator.program import Key, Signal, Speech, SpeechBegan
from callflow.emulator.recordings import Recording, running_recordings
from callflow.emulator.rooms import let_hear, report_speech

KEY_SECONDS = 0.2
BUSY_TONE_SECONDS = 5.0
"""Until an exchange that has answered for a busy extension hangs up. Assumed."""
SHORTEST_SPEECH_SECONDS = 0.5
KANA, WIDE = 2.5, 3.5


def speech_seconds(text: str, pace: float) -> float:
    """Seconds that it takes to say `text` at `pace` characters a second. A kana is a syllable, another wide
    character (Chinese, Japanese, Korean) one or two: they count as several."""
    return max(SHORTEST_SPEECH_SECONDS, (len(text) if text.isascii() else sum(map(_length, text))) / pace)


def _length(one: str) -> float:
    if "\u3041" <= one <= "\u30ff":
        return KANA
    return WIDE if east_asian_width(one) in "WF" else 1.0


class NotOnACall(RuntimeError):
    """The action needs a live call."""


@dataclass(frozen=True)
class Answers:
    """Picks up after `after` seconds of ringing. A phone that is already on a call is busy."""

    after: float = 2.0


@dataclass(frozen=True)
class Manual:
    """Rings until `phone.answer()` or `phone.decline()`."""


@dataclass(frozen=True)
class Busy:
    """Busy at once (SIP 486)."""

    after: float = 0.5


@dataclass(frozen=True)
class NoAnswer:
    """Rings until the calling side gives up."""


@dataclass(frozen=True)
class Reject:
    """The person declines (SIP 603): busy or no-answer, as the switch `declined_status` says."""

    after: float = 3.0


@dataclass(frozen=True)
class Unreachable:
    """The number does not exist or has no signal (SIP 404). It never rings."""


@dataclass(frozen=True)
class Voicemail:
    """An answering machine: answers, speaks its greeting, records for `records` seconds and hangs up. Presses no key.
    What it recorded is what its leg `heard` after the greeting."""

    greeting_seconds: float = 6.0
    records: float = 60.0
    after: float = 10.0
    greeting: str = "You have reached a voicemail. Please leave a message after the tone."


Behaviour = Answers | Manual | Busy | NoAnswer | Reject | Unreachable | Voicemail


class Phone:
    """One telephone with one number."""

    def __init__(self, exchange: Exchange, number: str) -> None:
        self._exchange = exchange
        self.number = number
        self.behaviour: Behaviour = Answers()
        self.legs: list[Leg] = []
        self.messages: list[Message] = []  # text messages that arrived; the code with which others are refused:
        self.refuses_messages = 0
        self._live_legs: list[Leg] = []

    @property
    def leg(self) -> Leg | None:
        """The live leg of this phone, or None."""
        live = self._still_live()
        return live[-1] if live else None

    def _still_live(self) -> list[Leg]:
        """The live legs, separate from `legs`, which grows with every call."""
        self._live_legs = [leg for leg in self._live_legs if leg.live]
        return self._live_legs

    def _take_part(self, leg: Leg) -> None:
        self.legs.append(leg)
        self._live_legs.append(leg)

    @property
    def heard(self) -> list[Heard]:
        """Everything this person heard, over all calls."""
        return [heard for leg in self.legs for heard in leg.heard if heard.monotonic >= leg.hears_from]

    @property
    def reachable(self) -> bool:
        return not isinstance(self.behaviour, Unreachable)

    def behave(self, behaviour: Behaviour | None = None, *, answer_after: float | None = None) -> Phone:
        """Set how it reacts to ringing from now on: a behaviour, or Answers after `answer_after` seconds."""
        self.behaviour = behaviour or Answers(2.0 if answer_after is None else answer_after)
        return self

    def call(self, to: str, caller_id: str | None = None) -> Leg:
        """Dial one of the account's numbers. `caller_id`: another number to show, or "anonymous"."""
        exchange = self._exchange
        with exchange.clock.lock:
            exchange = next((one for one in exchange.accounts if one.line_of(to)), exchange)
            number = exchange.line_of(to)
            if number is None:
                raise ValueError(f"{to} is not a number of this account, which has {exchange.lines}")
            if any(leg.direction == "inbound" or leg.answered for leg in self._still_live()):
                raise ValueError(f"{self.number} is on a call already")
            leg = Leg(
                exchange.sids.new("CA"), exchange.account_sid, "inbound", caller_id or self.number, to,
                exchange.clock.now(), phone=self,
            )  # fmt: skip
            self._take_part(leg)
            receive_call(exchange, leg, number)
            return leg

    def press(self, keys: str) -> None:
        """Press keys, 0.2 s apart. Raises NotOnACall, or ValueError for anything but keys."""
        if not keys or set(keys) - set("0123456789*#ABCD"):
            raise ValueError(f"not keys of a telephone: {keys!r}")
        with self._exchange.clock.lock:
            leg = self._live()
            for position, key in enumerate(keys):
                self._exchange.clock.after(position * KEY_SECONDS, partial(self.press_on, leg, key))

    def say(self, text: str, confidence: float = 0.9, seconds: float | None = None) -> None:
        """Say something. It takes len(text) / 14 seconds unless `seconds` is given. Raises NotOnACall."""
        with self._exchange.clock.lock:
            length = speech_seconds(text, self._exchange.switches.pace) if seconds is None else seconds
            self._speak(self._live(), text, confidence, length)

    def hang_up(self) -> None:
        """Hang up. Does nothing without a call."""
        with self._exchange.clock.lock:
            leg = self.leg
            if leg is None:
                return
            if leg.rings:
                self._decline(leg)
            else:
                finish(self._of(leg), leg, "completed" if leg.answered else "no-answer", "phone")

    def answer(self) -> None:
        """Answer a ringing call. Raises NotOnACall."""
        with self._exchange.clock.lock:
            self._pick_up(self._ringing())

    def decline(self) -> None:
        """Decline a ringing call. Raises NotOnACall."""
        with self._exchange.clock.lock:
            self._decline(self._ringing())

    def ring(self, leg: Leg) -> None:
        """Called by the exchange: ring for `leg`. Behind an extension, the exchange there answers first."""
        if leg.send_digits:
            self._exchange.clock.after(EXCHANGE_SECONDS, partial(self._pick_up, leg))
            return
        busy = self.leg is not None
        if not busy:
            self._take_part(leg)
        after = self._exchange.clock.after
        behaviour = self.behaviour
        if isinstance(behaviour, Busy) or (busy and not isinstance(behaviour, Voicemail)):
            after(getattr(behaviour, "after", 0.5) if isinstance(behaviour, Busy) else 0.5, partial(self._busy, leg))
        elif isinstance(behaviour, Answers):
            after(behaviour.after, partial(self._pick_up, leg))
        elif isinstance(behaviour, Reject):
            after(behaviour.after, partial(self._decline, leg))
        elif isinstance(behaviour, Voicemail):
            after(behaviour.after, partial(self._machine_answers, leg, behaviour))

    def _of(self, leg: Leg) -> Exchange:
        """The exchange of the account that the call belongs to."""
        return self._exchange.of_account(leg.account_sid) or self._exchange

    def ring_behind(self, leg: Leg) -> None:
        """The exchange has heard the keys of this telephone, and rings it. For the app the leg is in progress."""
        exchange, behaviour, busy = self._of(leg), self.behaviour, self.leg is not None
        leg.hears_from = math.inf
        if not busy:
            self._take_part(leg)
            exchange.emit(Ringing(exchange.clock.now(), leg.sid, self.number))
        if busy or isinstance(behaviour, Busy | Unreachable):
            exchange.clock.after(BUSY_TONE_SECONDS, partial(finish, exchange, leg, "completed", "phone"))
        elif isinstance(behaviour, Answers):
            exchange.clock.after(behaviour.after, partial(self._pick_up, leg))
        elif isinstance(behaviour, Reject):
            exchange.clock.after(behaviour.after, partial(self._decline, leg))
        elif isinstance(behaviour, Voicemail):
            exchange.clock.after(behaviour.after, partial(self._machine_answers, leg, behaviour))

    def _live(self) -> Leg:
        leg = self.leg
        if leg is None or leg.rings:
            raise NotOnACall(f"{self.number} is not on a call")
        return leg

    def _ringing(self) -> Leg:
        leg = self.leg
        if leg is None or not leg.rings:
            raise NotOnACall(f"{self.number} is not ringing")
        return leg

    def _pick_up(self, leg: Leg) -> None:
        if leg.status == "ringing":
            answer(self._of(leg), leg)
        elif leg.rings:
            leg.hears_from = self._exchange.clock.monotonic()
            self._exchange.emit(PickedUp(self._exchange.clock.now(), leg.sid))

    def _decline(self, leg: Leg) -> None:
        if leg.status == "in-progress":  # the exchange behind the number hangs up
            finish(self._of(leg), leg, "completed", "phone")
        elif leg.status == "ringing":
            finish(self._of(leg), leg, self._exchange.switches.declined_status, "phone", 603)

    def _busy(self, leg: Leg) -> None:
        if leg.status == "ringing":
            finish(self._of(leg), leg, "busy", "phone", 486)

    def press_on(self, leg: Leg, key: str) -> None:
        if leg.live:
            self._exchange.emit(Pressed(self._exchange.clock.now(), leg.sid, key))
            if leg.seat is not None and self._exchange.switches.tones_heard_in_room:
                let_hear(self._of(leg), leg.seat, "tone", key, KEY_SECONDS)
            self._tell(leg, Key(key))

    def _speak(self, leg: Leg, text: str, confidence: float, seconds: float) -> None:
        exchange = self._of(leg)
        leg.talking_until = max(leg.talking_until, exchange.clock.monotonic() + seconds)
        exchange.emit(Spoke(exchange.clock.now(), leg.sid, text))
        self._tell(leg, SpeechBegan())
        exchange.clock.after(seconds, partial(self._tell, leg, Speech(text, confidence)))
        for recording in self._running(leg):
            recording.spoken.append(text)
        if leg.seat is not None:
            report_speech(exchange, leg.seat, text, seconds)

    def _running(self, leg: Leg) -> list[Recording]:
        conference = leg.seat.room.sid if leg.seat else ""
        return running_recordings(self._of(leg), leg.sid, conference)

    def _tell(self, leg: Leg, signal: Signal) -> None:
        program = leg.key_target or leg.program
        if leg.live and program is not None:
            program.deliver(signal)

    def _machine_answers(self, leg: Leg, machine: Voicemail) -> None:
        if not leg.rings:
            return
        self._pick_up(leg)
        self._speak(leg, machine.greeting, 0.9, machine.greeting_seconds)
        seconds = machine.greeting_seconds + machine.records
        full = self._exchange.clock.after(seconds, partial(finish, self._of(leg), leg, "completed", "phone"))
        leg.timers.append(full)


def phone_of(exchange: Exchange, number: str) -> Phone:
    """The phone with that number, created on first use."""
    phone = exchange.phones.get(number)
    if phone is None:
        phone = exchange.phones[number] = Phone(exchange.main or exchange, number)
    return phone
