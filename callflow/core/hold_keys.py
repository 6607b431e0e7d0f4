"""What the keys do while the caller is held or waits: those of the caller, and those of the lead at the hold desk."""

from callflow.core import question
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed
from callflow.core.stages import Stage as S
from callflow.core.steps import delegate_upwards, offering_call_back, time_out


def at_hold(draft: DecisionDraft, event: DigitPressed) -> None:
    """``2`` is talk now. It leads into the room without a request, and only arrives here from a provider that asks."""
    if event.key == "2":
        time_out.talk_now(draft, event)
    else:
        time_out.go_on_holding(draft, event)


def at_hold_desk(draft: DecisionDraft, event: DigitPressed) -> None:
    """``2`` asks for a supervisor, ``3`` for more time; other keys bring the caller back. The hold may be over."""
    match event.key:
        case _ if draft.call.stage is not S.HOLDING:
            draft.room(event.leg)
        case "2":
            time_out.stop(draft)
            delegate_upwards.offer(draft, event)
        case "3":
            time_out.ask_more(draft, event)
        case _:
            time_out.bring_back(draft, event)


def at_consult_wait(draft: DecisionDraft, event: DigitPressed) -> None:
    """Any key brings the caller back, which is the safe reaction to a mistake. ``2`` makes no request."""
    delegate_upwards.caller_came_back(draft, event)


def at_check_in(draft: DecisionDraft, event: DigitPressed) -> None:
    """``3`` asks for a call back. ``1`` and ``2`` arrive as consent given and refused, at every question."""
    if event.key == "3":
        offering_call_back.ask_from_hold(draft)
    else:
        question.pressed(draft, event)
