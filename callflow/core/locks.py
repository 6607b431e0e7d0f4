"""Safeguarding and threat: set by one key at any time, without confirmation; lifted by supervisors (rules 34 to 36)."""

from dataclasses import replace

from callflow.core import agent_search, duty, listening, staff
from callflow.core.bounds import WITH_LEAD
from callflow.core.call import CALLER, Lock, Outcome, Prompt, Role, Search
from callflow.core.configuration import Group
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, Event, LegLost, LegNotReached, TimerFired
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.stages import PlaceName, Stage
from callflow.core.steps import delegate_upwards, draw_the_line, handing_over, time_out
from callflow.core.timer_names import Timer

MOST_ALERTS = 3
UNLOCK_REASONS = {
    "1": NoteOutcome.SAFE, "2": NoteOutcome.MISUNDERSTANDING, "3": NoteOutcome.PASSED_TO_EMERGENCY_SERVICES,
}  # fmt: skip
"""What ``unlock_menu`` says; a key that is not announced must not lift a lock."""


def lock(draft: DecisionDraft, event: Event, kind: Lock) -> None:
    """Stop what plays, bring the caller back, page supervisors, tell the security desk."""
    by, key = draft.who(event)
    draft.note(NoteKind(kind.value), by, key=key, outcome=NoteOutcome.ON)
    draw_the_line.stop(draft, event)
    if draft.call.stage is Stage.HOLDING:
        draft.room(CALLER, draft.prompt("hold_return"))
    time_out.stop(draft)
    locks = draft.call.locks if kind in draft.call.locks else (*draft.call.locks, kind)
    draft.call = draft.call.but(locks=locks, closing=None, cool_down=True)
    page(draft)
    draft.room(draft.call.lead, draft.prompt(f"{kind.value}_on"))
    _tell_security(draft, kind)


def lock_from_afar(draft: DecisionDraft, event: DigitPressed, kind: Lock) -> None:
    """The same key of somebody who is rung, listens, or has left the caller: they hear what they were asked again."""
    lock_anywhere(draft, event, kind)
    leg = draft.call.leg(event.leg)
    if leg and leg.role is Role.PARTED:
        staff.wrap_up(draft, leg.id, draft.prompt("wrap_up_saved"))
    elif leg and leg.role is Role.CANDIDATE:
        agent_search.brief(draft, leg)
    elif leg and leg.role is Role.LISTENER:
        listening.ask_again(draft, leg)


def lock_anywhere(draft: DecisionDraft, event: Event, kind: Lock) -> None:
    """Also while nobody is with the caller yet, or any more: whoever is found hears of it before the accept key."""
    if draft.call.stage in WITH_LEAD:
        return lock(draft, event, kind)
    by, key = draft.who(event)
    draft.note(NoteKind(kind.value), by, key=key, outcome=NoteOutcome.ON)
    locks = draft.call.locks if kind in draft.call.locks else (*draft.call.locks, kind)
    draft.call = draft.call.but(locks=locks, cool_down=True)
    return _tell_security(draft, kind)


def _tell_security(draft: DecisionDraft, kind: Lock) -> None:
    """The security desk is told of a threat, and of safeguarding if no supervisor is on duty.

    It is rung again if the key is pressed again, because the prompt says so.
    """
    desk = next((leg for leg in draft.call.legs if leg.role is Role.ALERTED and leg.live), None)
    if kind is Lock.SAFEGUARDING and _supervisors_on_duty(draft):
        return
    if desk is None:
        agent_search.add_leg(draft, "security", Role.ALERTED, "x")
    elif kind is Lock.THREAT and desk.at(PlaceName.ALERT) and desk.place.prompts[0].script != "alert":
        draft.put(desk.id, PlaceName.ALERT, draft.prompt("alert"))


def _supervisors_on_duty(draft: DecisionDraft) -> bool:
    """Whether a supervisor of the team is on duty, who is not the agent on the call."""
    team, own = draft.configuration.teams.get(draft.call.team), duty.own_call(draft.call, Group.SUPERVISORS)
    people = team.supervisors if team else ()
    return any(duty.on_duty(draft.configuration, one, draft.at) for one in people if one not in own)


def alert_lost(draft: DecisionDraft, event: LegLost | LegNotReached) -> None:
    """The leg of the security desk is over. If it was not answered it is rung again, ``MOST_ALERTS`` times in all."""
    draft.lost(event.leg)
    if isinstance(event, LegLost):
        return
    draft.note(NoteKind.NOT_REACHED, draft.actor(event.leg), outcome=OutcomeText(event.status))
    rung = sum(leg.role is Role.ALERTED for leg in draft.call.legs)
    if rung < MOST_ALERTS and draft.call.caller.live and draft.call.locks:
        agent_search.add_leg(draft, "security", Role.ALERTED, "x")


