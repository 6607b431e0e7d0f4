"""One call as one frozen value: what the next decision needs, and nothing else.

A leg's ``token`` numbers its documents, so that an answer to an earlier one is recognised; ``seen`` is that of the
document which it has fetched. While it is less, the leg must be redirected.
"""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeAlias, TypedDict, TypeVar, Unpack

from callflow.core.evidence import CallBack, Closing, Consent, Recorded, Warned
from callflow.core.origin import Origin, OriginChanges
from callflow.core.records import immutable, record_with_dict
from callflow.core.search import Search as Search
from callflow.core.stages import LegStatus as LegStatus
from callflow.core.stages import PlaceName, Stage
from callflow.core.stages import Role as Role
from callflow.core.timer_names import TimerName

T = TypeVar("T")
Word: TypeAlias = "str | Prompt | tuple[Word, ...]"  # as the configuration has it, a fragment, or one after the other


@immutable
class Prompt:
    """A script or a fragment, with its variables at the time of the decision; ``prompts.text`` says it in words."""

    script: str
    values: Mapping[str, "Word"] = field(default_factory=dict)


@immutable
class Place:
    """Where a leg is: the name of its document, the prompts spoken first, and what else the document depends on."""

    name: PlaceName
    prompts: tuple[Prompt, ...] = ()
    details: Mapping[str, str | int] = field(default_factory=dict)  # whole seconds, conduct keys, names of steps

    def number(self, key: str) -> int:
        return int(self.details[key])

    def text(self, key: str) -> str:
        return str(self.details[key])


GONE, ROOM = Place(PlaceName.GONE), Place(PlaceName.ROOM)
CALLER = "caller"  # the id of the caller's leg; all other legs belong to staff


def _with(value: T, changes: Mapping[str, Any]) -> T:
    """``dataclasses.replace`` for calls and legs, which therefore have no slots: 2 us each, not 22 (tests/bench)."""
    before = value.__dict__
    after = {**before, **changes}
    if len(after) != len(before):
        raise TypeError(f"{type(value).__name__} has no such field among {sorted(changes)}")
    made = object.__new__(type(value))
    made.__dict__ = after
    return made


class LegChanges(TypedDict, total=False):  # the fields of a leg, for type checks of changes
    id: str
    role: Role
    place: Place
    person: str
    sid: str
    status: LegStatus
    token: int
    seen: int
    since: datetime
    ring_seconds: int
    accepted: bool
    declined: bool
    missed: bool
    wrap_up_until: datetime | None
    break_steps: int
    wish: str
    notice: int
    announced: bool
    later: str


@record_with_dict
class Leg:
    id: str
    role: Role
    place: Place
    person: str = ""
    sid: str = ""
    status: LegStatus = LegStatus.WANTED
    token: int = 1
    seen: int = 0
    since: datetime  # when the leg got its place, then when it fetched the document of it
    ring_seconds: int = 0
    accepted: bool = False  # by key; without it a person who was rung is never with the caller (F5)
    declined: bool = False  # by key, unlike ``missed``: rung in vain, not answered, or answered without a key
    missed: bool = False
    wrap_up_until: datetime | None = None  # also if the phone is hung up before; not after #
    break_steps: int = 0  # by how much the person made the break longer or shorter (``breaks``)
    wish: str = ""  # of a listener, or of who joined as one: what they want of the call (``act_events.Act``)
    notice: int = 0  # the token of the caller's document that says who is going to listen; 0: none, or it was not heard
    announced: bool = False  # the caller has heard it to its end
    later: str = ""  # as in Call

    def but(self, **changes: Unpack[LegChanges]) -> Self:
        return _with(self, changes)

    @property
    def live(self) -> bool:
        return self.status is not LegStatus.GONE

    @property
    def in_room(self) -> bool:
        return self.place.name is PlaceName.ROOM

    def at(self, name: PlaceName) -> bool:
        return self.place.name is name


class Outcome(StrEnum):  # of a step of the ladder; all but UNTRIED count as tried (rule 22)
    UNTRIED = "untried"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_CLEAR_ANSWER = "no_clear_answer"
    UNAVAILABLE = "unavailable"
    SKIPPED = "skipped"


class Lock(StrEnum):
    SAFEGUARDING = "safeguarding"
    THREAT = "threat"


class StageChanges(OriginChanges, total=False):  # the fields of a call that can change together with its stage
    id: str
    reference: str
    digest: str
    language: str
    flow: str
    number: str
    called: str
    started_at: datetime
    at: datetime
    seq: int
    legs: tuple[Leg, ...]
    step: str
    closed: tuple[str, ...]
    returns: tuple[str, ...]
    attempts: int
    variables: Mapping[str, str]
    lookup: str
    team: str
    reason: str
    lead: str
    helper: str
    asks: int
    time_out: Outcome
    delegate_upwards: Outcome
    holds: int
    held_seconds: int
    hold_refused_at: datetime | None
    hold_declined: bool
    silent_prompts: int
    silent_since: datetime | None
    consent: Consent | None
    waits_in_room: bool
    introduced_at: datetime | None
    warnings: tuple[Warned, ...]
    closing: Closing | None
    locks: tuple[Lock, ...]
    cool_down: bool
    more_cool_down: int
    search: Search | None
    call_back: CallBack | None
    outcome: str
    call_token: str
    untold: str
    recording: Recorded
    briefing: int
    warning_agreed: str
    co_signed: str
    unplayed: str
    telling: str
    later: str
    later_sealed: str


