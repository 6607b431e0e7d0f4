"""Enqueue, Leave and Dial Queue in their simple form (twilio.md 3.10)."""

from tests.emulator.world import ANA, Page, World, twiml, world

PAGES: dict[str, Page] = {
    "/voice": twiml('<Enqueue waitUrl="/wait" action="/after">desk</Enqueue>'),
    "/wait": twiml("<Say>You are waiting</Say>", '<Gather numDigits="1" action="/key" timeout="60"/>'),
    "/key": twiml("<Leave/>"),
    "/after": twiml("<Say>After the queue</Say>"),
    "/agent": twiml('<Dial action="/done"><Queue>desk</Queue></Dial>'),
    "/done": twiml("<Hangup/>"),
}


def queue_world() -> World:
    return world(dict(PAGES))


def test_leave_goes_to_the_action() -> None:
    """3.10: `<Leave>` exits to action or the next verb; QueueResult=leave; waitUrl has the queue's parameters (1.3)."""
    it = queue_world()
    leg = it.dial_in(3)
    assert leg.where == "queue desk"
    assert it.app.one("/wait")["QueuePosition"] == "1"
    it.caller.press("5")
    it.clock.run_for(0.5)
    assert it.app.one("/after")["QueueResult"] == "leave"


def test_dial_queue_bridges_to_the_longest_waiting() -> None:
    """3.10: QueueResult bridged, when the agent hangs up."""
    it = queue_world()
    leg = it.dial_in(3)
    it.call_out()
    assert leg.where == f"talking {ANA}"
    it.ana.hang_up()
    it.clock.run_for(0.5)
    assert it.app.one("/after")["QueueResult"] == "bridged"
    assert leg.where == "say"


def test_a_hang_up_in_the_queue_is_told() -> None:
    """1.3, 3.10: QueueResult=hangup."""
    it = queue_world()
    it.dial_in(3)
    it.caller.hang_up()
    it.clock.run_for(0.5)
    assert it.app.one("/after")["QueueResult"] == "hangup"


def test_an_empty_queue_is_no_answer() -> None:
    it = queue_world()
    it.call_out()
    assert it.app.one("/done")["DialCallStatus"] == "no-answer"
