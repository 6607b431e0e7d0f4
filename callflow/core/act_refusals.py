"""Whether an act is open to a person, and if not, why: in words for people who look at a screen."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from callflow.core import adjustments, duty, ladder, listening
from callflow.core.bounds import WITH_LEAD
from callflow.core.call import Call, Leg, LegStatus, Lock, Role
from callflow.core.configuration import Configuration, Group
from callflow.core.events import Act
from callflow.core.notes import NoteOutcome
from callflow.core.places import NOT_WITH_US_YET
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S

MOST_LEGS: Final = 16
"""No telephone is rung by an act once the call has had so many legs."""
JOINABLE: Final = (S.TALKING, S.CHOOSING, S.RINGING)
"""The stages in which a supervisor is brought together with caller and lead at once."""
ALONE: Final = (S.WAITING, S.LEFT_ALONE)
"""The stages in which nobody is with the caller, and people are searched."""
UNLOCKABLE: Final = (S.TALKING, S.CHOOSING, S.RINGING, S.INTRODUCING)
LOCKS: Final = MappingProxyType({"": Lock.SAFEGUARDING, **{one.value: one for one in Lock}})
"""What ``Acted.what`` says of a lock."""
REASONS: Final = MappingProxyType({
    one.value: one for one in (NoteOutcome.SAFE, NoteOutcome.MISUNDERSTANDING,
                               NoteOutcome.PASSED_TO_EMERGENCY_SERVICES)
})  # fmt: skip
"""What it says of the reason to lift one."""


class Reason(StrEnum):
    """Why an act is refused."""

    NOT_YOUR_CALL = "not_your_call"
    OWN_CALL = "own_call"
    CALL_OVER = "call_over"
    NOBODY_THERE = "nobody_there"
    ALREADY = "already"
    ON_THE_CALL = "on_the_call"
    RUNG_ALREADY = "rung_already"
    BEING_ASKED = "being_asked"
    TELEPHONE_IN_USE = "telephone_in_use"
    ENOUGH_LISTENERS = "enough_listeners"
    ENOUGH_TELEPHONES = "enough_telephones"
    HELPER_THERE = "helper_there"
    NOT_NOW = "not_now"
    NOT_LISTENING = "not_listening"
    NOTHING_TO_STOP = "nothing_to_stop"
    NOT_LOCKED = "not_locked"
    NO_REASON = "no_reason"
    NO_SUCH_PERSON = "no_such_person"
    NO_RELIEF = "no_relief"
    NOTHING_TO_SIGN = "nothing_to_sign"


SENTENCES: Final[Mapping[Reason, str]] = MappingProxyType({
    Reason.NOT_YOUR_CALL: "Only supervisors of the call's team may do this.",
    Reason.OWN_CALL: "You are on this call yourself, so another supervisor has to do this.",
    Reason.CALL_OVER: "The caller is no longer on the line.",
    Reason.NOBODY_THERE: "Nobody is with the caller yet.",
    Reason.ALREADY: "This is done already.",
    Reason.ON_THE_CALL: "This person is on the call already.",
    Reason.RUNG_ALREADY: "The telephone is being rung for this call already.",
    Reason.BEING_ASKED: "Somebody has answered, and is being asked to take the call.",
    Reason.TELEPHONE_IN_USE: "The telephone is in use.",
    Reason.ENOUGH_LISTENERS: "Two people listen to this call already.",
    Reason.ENOUGH_TELEPHONES: "Too many telephones have been rung for this call.",
    Reason.HELPER_THERE: "A supervisor is on the call already.",
    Reason.NOT_NOW: "Not in this moment: wait until caller and agent talk again.",
    Reason.NOT_LISTENING: "You do not listen to this call.",
    Reason.NOTHING_TO_STOP: "The call is not being ended.",
    Reason.NOT_LOCKED: "Neither safeguarding nor threat is on.",
    Reason.NO_REASON: "Say why: safe, misunderstanding, or passed to emergency services.",
    Reason.NO_SUCH_PERSON: "This is nobody who could be rung for this call.",
    Reason.NO_RELIEF: "Relief is for after a threat or severe conduct.",
    Reason.NOTHING_TO_SIGN: "No signature is missing, or it is too early for one.",
})  # fmt: skip


class Asked:
    """An act that somebody would like to do to a call."""

    __slots__ = ("act", "call", "configuration", "person", "reachable", "what")

    def __init__(self, call: Call, configuration: Configuration, person: str, act: Act, what: str = "",
                 reachable: bool = True) -> None:  # fmt: skip
        self.call, self.configuration, self.person = call, configuration, person
        self.act, self.what, self.reachable = act, what, reachable

    @property
    def own(self) -> Leg | None:
        """The leg of this person that is not over."""
        return leg_of(self.call, self.person)


def leg_of(call: Call, person: str) -> Leg | None:
    return next((leg for leg in call.legs[1:] if leg.live and leg.person == person and not leg.at(P.GONE)), None)


def permitted(call: Call, configuration: Configuration, person: str, act: Act) -> Reason | None:
    """Supervisors of the call's team; whoever is with the caller may also lock, and the lead be relieved."""
    leg = leg_of(call, person)
    with_caller = leg is not None and leg.role in (Role.LEAD, Role.HELPER)
    if with_caller and (act is Act.LOCK or (act is Act.RELIEF and leg == call.lead_leg)):
        return None
    team = configuration.teams.get(call.team)
    if team is None or person not in team.supervisors:
        return Reason.NOT_YOUR_CALL
    return Reason.OWN_CALL if person in duty.own_call(call, Group.SUPERVISORS) else None


