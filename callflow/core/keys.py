"""What a key does. It depends only on the place at which it is pressed; each place has one row (design, section 5)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callflow.core import (
    acts,
    agent_search,
    flow_runner,
    hangups,
    hold_keys,
    listening,
    locks,
    menu,
    no_answer,
    offer_menu,
    offers,
    outgoing,
    question,
    staff,
    supervision,
)
from callflow.core.call import CALLER
from callflow.core.configuration import Configuration
from callflow.core.draft import DecisionDraft
from callflow.core.events import (
    ConsentNotHeard,
    DeskPressed,
    DigitPressed,
    LegEvent,
    MessageRecorded,
    NothingPressed,
    PlaceEnded,
)
from callflow.core.flow import connect
from callflow.core.flow.speech import answer as meaning
from callflow.core.notes import NoteOutcome
from callflow.core.places import PROTECTED, STAR
from callflow.core.stages import PlaceName
from callflow.core.stages import Stage as S
from callflow.core.steps import delegate_upwards, draw_the_line, handing_over, offering_call_back

DECLINE_REASONS = {
    "1": NoteOutcome.BUSY_WITH_SOMETHING_URGENT, "2": NoteOutcome.NOT_MY_AREA, "3": NoteOutcome.OTHER,
}  # fmt: skip
"""What ``decline_menu`` says."""
OWN = {PlaceName.WRAP_UP: "489"}
"""Keys that mean something else there, even if ops chose one of them for safeguarding or a threat."""
Handler = Callable[[DecisionDraft, DigitPressed], None]


def pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key on any leg. In a staff menu the protective keys come first (rule 34: at any moment)."""
    leg = draft.call.leg(event.leg)
    if not leg or not leg.live:
        return
    own = event.key in OWN.get(leg.place.name, "")
    if leg.place.name in PROTECTED and not own and menu.protective(draft, event):
        return
    KEYS.get(leg.place.name, nothing)(draft, event)


def at_desk(draft: DecisionDraft, event: DeskPressed) -> None:
    """A button stands for a key at the place for which it was shown. What the keypad refuses is refused here, too."""
    leg = draft.call.leg(event.leg)
    if leg and leg.place.name == event.place:
        pressed(draft, event)


