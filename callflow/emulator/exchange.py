"""The state of the emulated account, and how events and errors are reported. No other behaviour."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callflow.emulator.clock import Clock
from callflow.emulator.events import ErrorRaised, Event, LegEvent, Noted
from callflow.emulator.identifiers import Sids
from callflow.emulator.legs import Heard, Leg
from callflow.emulator.switches import RandomFaults, Switches
from callflow.emulator.transport import AppClient

if TYPE_CHECKING:
    from callflow.emulator.messages import Message
    from callflow.emulator.numbers import CallerId, Number, SipDomain
    from callflow.emulator.phones import Phone
    from callflow.emulator.queues import CallQueue
    from callflow.emulator.recordings import Recording
    from callflow.emulator.rooms import Room
    from callflow.emulator.sounds import Sounds

EVENTS_KEPT = 20_000
Listener = tuple[type[Event], Callable[[Event], None]]
"""Of which kind the events are that it is called with."""


class Person(NamedTuple):
    """Somebody whose phone a page shows. `side`: left (a caller), centre, right."""

    number: str
    name: str
    role: str
    side: str


class ErrorEntry(NamedTuple):
    """One entry of Twilio's Debugger. `leg` is a call SID or None."""

    at: datetime
    leg: str | None
    code: int
    text: str


class RestEntry(NamedTuple):
    """One REST request as it arrived."""

    method: str
    path: str
    form: list[tuple[str, str]]
    status: int


