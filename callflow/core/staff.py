"""Changes of roles of staff: the helper becomes the lead, somebody leaves into wrap-up (rules 18, 37, 38)."""

from datetime import timedelta

from callflow.core import breaks, call_back, incident_questions, recordings
from callflow.core.call import CALLER, Prompt, Role
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, MessageRecorded
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import leg_timer

ANSWER_SECONDS = 20
OUTCOMES = {"1": NoteOutcome.RESOLVED, "2": NoteOutcome.CALL_BACK_PROMISED, "3": NoteOutcome.UNRESOLVED}


def part(draft: DecisionDraft, leg: str, *spoken: Prompt) -> None:
    """A staff member leaves the caller, into wrap-up, and has its whole time unless ``#`` is pressed."""
    seconds = draft.policy.aftercare.wrap_up_seconds
    draft.role(leg, Role.PARTED)
    draft.call = draft.call.changed(leg, wrap_up_until=draft.at + timedelta(seconds=seconds))
    wrap_up(draft, leg, *spoken)
    draft.timer(leg_timer(leg), seconds)
    if found := draft.call.leg(leg):
        breaks.begins(draft, found)


def wrap_up(draft: DecisionDraft, leg: str, *spoken: Prompt) -> None:
    more = [draft.prompt("incident_offer")] if incident_questions.has_one(draft) else []
    if draft.configuration.asks_needs:
        more.append(draft.prompt("adjustments_wrap_up"))
    draft.put(leg, PlaceName.WRAP_UP, *spoken, draft.prompt("wrap_up"), *more, seconds=ANSWER_SECONDS)


def become_lead(draft: DecisionDraft, prompt: Prompt, to_helper: Prompt) -> None:
    """The helper becomes the lead, hears ``to_helper``, and is in the room with the caller, who hears ``prompt``."""
    helper = draft.call.helper
    draft.role(helper, Role.LEAD)
    draft.call = draft.call.changed(helper, wish="").without_timer(leg_timer(helper))
    draft.stage(Stage.TALKING, lead=helper, helper="", search=None, consent=None)
    draft.room(helper, to_helper)
    draft.room(CALLER, prompt)


def wrap_up_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` to ``3``: the outcome; ``4``: a spoken note; ``7``: an incident; ``0``: the caller needs more
    time, a proposal; ``8``, ``9``: a shorter or longer break; ``#``: done."""
    actor = draft.actor(event.leg)
    if incident_questions.asked(draft.call.leg(event.leg)):
        return incident_questions.answer(draft, event)
    match event.key:
        case "1" | "2" | "3":
            _outcome(draft, event)
        case "4":
            draft.put(event.leg, PlaceName.NOTE, draft.prompt("note_prompt"))
            draft.timer(leg_timer(event.leg), 2 * draft.policy.aftercare.wrap_up_seconds)
        case "0" if draft.configuration.asks_needs:
            draft.note(NoteKind.ADJUSTMENT, actor, key="0", outcome=NoteOutcome.PROPOSED)
            wrap_up(draft, event.leg, draft.prompt("wrap_up_saved"))
        case "8" if _has_a_break(draft, event):
            left = breaks.shorter(draft, event)
            said = draft.prompt("cooldown", n=left) if left else draft.prompt("cooldown_skipped")
            wrap_up(draft, event.leg, said)
        case incident_questions.KEY:
            incident_questions.begin(draft, event)
        case "9":
            wrap_up(draft, event.leg, draft.prompt("cooldown", n=breaks.longer(draft, event)))
        case "#":
            draft.note(NoteKind.WRAP_UP, actor, key="#", outcome=NoteOutcome.DONE)
            draft.call = draft.call.changed(event.leg, wrap_up_until=None)
            draft.release(event.leg)
        case _:
            wrap_up(draft, event.leg, draft.prompt("unknown_key"))
    return None


def _outcome(draft: DecisionDraft, event: DigitPressed) -> None:
    actor = draft.actor(event.leg)
    if event.leg == draft.call.lead:  # whoever left the call before does not know how it ended
        draft.call = draft.call.but(outcome=OUTCOMES[event.key])
    draft.note(NoteKind.OUTCOME, actor, key=event.key, outcome=OUTCOMES[event.key])
    if event.key == "2":
        call_back.promised_by(draft, actor)
    wrap_up(draft, event.leg, draft.prompt("wrap_up_saved"))


def _has_a_break(draft: DecisionDraft, event: DigitPressed) -> bool:
    leg = draft.call.leg(event.leg)
    return leg is not None and breaks.minutes(draft.call, leg, draft.policy.aftercare) > 0


def wrap_up_over(draft: DecisionDraft, event: LegEvent) -> None:
    """No key was pressed: the phone is let go. The time of the wrap-up goes on."""
    draft.note(NoteKind.WRAP_UP, draft.actor(event.leg), outcome=NoteOutcome.OVER)
    draft.release(event.leg)


def note_recorded(draft: DecisionDraft, event: MessageRecorded) -> None:
    """A spoken note, or the words of an incident."""
    if incident_questions.asked(draft.call.leg(event.leg)):
        incident_questions.recorded(draft, event)
    else:
        draft.note(NoteKind.SPOKEN_NOTE, draft.actor(event.leg), key="4", outcome=OutcomeText(event.recording),
                   seconds=event.seconds, recording=recordings.number(draft.call))  # fmt: skip
    wrap_up(draft, event.leg, draft.prompt("note_saved"))
