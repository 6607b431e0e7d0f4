"""Step 2, second part: the consultation and the introduction, after which the agent may leave (rules 17, 18, 20)."""

from datetime import timedelta
from math import ceil

from callflow.core import adjustments, agent_search, staff
from callflow.core.call import CALLER, Prompt, Role
from callflow.core.draft import DecisionDraft
from callflow.core.events import Act, Acted, DigitPressed, Event, LegEvent, LegJoined, TimerFired
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer, leg_timer

CHECK_IN_SECONDS = 30
"""A caller who waits for a supervisor hears a check-in at least this often (rule 17)."""
RENEW_SECONDS = 26
"""When a long wait gets its next document, which begins with the check-in: before that of the present document."""
LONGEST_CONSULT_SECONDS = 90
SHORTEST_CONSULT_SECONDS = 2
ALONE_SECONDS = 60
"""Limit of the time that both staff can spend in menus during the introduction while the caller is alone (F4)."""
LONGEST_WAIT_SECONDS = 60
"""How long a caller waits at most for a supervisor after our server went down, the return included."""
LISTEN_SECONDS = 1
"""How long the document still waits for a key after its last word."""
SLACK_SECONDS = 5
"""The caller's document is longer than our deadline by this much. Its end matters only if the deadline fails."""


def consult(draft: DecisionDraft) -> None:
    """Lead and helper are in private while the caller waits by consent. The helper hears so before joining."""
    seconds = draft.policy.delegate_upwards.consult_seconds
    draft.stage(Stage.CONSULTING, introduced_at=None)
    draft.room(draft.call.helper, draft.prompt("joined"))
    draft.room(draft.call.lead)
    wait(draft, "consult_wait", seconds + SLACK_SECONDS)
    draft.timer(Timer.CONSULT, seconds)
    draft.timer(Timer.CONSULT_LIMIT, LONGEST_CONSULT_SECONDS)


def wait(draft: DecisionDraft, script: str, seconds: int) -> None:
    """The caller waits: a self-timed document with a check-in every 30 s and the key to come back.

    It ends after ``LONGEST_WAIT_SECONDS`` by itself, in case we cannot end it, and says who is there. As long as we
    can, a longer wait gets the next document at a check-in.
    """
    back = draft.prompt("introduction" if draft.call.helper else "consult_return")
    longest = LONGEST_WAIT_SECONDS - LISTEN_SECONDS - ceil(draft.seconds(back))
    more = {"more": seconds - RENEW_SECONDS} if seconds > longest else {}
    draft.put(CALLER, PlaceName.CONSULT_WAIT, draft.prompt(script), draft.prompt("consult_checkin"), back,
              seconds=min(seconds, longest), every=CHECK_IN_SECONDS, **more)  # fmt: skip
    if more:
        draft.timer(Timer.WAIT, RENEW_SECONDS)


def wait_on(draft: DecisionDraft, event: TimerFired) -> None:
    """A check-in of a long wait is due: the caller gets the document for the rest."""
    caller, draft.call = draft.call.caller, draft.call.without_timer(event.name)
    if caller.at(PlaceName.CONSULT_WAIT) and "more" in caller.place.details:
        wait(draft, "consult_checkin", caller.place.number("more"))


def consulting_star(draft: DecisionDraft, event: LegEvent) -> None:
    extra = longer_by(draft)
    asked = draft.prompt("whisper_ready", n=extra) if extra else draft.prompt("whisper_ready_last")
    draft.put(event.leg, PlaceName.CONSULT_MENU, asked, *_may_agree(draft, event), seconds=draft.policy.menu.seconds)


def longer_by(draft: DecisionDraft) -> int:
    """By how many seconds the consultation can be made longer; 0 if its limit is near (rule 17: at most 90)."""
    limit = draft.call.deadlines.get(Timer.CONSULT_LIMIT, draft.at)
    left = max(0, round((limit - draft.at).total_seconds()))
    seconds = min(draft.policy.delegate_upwards.consult_seconds, left)
    return seconds if seconds > SHORTEST_CONSULT_SECONDS else 0