def nothing(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key where none is asked for has no effect."""


def at_room(draft: DecisionDraft, event: DigitPressed) -> None:
    """A digit of staff on the way into the room. After a star it means the step, as in the menu that star opens there.

    Without a star only the protective keys act (rule 34). After any other key the line is spoken again: it is likely to
    be a slip, such as the second press of the key before, and must not begin a step. A button of the desk is no slip.
    """
    leg = draft.call.leg(event.leg)
    if not leg or leg.id not in (draft.call.lead, draft.call.helper):
        return
    desk = isinstance(event, DeskPressed)
    if STAR not in leg.place.details and not desk:
        menu.protective(draft, event)
        return
    menu.star(draft, event)
    if (desk and event.key == "*") or draft.call.stage is S.DIALLING:
        return  # while dialling: the customer has pressed 1 already, and is on the way
    if (now := draft.call.leg(event.leg)) and now.in_room:  # star has ended what was going on, so the menu is open
        menu.open_menu(draft, event)
    pressed(draft, event)


def at_offer(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` accepts a caller who waits, or has the customer rung whom this agent calls."""
    match event.key:
        case "1" if draft.call.stage is S.PREPARING:
            outgoing.accepted(draft, event)
        case "2" if draft.call.stage is S.PREPARING:
            outgoing.declined(draft, event)
        case "1" if draft.call.search:
            agent_search.take_lead(draft, agent_search.accept(draft, event))
        case "2":
            agent_search.decline(draft, event)
        case _:
            agent_search.answer_ignored(draft, event)


def at_briefing(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` accepts: as helper if there is a lead, as lead if the caller was left alone."""
    leg = draft.call.leg(event.leg)
    match event.key:
        case "1" if draft.call.stage is S.RINGING:
            delegate_upwards.accepted(draft, event)
        case "1" if draft.call.search:
            agent_search.take_lead(draft, agent_search.accept(draft, event))
        case "2":
            said = draft.prompt("decline_menu"), draft.prompt("offer_missed")
            draft.put(event.leg, PlaceName.DECLINE_MENU, *said, seconds=draft.policy.menu.seconds)
        case "3" if leg:
            agent_search.brief(draft, leg)
        case _:
            agent_search.answer_ignored(draft, event)


def at_decline_menu(draft: DecisionDraft, event: DigitPressed) -> None:
    agent_search.decline(draft, event, DECLINE_REASONS.get(event.key, NoteOutcome.NOT_GIVEN))


def at_menu(draft: DecisionDraft, event: DigitPressed) -> None:
    """``#`` is what was offered, if anything may be; else the caller does not answer. Digits are the menu's choices."""
    if event.key == offers.KEY and offers.open_to(draft):
        offer_menu.ask(draft, event)
    elif event.key == no_answer.KEY:
        no_answer.ask(draft, event)
    else:
        menu.chosen(draft, event)


def at_standby(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` withdraws the question, ``1`` records a briefing where ops allow it. With other keys the lead waits in the
    room."""
    if event.key == "*" and draft.call.stage in (S.ASKING_HOLD, S.OFFERING_SUPERVISOR):
        return question.over(draft, event)
    if event.key == "1" and draft.call.stage is S.OFFERING_SUPERVISOR and draft.policy.delegate_upwards.spoken_briefing:
        return delegate_upwards.speak_briefing(draft, event)
    return draft.room(event.leg)


def at_consult_menu(draft: DecisionDraft, event: DigitPressed) -> None:
    if not menu.relieved(draft, event):
        handing_over.consult_pressed(draft, event)


def at_introduction_menu(draft: DecisionDraft, event: DigitPressed) -> None:
    if not menu.relieved(draft, event):
        handing_over.introduction_pressed(draft, event)


def at_warning_echo(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` stops the warning, which then does not count. With other keys it goes on for the caller."""
    if event.key == "*":
        draw_the_line.cut(draft, event)
    else:
        draft.room(event.leg)


def at_closing_watch(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` cancels the closing, and so does any other key, so that no mistake ends the call."""
    draw_the_line.cancel(draft, event)


KEYS: Mapping[PlaceName, Handler] = MappingProxyType({
    PlaceName.STEP: flow_runner.pressed,
    PlaceName.QUEUE: flow_runner.pressed_in_queue,
    PlaceName.OFFER: at_offer,
    PlaceName.BRIEFING: at_briefing,
    PlaceName.DECLINE_MENU: at_decline_menu,
    PlaceName.ROOM: at_room,
    PlaceName.MENU: at_menu,
    PlaceName.CONDUCT_MENU: menu.conduct_pressed,
    PlaceName.SKIP_MENU: menu.skip_pressed,
    PlaceName.OFFERS_MENU: offer_menu.pressed,
    PlaceName.ATTEST_MENU: menu.attest_pressed,
    PlaceName.END_CONDUCT: menu.end_conduct_pressed,
    PlaceName.END_CONFIRM: menu.end_confirmed,
    PlaceName.END_SILENT: no_answer.confirmed,
    PlaceName.SILENCE: no_answer.answered,
    PlaceName.LET_GO: no_answer.answered,
    PlaceName.UNLOCK_MENU: locks.unlock,
    PlaceName.BUSY_MENU: menu.busy_pressed,
    PlaceName.STANDBY: at_standby,
    PlaceName.SPOKEN_BRIEFING: nothing,
    PlaceName.HOLD: hold_keys.at_hold,
    PlaceName.HOLD_DESK: hold_keys.at_hold_desk,
    PlaceName.HOLD_QUESTION: question.pressed,
    PlaceName.CHECK_IN: hold_keys.at_check_in,
    PlaceName.SUPERVISOR_QUESTION: question.pressed,
    PlaceName.CALL_BACK_QUESTION: question.pressed,
    PlaceName.CALL_BACK_CONFIRM: question.pressed,
    PlaceName.CONSULT_WAIT: hold_keys.at_consult_wait,
    PlaceName.CONSULT_MENU: at_consult_menu,
    PlaceName.INTRODUCTION_MENU: at_introduction_menu,
    PlaceName.CALL_BACK_NUMBER: offering_call_back.typed,
    PlaceName.WARNING_ECHO: at_warning_echo,
    PlaceName.CLOSING_WATCH: at_closing_watch,
    PlaceName.WRAP_UP: staff.wrap_up_pressed,
    PlaceName.TOLD: supervision.told_pressed,
    PlaceName.CO_SIGN: supervision.co_sign_pressed,
    PlaceName.LISTEN_OFFER: listening.offer_pressed,
    PlaceName.LISTEN_MENU: acts.pressed,
    PlaceName.INVITATION: outgoing.invited,
    PlaceName.RECORDING_QUESTION: outgoing.recording_key,
})  # fmt: skip


def silent(draft: DecisionDraft, event: NothingPressed | PlaceEnded) -> None:
    """A document got no answer or has ended. What follows depends on the place."""
    leg = draft.call.leg(event.leg)
    if leg and leg.live:
        SILENT.get(leg.place.name, back_to_room)(draft, event)


def back_to_room(draft: DecisionDraft, event: LegEvent) -> None:
    """No answer at a question or a menu: bring the leg back into the room."""
    if draft.call.stage is S.CHOOSING and event.leg == draft.call.lead:
        menu.back(draft, event)
    else:
        draft.room(event.leg)


def let_go(draft: DecisionDraft, event: LegEvent) -> None:
    draft.release(event.leg)


def rung_in_vain(draft: DecisionDraft, event: LegEvent) -> None:
    """The document of a leg that rings has ended: that of a fallback, after nobody has pressed a key."""
    if event.leg == CALLER:
        outgoing.no_key(draft, event)
    else:
        draft.release(event.leg)


def number_not_typed(draft: DecisionDraft, event: LegEvent) -> None:
    question.not_heard(draft, ConsentNotHeard(at=event.at, leg=event.leg))


SILENT: Mapping[PlaceName, Callable[[DecisionDraft, NothingPressed | PlaceEnded], None]] = MappingProxyType({
    PlaceName.STEP: flow_runner.ended,
    PlaceName.MESSAGE: flow_runner.ended,
    PlaceName.QUEUE: connect.still_waiting,
    PlaceName.AGENT_LEFT: hangups.agent_left_heard,
    PlaceName.OFFER: agent_search.answer_ignored,
    PlaceName.BRIEFING: agent_search.answer_ignored,
    PlaceName.DECLINE_MENU: agent_search.answer_ignored,
    PlaceName.WRAP_UP: staff.wrap_up_over,
    PlaceName.NOTE: staff.wrap_up_over,
    PlaceName.CALL_BACK_NUMBER: number_not_typed,
    PlaceName.CONSULT_WAIT: delegate_upwards.caller_came_back,
    PlaceName.RINGING: rung_in_vain,
    PlaceName.ALERT: let_go,
    PlaceName.TOLD: supervision.not_confirmed,
    PlaceName.CO_SIGN: supervision.not_confirmed,
    PlaceName.LISTEN_OFFER: listening.not_accepted,
    PlaceName.LISTEN_WAIT: listening.ended,
    PlaceName.LISTENING: listening.ended,
    PlaceName.LISTEN_MENU: listening.resume,
    PlaceName.INVITATION: outgoing.no_key,
})  # fmt: skip


def recorded(draft: DecisionDraft, event: MessageRecorded) -> None:
    leg = draft.call.leg(event.leg)
    if leg and leg.at(PlaceName.MESSAGE):
        flow_runner.message_left(draft, event)
    elif leg and leg.at(PlaceName.NOTE):
        staff.note_recorded(draft, event)
    elif leg and leg.at(PlaceName.SPOKEN_BRIEFING):
        delegate_upwards.briefed(draft, event)


def answer(configuration: Configuration, language: str, key: str, speech: str) -> str:
    """What a caller's key or words mean at a question: "yes", "no", or "" for anything else (rules 3 and 9).

    A key takes precedence over words.
    """
    return {"1": "yes", "2": "no"}.get(key, "") if key else meaning(configuration.answers(language), speech)
