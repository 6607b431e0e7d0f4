"""Legs that end: a hang-up, a dead phone, a caller who hangs up at any moment (rules 2, 4 and 38)."""

from datetime import datetime

from callflow.core import (
    agent_search,
    breaks,
    call_recording,
    listening,
    locks,
    no_answer,
    outgoing,
    prompts,
    staff,
    supervision,
)
from callflow.core.call import CALLER, Leg, Lock, Role
from callflow.core.configuration import Group
from callflow.core.draft import SYSTEM, DecisionDraft
from callflow.core.events import NOT_REPORTED, LegEvent, LegJoined, LegLost, LegNotReached, RequestRefused, TimerFired
from callflow.core.flow import ask
from callflow.core.flow.connect import WAIT_SECONDS, ConnectStep
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.stages import PlaceName, Stage
from callflow.core.steps import draw_the_line, handing_over, time_out
from callflow.core.timer_names import Timer, leg_of, leg_timer

FAILED = "failed"
"""The status of a leg that the network dropped."""
BY_CALLER = (NoteOutcome.CALLER_HUNG_UP, NoteOutcome.CALLER_LEFT_DURING_THE_CLOSING)


def lost(draft: DecisionDraft, event: LegLost | LegNotReached) -> None:
    """A leg is over. What follows depends on its role: the caller, the lead, the helper or somebody being rung."""
    leg = draft.call.leg(event.leg)
    if not leg or not leg.live:
        return
    match leg.role:
        case Role.CALLER | Role.LEAD if outgoing.is_calling(draft.call):
            outgoing.lost(draft, event)
        case Role.CALLER:
            caller_gone(draft, event)
        case Role.LEAD:
            lead_gone(draft, event)
        case Role.HELPER:
            draft.lost(leg.id)
            handing_over.give_back(draft, event)
        case Role.CANDIDATE:
            agent_search.not_reached(draft, event)
        case _:
            _apart_lost(draft, leg, event)


def _apart_lost(draft: DecisionDraft, leg: Leg, event: LegLost | LegNotReached) -> None:
    """The same for somebody who is not with the caller."""
    match leg.role:
        case Role.ALERTED if supervision.subject(leg):
            supervision.lost(draft, event)
        case Role.ALERTED:
            locks.alert_lost(draft, event)
        case Role.LISTENER:
            listening.lost(draft, event)
        case _:
            draft.lost(leg.id)


def request_refused(draft: DecisionDraft, event: RequestRefused) -> None:
    """The provider refused a request about this leg. A phone that it does not ring was not reached.

    Without a redirect or a release the leg stays where it is: its document has an end, and so has its deadline.
    """
    leg = draft.call.leg(event.leg)
    assert leg is not None
    draft.note(NoteKind.REQUEST_REFUSED, draft.actor(leg.id), outcome=OutcomeText(event.code), request=event.request)
    if event.request in call_recording.REQUESTS:
        call_recording.refused(draft, event)
    if event.request != "ring":
        return
    if event.lasting and leg.role is Role.CANDIDATE:
        agent_search.refused(draft, leg.person)
    lost(draft, LegNotReached(at=event.at, leg=event.leg, status="failed"))


def caller_gone(draft: DecisionDraft, event: LegEvent) -> None:
    """Stop the ringing, tell the others, put the lead into wrap-up, and note how the call ended."""
    outcome, closing = _how_it_ended(draft, event), draft.call.caller.at(PlaceName.CLOSING)
    closed, by_caller = outcome is NoteOutcome.CLOSED, outcome in BY_CALLER
    draw_the_line.stop(draft, event)
    time_out.stop(draft)
    draft.lost(CALLER)
    aloud = draft.call.closing is not None and draft.call.closing.read_aloud
    script = "disconnect" if closed and not aloud else ""
    draft.note(NoteKind.CALL_ENDED, CALLER if by_caller else SYSTEM, script=script, outcome=outcome)
    supervision.caller_gone(draft)
    lead, helper, candidates = draft.call.lead_leg, draft.call.helper_leg, draft.call.candidates
    cool_down = draft.call.cool_down or closed or (closing and not by_caller)
    draft.stage(
        Stage.AFTERCARE,
        search=None,
        consent=None,
        helper="",
        cool_down=cool_down,
        outcome=outcome,
    )
    for leg in (*candidates, *((helper,) if helper else ())):
        draft.release(leg.id, draft.prompt("caller_gone" if by_caller else "caller_lost"))
        draft.role(leg.id, Role.PARTED)
    if lead and lead.live:
        ended = closed or outcome is NoteOutcome.NO_RESPONSE
        said = [draft.prompt("call_closed" if ended else "caller_gone" if by_caller else "caller_lost")]
        minutes = breaks.minutes(draft.call, lead, draft.policy.aftercare)
        said += [draft.prompt("cooldown", n=minutes)] if minutes else []
        staff.part(draft, lead.id, *said)