def refusal(asked: Asked) -> Reason | None:
    """Why the act is not open, or None if it is."""
    call = asked.call
    if no := permitted(call, asked.configuration, asked.person, asked.act):
        return no
    return _not_there(call) or OPEN[asked.act](asked)


def _not_there(call: Call) -> Reason | None:
    if not call.caller.live or call.stage in (S.AFTERCARE, S.ENDED):
        return Reason.CALL_OVER
    if call.caller.place.name in NOT_WITH_US_YET or call.stage in (S.ARRIVING, S.PREPARING, S.DIALLING):
        return Reason.NOBODY_THERE
    return None


def closed(call: Call, act: Act) -> Reason | None:
    """Why this act of the board is open to nobody now, whoever asks. None: ``refusal`` says more of a person."""
    if no := _not_there(call):
        return no
    if act is Act.LOCK:
        return Reason.ALREADY if Lock.SAFEGUARDING in call.locks else None
    if act is Act.VETO:
        return None if call.stage is S.CLOSING else Reason.NOTHING_TO_STOP
    taken = act is Act.TAKE_OVER and call.stage in ALONE and call.search
    return None if taken or call.stage in WITH_LEAD or listening.of(call) else Reason.NOBODY_THERE


def _listen(asked: Asked) -> Reason | None:
    own = asked.own
    if own and own.role is Role.LISTENER:
        return Reason.ALREADY if own.wish == asked.act else None
    if asked.call.stage not in WITH_LEAD:
        return Reason.NOBODY_THERE
    return _rings(asked, asked.person)


def _rings(asked: Asked, person: str) -> Reason | None:
    """May a telephone be rung, and another listener come?"""
    if leg := leg_of(asked.call, person):
        return Reason.ON_THE_CALL if leg.role in (Role.LEAD, Role.HELPER) else Reason.RUNG_ALREADY
    if len(listening.of(asked.call)) >= listening.MOST:
        return Reason.ENOUGH_LISTENERS
    return _telephone(asked)


def _instead(asked: Asked, person: str) -> Reason | None:
    """May this person be rung instead of those who are, for a search? Not once one of them has answered."""
    if leg_of(asked.call, person):
        return Reason.RUNG_ALREADY
    if any(leg.status is LegStatus.UP for leg in asked.call.candidates):
        return Reason.BEING_ASKED
    return _telephone(asked)


def _telephone(asked: Asked) -> Reason | None:
    if len(asked.call.legs) >= MOST_LEGS:
        return Reason.ENOUGH_TELEPHONES
    return None if asked.reachable else Reason.TELEPHONE_IN_USE


