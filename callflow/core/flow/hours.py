"""``hours``: open or closed, by the time of the event, or because a person has closed the flow for now."""

from typing import ClassVar

from callflow.core.configuration import file_of
from callflow.core.draft import DecisionDraft
from callflow.core.events import FlowsClosed
from callflow.core.flow.next_step import NextStep
from callflow.core.flow_step import Step
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.opening_hours import Hours, is_open
from callflow.core.records import record
from callflow.core.variables import running


@record
class HoursStep(Step):
    """``next`` while open (``open`` in YAML), ``otherwise`` while closed (``closed``). Plays nothing.

    Its own ``hours``, or those of the ``calendar`` with this name.
    """

    verb: ClassVar[str] = "hours"

    hours: Hours | None = None
    calendar: str = ""


def begin(draft: DecisionDraft, step: HoursStep) -> NextStep:
    names = (name for flow in running(draft.call) for name in (flow, file_of(flow)))
    by_hand = next((name for name in names if name in draft.call.closed), "")
    if by_hand:
        draft.note(NoteKind.HOURS, outcome=NoteOutcome.CLOSED_BY_HAND, flow=by_hand)
        return step.otherwise
    hours = step.hours or draft.configuration.calendars[step.calendar]
    opened = is_open(hours, draft.at)
    draft.note(NoteKind.HOURS, outcome=NoteOutcome.OPEN if opened else NoteOutcome.CLOSED)
    return step.next if opened else step.otherwise


def closed_by_hand(draft: DecisionDraft, event: FlowsClosed) -> None:
    """These flows are closed now. Decides at the next ``hours`` step that the caller comes to."""
    draft.call = draft.call.but(closed=event.closed)
