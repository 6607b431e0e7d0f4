"""What a deadline of ours does. It may bring people together or stop a ringing; it never warns and never ends (F3).

``closing`` alone begins a message: the one a person decided on, after the countdown in which it could be taken back.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callflow.core import flow_runner, hangups, locks, menu, question
from callflow.core.draft import DecisionDraft
from callflow.core.events import TimerFired
from callflow.core.flow import connect
from callflow.core.steps import delegate_upwards, draw_the_line, handing_over, time_out


def look_again(draft: DecisionDraft, event: TimerFired) -> None:
    """The search for a free person is repeated (by the service, after this)."""
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
    """Only a deadline the call still has, and whose time has come; a late or repeated timer is nothing."""
    due = draft.call.deadlines.get(event.name)
    if due is None or due > event.at:
        return
    if event.name.startswith("leg:"):
        hangups.leg_timer(draft, event)
    else:
        TIMERS[event.name](draft, event)
