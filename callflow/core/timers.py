"""What the deadlines do. They may bring people together or stop ringing; they never warn and never close (F3).

Only ``closing`` begins a message: that of a closing which a person decided on, after the countdown to cancel it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callflow.core import flow_runner, hangups, locks, menu, question
from callflow.core.draft import DecisionDraft
from callflow.core.events import TimerFired
from callflow.core.flow import connect
from callflow.core.steps import delegate_upwards, draw_the_line, handing_over, time_out


def look_again(draft: DecisionDraft, event: TimerFired) -> None:
    """End the pause of the search. The service then searches again."""
    draft.call = draft.call.without_timer(event.name)


TIMERS: Mapping[str, Callable[[DecisionDraft, TimerFired], None]] = MappingProxyType({
    "queue": flow_runner.waited_long_enough,
    "progress": connect.progress_due,
    "lookup": flow_runner.lookup_took_too_long,
    "search": look_again,
    "choosing": menu.took_too_long,
    "hold_question": question.over,
    "hold": time_out.overrun,
    "rejoin": time_out.rejoin,
    "supervisor_question": question.over,
    "ring_total": delegate_upwards.rang_long_enough,
    "consult": handing_over.introduce,
    "consult_limit": handing_over.introduce,
    "call_back_question": question.over,
    "warning": draw_the_line.cut,
    "closing": draw_the_line.begin_closing,
    "closing_over": draw_the_line.cancel,
    "left_alone": hangups.told,
    "page": locks.page_again,
})  # fmt: skip


def fired(draft: DecisionDraft, event: TimerFired) -> None:
    """Handle a deadline that the call still has and that has passed. Late and repeated timers have no effect."""
    due = draft.call.deadlines.get(event.name)
    if due is None or due > event.at:
        return
    if event.name.startswith("leg:"):
        hangups.leg_timer(draft, event)
    else:
        TIMERS[event.name](draft, event)
