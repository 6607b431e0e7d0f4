"""What needs a person now: each with one owner, and one act that clears it. Pure."""

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from callflow.core import duty, supervision
from callflow.core.acts import state
from callflow.core.alarms import Cause
from callflow.core.bounds import WITH_LEAD
from callflow.core.call import Call, Lock, Outcome, Role
from callflow.core.configuration import Configuration, Group
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.records import record
from callflow.core.stages import Stage as S
from callflow.core.timer_names import Timer
from callflow.service.board.journal_facts import JournalFacts
from callflow.service.board.sentences import Names, hold_ends


class Need(IntEnum):
    """In the order of urgency."""

    LOCK = 0
    CLOSING = 1
    ALONE = 2
    HOLD = 3
    CO_SIGN = 4
    OFFER = 5
    NOBODY = 6
    CALL_BACK = 7
    ALARM = 8
    INCIDENT = 9

    @property
    def word(self) -> str:
        return self.name.lower()


class CardAct(StrEnum):
    """What is pressed to clear a card: an act on a call, or one about what remains of it."""

    JOIN = "join"
    TAKE_OVER = "take_over"
    VETO = "veto"
    CO_SIGN = "co_sign"
    CALL_BACK = "call_back"
    KEPT = "kept"
    CLEAR = "clear"
    ANSWER = "answer"


@record
class Card:
    """``id`` stays the same as long as it is the same need. ``owner`` is a person's id. ``since`` or ``until`` is its
    clock, and ``clock`` says what that counts. ``state`` is what an act is decided on,
    "" for a follow-up, of which ``of`` is the id."""

    id: str
    need: Need
    call: str
    reference: str
    team: str
    state: str
    title: str
    sentence: str
    clock: str
    since: datetime | None = None
    until: datetime | None = None
    owner: str
    owner_name: str
    act: CardAct
    of: str = ""

    @property
    def order(self) -> tuple[int, datetime, str]:
        at = self.since or self.until
        assert at
        return self.need, at, self.id


def cards_of(call: Call, configuration: Configuration, facts: JournalFacts, at: datetime) -> Iterator[Card]:
    """Those of a live call. At most one for each need, and for who is alone or locked no second one about the same."""
    if not call.caller.live or call.stage in (S.AFTERCARE, S.ENDED):
        return
    helped = supervised(call)
    if call.locks and not helped:
        yield _locked(call, configuration, facts)
    elif call.stage is S.LEFT_ALONE or _waits_for_a_supervisor(call):
        yield _card(call, configuration, Need.ALONE, CardAct.TAKE_OVER, title="The caller is alone",
                    sentence="The agent has left, and a supervisor has to take the call.", clock="alone for",
                    since=call.search.since if call.search else call.at)  # fmt: skip
    elif _not_taken(call) and not helped:
        who = Names(call, configuration)
        yield _card(call, configuration, Need.OFFER, CardAct.JOIN, title="Nobody took the offer",
                    sentence=f"{who.lead} asked for a supervisor, and nobody came.", clock="for",
                    since=facts.not_taken_at or call.at)  # fmt: skip
    if call.stage is S.CLOSING and call.closing:
        yield _closing(call, configuration)
    if (ends := hold_ends(call)) and ends <= at:
        who = Names(call, configuration)
        yield _card(call, configuration, Need.HOLD, CardAct.JOIN, title="The hold is over its time",
                    sentence=f"{who.lead} promised to be back, and the caller still holds.", clock="over by",
                    since=ends)  # fmt: skip
    if asked := _co_signature(call):
        who = Names(call, configuration)
        yield _card(call, configuration, Need.CO_SIGN, CardAct.CO_SIGN, title="A closing needs your agreement",
                    sentence=f"{who.lead} may end this call only if a supervisor agrees.", clock="asked for",
                    since=asked)  # fmt: skip


def unserved(call: Call, configuration: Configuration) -> Card:
    """The card of a caller who waits for an agent while none of the team can come. It is shown on the board only."""
    return _card(call, configuration, Need.NOBODY, CardAct.TAKE_OVER, title="Nobody can take this call",
                 sentence="The caller waits, and every agent of the team is away, resting, off duty or on the staff "
                          "line.",
                 clock="waiting for", since=call.search.since if call.search else call.at)  # fmt: skip


def _locked(call: Call, configuration: Configuration, facts: JournalFacts) -> Card:
    threat = Lock.THREAT in call.locks
    who = Names(call, configuration)
    alone = f"{who.lead} is alone with the caller" if call.lead else "The caller is alone"
    return _card(call, configuration, Need.LOCK, CardAct.JOIN if call.lead else CardAct.TAKE_OVER,
                 title="Threat, no supervisor yet" if threat else "Safeguarding, no supervisor yet",
                 sentence=f"{alone}. {f'{who.rung} is being rung.' if who.rung else 'Nobody is being rung.'}",
                 clock="for", since=facts.locked_at or call.at)  # fmt: skip


