"""Runs the flow of a call from step to step, into other flows and back. The verbs (``core.flow``) do the steps."""

from typing import Any

from callflow.core import agent_search, recognised
from callflow.core.call import CALLER, Place
from callflow.core.draft import DecisionDraft
from callflow.core.events import (
    CallStarted,
    DigitPressed,
    EverybodyAway,
    ForwardEnded,
    LegEvent,
    LegJoined,
    LookupDone,
    LookupFailed,
    MessageRecorded,
    NobodyFree,
    PlaceEnded,
    TimerFired,
    WordsSpoken,
)
from callflow.core.flow import adjustments, connect, end, forward, language, lookup, sub_flow, voicemail
from callflow.core.flow.next_step import NextStep
from callflow.core.flow.verbs import VERBS, Verb
from callflow.core.flow_step import Step, StepWithChoices
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.places import FINISH, REPEAT
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer

MOST_SILENT_STEPS = 30
"""The most steps in a row without a sound. The configuration check finds such loops; a call must not hang (F4)."""


def begin(draft: DecisionDraft, event: CallStarted) -> None:
    if draft.call.step:
        return  # the event was repeated
    known = recognised.of_text(event.recognised)
    needs = () if known.proposed else known.needs
    draft.call = draft.call.but(closed=event.closed, recognised=event.recognised, adjustments=needs)
    flow = draft.configuration.flows[draft.call.flow]
    shown = NoteOutcome.NUMBER_SHOWN if event.number else NoteOutcome.NUMBER_WITHHELD
    clock = {"clock": event.clock} if event.clock else {}
    draft.note(NoteKind.CALL_STARTED, outcome=shown, jitter_buffer=draft.configuration.jitter_buffer, **clock)
    enter(draft, flow.start)


def step_of(draft: DecisionDraft) -> Step:
    return draft.configuration.flows[draft.call.flow].steps[draft.call.step]


def verb_of(step: Step) -> Verb[Any]:
    return VERBS[step.verb]


def enter(draft: DecisionDraft, name: str) -> None:
    """Run steps, beginning with ``name``, until one of them waits for the caller. "" ends the flow."""
    next_step: NextStep = name
    for _ in range(MOST_SILENT_STEPS):
        next_step = sub_flow.come_back(draft) if next_step == "" else next_step
        if not next_step:
            return end.say_goodbye(draft) if next_step == "" else None
        draft.stage(Stage.ARRIVING, step=next_step, attempts=0, search=None, lookup="")
        step = step_of(draft)
        next_step = verb_of(step).begin(draft, step)
    if next_step is not None:
        draft.note(NoteKind.FLOW_LOST, outcome=NoteOutcome.STEPS_WITHOUT_AN_END)
        voicemail.nobody_reached(draft)
    return None


def follow(draft: DecisionDraft, next_step: NextStep) -> None:
    if next_step is not None:
        enter(draft, next_step)


def pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key at a step. ``0`` repeats what is asked, unless it is an answer there. That does not count as an attempt.

    Nor does ``#`` where a key is chosen.
    """
    step, place = step_of(draft), draft.call.caller.place
    again = event.key == REPEAT or (event.key == FINISH and place.details.get("how") != "speech")
    if again and place.number("asks") and not _is_answer(step, place, event.key):
        return draft.put(CALLER, place.name, *place.prompts, **place.details)
    return follow(draft, verb_of(step).pressed(draft, step, event))


def _is_answer(step: Step, place: Place, key: str) -> bool:
    match step:
        case StepWithChoices():
            return key in step.choices
        case language.LanguageStep():
            return key in step.languages
        case _:
            return place.details.get("how") == "digits"


def spoken(draft: DecisionDraft, event: WordsSpoken) -> None:
    """The caller spoke. Ignored unless the caller is at a step of the flow."""
    step = step_of(draft)
    if event.leg == CALLER and draft.call.caller.at(PlaceName.STEP):
        follow(draft, verb_of(step).spoken(draft, step, event))


def ended(draft: DecisionDraft, event: LegEvent) -> None:
    """The document of a step has ended, or no message was left after its tone."""
    step = step_of(draft)
    if draft.call.caller.at(PlaceName.MESSAGE) and not isinstance(step, voicemail.VoicemailStep):
        return end.say_goodbye(draft)  # nobody was reached, and no message was left after failure_nobody
    return follow(draft, verb_of(step).ended(draft, step, event))


def fell_back(draft: DecisionDraft, event: LegJoined) -> None:
    """A stateless fallback brought the caller into the empty room: the step decides how to go on."""
    draft.arrived(event.leg)
    if event.leg != CALLER or draft.call.caller.at(PlaceName.GONE):
        return
    step = step_of(draft)
    follow(draft, verb_of(step).fell_back(draft, step, event))


def forward_ended(draft: DecisionDraft, event: ForwardEnded) -> None:
    step = step_of(draft)
    if isinstance(step, forward.ForwardStep) and event.leg == CALLER and draft.call.caller.at(PlaceName.STEP):
        follow(draft, forward.ended(draft, step, event))


def looked_up(draft: DecisionDraft, event: LookupDone) -> None:
    step = step_of(draft)
    if isinstance(step, lookup.LookupStep) and lookup.awaited(draft, event):
        follow(draft, lookup.done(draft, step, event))
    elif isinstance(step, adjustments.AdjustmentsStep) and lookup.awaited(draft, event):
        follow(draft, adjustments.done(draft, step, event))


def not_looked_up(draft: DecisionDraft, event: LookupFailed) -> None:
    step = step_of(draft)
    if isinstance(step, adjustments.AdjustmentsStep) and lookup.awaited(draft, event):
        follow(draft, adjustments.done(draft, step, event))
    elif lookup.awaited(draft, event):
        follow(draft, lookup.failed(draft, step, event.reason))


def step_took_too_long(draft: DecisionDraft, event: TimerFired) -> None:
    """The document of a step should have ended long ago, and nothing was reported: go on as if nothing was pressed."""
    draft.call = draft.call.without_timer(event.name)
    if not draft.call.caller.at(PlaceName.GONE):
        ended(draft, PlaceEnded(at=event.at, leg=CALLER))


def lookup_took_too_long(draft: DecisionDraft, event: TimerFired) -> None:
    not_looked_up(draft, LookupFailed(at=event.at, lookup=draft.call.lookup, reason="no answer in time"))


def pressed_in_queue(draft: DecisionDraft, event: DigitPressed) -> None:
    follow(draft, connect.pressed_in_queue(draft, event))


def waited_long_enough(draft: DecisionDraft, event: TimerFired) -> None:
    """The time in the queue is over. Somebody who has answered by then may still accept, once (``nobody_free``)."""
    search = draft.call.search
    if search and search.until is None and agent_search.ring_nobody_else(draft):
        draft.timer(Timer.QUEUE, agent_search.ANSWERED_SECONDS)
    else:
        _not_connected(draft, NoteOutcome.WAITED_LONG_ENOUGH)


def nobody_free(draft: DecisionDraft, event: NobodyFree) -> None:
    """Nobody can be rung at the moment: wait, unless the time is over, or nobody can be rung at all."""
    search = draft.call.search
    if search and search.until and search.until <= draft.at:
        _not_connected(draft, NoteOutcome.WAITED_LONG_ENOUGH)  # the last who had answered has not accepted
    elif agent_search.nobody_can_be_rung(draft):
        _not_connected(draft, _why_nobody(draft))
    else:
        agent_search.nobody_now(draft, event)


def _why_nobody(draft: DecisionDraft) -> NoteOutcome:
    if not agent_search.searched(draft.call, draft.configuration):
        return NoteOutcome.NOBODY_ON_DUTY
    refused = draft.call.search and draft.call.search.refused
    return NoteOutcome.NOBODY_CAN_BE_RUNG if refused else NoteOutcome.EVERYBODY_DECLINED


def everybody_away(draft: DecisionDraft, event: EverybodyAway) -> None:
    """Nobody is rung until one of them is back, so the caller does not wait."""
    if draft.call.search and not draft.call.candidates:
        _not_connected(draft, NoteOutcome.EVERYBODY_AWAY)


def _not_connected(draft: DecisionDraft, why: NoteOutcome) -> None:
    """The other way of the step (``otherwise``), or a message with a call back (rule 2)."""
    if next_step := connect.not_connected(draft, why):
        enter(draft, next_step)
    else:
        voicemail.nobody_reached(draft)


def message_left(draft: DecisionDraft, event: MessageRecorded) -> None:
    voicemail.recorded(draft, event)
    step = step_of(draft)
    if isinstance(step, voicemail.VoicemailStep) and (next_step := step.next or sub_flow.come_back(draft)):
        enter(draft, next_step)
    else:
        voicemail.thanks(draft)
