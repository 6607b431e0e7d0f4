"""The lead's star menu: a digit begins a step, or the lead hears why not and what to do instead (design, section 5)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callflow.core import call_recording, choices, ladder, locks, no_answer, outgoing, question, supervision
from callflow.core.call import Lock, Outcome, Prompt, Role
from callflow.core.configuration import Recording
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, LegJoined, TimerFired
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.stages import PlaceName, Stage
from callflow.core.steps import delegate_upwards, draw_the_line, handing_over, time_out
from callflow.core.timer_names import Timer

CHOOSING_SECONDS = 60
"""Limit of the time that a lead can spend in menus while the caller is alone (F4)."""
SKIP_REASONS = {
    "1": "caller will not hold", "2": "caller refuses a supervisor", "3": "conduct too severe", "4": "other",
}  # fmt: skip
"""The choices that ``skip_menu`` offers."""
WILL_NOT_HOLD = "1"
BUSY, LOCKED_RINGING = ladder.Refusal("refuse_busy"), ladder.Refusal("locked_ringing")
HELPED = ladder.Refusal("refuse_relief_helped")
Step = Callable[[DecisionDraft, DigitPressed], None]


def star(draft: DecisionDraft, event: LegEvent) -> None:
    """``*`` in the room: what it opens or stops depends on the stage. It has no effect for the caller."""
    leg = draft.call.leg(event.leg)
    if leg and leg.in_room and leg.id in (draft.call.lead, draft.call.helper):
        STAR.get(draft.call.stage, open_menu)(draft, event)


def open_menu(draft: DecisionDraft, event: LegEvent) -> None:
    if draft.call.stage is not Stage.CHOOSING:
        no_answer.come_back(draft, event)
        draft.stage(Stage.CHOOSING)
        draft.timer(Timer.CHOOSING, CHOOSING_SECONDS)
    speak(draft, event, *draw_the_line.untold(draft))


def busy(draft: DecisionDraft, event: LegEvent) -> None:
    """The menu while supervisors are rung or the caller is choosing. The protective keys work in it, too."""
    if draft.call.waits_in_room and draft.call.stage is Stage.RINGING and Timer.CHOOSING not in draft.call.deadlines:
        draft.timer(Timer.CHOOSING, CHOOSING_SECONDS)
    script = "busy_menu_locked" if draft.call.locks else "busy_menu"
    spoken = draft.prompt(script, choices=choices.protective(draft, event.leg))
    draft.put(event.leg, PlaceName.BUSY_MENU, spoken, seconds=draft.policy.menu.seconds)


STAR: Mapping[Stage, Callable[[DecisionDraft, LegEvent], None]] = MappingProxyType({
    Stage.RINGING: busy,
    Stage.OFFERING_CALL_BACK: busy,
    Stage.CONSULTING: handing_over.consulting_star,
    Stage.INTRODUCING: handing_over.introducing_star,
    # The lead's own document ended a moment before the caller's, or the lead waits in the room for an answer.
    Stage.ASKING_HOLD: question.over,
    Stage.HOLDING: time_out.bring_back,
    Stage.OFFERING_SUPERVISOR: question.over,
    Stage.WARNING: draw_the_line.cut,
    Stage.CLOSING: draw_the_line.cancel,
    Stage.DIALLING: outgoing.stop,
})  # fmt: skip
"""The stages in which ``*`` does not open the menu of steps."""


def busy_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` cancels what is going on, unless supervisors are rung because of a lock. Other keys have to wait for it."""
    if relieved(draft, event):
        return None
    if event.key != "*":
        return say_no(draft, event, LOCKED_RINGING if draft.call.locks else BUSY)
    if draft.call.stage is Stage.OFFERING_CALL_BACK:
        return question.over(draft, event)
    if not draft.call.locks:
        return delegate_upwards.stop_ringing(draft, event)
    return draft.room(event.leg)


def relieved(draft: DecisionDraft, event: DigitPressed) -> bool:
    """Relief while others are rung or on the call. True if the key was that of relief, even if it is refused."""
    if draft.policy.menu.choice(event.key) != "relief" or event.leg != draft.call.lead:
        return False
    refusal = ladder.relief(draft.call, draft.policy)
    if refusal:
        say_no(draft, event, HELPED)
    else:
        locks.relief(draft, event)
    return True


