"""Step 2, first part: the caller is asked, and supervisors are rung and briefed until one accepts (rules 15, 16, 19).

``handing_over`` is the second part.
"""

from dataclasses import replace
from datetime import timedelta

from callflow.core import agent_search, duty, ladder, question, recordings
from callflow.core.call import CALLER, Outcome, Role
from callflow.core.configuration import Group
from callflow.core.draft import SYSTEM, DecisionDraft
from callflow.core.events import ConsentGiven, DigitPressed, Event, LegJoined, MessageRecorded, TimerFired
from callflow.core.evidence import Consent
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.stages import PlaceName, Stage
from callflow.core.steps import handing_over, offering_call_back
from callflow.core.timer_names import Timer

SLACK_SECONDS = 30
"""The caller's document is longer than our deadline by this much. Its end matters only if the deadline fails."""


def offer(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` ``2``: ask the caller whether to call a supervisor (rule 15), if one is on duty."""
    call = draft.call
    if not duty.ringable(call, draft.configuration, call.team, Group.SUPERVISORS, draft.at):
        draft.note(NoteKind.DELEGATE_UPWARDS, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.NOBODY_ON_DUTY)
        return nobody(draft, event)
    draft.call = draft.call.but(briefing=0)
    invited = [draft.prompt("briefing_offer")] if draft.policy.delegate_upwards.spoken_briefing else []
    question.put(draft, question.DELEGATE_UPWARDS, draft.policy.time_out.asks, invited)
    draft.note(
        NoteKind.DELEGATE_UPWARDS,
        draft.actor(event.leg),
        key=event.key,
        script="supervisor_offer",
        outcome=NoteOutcome.ASKED,
    )
    return None


def agreed(draft: DecisionDraft, event: ConsentGiven) -> None:
    """A yes: ring supervisors while the caller waits, or goes on talking after declining a hold (help without hold)."""
    draft.note(NoteKind.CONSENT, CALLER, key=event.how, script="supervisor_offer", outcome=NoteOutcome.YES)
    declined = draft.call.time_out in (Outcome.DECLINED, Outcome.NO_CLEAR_ANSWER) or ladder.hold_refused(
        draft.call, draft.policy
    )
    draft.call = draft.call.but(consent=Consent(kind="supervisor", how=event.how, at=draft.at, used=False))
    call_supervisors(draft, in_room=declined)
    lead = draft.call.lead_leg
    if declined or not lead or not lead.at(PlaceName.SPOKEN_BRIEFING):  # else the lead may finish: the caller waits
        draft.room(draft.call.lead, draft.prompt("supervisor_answer_yes"))


def speak_briefing(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` while the caller is asked: record what supervisors hear first. They are rung meanwhile."""
    draft.put(event.leg, PlaceName.SPOKEN_BRIEFING, draft.prompt("briefing_prompt"))


def briefed(draft: DecisionDraft, event: MessageRecorded) -> None:
    """The lead has spoken. Whoever answers from now on hears it; the lead waits in the room."""
    draft.call = draft.call.but(briefing=recordings.number(draft.call))
    draft.note(NoteKind.SPOKEN_BRIEFING, draft.actor(event.leg), outcome=OutcomeText(event.recording),
               seconds=event.seconds, recording=draft.call.briefing)  # fmt: skip
    waits = [draft.prompt("supervisor_answer_yes")] if draft.call.stage is Stage.RINGING else []
    draft.room(event.leg, draft.prompt("briefing_saved"), *waits)


def call_supervisors(draft: DecisionDraft, *, in_room: bool) -> None:
    """Ring the team's supervisors in order, each for a while, all within the total (rule 16)."""
    seconds = draft.policy.delegate_upwards.ring_total_seconds
    draft.stage(Stage.RINGING, search=agent_search.until(draft, seconds, Group.SUPERVISORS), waits_in_room=in_room)
    draft.timer(Timer.RING_TOTAL, seconds)
    if in_room:
        draft.room(CALLER)
    else:
        handing_over.wait(draft, "consult_ringing", seconds + SLACK_SECONDS)


def accepted(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` at the briefing: the supervisor becomes the helper. Consult first, or join if the caller is in the room."""
    leg = agent_search.accept(draft, event)
    draft.role(leg.id, Role.HELPER)
    draft.call = draft.call.but(helper=leg.id, delegate_upwards=Outcome.ACCEPTED)
    if draft.call.waits_in_room or draft.call.locks:
        return handing_over.introduce(draft, event)
    return handing_over.consult(draft)


def wait_in_room(draft: DecisionDraft) -> None:
    """Go on searching, with the full time again, while caller and lead are together."""
    draft.call = draft.call.but(waits_in_room=True, consent=None)
    search, seconds = draft.call.search, draft.policy.delegate_upwards.ring_total_seconds
    if search:
        draft.call = draft.call.but(search=replace(search, until=draft.at + timedelta(seconds=seconds)))
    draft.timer(Timer.RING_TOTAL, seconds)
    draft.room(CALLER)
    draft.room(draft.call.lead)


def rang_long_enough(draft: DecisionDraft, event: TimerFired) -> None:
    """The total time to ring is over: ring nobody else. Somebody who is being briefed may still accept."""
    draft.timer(Timer.RING_TOTAL, agent_search.ANSWERED_SECONDS)
    if not agent_search.ring_nobody_else(draft):
        nobody(draft, event)


def nobody(draft: DecisionDraft, event: Event) -> None:
    """Nobody accepted: the caller chooses (rule 19), or supervisors are paged again later if a lock is on."""
    told_before = Timer.PAGE in draft.call.deadlines  # a repeated search: the lead knows already
    draft.release_candidates("offer_gone")
    draft.call = draft.call.but(delegate_upwards=question.best(draft.call.delegate_upwards, Outcome.UNAVAILABLE))
    draft.note(NoteKind.DELEGATE_UPWARDS, script="no_supervisor", outcome=NoteOutcome.UNAVAILABLE)
    if not draft.call.locks:
        return offering_call_back.offer(draft)
    draft.stage(Stage.TALKING, search=None)
    draft.call = draft.call.without_timer(Timer.PAGE)
    agent_search.page_later(draft)
    draft.room(CALLER)
    return draft.room(draft.call.lead, *(() if told_before else [draft.advising("supervisor", "no_supervisor_locked")]))


def caller_came_back(draft: DecisionDraft, event: Event) -> None:
    """The caller pressed a key, or the waiting document has ended: back to the lead at once, and to a helper if any.

    A lead who is in the room already hears the caller, and is not pulled out to be told so.
    """
    if draft.call.helper:
        return handing_over.introduce(draft, event)
    draft.release_candidates("offer_gone")
    pressed = handing_over.pressed_to_come_back(draft, event)
    by_caller = pressed or isinstance(event, DigitPressed)
    tried = Outcome.DECLINED if by_caller else Outcome.UNAVAILABLE
    draft.note(NoteKind.DELEGATE_UPWARDS, CALLER if by_caller else SYSTEM, key="2" if pressed else "",
               outcome=NoteOutcome.CALLER_CAME_BACK)  # fmt: skip
    draft.stage(Stage.TALKING, search=None, consent=None)
    draft.call = draft.call.but(delegate_upwards=question.best(draft.call.delegate_upwards, tried))
    lead, said = draft.call.lead_leg, [draft.prompt("caller_back")]
    if isinstance(event, LegJoined):
        draft.arrived(CALLER)
        said = [] if lead and lead.in_room else said
    else:
        draft.room(CALLER, draft.prompt("consult_return"))
    return draft.room(draft.call.lead, *said)


def ringing_joined(draft: DecisionDraft, event: LegJoined) -> None:
    """The waiting document ended while phones still ring, or the lead is back from a menu."""
    waiting = draft.call.caller.at(PlaceName.CONSULT_WAIT)
    if event.leg == CALLER and waiting:
        return caller_came_back(draft, event)
    return draft.arrived(event.leg)


def stop_ringing(draft: DecisionDraft, event: DigitPressed) -> None:
    """The lead cancels the search from the star menu."""
    draft.release_candidates("offer_gone")
    draft.note(NoteKind.DELEGATE_UPWARDS, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.CANCELLED)
    draft.stage(Stage.TALKING, search=None, consent=None)
    if not draft.call.caller.in_room:
        draft.room(CALLER, draft.prompt("consult_return"))
    draft.room(draft.call.lead)