def _closing(call: Call, configuration: Configuration) -> Card:
    who, begins = Names(call, configuration), call.deadlines.get(Timer.CLOSING)
    assert call.closing
    why = who.conduct(call.closing.conduct)
    return _card(call, configuration, Need.CLOSING, CardAct.VETO, title="A call is being closed",
                 sentence=f"{who.lead} closes it: {why}.", clock="begins" if begins else "decided",
                 since=None if begins else call.closing.confirmed_at, until=begins)  # fmt: skip


def _card(call: Call, configuration: Configuration, need: Need, act: CardAct, **said: Any) -> Card:
    owner = _owner(call, configuration)
    return Card(id=f"{call.id}-{need.word}", need=need, call=call.id, reference=call.reference, team=call.team,
                state=state(call), owner=owner, owner_name=configuration.name_of(owner) if owner else "", act=act,
                **said)  # fmt: skip


def _owner(call: Call, configuration: Configuration) -> str:
    """The supervisor whose telephone rings for it, or else the first of the team who is on duty or comes next."""
    for leg in call.legs:
        if leg.live and leg.person in configuration.supervisors and leg.role in (Role.CANDIDATE, Role.ALERTED):
            return leg.person
    team = configuration.teams.get(call.team) or next(iter(configuration.teams.values()), None)
    people = [one for one in team.supervisors if one in configuration.supervisors] if team else []
    return duty.first_on_duty(configuration, people, call.at)[0] if people else ""


def supervised(call: Call) -> bool:
    """Whether a supervisor leads the call or is on it."""
    lead = call.lead_leg
    return bool(call.helper) or bool(lead and lead.live and duty.rung_as_supervisor(lead))


def _waits_for_a_supervisor(call: Call) -> bool:
    return call.stage is S.WAITING and call.search is not None and call.search.group is Group.SUPERVISORS


def _not_taken(call: Call) -> bool:
    """Supervisors were rung in vain, nobody is rung now, and the caller has no promise of a call back instead."""
    promised = call.call_back is not None and bool(call.call_back.confirmed or call.call_back.number)
    return (call.delegate_upwards is Outcome.UNAVAILABLE and call.stage in WITH_LEAD
            and call.stage not in (S.RINGING, S.OFFERING_CALL_BACK) and not promised)  # fmt: skip


def _co_signature(call: Call) -> datetime | None:
    """Since when a supervisor is asked to agree to a closing, None if none is."""
    rung = [leg.since for leg in call.legs if leg.live and supervision.subject(leg) == supervision.CO_SIGNATURE]
    return min(rung) if rung else call.at if call.telling == supervision.CO_SIGNATURE else None


# -- what remains of calls

_CAUSES = {
    Cause.HOLD_OVERRUN: ("A hold overran", "The caller was kept longer than promised."),
    Cause.LATE_CALL_BACK: ("A call back was late", "The caller was not called back in time."),
    Cause.LOCKED_ALONE: ("Locked without a supervisor", "The agent was left alone for too long."),
    Cause.BREAK_SKIPPED: ("A break was skipped", "An agent went on without a break after an abusive call."),
    Cause.MANY_CLOSINGS: ("Many closings", "More calls were closed in 30 days than expected."),
}


def card_of(one: FollowUp, call: Call, configuration: Configuration) -> Card:
    """The card of a follow-up that is late or raised."""
    need, act, title, sentence, clock, since = _remains(one, call, configuration)
    return Card(id=one.id, need=need, call=call.id, reference=call.reference, team=call.team, state="", title=title,
                sentence=sentence, clock=clock, since=since, owner=one.person,
                owner_name=configuration.name_of(one.person), act=act, of=one.id)  # fmt: skip


def _remains(one: FollowUp, call: Call, configuration: Configuration
             ) -> tuple[Need, CardAct, str, str, str, datetime]:  # fmt: skip
    if one.kind is FollowUpKind.PROMISE:
        due = call.call_back.due if call.call_back else one.at
        can_be_called = configuration.outgoing_calls and call.call_back and call.call_back.number
        return (Need.CALL_BACK, CardAct.CALL_BACK if can_be_called else CardAct.KEPT, "A call back is late",
                "The caller was promised a call.", "late by", due)  # fmt: skip
    if one.kind is FollowUpKind.INCIDENT:
        return (Need.INCIDENT, CardAct.ANSWER, "An incident has no answer yet",
                "Its time to be answered is over.", "open for", one.at)  # fmt: skip
    title, sentence = _CAUSES.get(one.body.get("cause", ""), ("An alarm", "Something has to be looked at."))
    return Need.ALARM, CardAct.CLEAR, title, sentence, "raised", one.at
