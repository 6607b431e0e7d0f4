"""A flow that a person has closed, in a call that comes to its opening hours."""

from dataclasses import replace
from datetime import timedelta

from callflow.core.events import CallStarted, FlowsClosed
from callflow.core.flow.hours import HoursStep
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.opening_hours import Hours
from callflow.core.stages import Stage
from tests.core.example_flows import FLOWING, MAIN, flowing
from tests.playbook import Playbook

ALWAYS = Hours(timezone="UTC", weekly=(((0, 1440),),) * 7)
LEFT = VoicemailStep(name="left", script="leave_message")
STEPS = {step.name: step for step in MAIN}


def closes(book: Playbook, *flows: str) -> Playbook:
    return book.take(FlowsClosed(at=book.at, closed=flows))


def test_a_caller_who_calls_a_closed_flow_goes_the_closed_way() -> None:
    book = Playbook(flowing(HoursStep(name="opening", hours=ALWAYS, next="reason", otherwise="left"), LEFT,
                            STEPS["reason"]))  # fmt: skip
    book.take(
        CallStarted(at=book.at, sid="CA-caller", number="", called="", closed=("front_desk",)), answering="caller"
    )
    book.hears("leave_message").noted("hours", outcome="closed by hand", flow="front_desk")


def test_a_flow_that_closes_during_the_call_is_closed_at_the_next_hours() -> None:
    asked = Playbook(FLOWING).calls().hears("pick_language")
    closes(asked.copy(), "front_desk").presses("1").hears("leave_message").noted("hours", outcome="closed by hand")
    closes(closes(asked.copy(), "front_desk")).presses("1").hears("reason_menu").noted("hours", outcome="open")
    closes(asked.copy(), "another").presses("1").hears("reason_menu").noted("hours", outcome="open")


def test_closing_a_flow_closes_the_hours_of_the_flows_it_calls() -> None:
    night = (HoursStep(name="opening", hours=ALWAYS, next="told", otherwise="left"),
             replace(STEPS["hello"], name="told", next=""), LEFT)  # fmt: skip
    book = Playbook(flowing(STEPS["pick"], SubFlowStep(name="opening", flow="night"), night=night)).calls()
    closes(book.copy(), "front_desk").presses("1").hears("leave_message").noted("hours", flow="front_desk")
    closes(book.copy(), "night").presses("1").hears("leave_message").noted("hours", flow="night")
    book.presses("1").hears("hello_name")


def test_who_is_past_the_hours_stays() -> None:
    waiting = Playbook(FLOWING).calls().presses("1").stays_silent().stays_silent().stage(Stage.WAITING)
    at = waiting.call.at
    closes(waiting.wait(1), "front_desk").stage(Stage.WAITING).holds(lambda call: call.closed == ("front_desk",))
    assert waiting.call.at >= at + timedelta(seconds=0)


def test_hours_of_a_calendar() -> None:
    step = HoursStep(name="opening", calendar="office", next="reason", otherwise="left")
    base = flowing(step, LEFT, STEPS["reason"])
    Playbook(replace(base, calendars={"office": ALWAYS})).calls().hears("reason_menu").noted("hours", outcome="open")
    never = replace(ALWAYS, weekly=((),) * 7)
    Playbook(replace(base, calendars={"office": never})).calls().hears("leave_message").noted("hours", outcome="closed")
