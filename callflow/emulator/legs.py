"""A leg: one telephone connection, which Twilio calls a Call. Data and queries."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from callflow.emulator.clock import Timer
from callflow.emulator.immutable import immutable
from callflow.emulator.program import Program
from callflow.emulator.webhook import Target, Webhook

if TYPE_CHECKING:
    from callflow.emulator.numbers import Number
    from callflow.emulator.phones import Phone
    from callflow.emulator.rooms import Seat

LIVE = frozenset({"queued", "initiated", "ringing", "in-progress"})
API_VERSION = "2010-04-01"
_GEO = tuple(
    f"{who}{what}" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip", "Country")
)


class Changes:
    """Numbers that only grow. There is one row of them in a process, because they are only compared."""

    def __init__(self) -> None:
        self.latest = 0


_CHANGES = Changes()


def latest_change() -> int:
    """The number of the latest sound that began or ended, of any leg."""
    return _CHANGES.latest


@immutable
class Heard:
    """A sound that a person heard. `kind`: say, play, pause, music, ringing, beep, people, silence, tone.

    `at` and `monotonic` are when it began; `seconds_heard` is 0 until it ended; `complete`: it was heard to its end.
    """

    at: datetime
    kind: str
    text_or_url: str
    seconds_heard: float = 0.0
    complete: bool = False
    ended: bool = False
    monotonic: float = 0.0


@immutable
class StatusCallback:
    """Where call progress is sent. `events`: some of initiated, ringing, answered, completed."""

    target: Target | None = None
    events: frozenset[str] = frozenset({"completed"})


@dataclass(eq=False)
class Leg:
    """One call resource, driven by the other modules.

    `status`: queued, initiated, ringing, in-progress, completed, busy, no-answer, failed, canceled (twilio.md 6).
    `direction`: inbound, outbound-api, outbound-dial. `heard` is what its person heard, in order.
    """

    sid: str
    account_sid: str
    direction: str
    from_number: str
    to_number: str
    created: datetime
    status: str = "queued"
    parent: Leg | None = None
    phone: Phone | None = None
    peer: Leg | None = None
    """The other end of a call between two numbers of the account (`wires`)."""
    number: Number | None = None
    send_digits: str = ""
    hears_from: float = 0.0
    """In clock seconds: until then nobody is at the phone, although an exchange has answered (`extensions`)."""
    queue_milliseconds: int = 0
    answered: datetime | None = None
    answered_at: float = 0.0
    ended: datetime | None = None
    ended_at: float = 0.0
    duration: int = 0
    sip_code: int = 200
    answered_by: str | None = None
    updated: datetime | None = None
    fallback: Target | None = None
    status_callback: StatusCallback = field(default_factory=StatusCallback)
    extra_parameters: dict[str, str] = field(default_factory=dict)
    status_sequence: int = 0
    cookies: dict[str, str] = field(default_factory=dict)
    program: Program | None = None
    doing: str = ""
    heard: list[Heard] = field(default_factory=list)
    changes: list[int] = field(default_factory=list)
    """Of each sound in `heard`, the number of its last change: a page asks for what has changed since."""
    listened: list[tuple[float, float | None]] = field(default_factory=list)
    """When a Gather (after its prompt) or a Record listened to this person: from and until (None: still), in clock
    seconds."""
    seat: Seat | None = None
    hangup_action: Callable[[], Webhook | None] | None = None
    in_dial: bool = False
    exit_cause: str = ""
    early_digits: list[str] = field(default_factory=list)
    talking_until: float = 0.0
    ended_by: str = ""
    documents: int = 0
    on_answer: Callable[[Leg], None] | None = None
    on_end: Callable[[Leg], None] | None = None
    on_redirect: Callable[[Leg], None] | None = None
    key_target: Program | None = None
    timers: list[Timer] = field(default_factory=list)
    _form: dict[str, str] | None = None

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def person(self) -> str:
        """The number of the person's phone, whatever caller id it shows: who called us, or whom we called."""
        if self.phone is not None:
            return self.phone.number
        return self.from_number if self.direction == "inbound" else self.to_number

    @property
    def rings(self) -> bool:
        """Whether its telephone rings, at a number or at an extension behind one."""
        return self.live and (self.hears_from == math.inf or (self.status == "ringing" and self.direction != "inbound"))

    @property
    def room(self) -> str | None:
        """The name of the room this leg is in, or None."""
        return self.seat.room.name if self.seat else None

    @property
    def where(self) -> str:
        """Where it is now, in short: `ringing`, `say`, `gather`, `play hold.wav`, `room call-7`, `gone`."""
        if not self.live:
            return "gone"
        if self.status != "in-progress" and not self.doing:
            return self.status
        if self.seat:
            return f"room {self.seat.room.name}" + (", held" if self.seat.hold else "")
        return self.doing or self.status

    def parameters(self) -> dict[str, str]:
        """A new dictionary with the standard parameters of every request about this leg (twilio.md 1.2)."""
        if self._form is None:
            self._form = self._standing_parameters()
        form = self._form.copy()
        form["CallStatus"] = self.status
        return form

    def _standing_parameters(self) -> dict[str, str]:
        form = {
            "AccountSid": self.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to_number,
            "Caller": self.from_number,
            "Direction": self.direction,
            "From": self.from_number,
            "To": self.to_number,
        }
        form.update(dict.fromkeys(_GEO, ""))
        if self.parent:
            form["ParentCallSid"] = self.parent.sid
        form.update(self.extra_parameters)
        return form

    def add_parameter(self, name: str, value: str) -> None:
        """Add a standard parameter (AnsweredBy) to all later requests."""
        self.extra_parameters[name] = value
        self._form = None

    def begin_turn(self, at: float) -> int:
        """We listen to this person now, in silence. Returns the index for `end_turn`."""
        self.listened.append((at, None))
        return len(self.listened) - 1

    def end_turn(self, index: int, at: float) -> None:
        self.listened[index] = (self.listened[index][0], at)

    def begin_hearing(self, heard: Heard) -> int:
        """Record a new sound. Returns its index for `end_hearing`."""
        _CHANGES.latest += 1
        self.heard.append(heard)
        self.changes.append(_CHANGES.latest)
        return len(self.heard) - 1

    def end_hearing(self, index: int, seconds: float, complete: bool) -> Heard:
        begun = self.heard[index]
        self.heard[index] = Heard(begun.at, begun.kind, begun.text_or_url, seconds, complete, True, begun.monotonic)
        _CHANGES.latest += 1
        self.changes[index] = _CHANGES.latest
        return self.heard[index]