class CallChanges(StageChanges, total=False):  # for type checks of changes
    stage: Stage
    deadlines: Mapping[TimerName, datetime]


@record_with_dict
class Call(Origin):
    id: str
    reference: str  # spoken to the caller
    digest: str
    language: str
    flow: str
    number: str
    called: str
    started_at: datetime
    stage: Stage = Stage.ARRIVING
    at: datetime  # of the last event that was applied
    seq: int = 0
    legs: tuple[Leg, ...] = ()
    step: str = ""
    closed: tuple[str, ...] = ()  # flows that people have closed by hand
    returns: tuple[str, ...] = ()  # where each calling flow goes on, as "flow/step", the innermost last
    attempts: int = 0
    variables: Mapping[str, str] = field(default_factory=dict)  # may be sensitive: never in the journal or a log
    lookup: str = ""  # the one being waited for; an answer to any other is ignored
    team: str = ""
    reason: str = ""
    lead: str = ""
    helper: str = ""
    asks: int = 0
    time_out: Outcome = Outcome.UNTRIED
    delegate_upwards: Outcome = Outcome.UNTRIED
    holds: int = 0
    held_seconds: int = 0
    hold_refused_at: datetime | None = None
    hold_declined: bool = False  # it was a no; else there was no clear answer
    silent_prompts: int = 0  # asked for a sign, unanswered (``no_answer``)
    silent_since: datetime | None = None
    consent: Consent | None = None
    waits_in_room: bool = False  # help without hold: the caller talks on while a supervisor is rung and briefed
    introduced_at: datetime | None = None
    warnings: tuple[Warned, ...] = ()
    closing: Closing | None = None
    locks: tuple[Lock, ...] = ()
    cool_down: bool = False
    more_cool_down: int = 0  # as ``Leg.break_steps``, of all: set by the version before only
    search: Search | None = None
    call_back: CallBack | None = None
    outcome: str = ""
    call_token: str = ""  # the provider's proof of this call, for showing its number to staff; never in a log
    untold: str = ""  # the script for the lead's next menu: what we learnt late
    recording: Recorded = Recorded.OFF
    briefing: int = 0  # the number of the recording that supervisors hear first
    warning_agreed: str = ""  # the supervisor who has agreed to a warning (``adjustments.agreed``)
    co_signed: str = ""  # the supervisor who has agreed to the closing (rule 30)
    unplayed: str = ""  # why the closing message could not be played to its end; then it may be read aloud (rule 29)
    telling: str = ""  # what a supervisor is still to be rung for (``supervision``), "" for nothing
    later: str = ""  # JSON of the fields that only a newer Callflow knows; ``later_sealed``: of private ones
    later_sealed: str = ""
    deadlines: Mapping[TimerName, datetime] = field(default_factory=dict)  # never warn and never close (F3)

    def but(self, **changes: Unpack[CallChanges]) -> Self:
        return _with(self, changes)

    def leg(self, id: str) -> Leg | None:
        for leg in self.legs:  # twice as fast as ``next``
            if leg.id == id:
                return leg
        return None

    @property
    def caller(self) -> Leg:
        return self.legs[0]

    @property
    def lead_leg(self) -> Leg | None:
        return self.leg(self.lead) if self.lead else None

    @property
    def helper_leg(self) -> Leg | None:
        return self.leg(self.helper) if self.helper else None

    @property
    def candidates(self) -> tuple[Leg, ...]:
        return tuple([leg for leg in self.legs if leg.role is Role.CANDIDATE and leg.live])

    @property
    def room(self) -> str:
        return f"call-{self.id}"

    def moved(self, id: str, place: Place) -> Self:
        """The call with one leg at another place, which is a new document."""
        return self.changed(id, place=place, token=leg.token + 1, since=self.at) if (leg := self.leg(id)) else self

    def changed(self, id: str, /, **changes: Unpack[LegChanges]) -> Self:
        """The call with fields of one leg changed. Its document stays the same."""
        return _with(self, {"legs": tuple([_with(leg, changes) if leg.id == id else leg for leg in self.legs])})

    def timer(self, name: TimerName, at: datetime) -> Self:
        return _with(self, {"deadlines": {**self.deadlines, name: at}})

    def without_timer(self, *names: TimerName) -> Self:
        return self.but(deadlines={key: at for key, at in self.deadlines.items() if key not in names})
