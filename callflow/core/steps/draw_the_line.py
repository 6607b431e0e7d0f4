"""Step 3: a warning that is heard in full; if the conduct goes on, a closing that a person decides (rules 22 to 30)."""

from dataclasses import replace
from datetime import datetime, timedelta

from callflow.core import adjustments, ladder, prompts, supervision
from callflow.core.call import CALLER, Call, Prompt
from callflow.core.draft import SYSTEM, DecisionDraft, listed
from callflow.core.events import (
    NOT_REPORTED,
    Acted,
    DigitPressed,
    Event,
    LegJoined,
    LegLost,
    LegNotReached,
    StarPressed,
    TimerFired,
)
from callflow.core.evidence import Closing, Warned
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.policy import Conduct
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer

BEGIN_SECONDS = 3
"""How late the closing may begin. If it has not, the lead's countdown goes on to say that it does not play."""
FETCH_SECONDS = 5
"""How long after the countdown both must have fetched the message, or it is stopped: 10 s after the usual decision."""


def name_conduct(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` ``3``: ask the lead for the conduct, which determines the warning. What is not open yet is said first."""
    call, policy = draft.call, draft.policy
    refusals = {one: ladder.warn(call, policy, one) for one in policy.draw_the_line.conduct}
    first = [draft.refusal(refusal) for refusal in refusals.values() if refusal][:1]
    choices = listed((f"{one.key} ", one.name) for one, refusal in refusals.items() if not refusal)
    menu = draft.prompt("warn_menu", choices=choices, threat=policy.menu.keys["threat"])
    draft.put(event.leg, PlaceName.CONDUCT_MENU, *first, menu, seconds=policy.menu.seconds)


def warn(draft: DecisionDraft, event: DigitPressed, conduct: Conduct) -> None:
    """Play the warning that is due to the caller and the lead. The key that caused it is recorded (F3)."""
    rules = draft.policy.draw_the_line
    script = ladder.due_warning(draft.call, rules, conduct)
    said = draft.prompt(script, conduct=conduct.name)
    draft.stage(Stage.WARNING)
    draft.put(CALLER, PlaceName.WARNING, said, conduct=conduct.key)
    draft.put(draft.call.lead, PlaceName.WARNING_ECHO, said, conduct=conduct.key)
    warned = Warned(
        script=script, conduct=conduct.key, final=script == rules.warnings[-1], key=event.key,
        actor=draft.actor(event.leg), started_at=draft.at, token=draft.call.caller.token,
        needed_seconds=prompts.least_seconds(draft.configuration, draft.call.language, said, conduct.key),
    )  # fmt: skip
    cool_down = draft.call.cool_down or conduct.severe
    draft.call = draft.call.but(warnings=(*draft.call.warnings, warned), cool_down=cool_down, co_signed="", unplayed="")
    draft.timer(Timer.WARNING, draft.seconds(said, conduct.key) + MARGIN_SECONDS[Timer.WARNING])
    draft.note(NoteKind.WARNING, warned.actor, key=event.key, script=script, outcome=NoteOutcome.BEGUN,
               conduct=conduct.name, needed_seconds=round(warned.needed_seconds, 2))  # fmt: skip
    supervision.tell(draft, supervision.WARNING)


def joined(draft: DecisionDraft, event: LegJoined) -> None:
    """The caller is back in the room with the token of the warning's document, which proves that it ended (rule 24)."""
    caller, warned = draft.call.caller, draft.call.warnings[-1]
    draft.arrived(event.leg)
    if event.leg != CALLER:
        return
    elapsed = (event.at - caller.since).total_seconds()  # since the document was fetched
    proven = event.token == caller.token == caller.seen == warned.token
    full = proven and elapsed >= warned.needed_seconds
    done = replace(warned, elapsed_seconds=elapsed, heard_at=event.at if full else None, cut=not full)
    _settle(draft, event, done, late=draft.late)


def cut(draft: DecisionDraft, event: Event) -> None:
    """Stopped by the lead, a fallback or a deadline: the warning does not count, and can be played again."""
    elapsed, lead = (draft.at - draft.call.caller.since).total_seconds(), draft.call.lead_leg
    late = isinstance(event, TimerFired) and lead is not None and lead.in_room
    _settle(draft, event, replace(draft.call.warnings[-1], elapsed_seconds=elapsed, cut=True), late=late)


def stop(draft: DecisionDraft, event: Event) -> None:
    """Stop a warning that is playing. It was not heard in full, as far as we know."""
    if draft.call.stage is Stage.WARNING:
        _record(draft, event, replace(draft.call.warnings[-1], cut=True))


def _settle(draft: DecisionDraft, event: Event, warned: Warned, *, late: bool) -> None:
    _record(draft, event, warned)
    draft.stage(Stage.TALKING)
    draft.room(CALLER)
    if late:
        draft.call = draft.call.but(untold="warn_learnt" if warned.heard_at else "warn_cut")
    draft.room(draft.call.lead, *([] if late else [_outcome_prompt(draft, warned)]))


def untold(draft: DecisionDraft) -> list[Prompt]:
    """What the lead must still be told about a warning or a closing; to be spoken with the menu that opens now."""
    script, heard = draft.call.untold, [one.heard_at for one in draft.call.warnings if one.heard_at]
    draft.call = draft.call.but(untold="")
    if script == "closing_not_played":
        return [_not_played(draft)]
    if script in supervision.SCRIPTS:
        return [supervision.news(draft, script)]
    if script == "warn_cut":
        return [draft.advising("civility", script)]
    time = prompts.clock_time(draft.configuration, draft.call.language, heard[-1]) if heard else ""
    return [draft.prompt(script, time=time)] if script else []


def _record(draft: DecisionDraft, event: Event, warned: Warned) -> None:
    draft.call = draft.call.but(warnings=(*draft.call.warnings[:-1], warned))
    by, outcome = (CALLER, NoteOutcome.HEARD_IN_FULL) if warned.heard_at else _cut_by(draft, event)
    draft.note(NoteKind.WARNING, by, key=key_of(event) if by not in (CALLER, SYSTEM) else "", script=warned.script,
               outcome=outcome, elapsed_seconds=round(warned.elapsed_seconds, 2),
               needed_seconds=round(warned.needed_seconds, 2))  # fmt: skip


def _cut_by(draft: DecisionDraft, event: Event) -> tuple[str, NoteOutcome]:
    """Who stopped the warning, for the journal: the lead by a key, whoever left, or nobody."""
    if isinstance(event, LegLost | LegNotReached) and event.status == NOT_REPORTED:
        return SYSTEM, NoteOutcome.END_NOT_REPORTED
    by = SYSTEM if isinstance(event, LegJoined) else draft.who(event)[0]
    return by, NoteOutcome.CUT_SHORT


def key_of(event: Event) -> str:
    """The key that was pressed, or "" if the event is no key."""
    match event:
        case DigitPressed(key=key):
            return key
        case StarPressed():
            return "*"
        case _:
            return ""


def _outcome_prompt(draft: DecisionDraft, warned: Warned) -> Prompt:
    if not warned.heard_at:
        return draft.advising("civility", "warn_cut")
    time = prompts.clock_time(draft.configuration, draft.call.language, warned.heard_at)
    if not warned.final:
        return draft.advising("civility", "warn_first_done", time=time)
    return draft.prompt("warn_done", time=time, n=adjustments.grace_seconds(draft.call, draft.policy.draw_the_line))


def ask_conduct(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` ``4`` if closing is permitted: the lead names anew what went on, among what was warned of (rule 27)."""
    call, policy = draft.call, draft.policy
    warned = [one for one in policy.draw_the_line.conduct if not ladder.closing_for(call, policy, one)]
    question = draft.prompt("end_conduct", choices=listed((f"{one.key} ", one.name) for one in warned))
    draft.put(event.leg, PlaceName.END_CONDUCT, question, seconds=policy.menu.seconds)


def confirm_end(draft: DecisionDraft, event: DigitPressed, conduct: Conduct) -> None:
    """It was named: it is read out, and the lead confirms that it went on."""
    question = draft.prompt("end_confirm", conduct=conduct.name, n=draft.policy.draw_the_line.cancel_seconds)
    aloud = [draft.prompt("end_read_aloud")] if draft.call.unplayed else []
    draft.put(event.leg, PlaceName.END_CONFIRM, question, *aloud, seconds=draft.policy.menu.seconds,
              conduct=conduct.key)  # fmt: skip


def _named(draft: DecisionDraft, leg: str) -> Conduct:
    """What the lead has named, or for a question of a Callflow that did not ask for it, what was warned of last."""
    rules, found, heard = draft.policy.draw_the_line, draft.call.leg(leg), ladder.last_heard(draft.call)
    key = str(found.place.details.get("conduct", "")) if found else ""
    return rules.named(key) or (rules.named(heard.conduct) if heard else None) or rules.conduct[0]


def close(draft: DecisionDraft, event: DigitPressed) -> None:
    """The lead has decided to close. The closing begins after a countdown, in which ``*`` cancels it (rule 29)."""
    said = draft.prompt("disconnect", conduct=_named(draft, event.leg).name)
    key = _named(draft, event.leg).key
    _decided(draft, event, NoteOutcome.DECIDED,
             needed_seconds=prompts.least_seconds(draft.configuration, draft.call.language, said, key))  # fmt: skip


def close_read_aloud(draft: DecisionDraft, event: DigitPressed) -> None:
    """The message could not be played, and the lead has read it aloud: after the same countdown the call ends."""
    _decided(draft, event, NoteOutcome.READ_ALOUD, needed_seconds=0.0)


def _decided(draft: DecisionDraft, event: DigitPressed, outcome: NoteOutcome, *, needed_seconds: float) -> None:
    seconds, named, why = draft.policy.draw_the_line.cancel_seconds, _named(draft, event.leg), draft.call.unplayed
    aloud = outcome is NoteOutcome.READ_ALOUD
    closing = Closing(conduct=named.key, key=event.key, actor=draft.actor(event.leg), confirmed_at=draft.at,
                      needed_seconds=needed_seconds, read_aloud=aloud)  # fmt: skip
    draft.stage(Stage.CLOSING, closing=closing)
    draft.room(CALLER)
    draft.put(draft.call.lead, PlaceName.CLOSING_WATCH, draft.prompt("closing_watch", n=seconds),
              draft.prompt("closing_not_played"), seconds=seconds + BEGIN_SECONDS)  # fmt: skip
    draft.timer(Timer.CLOSING, seconds)
    draft.note(NoteKind.CLOSING, closing.actor, key=event.key, script="disconnect", outcome=outcome, conduct=named.name,
               **({"reason": why} if aloud else {}))  # fmt: skip
    supervision.tell(draft, supervision.CLOSING)


def begin_closing(draft: DecisionDraft, event: TimerFired) -> None:
    """The countdown is over: check once more that closing is permitted, then play the message, to both."""
    closing, lead = draft.call.closing, draft.call.lead_leg
    if too_late(draft.call, draft.at):
        return cancel(draft, event, NoteOutcome.NOT_PLAYED)
    watched = lead is not None and lead.at(PlaceName.CLOSING_WATCH)
    if not closing or not lead or not watched or ladder.closing(draft.call, draft.policy):
        return cancel(draft, event)
    conduct = draft.policy.draw_the_line.named(closing.conduct)
    said = draft.prompt("disconnect", conduct=conduct.name if conduct else "")
    spoken, heard = ([], draft.prompt("closing_watch", n=1)) if closing.read_aloud else ([said], said)
    draft.call = draft.call.without_timer(Timer.CLOSING)
    draft.put(CALLER, PlaceName.CLOSING, *spoken, conduct=closing.conduct)
    draft.put(lead.id, PlaceName.CLOSING_WATCH, heard, conduct=closing.conduct)
    draft.timer(Timer.CLOSING_FETCH, FETCH_SECONDS)
    draft.timer(Timer.CLOSING_OVER, draft.seconds(heard, closing.conduct) + MARGIN_SECONDS[Timer.CLOSING_OVER])
    draft.note(NoteKind.CLOSING, closing.actor, key=closing.key, script="disconnect", outcome=NoteOutcome.BEGUN)
    return None


def too_late(call: Call, at: datetime) -> bool:
    """Whether the closing should have begun long ago, so that it must not begin any more: there was an outage."""
    due = call.deadlines.get(Timer.CLOSING)
    return due is not None and at > due + timedelta(seconds=BEGIN_SECONDS)


def not_after_an_outage(draft: DecisionDraft, event: Event) -> None:
    """A closing decided before an outage does not begin after it: a key that cancels it may have reached nobody."""
    if Timer.CLOSING in draft.call.deadlines:
        cancel(draft, event, NoteOutcome.NOT_PLAYED)


def must_be_heard(draft: DecisionDraft, event: TimerFired) -> None:
    """Stop the closing if one of the two does not hear it: nobody is closed out unwatched, or waits in silence."""
    draft.call = draft.call.without_timer(event.name)
    if any(leg and leg.seen < leg.token for leg in (draft.call.caller, draft.call.lead_leg)):
        cancel(draft, event, NoteOutcome.NOT_PLAYED)


def cancel(draft: DecisionDraft, event: Event, outcome: NoteOutcome = NoteOutcome.CANCELLED) -> None:
    """Cancel the closing, by ``*`` or a veto until its last word, or because of a fault. The caller stays here.

    After a fault of the message itself, the lead may read it aloud (rule 29).
    """
    caller, lead, key = draft.call.caller, draft.call.lead_leg, key_of(event)
    decided = bool(key) or outcome is NoteOutcome.VETOED
    begun = Timer.CLOSING not in draft.call.deadlines
    playing = caller.at(PlaceName.CLOSING) and caller.seen == caller.token
    if isinstance(event, TimerFired) and event.name == Timer.CLOSING_OVER:
        outcome = NoteOutcome.END_NOT_REPORTED  # evidence: nobody took it back, we were only never told how it ended
    draft.note(NoteKind.CLOSING, draft.who(event)[0] if decided else SYSTEM, key=key, outcome=outcome)
    draft.stage(Stage.TALKING, closing=None)
    if begun and not decided:
        draft.call = draft.call.but(unplayed=outcome)
    if playing and not (isinstance(event, LegJoined) and event.leg == CALLER):
        draft.room(CALLER, draft.prompt("closing_stopped"))
    else:
        draft.room(CALLER)
    if isinstance(event, Acted):
        draft.room(draft.call.lead, draft.prompt("vetoed", supervisor=draft.configuration.person(event.person).name))
    elif decided:
        draft.room(draft.call.lead, draft.prompt("closing_cancelled"))
    elif outcome is not NoteOutcome.CANCELLED and lead and lead.in_room:
        draft.call = draft.call.but(untold="closing_not_played")
    else:
        draft.room(draft.call.lead, _not_played(draft))


def _not_played(draft: DecisionDraft) -> Prompt:
    """The closing did not come to its end; if the message failed, what can be done instead."""
    if draft.call.unplayed and not ladder.closing(draft.call, draft.policy):
        return draft.advising("end_call", "closing_read_aloud")
    return draft.prompt("closing_not_played")


def watched(draft: DecisionDraft, event: LegJoined) -> None:
    """A leg is in the room: the lead's document ended before the caller's, or a fallback brought the caller back."""
    begun = draft.call.caller.at(PlaceName.CLOSING)
    draft.arrived(event.leg)
    if event.leg == CALLER:
        cancel(draft, event, NoteOutcome.NOT_PLAYED if begun else NoteOutcome.CANCELLED)


def heard_closing(draft: DecisionDraft, ended_at: datetime) -> bool:
    """Whether the closing message had been played to its last word when the caller's leg ended."""
    closing, caller = draft.call.closing, draft.call.caller
    if not closing or not caller.at(PlaceName.CLOSING) or caller.seen != caller.token:
        return False
    return (ended_at - caller.since).total_seconds() >= closing.needed_seconds
