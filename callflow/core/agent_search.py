"""Finding a person for the call: who is rung next, ringing, and the key 1 without which nobody is connected (F5)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from callflow.core import briefing, duty, tries
from callflow.core.call import CALLER, Call, Leg, LegStatus, Lock, Place, Prompt, Role, Search, Word
from callflow.core.configuration import Configuration, Group
from callflow.core.draft import DecisionDraft, listed
from callflow.core.events import (
    DigitPressed,
    LegAnswered,
    LegEvent,
    LegLost,
    LegNotReached,
    NobodyFree,
    PeopleFound,
    RingPlaced,
    SearchRenewed,
    TimerFired,
)
from callflow.core.notes import NO_OUTCOME, AnyOutcome, NoteKind, NoteOutcome, OutcomeText
from callflow.core.places import SPOKEN, TOLD_OF
from callflow.core.stages import PlaceName, Stage
from callflow.core.telephones import ask, everybody_at, in_turn
from callflow.core.timer_names import Timer, leg_of, leg_timer

RING_GRACE_SECONDS = 15
"""The provider may ring up to 5 s longer than requested (twilio.md 6.2), and its report may be late."""
ANSWERED_SECONDS = 90
"""Limit of an offer or a briefing, repetitions included, so that an unattended phone does not block the search."""
WAITED_SECONDS = 5
"""From here on an offer says how long the caller has waited."""
SEARCH_AGAIN_SECONDS = 10
LEFT_ALONE_PAUSE_SECONDS = 3
LEFT_ALONE = 10
"""Priority of a caller whose lead has left. The steps of flows have 0 to 9, so this caller comes first."""
OTHER_GROUP = {Group.AGENTS: Group.SUPERVISORS, Group.SUPERVISORS: Group.AGENTS}
SEARCHING = (Stage.WAITING, Stage.LEFT_ALONE, Stage.RINGING)
PAGE_AGAIN_SECONDS = 60
MOST_LEGS = 12
"""With a lock on, supervisors are paged again until the call has this many legs. After that only ``*`` ``2`` of the
lead pages them."""


def next_people(call: Call, configuration: Configuration) -> tuple[str, ...]:
    """The ids of the people that the call may ring now, in the team's order.

    Empty while somebody is being rung, in the pause between two rounds, when everybody was tried or the time is over.
    """
    search = call.search
    if not search or call.stage not in SEARCHING or call.candidates or Timer.SEARCH in call.deadlines:
        return ()
    if search.until and call.at >= search.until:
        return ()
    rung = (*search.tried, *(leg.person for leg in call.legs if leg.live))
    left_out = everybody_at(rung, configuration.shared_telephones)
    people = duty.prepared_first(
        call, configuration, duty.ringable(call, configuration, search.team, search.group, call.at)
    )
    possible = [one for one in people if one not in left_out and not tries.pausing(call, one)]
    return in_turn(possible, call, configuration.shared_telephones)


def ring(draft: DecisionDraft, event: PeopleFound, rung: Collection[str] = ()) -> None:
    """Ring these people, whom the service has claimed for this call, but not those whose telephone is ``rung``."""
    search = draft.call.search
    if not search:
        return
    missed = dict(zip(event.people, event.missed, strict=False))
    for person in event.people:
        if person not in rung:
            add_leg(draft, person, Role.CANDIDATE, duty.PREFIX[search.group], missed.get(person, 0))
    draft.call = draft.call.but(search=replace(search, tried=(*search.tried, *event.people)))


def add_leg(draft: DecisionDraft, person: str, role: Role, prefix: str, missed: int = 0) -> str:
    """Add an outgoing leg and return its id. It is rung because it is new and its place is RINGING."""
    seconds = draft.policy.delegate_upwards.ring_seconds
    id = f"{prefix}{len(draft.call.legs)}"
    place = Place(PlaceName.RINGING, details={tries.MISSED: missed} if missed else {})
    leg = Leg(id=id, role=role, person=person, place=place, since=draft.at, ring_seconds=seconds)
    draft.call = draft.call.but(legs=(*draft.call.legs, leg))
    draft.timer(leg_timer(id), seconds + RING_GRACE_SECONDS)
    draft.note(NoteKind.RINGING, person, outcome=OutcomeText(role.value), seconds=seconds)
    return id


def placed(draft: DecisionDraft, event: RingPlaced) -> None:
    """The provider rings the leg. If the leg was released in the meantime, a new document now orders its release."""
    leg = draft.call.leg(event.leg)
    if leg is None or leg.sid or leg.status is not LegStatus.WANTED:
        return
    draft.call = draft.call.changed(leg.id, sid=event.sid, status=LegStatus.RINGING)
    _can_ring(draft)
    if leg.at(PlaceName.GONE):
        draft.call = draft.call.moved(leg.id, leg.place)


def _can_ring(draft: DecisionDraft) -> None:
    """The provider has rung somebody, so its earlier refusals were about single people."""
    search = draft.call.search
    if search and search.refused:
        draft.call = draft.call.but(search=replace(search, refused=()))


def refused(draft: DecisionDraft, person: str) -> None:
    """The provider will not ring this person, now or for any other caller."""
    search = draft.call.search
    if search:
        known = dict.fromkeys((*search.refused, person))
        draft.call = draft.call.but(search=replace(search, refused=tuple(known)))


def still_possible(call: Call, configuration: Configuration) -> frozenset[str]:
    """Whom it makes sense to wait for: all on duty who have not declined, and whom the provider rings."""
    refused = call.search.refused if call.search else ()
    return searched(call, configuration).difference(refused, tries.declined(call))


def searched(call: Call, configuration: Configuration) -> frozenset[str]:
    """Everybody of the search who may be rung at this time, busy or not."""
    search = call.search
    if not search:
        return frozenset()
    groups = (search.group, OTHER_GROUP[search.group]) if search.priority >= LEFT_ALONE else (search.group,)
    people = [duty.ringable(call, configuration, search.team, group, call.at) for group in groups]
    return frozenset().union(*people)


def nobody_can_be_rung(draft: DecisionDraft) -> bool:
    """Whether everybody has declined or is refused by the provider, so that waiting is in vain."""
    call = draft.call
    return bool(call.search) and not call.candidates and not still_possible(call, draft.configuration)


def answered(draft: DecisionDraft, event: LegAnswered) -> None:
    """A phone was answered, perhaps by voicemail: it hears an offer or a briefing, which must be accepted by key."""
    leg = picked_up(draft, event)
    if leg is None:
        return
    draft.note(NoteKind.ANSWERED, draft.actor(leg.id))
    if leg.role is Role.ALERTED and TOLD_OF in leg.place.details:
        return  # a supervisor, for a message (``supervision.answered``)
    if leg.role is Role.ALERTED:
        said = "alert" if Lock.THREAT in draft.call.locks else "alert_safeguarding"
        ask(draft, leg, PlaceName.ALERT, [draft.prompt(said)])
    else:
        brief(draft, leg)


def picked_up(draft: DecisionDraft, event: LegAnswered) -> Leg | None:
    """Note that the leg is up. Returns it with its time to press a key begun; None if it was already, or was let go."""
    leg = draft.call.leg(event.leg)
    if not leg or leg.status not in (LegStatus.WANTED, LegStatus.RINGING):
        return None
    draft.call = draft.call.changed(leg.id, sid=event.sid, status=LegStatus.UP)
    _can_ring(draft)
    if leg.at(PlaceName.GONE):
        return None
    draft.timer(leg_timer(leg.id), ANSWERED_SECONDS)
    return leg


def brief(draft: DecisionDraft, leg: Leg) -> None:
    """What is heard before the accept key, and if it is not pressed: by supervisors a briefing, by agents an offer."""
    search, missed, before = draft.call.search, draft.prompt("offer_missed"), tries.before(leg)
    away = [draft.prompt("you_are_away")] if tries.is_away(leg) else []
    if not search:
        draft.release(leg.id, draft.prompt("offer_gone"))
    elif search.group is Group.SUPERVISORS:
        told = [*away, draft.prompt("whisper", facts=briefing.facts(draft))]
        if spoken := draft.call.briefing:
            before = {**before, SPOKEN: spoken}
            draft.note(NoteKind.RECORDING_OPENED, leg.person, outcome=OutcomeText("played"), recording=spoken,
                       reason="briefing")  # fmt: skip
        ask(draft, leg, PlaceName.BRIEFING, told, missed, with_agent=briefing.agent_there(draft), **before)
    else:
        waited = round((draft.at - search.since).total_seconds())
        waiting: Word = draft.fragment("offer_waiting", n=waited) if waited >= WAITED_SECONDS else ""
        known = briefing.flags(draft)
        careful = [draft.prompt("offer_flags", flags=listed(known))] if known else []
        offered = draft.prompt("offer", n=waited, waiting=waiting)
        ask(draft, leg, PlaceName.OFFER, [*away, *careful, offered], missed, **before)


def accept(draft: DecisionDraft, event: DigitPressed) -> Leg:
    """The accept key was pressed. Nobody who was rung gets into the room without it."""
    leg = draft.call.leg(event.leg)
    assert leg is not None
    draft.note(NoteKind.ACCEPTED, leg.person, key=event.key)
    draft.release_candidates("offer_gone", but=leg.id)
    draft.call = draft.call.changed(leg.id, accepted=True).but(search=None).without_timer(leg_timer(leg.id))
    return leg


def take_lead(draft: DecisionDraft, leg: Leg) -> None:
    """The person rung for a waiting caller becomes the lead. If the call is locked and this is an agent, page later."""
    news = _lead_lost_since(draft, leg)
    draft.role(leg.id, Role.LEAD)
    draft.stage(Stage.TALKING, lead=leg.id, helper="")
    alone = bool(draft.call.locks) and not duty.rung_as_supervisor(leg)
    draft.room(leg.id, *news, *((draft.advising("supervisor", "no_supervisor_locked"),) if alone else ()))
    draft.room(CALLER)
    page_later(draft)


def _lead_lost_since(draft: DecisionDraft, leg: Leg) -> list[Prompt]:
    """For a supervisor who was asked to help a lead, and has the call now because that lead was lost."""
    agent = leg.place.details.get("with_agent", "")
    return [draft.prompt("lead_lost_staff", agent=agent)] if agent else []


def page_later(draft: DecisionDraft) -> None:
    """Set the paging timer if a locked call is led by an agent (rules 34, 46), up to ``MOST_LEGS``."""
    lead = draft.call.lead_leg
    led = lead is not None and duty.rung_as_supervisor(lead)
    if draft.call.locks and not led and len(draft.call.legs) < MOST_LEGS:
        draft.timer(Timer.PAGE, PAGE_AGAIN_SECONDS)


def decline(draft: DecisionDraft, event: DigitPressed, reason: AnyOutcome = NO_OUTCOME) -> None:
    draft.note(NoteKind.DECLINED, draft.actor(event.leg), key=event.key, outcome=reason)
    draft.call = draft.call.changed(event.leg, declined=True)
    draft.release(event.leg, draft.prompt("declined_thanks"))
    draft.role(event.leg, Role.PARTED)


def not_reached(draft: DecisionDraft, event: LegNotReached | LegLost) -> None:
    """Busy, no answer, a hang-up, or voicemail: the next person can be rung."""
    leg = draft.call.leg(event.leg)
    if leg and leg.live:
        if leg.role is not Role.PARTED:
            draft.note(NoteKind.NOT_REACHED, draft.actor(leg.id), outcome=OutcomeText(event.status))
            if event.status in tries.UNANSWERED:
                _in_vain(draft, leg)
        draft.lost(leg.id)
        draft.role(leg.id, Role.PARTED)


def _in_vain(draft: DecisionDraft, leg: Leg) -> None:
    draft.call = tries.in_vain(draft.call, leg)
    if tries.becomes_away(leg):
        draft.note(NoteKind.AWAY, leg.person, outcome=NoteOutcome.NOT_REACHED)


def rang_long_enough(draft: DecisionDraft, event: TimerFired) -> None:
    """Our own timer for a ringing phone or an unanswered offer has fired, in case the provider's report is lost."""
    leg = leg_of(event.name)
    if (found := draft.call.leg(leg)) and found.status is not LegStatus.WANTED:
        _in_vain(draft, found)
    draft.note(NoteKind.NOT_REACHED, draft.actor(leg), outcome=NoteOutcome.TIME_OVER)
    draft.release(leg)
    draft.role(leg, Role.PARTED)