def _how_it_ended(draft: DecisionDraft, event: LegEvent) -> NoteOutcome:
    """What ended the caller's leg, as far as it is known: evidence, so nothing is put down to the caller by guess."""
    caller, status = draft.call.caller, event.status if isinstance(event, LegLost | LegNotReached) else ""
    ended_at = event.ended_at if isinstance(event, LegLost) else event.at
    if caller.at(PlaceName.GONE) and _heard_goodbye(draft, ended_at):
        return NoteOutcome.GOODBYE_SAID
    if draw_the_line.heard_closing(draft, ended_at):
        return NoteOutcome.CLOSED
    if no_answer.let_go(draft, (ended_at - caller.since).total_seconds()):
        return NoteOutcome.NO_RESPONSE
    if status == NOT_REPORTED:
        return NoteOutcome.END_NOT_REPORTED
    if status == FAILED:
        return NoteOutcome.LINE_FAILED
    closing = caller.at(PlaceName.CLOSING)
    return NoteOutcome.CALLER_LEFT_DURING_THE_CLOSING if closing else NoteOutcome.CALLER_HUNG_UP


def _heard_goodbye(draft: DecisionDraft, ended_at: datetime) -> bool:
    """Whether the last words of the flow had been spoken when the leg ended."""
    caller = draft.call.caller
    needed = sum(prompts.least_seconds(draft.configuration, draft.call.language, one) for one in caller.place.prompts)
    return caller.seen == caller.token and (ended_at - caller.since).total_seconds() >= needed


def lead_gone(draft: DecisionDraft, event: LegEvent) -> None:
    """The caller's call goes on when the lead hangs up (rule 4): a helper takes over, or else others are rung."""
    leg, helper = draft.call.lead, draft.call.helper
    draft.call = draft.call.without_timer(leg_timer(CALLER))  # of what a customer whom we called hears first
    prompt = draft.prompt("lead_lost" if helper else "agent_left")
    draw_the_line.stop(draft, event)
    time_out.stop(draft)
    outcome = NoteOutcome.HELPER_TAKES_OVER if helper else NoteOutcome.CALLER_KEPT
    draft.note(NoteKind.LEAD_LOST, draft.actor(leg), script=prompt.script, outcome=outcome)
    draft.lost(leg)
    draft.role(leg, Role.PARTED)
    if helper:
        staff.become_lead(draft, prompt, draft.prompt("lead_lost_staff"))
    else:
        locks.leave_alone(draft, prompt, Group.SUPERVISORS if draft.call.locks else Group.AGENTS)


def agent_left_heard(draft: DecisionDraft, event: LegEvent | TimerFired) -> None:
    """The caller has heard that the agent left, and goes back to the queue, with priority."""
    if isinstance(event, LegJoined):
        draft.arrived(event.leg)
    search = draft.call.search
    if not search or (isinstance(event, LegEvent) and event.leg != CALLER):
        return
    step = draft.configuration.flows[draft.call.flow].steps.get(draft.call.step)
    draft.stage(Stage.WAITING)
    draft.timer(Timer.QUEUE, step.wait_seconds if isinstance(step, ConnectStep) else WAIT_SECONDS)
    draft.put(CALLER, PlaceName.QUEUE, draft.prompt("connecting"), seconds=30)
    draft.note(NoteKind.WAITING, outcome=OutcomeText(search.group))


def leg_time_over(draft: DecisionDraft, event: TimerFired) -> None:
    """The timer of one leg: ringing, an offer, a wrap-up, or an end that was not reported."""
    leg = draft.call.leg(leg_of(event.name))
    draft.call = draft.call.without_timer(event.name)
    if not leg or not leg.live:
        return
    if leg.at(PlaceName.GONE):
        lost(draft, LegLost(at=event.at, leg=leg.id, status=NOT_REPORTED))
    elif leg.role is Role.CALLER and draft.call.stage is Stage.DIALLING:
        outgoing.time_over(draft)
    elif leg.role is Role.CANDIDATE:
        agent_search.rang_long_enough(draft, event)
    elif supervision.subject(leg):
        supervision.over(draft, leg)
    elif leg.role is Role.LISTENER:
        listening.over(draft, leg)
    elif leg.role is Role.HELPER:
        handing_over.take_over_due(draft, event)
    elif leg.role in (Role.PARTED, Role.ALERTED):
        draft.release(leg.id)


def over(draft: DecisionDraft) -> None:
    """End the call if no leg is left, and erase what the caller was asked for."""
    draft.stage(Stage.ENDED, search=None, telling="", variables=ask.kept(draft.configuration, draft.call.variables))
    draft.note(NoteKind.ENDED, outcome=OutcomeText(draft.call.outcome), threat=int(Lock.THREAT in draft.call.locks))