def chosen(draft: DecisionDraft, event: DigitPressed) -> None:
    """A digit at the menu. Those of safeguarding and threat are handled before, in every menu."""
    match draft.policy.menu.choice(event.key):
        case "time_out":
            try_step(draft, event, ladder.time_out(draft.call, draft.policy), time_out.begin)
        case "supervisor":
            bring_supervisor(draft, event)
        case "civility":
            try_step(draft, event, ladder.civility(draft.call, draft.policy), draw_the_line.name_conduct)
        case "end_call":
            end_call(draft, event)
        case "relief":
            try_step(draft, event, ladder.relief(draft.call, draft.policy), locks.relief)
        case "skip":
            try_step(draft, event, ladder.skip(draft.call, draft.policy), ask_skip)
        case "card_data" if draft.configuration.recording.mode is not Recording.OFF:
            call_recording.card_data(draft, event)
        case "repeat":
            speak_all(draft, event)
        case _ if event.key == "*":
            back(draft, event)
        case _:
            speak(draft, event, draft.prompt("unknown_key"))


def try_step(draft: DecisionDraft, event: DigitPressed, refusal: ladder.Refusal | None, step: Step) -> None:
    """Begin the step if it is open, else say why not."""
    if refusal:
        refuse(draft, event, refusal)
    else:
        step(draft, event)


def refuse(draft: DecisionDraft, event: DigitPressed, refusal: ladder.Refusal) -> None:
    """The lead hears the refusal and is then back with the caller."""
    draft.stage(Stage.TALKING)
    say_no(draft, event, refusal)


def say_no(draft: DecisionDraft, event: DigitPressed, refusal: ladder.Refusal) -> None:
    """Note the refusal, and speak it before the leg is back in the room."""
    script = refusal.script
    draft.note(NoteKind.REFUSED, draft.actor(event.leg), key=event.key, script=script, outcome=OutcomeText(script))
    draft.room(event.leg, draft.refusal(refusal))


def end_call(draft: DecisionDraft, event: DigitPressed) -> None:
    """Step 3, its second half. Where only the co-signature is missing, the key rings a supervisor for it (rule 30)."""
    refusal = ladder.closing(draft.call, draft.policy)
    if refusal and refusal.script == ladder.CO_SIGN:
        supervision.ask_co_signature(draft, event)
    try_step(draft, event, refusal, draw_the_line.ask_conduct)


def bring_supervisor(draft: DecisionDraft, event: DigitPressed) -> None:
    """Step 2. With a lock on, the caller is neither asked nor put on hold."""
    refusal = ladder.delegate_upwards(draft.call, draft.policy)
    if not refusal and draft.call.locks:
        draft.note(NoteKind.DELEGATE_UPWARDS, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.PAGED)
        locks.page(draft)
        return draft.room(event.leg, draft.prompt("locked_ringing"))
    return try_step(draft, event, refusal, delegate_upwards.offer)


def speak(draft: DecisionDraft, event: LegEvent, *first: Prompt) -> None:
    """The menu, with the choices that are open now."""
    _put(draft, event, *first, draft.prompt("menu", choices=choices.of_steps(draft, event.leg)))


def speak_all(draft: DecisionDraft, event: LegEvent) -> None:
    _put(draft, event, draft.prompt("menu", choices=choices.every(draft)))


def _put(draft: DecisionDraft, event: LegEvent, *said: Prompt) -> None:
    draft.put(event.leg, PlaceName.MENU, *said, seconds=draft.policy.menu.seconds)


def back(draft: DecisionDraft, event: LegEvent) -> None:
    """``*``, silence or the end of a document: back with the caller, nothing changed. A digit may follow the star."""
    draft.stage(Stage.TALKING)
    if isinstance(event, LegJoined):
        draft.arrived(event.leg)
    else:
        draft.room(event.leg)


def closed(draft: DecisionDraft, event: DigitPressed) -> None:
    """Star, or a key without a meaning, in a menu below that of the steps: back with the caller."""
    draft.stage(Stage.TALKING)
    draft.unknown_key(event)