def ring_nobody_else(draft: DecisionDraft) -> bool:
    """The time to ring is over. Whoever has answered may still accept; returns False if nobody has."""
    search = draft.call.search
    for leg in draft.call.candidates:
        if leg.status is not LegStatus.UP:
            draft.release(leg.id)
            draft.role(leg.id, Role.PARTED)
    if search and draft.call.candidates:
        draft.call = draft.call.but(search=replace(search, until=search.until or draft.at))
    return bool(draft.call.candidates)


def answer_ignored(draft: DecisionDraft, event: LegEvent) -> None:
    """No key was pressed at an offer or a briefing. The document hangs up by itself; nobody was connected."""
    draft.note(NoteKind.NOT_ACCEPTED, draft.actor(event.leg))
    if leg := draft.call.leg(event.leg):
        _in_vain(draft, leg)
    draft.release(event.leg)
    draft.role(event.leg, Role.PARTED)


def nobody_now(draft: DecisionDraft, event: NobodyFree) -> None:
    """Nobody can be rung at the moment: everybody is tried again after a pause.

    For a caller whose lead has left, the search alternates between agents and supervisors.
    """
    search = draft.call.search
    if not search or draft.call.candidates or Timer.SEARCH in draft.call.deadlines:
        return
    group = OTHER_GROUP[search.group] if search.priority >= LEFT_ALONE else search.group
    draft.call = draft.call.but(search=replace(search, group=group, tried=(), ahead=event.ahead))
    draft.timer(Timer.SEARCH, LEFT_ALONE_PAUSE_SECONDS if search.priority >= LEFT_ALONE else SEARCH_AGAIN_SECONDS)


def renewed(draft: DecisionDraft, event: SearchRenewed) -> None:
    """End the pause between two searches early."""
    draft.call = draft.call.without_timer(Timer.SEARCH)


def until(draft: DecisionDraft, seconds: int, group: Group) -> Search:
    """A search of the call's team that ends after ``seconds``."""
    return Search(group=group, team=draft.call.team, until=draft.at + timedelta(seconds=seconds), since=draft.at)