def _join(asked: Asked) -> Reason | None:
    own, call = asked.own, asked.call
    if call.helper and not (own and own.id == call.helper):
        return Reason.HELPER_THERE
    if own and own.role is Role.LISTENER:
        if own.wish == asked.act:
            return Reason.ALREADY
        return None if call.stage in JOINABLE else Reason.NOT_NOW
    if call.stage not in WITH_LEAD:
        return Reason.NOBODY_THERE
    return _rings(asked, asked.person)


def _take_over(asked: Asked) -> Reason | None:
    own, call = asked.own, asked.call
    if own and own.id == call.helper:
        if call.stage is not S.INTRODUCING:
            return Reason.NOT_NOW
        return Reason.ALREADY if own.wish == Act.TAKE_OVER else None
    if own and own.id == call.lead:
        return Reason.ALREADY
    if call.stage in ALONE and call.search and not (own and own.role is Role.LISTENER):
        return _instead(asked, asked.person)
    return _join(asked)


def _leave(asked: Asked) -> Reason | None:
    return None if asked.own and asked.own.role is Role.LISTENER else Reason.NOT_LISTENING


def _veto(asked: Asked) -> Reason | None:
    return None if asked.call.stage is S.CLOSING else Reason.NOTHING_TO_STOP


def _ring(asked: Asked) -> Reason | None:
    call, team = asked.call, asked.configuration.teams[asked.call.team]
    for_agents = call.stage in ALONE and call.search is not None and call.search.group is Group.AGENTS
    groups = (Group.SUPERVISORS, Group.AGENTS) if for_agents else (Group.SUPERVISORS,)
    known = next((one for one in groups if asked.what in team.members(one)), None)
    if not asked.what:  # whether anybody can be rung, before a person is chosen
        return Reason.HELPER_THERE if call.helper else None
    if known is None or asked.what in duty.own_call(call, known):
        return Reason.NO_SUCH_PERSON
    if call.helper:
        return Reason.HELPER_THERE
    if call.stage in ALONE or call.stage is S.RINGING:
        return _instead(asked, asked.what)
    return _rings(asked, asked.what)


def _lock(asked: Asked) -> Reason | None:
    kind = LOCKS.get(asked.what)
    return Reason.NO_REASON if kind is None else Reason.ALREADY if kind in asked.call.locks else None


def _unlock(asked: Asked) -> Reason | None:
    if not asked.call.locks:
        return Reason.NOT_LOCKED
    if asked.call.stage not in UNLOCKABLE:
        return Reason.NOT_NOW
    return None if asked.what in REASONS else Reason.NO_REASON


def _relief(asked: Asked) -> Reason | None:
    if asked.call.stage not in WITH_LEAD:
        return Reason.NOBODY_THERE
    return Reason.NO_RELIEF if ladder.relief(asked.call, asked.configuration.policy) else None


def _co_sign(asked: Asked) -> Reason | None:
    call = asked.call
    if not call.adjustments or call.stage not in WITH_LEAD or call.locks:
        return Reason.NOTHING_TO_SIGN
    if call.lead_leg and call.lead_leg.person == asked.person:  # a supervisor who has the call agrees with nobody
        return Reason.OWN_CALL
    return None if signs(call, asked.configuration) else Reason.NOTHING_TO_SIGN


def signs(call: Call, configuration: Configuration) -> str:
    """What a supervisor can agree to now for a caller with an adjustment: "warning", "closing" or ""."""
    if not adjustments.agreed(call):
        return "warning"
    refused = ladder.closing(call, configuration.policy)
    return "closing" if refused and refused.script == ladder.CO_SIGN else ""


OPEN: Final[Mapping[Act, Callable[[Asked], Reason | None]]] = MappingProxyType({
    Act.LISTEN: _listen, Act.COACH: _listen, Act.JOIN: _join, Act.TAKE_OVER: _take_over, Act.LEAVE: _leave,
    Act.VETO: _veto, Act.RING: _ring, Act.LOCK: _lock, Act.UNLOCK: _unlock, Act.RELIEF: _relief,
    Act.CO_SIGN: _co_sign,
})  # fmt: skip