def consult_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` brings the caller in, ``2`` is more time, ``3`` gives the call back; other keys lead back to the room."""
    match event.key:
        case "4" if _may_agree(draft, event):
            agree(draft, event)
        case "1":
            introduce(draft, event)
        case "2":
            more_time(draft, event)
        case "3":
            give_back(draft, event)
        case _:
            draft.unknown_key(event)


def more_time(draft: DecisionDraft, event: DigitPressed) -> None:
    seconds = longer_by(draft)
    if not seconds:
        return introduce(draft, event)
    draft.note(NoteKind.CONSULT, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.MORE_TIME, seconds=seconds)
    wait(draft, "consult_checkin", seconds + SLACK_SECONDS)
    draft.timer(Timer.CONSULT, seconds)
    return draft.room(event.leg)


def introduce(draft: DecisionDraft, event: Event, script: str = "introduction") -> None:
    """Bring all three into the room. The caller is always told who is there (rule 20), and they that the caller comes,
    unless the caller was there already."""
    prompt = draft.prompt(script)
    _begin_introduction(draft, event, draft.seconds(prompt), script)
    _all_together(draft)
    draft.room(CALLER, prompt)


def came_in(draft: DecisionDraft, event: LegJoined) -> None:
    """The caller's own document led into the room, by its end or by the caller's ``2``, which makes no request.

    It has told who is there, and the provider's beep has told the others. A fallback has not, so the caller is told.
    """
    if event.token is None:
        return introduce(draft, event)
    _begin_introduction(draft, event, 0)
    draft.arrived(CALLER)
    draft.room(draft.call.lead)
    return draft.room(draft.call.helper)


def _begin_introduction(draft: DecisionDraft, event: Event, seconds: float, script: str = "introduction") -> None:
    by, key = _who(draft, event)
    draft.note(NoteKind.INTRODUCTION, by, key=key, script=script, outcome=NoteOutcome.BEGUN)
    draft.stage(Stage.INTRODUCING, introduced_at=draft.at + timedelta(seconds=seconds), consent=None)
    draft.timer(Timer.INTRODUCTION, ALONE_SECONDS)


def _all_together(draft: DecisionDraft) -> None:
    """Lead and helper are in the room, and hear before that a caller who was not there is coming."""
    said = [] if draft.call.caller.in_room else [draft.prompt("caller_joins")]
    draft.room(draft.call.lead, *said)
    draft.room(draft.call.helper, *said)


def pressed_to_come_back(draft: DecisionDraft, event: Event) -> bool:
    """Whether the caller ended the wait with ``2``: by its request, or by a join before the document can have ended."""
    if isinstance(event, DigitPressed):
        return event.leg == CALLER and event.key == "2"
    if not isinstance(event, LegJoined) or event.leg != CALLER or event.token is None:
        return False
    caller = draft.call.caller
    waited = (draft.at - caller.since).total_seconds()
    return caller.at(PlaceName.CONSULT_WAIT) and waited < caller.place.number("seconds") - SLACK_SECONDS


def _who(draft: DecisionDraft, event: Event) -> tuple[str, str]:
    """The actor for the journal and the key pressed; the helper and "" if no key was pressed."""
    if pressed_to_come_back(draft, event):
        return CALLER, "2"
    if isinstance(event, DigitPressed):
        return draft.actor(event.leg), event.key
    return draft.actor(draft.call.helper), ""


def introduced(draft: DecisionDraft, event: LegJoined) -> None:
    """The three-way conversation counts from when the caller has heard who is there (rule 18)."""
    draft.arrived(event.leg)
    planned = draft.call.introduced_at
    if event.leg == CALLER and planned and draft.at < planned:
        draft.call = draft.call.but(introduced_at=draft.at)


def bring_together(draft: DecisionDraft) -> None:
    """Bring all three together at once, without an introduction: somebody may be in danger."""
    draft.stage(Stage.INTRODUCING, introduced_at=draft.call.introduced_at or draft.at, consent=None)
    draft.timer(Timer.INTRODUCTION, ALONE_SECONDS)
    _all_together(draft)
    if not draft.call.caller.in_room:
        draft.room(CALLER, draft.prompt("introduction"))


def company(draft: DecisionDraft, event: TimerFired) -> None:
    """The caller is not alone during the introduction: if nobody is in the room, both are brought back from the menu.

    The deadline runs again and again, whatever is pressed meanwhile.
    """
    staff_here = [leg for leg in (draft.call.lead_leg, draft.call.helper_leg) if leg]
    if not any(leg.in_room for leg in staff_here):
        for leg in staff_here:
            draft.room(leg.id)
    draft.timer(Timer.INTRODUCTION, ALONE_SECONDS)


def joined(draft: DecisionDraft, event: LegJoined) -> None:
    """During the consultation: the caller's document has ended; or staff are back from a menu."""
    if event.leg == CALLER:
        return came_in(draft, event)
    return draft.arrived(event.leg)


def introducing_star(draft: DecisionDraft, event: LegEvent) -> None:
    """The helper can take the call or give it back. The lead hears who can; the protective keys work for both."""
    script = "have_it" if event.leg == draft.call.helper else "refuse_leave"
    said = [draft.prompt(script), *_may_agree(draft, event)]
    draft.put(event.leg, PlaceName.INTRODUCTION_MENU, *said, seconds=draft.policy.menu.seconds)


def introduction_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` takes the call (helper only), ``3`` gives it back; other keys lead back to the room."""
    match event.key:
        case "4" if _may_agree(draft, event):
            agree(draft, event)
        case "1" if event.leg == draft.call.helper:
            _take_over(draft, event)
        case "1":
            _refuse(draft, event, draft.prompt("refuse_leave"))
        case "2":
            draft.room(event.leg)
        case "3" if event.leg == draft.call.helper:
            give_back(draft, event)
        case _:
            draft.unknown_key(event)


def _may_agree(draft: DecisionDraft, event: LegEvent) -> list[Prompt]:
    """What a supervisor hears who can agree to a warning of a caller with an adjustment, before it is given."""
    open_to = event.leg == draft.call.helper and not adjustments.agreed(draft.call)
    return [draft.prompt("cosign_choice")] if open_to else []


def agree(draft: DecisionDraft, event: DigitPressed) -> None:
    """``4`` of the helper: the agent may warn from now on. It decides nothing else, and counts for this call."""
    actor = draft.actor(event.leg)
    draft.call = draft.call.but(warning_agreed=actor)
    draft.note(NoteKind.WARNING, actor, key=event.key, script="cosigned", outcome=NoteOutcome.AGREED)
    draft.room(event.leg, draft.prompt("cosigned"))


def _take_over(draft: DecisionDraft, event: DigitPressed) -> None:
    """The helper takes the call, once the three have been together long enough for the agent to leave (rule 18)."""
    if left := stay_left(draft):
        _refuse(draft, event, draft.prompt("refuse_take_over", n=left))
    else:
        hand_over(draft, event)


def stay_left(draft: DecisionDraft) -> int:
    """For how many seconds more the three must be together, 0 if the agent may leave (rule 18)."""
    since, caller, stay = draft.call.introduced_at, draft.call.caller, draft.policy.delegate_upwards.stay_seconds
    on_the_way = since is None or caller.seen != caller.token
    left = stay - (draft.at - since).total_seconds() if since else stay
    return max(1, ceil(left)) if on_the_way or left > 0 else 0


def take_over_soon(draft: DecisionDraft) -> None:
    """The helper wants the call: has it as soon as the three have been together for long enough."""
    draft.call = draft.call.changed(draft.call.helper, wish=Act.TAKE_OVER)
    draft.timer(leg_timer(draft.call.helper), stay_left(draft))


def take_over_due(draft: DecisionDraft, event: TimerFired) -> None:
    """They may have been together for long enough now, which the helper waits for."""
    helper = draft.call.helper_leg
    if not helper or helper.wish != Act.TAKE_OVER or draft.call.stage is not Stage.INTRODUCING:
        return
    if left := stay_left(draft):
        draft.timer(event.name, left)
    else:
        hand_over(draft, Acted(at=event.at, person=helper.person, act=Act.TAKE_OVER))


def _refuse(draft: DecisionDraft, event: DigitPressed, reason: Prompt) -> None:
    draft.note(NoteKind.REFUSED, draft.actor(event.leg), key=event.key, script=reason.script,
               outcome=OutcomeText(reason.script))  # fmt: skip
    draft.room(event.leg, reason)


def hand_over(draft: DecisionDraft, event: Event) -> None:
    """The helper takes the call: becomes the lead, and the former lead goes into wrap-up."""
    prompt = draft.prompt("handover_done")
    by, key = draft.who(event)
    draft.note(NoteKind.HANDOVER, by, key=key, script="handover_done", outcome=NoteOutcome.DONE)
    staff.part(draft, draft.call.lead, draft.prompt("released"))
    staff.become_lead(draft, prompt, draft.prompt("taken_over"))


def give_back(draft: DecisionDraft, event: Event) -> None:
    """The helper leaves or was lost. Caller and lead are together."""
    lost = not isinstance(event, DigitPressed)
    said, left = draft.prompt("helper_lost" if lost else "given_back"), draft.prompt("supervisor_left")
    helper, (by, key) = draft.call.helper, _who(draft, event)
    draft.note(
        NoteKind.DELEGATE_UPWARDS, by, key=key, outcome=NoteOutcome.HELPER_LOST if lost else NoteOutcome.GIVEN_BACK
    )
    draft.release(helper)
    draft.role(helper, Role.PARTED)
    draft.stage(Stage.TALKING, helper="", consent=None)
    if not draft.call.caller.in_room:
        draft.room(CALLER, draft.prompt("consult_return"))
    elif not draft.call.locks:  # nobody in danger is taken out of the conversation to hear it
        draft.room(CALLER, left)
    draft.room(draft.call.lead, said)
    agent_search.page_later(draft)