@dataclass(eq=False)
class Exchange:
    """All state of one emulated account. Changed only under `clock.lock`."""

    account_sid: str
    auth_token: str
    clock: Clock
    app_client: AppClient
    switches: Switches
    faults: RandomFaults
    sids: Sids
    calls_per_second: float
    api_base: str = "https://api.twilio.com"
    legs: dict[str, Leg] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    """By SID, including those that have ended; `rooms_by_name` has only those that are not completed."""
    rooms_by_name: dict[str, Room] = field(default_factory=dict)
    numbers: dict[str, Number] = field(default_factory=dict)
    caller_ids: dict[str, CallerId] = field(default_factory=dict)
    domains: dict[str, SipDomain] = field(default_factory=dict)
    connect_own: Callable[[Leg], bool] | None = None
    """Rings a number of the account itself (`wires.connect`)."""
    account_type: str = "Full"
    """Full or Trial."""
    account_status: str = "active"
    """active, suspended or closed."""
    restricted: set[tuple[str, str]] = field(default_factory=set)
    """What its API key may not do: (method, resource), as ("POST", "Calls")."""
    call_tokens: dict[str, str] = field(default_factory=dict)
    """CallToken of an incoming call -> the number that it came from."""
    forbidden: dict[str, int] = field(default_factory=dict)
    """Numbers that the account may not call, with the error code (21215: its country is switched off)."""
    recording_faults: dict[str, tuple[int, bool]] = field(default_factory=dict)
    """Faults of recordings of calls: for "start", "paused" or "in-progress" the HTTP status (4xx or 5xx) that answers
    the request, and whether it is carried out all the same."""
    recordings: dict[str, Recording] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    queues: dict[str, CallQueue] = field(default_factory=dict)
    next_slot: dict[str, float] = field(default_factory=dict)
    """When the next outgoing call may start, in clock seconds, per queue (calls, participants)."""
    media_seconds: dict[str, float] = field(default_factory=dict)
    sounds: Sounds | None = None
    """What was played and said, as files for a page; None if nobody wants to hear it (`Emulator.keep_sounds`)."""
    cast: list[Person] = field(default_factory=list)
    """Whose phones a page shows, in this order."""
    errors: list[ErrorEntry] = field(default_factory=list)
    rest_log: list[RestEntry] = field(default_factory=list)
    events: deque[tuple[int, Event]] = field(default_factory=lambda: deque(maxlen=EVENTS_KEPT))
    listeners: list[Listener] = field(default_factory=list)
    event_count: int = 0
    chaos_hung_up: bool = False
    main: Exchange | None = None
    """The exchange of the main account, if this one is of a sub-account."""
    sub_accounts: dict[str, Exchange] = field(default_factory=dict)

    def add_sub_account(self, account_sid: str, auth_token: str) -> Exchange:
        """A sub-account has calls, rooms, numbers and a rate of its own. Telephones, clock and log are the same."""
        other = replace(
            self, account_sid=account_sid, auth_token=auth_token, legs={}, rooms={}, rooms_by_name={}, numbers={},
            domains={}, caller_ids={}, recordings={}, messages={}, queues={}, next_slot={}, sub_accounts={}, main=self,
        )  # fmt: skip
        self.sub_accounts[account_sid] = other
        return other

    @property
    def accounts(self) -> list[Exchange]:
        """This account and its sub-accounts."""
        return [self, *self.sub_accounts.values()]

    def of_account(self, account_sid: str) -> Exchange | None:
        return self if account_sid == self.account_sid else self.sub_accounts.get(account_sid)

    def emit(self, event: Event) -> None:
        """Report an event to all listeners."""
        if self.main is not None:
            return self.main.emit(event)
        self.event_count += 1
        self.events.append((self.event_count, event))
        for kind, callback in self.listeners:
            if isinstance(event, kind):
                callback(event)
        wanted = self.faults.chaos.hang_up_at
        if wanted is not None and not self.chaos_hung_up and wanted(event):
            self._caller_hangs_up(event)
        return None

    def _caller_hangs_up(self, event: Event) -> None:
        own = self.legs.get(event.leg) if isinstance(event, LegEvent) else None
        callers = [leg for leg in self.legs.values() if leg.direction == "inbound" and leg.live and leg.phone]
        caller = own if own in callers else next(reversed(callers), None)
        if caller is not None and caller.phone is not None:
            self.chaos_hung_up = True
            self.clock.post(caller.phone.hang_up)

    def may_show(self, number: str) -> bool:
        """Whether an outgoing call may have this number as its caller id."""
        return number in self.numbers or number in self.caller_ids

    def proves(self, token: str, number: str) -> bool:
        """Whether this CallToken lets an outgoing call show this number: that of the call that it came with."""
        return self.switches.call_token_accepted and self.call_tokens.get(token) == number

    @property
    def lines(self) -> str:
        """All numbers of this account and its sub-accounts, for a message."""
        return ", ".join(number for one in self.accounts for number in one.numbers) or "none yet: add_number() first"

    def line_of(self, called: str) -> Number | None:
        """The number, or the SIP domain, that a call to this address reaches."""
        if called.startswith("sip:"):
            return self.domains.get(called.partition("@")[2].partition(";")[0].partition(":")[0].lower())
        return self.numbers.get(called)

    def complain(self, code: int, text: str, leg: Leg | None = None) -> None:
        """Add a Twilio error or warning code to `errors`, and report it as an event."""
        entry = ErrorEntry(self.clock.now(), leg.sid if leg else None, code, text)
        self.errors.append(entry)
        self.emit(ErrorRaised(entry.at, entry.leg, code, text))

    def note(self, text: str, leg: Leg | None = None) -> None:
        """Report that something was accepted but is not emulated."""
        self.emit(Noted(self.clock.now(), leg.sid if leg else None, text))

    def begin_sound(self, leg: Leg, kind: str, text_or_url: str) -> int:
        """`leg` begins to hear a sound. Returns its index for `end_sound`."""
        return leg.begin_hearing(Heard(self.clock.now(), kind, text_or_url, monotonic=self.clock.monotonic()))

    def end_sound(self, leg: Leg, index: int, complete: bool) -> None:
        """`leg` no longer hears the sound."""
        leg.end_hearing(index, self.clock.monotonic() - leg.heard[index].monotonic, complete)