def page(draft: DecisionDraft) -> None:
    """Bring a supervisor in: the one on the call, those being rung, or else new ones. Caller and lead are together."""
    draft.call = draft.call.without_timer(Timer.PAGE)
    if draft.call.helper:
        handing_over.bring_together(draft)
    elif draft.call.stage is Stage.RINGING:
        delegate_upwards.wait_in_room(draft)
    else:
        delegate_upwards.call_supervisors(draft, in_room=True)


def page_again(draft: DecisionDraft, event: TimerFired) -> None:
    """No supervisor has the call yet: ring them again, as long as the lock is on."""
    draft.call = draft.call.without_timer(event.name)
    led = may_unlock(draft, draft.call.lead)  # a supervisor has the call already
    if not draft.call.locks or not draft.call.caller.live or draft.call.helper or led:
        return
    if draft.call.stage is Stage.TALKING:
        draft.note(NoteKind.DELEGATE_UPWARDS, outcome=NoteOutcome.PAGED_AGAIN)
        page(draft)
    draft.timer(Timer.PAGE, agent_search.PAGE_AGAIN_SECONDS)


def ask_unlock(draft: DecisionDraft, event: DigitPressed) -> None:
    """Play the menu of reasons. Only for a lead who is a supervisor."""
    draft.put(event.leg, PlaceName.UNLOCK_MENU, draft.prompt("unlock_menu"), seconds=draft.policy.menu.seconds)


def may_unlock(draft: DecisionDraft, leg: str) -> bool:
    found = draft.call.leg(leg)
    return bool(found and draft.call.locks and duty.rung_as_supervisor(found))


def unlock(draft: DecisionDraft, event: DigitPressed) -> None:
    """A supervisor lifts the locks and gives a reason. The ladder starts again from the beginning (rule 35)."""
    reason = UNLOCK_REASONS.get(event.key)
    draft.stage(Stage.TALKING)
    if not reason:
        return draft.room(event.leg)
    lift(draft, event, reason)
    return draft.room(event.leg, draft.prompt("unlocked"))


def lift(draft: DecisionDraft, event: Event, reason: NoteOutcome) -> None:
    """Without the menu: the locks are off, and the ladder is at its beginning."""
    by, key = draft.who(event)
    draft.note(NoteKind.UNLOCKED, by, key=key, outcome=reason)
    fresh = draft.call.but(
        locks=(),
        warnings=(),
        warning_agreed="",
        co_signed="",
        unplayed="",
        time_out=Outcome.UNTRIED,
        delegate_upwards=Outcome.UNTRIED,
    )
    draft.call = fresh.without_timer(Timer.PAGE)


def relief(draft: DecisionDraft, event: Event) -> None:
    """The agent leaves at once. The call goes on: the caller is told, and waits for a supervisor (rule 37)."""
    prompt = draft.prompt("lead_lost" if draft.call.helper else "agent_relief")
    by, key = draft.who(event)
    draft.note(NoteKind.RELIEF, by, key=key, script=prompt.script, outcome=NoteOutcome.ON)
    if draft.call.closing:
        draft.note(NoteKind.CLOSING, by, key=key, outcome=NoteOutcome.CANCELLED)
    draw_the_line.stop(draft, event)
    time_out.stop(draft)
    draft.call = draft.call.but(cool_down=True)
    staff.part(draft, draft.call.lead, draft.prompt("relief_done"))
    if draft.call.helper:
        staff.become_lead(draft, prompt, draft.prompt("lead_lost_staff"))
    else:
        leave_alone(draft, prompt, Group.SUPERVISORS)


def leave_alone(draft: DecisionDraft, prompt: Prompt, group: Group) -> None:
    """The caller has no lead any more: says so, and searches with priority over all who wait (rule 4).

    If a supervisor is being rung or briefed already, that search goes on, and nobody else is rung in the meantime.
    """
    ringing = draft.call.search if draft.call.candidates else None
    if ringing:
        search = replace(ringing, until=None, priority=agent_search.LEFT_ALONE)
    else:
        search = Search(group=group, team=draft.call.team, priority=agent_search.LEFT_ALONE, since=draft.at)
    draft.stage(Stage.LEFT_ALONE, lead="", helper="", search=search, consent=None, closing=None)
    draft.put(CALLER, PlaceName.AGENT_LEFT, prompt)
    draft.timer(Timer.LEFT_ALONE, draft.seconds(prompt) + 5)