def back_or_arrived(draft: DecisionDraft, event: LegJoined) -> None:
    """The menu ended in silence and brought the lead back. Late arrivals of others have no effect."""
    if event.leg == draft.call.lead:
        back(draft, event)
    else:
        draft.arrived(event.leg)


def took_too_long(draft: DecisionDraft, event: TimerFired) -> None:
    draft.call = draft.call.without_timer(event.name)
    if draft.call.stage is Stage.CHOOSING:
        draft.stage(Stage.TALKING)
    draft.room(draft.call.lead)


def conduct_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """The conduct was named: play the warning that is due, unless the ladder refuses it."""
    conduct = draft.policy.draw_the_line.named(event.key)
    if not conduct:
        return closed(draft, event)
    refusal = ladder.warn(draft.call, draft.policy, conduct)
    return refuse(draft, event, refusal) if refusal else draw_the_line.warn(draft, event, conduct)


def end_conduct_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """What went on was named: only what the caller was warned of can be (rule 27)."""
    conduct = draft.policy.draw_the_line.named(event.key)
    if not conduct:
        return closed(draft, event)
    if refusal := ladder.closing_for(draft.call, draft.policy, conduct):
        return refuse(draft, event, refusal)
    return draw_the_line.confirm_end(draft, event, conduct)


def end_confirmed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` says that the conduct went on. The gate is checked again, because minutes may have passed.

    ``3`` says that the lead has read the message aloud, if it could not be played before (rule 29).
    """
    if event.key == "3" and draft.call.unplayed:
        return try_step(draft, event, ladder.closing(draft.call, draft.policy), draw_the_line.close_read_aloud)
    if event.key != "1":
        return back(draft, event)
    return try_step(draft, event, ladder.closing(draft.call, draft.policy), draw_the_line.close)


def ask_skip(draft: DecisionDraft, event: DigitPressed) -> None:
    draft.put(event.leg, PlaceName.SKIP_MENU, draft.prompt("skip_menu"), seconds=draft.policy.menu.seconds)


def skip_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """A reason marks the next untried step as skipped (rule 22)."""
    reason = SKIP_REASONS.get(event.key)
    if not reason:
        return closed(draft, event)
    if draft.call.time_out is Outcome.UNTRIED:
        kind, draft.call = NoteKind.TIME_OUT, draft.call.but(time_out=Outcome.SKIPPED)
        if event.key == WILL_NOT_HOLD:
            # nor are they to wait on hold for a supervisor
            draft.call = draft.call.but(hold_refused_at=draft.at, hold_declined=True)
    else:
        kind, draft.call = NoteKind.DELEGATE_UPWARDS, draft.call.but(delegate_upwards=Outcome.SKIPPED)
    draft.note(kind, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.SKIPPED, reason=reason)
    draft.stage(Stage.TALKING)
    return draft.room(event.leg, draft.prompt("skip_done"))


def attest_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` has the caller asked, ``2`` says that the caller has just said yes to the agent (rule 8)."""
    match event.key:
        case "1":
            time_out.ask(draft, event)
        case "2":
            time_out.attest(draft, event)
        case _:
            closed(draft, event)


def protective(draft: DecisionDraft, event: DigitPressed) -> bool:
    """Safeguarding and threat, or lifting them, from any staff menu. True if the key was one of these.

    Not while a customer is called: nobody is there yet whom they could protect."""
    if draft.call.stage is Stage.DIALLING:
        return False
    match draft.policy.menu.choice(event.key):
        case "safeguarding":
            kind = Lock.SAFEGUARDING
        case "threat":
            kind = Lock.THREAT
        case _:
            return False
    leg = draft.call.leg(event.leg)
    if draft.call.caller.place.name in (PlaceName.NOT_CALLED, PlaceName.RINGING, PlaceName.INVITATION):
        return False  # a customer who is not called yet, or with nobody: there is nobody to protect
    if leg and leg.role not in (Role.LEAD, Role.HELPER):
        locks.lock_from_afar(draft, event, kind)
    elif kind in draft.call.locks and locks.may_unlock(draft, event.leg) and draft.call.stage is Stage.CHOOSING:
        locks.ask_unlock(draft, event)
    else:
        locks.lock(draft, event, kind)
    return True
