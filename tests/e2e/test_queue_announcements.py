"""How often a waiting caller hears the position in the queue, and what comes in between."""

from dataclasses import replace
from itertools import pairwise

import pytest

from callflow.core.configuration import Configuration
from callflow.emulator import NoAnswer
from tests.e2e.conversation import Conversation, shipped

LATE_SECONDS = 3
"""From the time that is due to the first word: the request, and what a clock is off."""


UNTIL_ALL_ARE_AWAY = 150
"""Seconds until both agents have not answered three times."""


def announced_every(seconds: int) -> Configuration:
    flow = shipped().flows["front_desk"]
    desk = replace(flow.steps["desk"], progress_seconds=seconds)  # type: ignore[call-arg]
    return replace(
        shipped(), flows={**shipped().flows, "front_desk": replace(flow, steps={**flow.steps, "desk": desk})}
    )


@pytest.mark.parametrize("seconds", [20, 30, 45, 60, 90, 120])
def test_a_caller_who_waits_is_not_told_the_same_twice_in_a_row(seconds: int) -> None:
    """With 45 seconds the line was said at 40 and at 45 seconds."""
    talk = Conversation(announced_every(seconds))
    for agent in (talk.ana, talk.ben):
        agent.behaves(NoAnswer())
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    for _ in range(min(3, UNTIL_ALL_ARE_AWAY // seconds)):
        talk.caller.hears("queue_progress", within=seconds + 20)
    said = [one for one in talk.caller.phone.heard if one.kind == "say" and "We are finding" in one.text_or_url]
    told = [one for one in talk.caller.phone.heard if one.kind == "say" and "in line" in one.text_or_url]
    assert len(said) == 1
    times = [one.at.timestamp() for one in (*said, *told)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(seconds - 1 <= gap <= seconds + LATE_SECONDS for gap in gaps), gaps
    talk.caller.hangs_up()
    talk.over()
