"""What the deadlines do. They may bring people together or stop ringing; they never warn and never close (F3).

Only ``closing`` begins a message: that of a closing which a person decided on, after the countdown to cancel it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from callflow.core import call_recording, flow_runner, hangups, locks, menu, no_answer, question
from callflow.core.call import Call
from callflow.core.draft import DecisionDraft
from callflow.core.events import TimerFired
from callflow.core.flow import connect
from callflow.core.steps import delegate_upwards, draw_the_line, handing_over, time_out
from callflow.core.timer_names import Timer, TimerName, leg_of


def search_again(draft: DecisionDraft, event: TimerFired) -> None:
    """End the pause of the search. The service then searches again."""
    draft.call = draft.call.without_timer(event.name)


TIMERS: Mapping[TimerName, Callable[[DecisionDraft, TimerFired], None]] = MappingProxyType({
    Timer.QUEUE: flow_runner.waited_long_enough,
    Timer.STEP: flow_runner.step_took_too_long,
    Timer.PROGRESS: connect.progress_due,
    Timer.LOOKUP: flow_runner.lookup_took_too_long,
    Timer.SEARCH: search_again,
    Timer.CHOOSING: menu.took_too_long,
    Timer.HOLD_QUESTION: question.over,
    Timer.HOLD: time_out.overrun,
    Timer.REJOIN: time_out.rejoin,
    Timer.SILENCE: no_answer.over,
    Timer.SUPERVISOR_QUESTION: question.over,
    Timer.RING_TOTAL: delegate_upwards.rang_long_enough,
    Timer.WAIT: handing_over.wait_on,
    Timer.CONSULT: handing_over.introduce,
    Timer.CONSULT_LIMIT: handing_over.introduce,
    Timer.INTRODUCTION: handing_over.company,
    Timer.CALL_BACK_QUESTION: question.over,
    Timer.WARNING: draw_the_line.cut,
    Timer.CLOSING: draw_the_line.begin_closing,
    Timer.CLOSING_FETCH: draw_the_line.must_be_heard,
    Timer.CLOSING_OVER: draw_the_line.cancel,
    Timer.LEFT_ALONE: hangups.agent_left_heard,
    Timer.PAGE: locks.page_again,
    Timer.RECORDING: call_recording.pause_over,
})  # fmt: skip


def overdue(call: Call, at: datetime) -> list[TimerName]:
    """The deadlines that act before anything that happens at ``at``, the earliest first.

    A closing that may still begin is left to the clock: a key that arrives in the same moment is to cancel it.
    """
    due = sorted((due, name) for name, due in call.deadlines.items() if due <= at)
    return [name for _, name in due if name != Timer.CLOSING or draw_the_line.too_late(call, at)]


def fired(draft: DecisionDraft, event: TimerFired) -> None:
    """Handle a deadline that the call still has and that has passed. Late and repeated timers have no effect.

    One that only a newer Callflow knows is left to its nodes.
    """
    due = draft.call.deadlines.get(event.name)
    if due is None or due > event.at:
        return
    if leg_of(event.name):
        hangups.leg_time_over(draft, event)
    elif handler := TIMERS.get(event.name):
        handler(draft, event)
