"""Flows inside flows: up to five are run, deeper ones are skipped, and the caller hears the rest."""

from dataclasses import replace

import pytest

from callflow.core.configuration import Configuration
from callflow.core.flow.call_back import CallBackStep
from callflow.core.flow.end import EndStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.core.stages import Stage
from tests.core.example_flows import flow, flowing
from tests.playbook import Playbook

ALLOWED = 5
"""A number on purpose, so that a change of the limit is noticed."""


def nested(depth: int) -> Configuration:
    """A main flow, and ``depth`` flows one inside the other. The innermost says only ``hello_name``, the others
    ``night_told`` as soon as they are back from the next one."""
    flows = [
        flow("front_desk", SubFlowStep(name="in", flow="level1", next="bye"), EndStep(name="bye", script="goodbye"))
    ]
    for level in range(1, depth):
        inward = SubFlowStep(name="in", flow=f"level{level + 1}", next="back")
        flows.append(flow(f"level{level}", inward, SayStep(name="back", script="night_told")))
    flows.append(flow(f"level{depth}", SayStep(name="innermost", script="hello_name")))
    return replace(flowing(), flows={one.name: one for one in flows})


def comes_out(book: Playbook, level: int) -> None:
    """Each of the flows from here outwards speaks, and then the main flow ends as configured."""
    for number in range(level, 0, -1):
        book.hears("night_told").stage(Stage.ARRIVING)
        book.holds(lambda call, number=number: (call.flow, len(call.returns)) == (f"level{number}", number))
        book.stays_silent()
    book.hears("goodbye").noted("flow_ended").not_noted("flow_lost").holds(lambda call: call.flow == "front_desk")


@pytest.mark.parametrize("depth", [1, ALLOWED - 1, ALLOWED])
def test_as_deep_as_allowed_the_innermost_flow_is_heard(depth: int) -> None:
    book = Playbook(nested(depth)).calls().hears("hello_name")
    book.holds(lambda call: (call.flow, len(call.returns)) == (f"level{depth}", depth))
    comes_out(book.stays_silent(), depth - 1)


@pytest.mark.parametrize("depth", [ALLOWED + 1, ALLOWED + 2])
def test_what_is_deeper_is_passed_over(depth: int) -> None:
    comes_out(Playbook(nested(depth)).calls(), ALLOWED)


def test_a_call_back_that_another_flow_promised_is_what_the_caller_hears_last() -> None:
    """Nothing follows that flow, so the call ends as if it had been promised here."""
    ring_me = CallBackStep(name="ring_me", team="energy_desk", next="", otherwise="")
    flows = [flow("front_desk", SubFlowStep(name="in", flow="counter")), flow("counter", ring_me)]
    book = Playbook(replace(flowing(), flows={one.name: one for one in flows})).calls()
    book.hears("callback_confirm").presses("1").hears("call_back_kept").wait(20).stage(Stage.ENDED)
