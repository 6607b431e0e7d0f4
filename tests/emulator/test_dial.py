"""Dial to numbers: facts 7-17 of the collected behaviours."""

import pytest

from callflow.emulator import Busy, NoAnswer, Reject, Switches, Unreachable
from tests.emulator.world import ANA, BEN, LINE, Page, World, conference, twiml, world


def dial_world(dial: str, switches: Switches | None = None, **pages: Page) -> World:
    known: dict[str, Page] = {"/voice": twiml(dial, "<Say>After the dial</Say>"), "/after": twiml("<Say>Action</Say>")}
    return world(known | {f"/{name}": page for name, page in pages.items()}, switches)


TO_ANA = f'<Dial action="/after"><Number>{ANA}</Number></Dial>'


def test_the_action_is_requested_once_when_the_dialled_leg_ends() -> None:
    """Fact 7: "action requested once when the dialled leg ends"."""
    it = dial_world(TO_ANA)
    leg = it.dial_in(4)
    assert leg.where == f"talking {ANA}"
    it.ana.hang_up()
    it.clock.run_for(5)
    assert len(it.app.of("/after")) == 1
    assert it.heard(leg)[-1] == "say Action"


def test_without_an_action_the_next_verb_runs() -> None:
    """Fact 7: "without action fall through to the next verb (unlike Gather/Record)"."""
    it = dial_world(f"<Dial>{ANA}</Dial>")
    leg = it.dial_in(4)
    it.ana.hang_up()
    it.clock.run_for(5)
    assert it.heard(leg)[-1] == "say After the dial"


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [(Busy(), "busy"), (NoAnswer(), "no-answer"), (Unreachable(), "failed"), (Reject(), "busy")],
)
def test_dial_call_status_of_a_call_nobody_took(behaviour: Busy | NoAnswer | Unreachable | Reject, status: str) -> None:
    """Fact 8: "completed | busy | no-answer | failed | canceled for numbers"; fact 9: duration 0 if unanswered."""
    it = dial_world(TO_ANA)
    it.ana.behave(behaviour)
    it.dial_in(60)
    form = it.app.one("/after").form
    assert (form["DialCallStatus"], form["DialCallDuration"], form["DialBridged"]) == (status, "0", "false")


@pytest.mark.parametrize("status", ["busy", "no-answer"])
def test_switch_declined_status(status: str) -> None:
    """Switch: "map decline to busy/no-answer by carrier" (twilio.md 6.1)."""
    it = dial_world(TO_ANA, Switches(declined_status=status))  # type: ignore[arg-type]
    it.ana.behave(Reject())
    it.dial_in(60)
    assert it.app.one("/after")["DialCallStatus"] == status


def test_a_conference_is_answered_and_has_no_child() -> None:
    """Fact 8: "**answered** for conferences, and no DialCallSid/Duration then"."""
    it = dial_world(conference(dial='action="/after" hangupOnStar="true"'))
    it.dial_in(2)
    it.caller.press("*")
    it.clock.run_for(1)
    form = it.app.one("/after").form
    assert form["DialCallStatus"] == "answered"
    assert form.keys().isdisjoint({"DialCallSid", "DialCallDuration"})


def test_the_action_is_told_about_the_child() -> None:
    """Fact 9: "DialCallSid, DialCallDuration (whole seconds), DialBridged"."""
    it = dial_world(TO_ANA)
    it.dial_in(4)
    child = it.ana.legs[0]
    it.clock.run_for(10)
    it.ana.hang_up()
    it.clock.run_for(1)
    form = it.app.one("/after").form
    assert (form["DialCallSid"], form["DialCallStatus"], form["DialBridged"]) == (child.sid, "completed", "true")
    assert form["DialCallDuration"] == "11"


def test_a_hang_up_inside_dial_still_requests_the_action() -> None:
    """Fact 10: "the action is STILL requested, CallStatus=completed; its TwiML has no effect"."""
    it = dial_world(TO_ANA)
    leg = it.dial_in(4)
    it.caller.hang_up()
    it.clock.run_for(5)
    form = it.app.one("/after").form
    assert (form["CallStatus"], form["DialCallStatus"]) == ("completed", "completed")
    assert leg.where == "gone"
    assert "say Action" not in it.heard(leg)
    assert it.ana.leg is None


@pytest.mark.parametrize("requested", [True, False])
def test_switch_hangup_in_dial_requests_action(requested: bool) -> None:
    """Switch: twilio.md 12.11, is that request sent at all?"""
    it = dial_world(TO_ANA, Switches(hangup_in_dial_requests_action=requested))
    it.dial_in(4)
    it.caller.hang_up()
    it.clock.run_for(5)
    assert len(it.app.of("/after")) == int(requested)


def test_completing_the_parent_by_rest_is_one_action_request() -> None:
    """Fact 11: "one action request, DialCallStatus=completed, CallStatus=completed"."""
    it = dial_world(TO_ANA)
    leg = it.dial_in(4)
    it.rest.post(f"Calls/{leg.sid}.json", {"Status": "completed"})
    it.clock.run_for(5)
    form = it.app.one("/after").form
    assert (form["CallStatus"], form["DialCallStatus"]) == ("completed", "completed")


def test_several_nouns_ring_at_once_and_the_first_answer_wins() -> None:
    """Fact 12: "Several nouns ring at once, first answer wins, others are canceled"."""
    it = dial_world(f'<Dial action="/after"><Number>{ANA}</Number><Number>{BEN}</Number></Dial>')
    it.ana.behave(answer_after=6)
    it.ben.behave(answer_after=3)
    leg = it.dial_in(2)
    assert it.ana.leg is not None
    assert it.ben.leg is not None
    it.clock.run_for(3)
    assert leg.where == f"talking {BEN}"
    assert it.ana.legs[0].status == "canceled"


def test_all_busy_is_busy() -> None:
    """Fact 12: "all busy -> busy"."""
    it = dial_world(f'<Dial action="/after"><Number>{ANA}</Number><Number>{BEN}</Number></Dial>')
    it.ana.behave(Busy())
    it.ben.behave(Busy())
    it.dial_in(10)
    assert it.app.one("/after")["DialCallStatus"] == "busy"


def test_sequential_nouns_ring_one_by_one() -> None:
    """twilio.md 3.6: sequential (<= 10 nouns one by one)."""
    it = dial_world(f'<Dial sequential="true" timeout="5"><Number>{ANA}</Number><Number>{BEN}</Number></Dial>')
    it.ana.behave(NoAnswer())
    leg = it.dial_in(3)
    assert not it.ben.legs
    it.clock.run_for(7)
    assert leg.where == f"talking {BEN}"


def test_dial_gives_up_after_thirty_seconds() -> None:
    """Fact 13: "timeout default 30 s -> no-answer"."""
    it = dial_world(TO_ANA)
    it.ana.behave(NoAnswer())
    it.dial_in(30)
    assert not it.app.of("/after")
    it.clock.run_for(1)
    assert it.app.one("/after")["DialCallStatus"] == "no-answer"


def test_switch_ring_extra_seconds() -> None:
    """Switch: "ring timeout + <=5 s" (twilio.md 6.2)."""
    it = dial_world(TO_ANA, Switches(ring_extra_seconds=5.0))
    it.ana.behave(NoAnswer())
    it.dial_in(34)
    assert not it.app.of("/after")
    it.clock.run_for(3)
    assert it.app.of("/after")


def test_the_time_limit_ends_the_dial() -> None:
    """Fact 13: "timeLimit ends the dial; default 4 h"."""
    it = dial_world(f'<Dial action="/after" timeLimit="10"><Number>{ANA}</Number></Dial>')
    it.dial_in(14)
    form = it.app.one("/after").form
    assert (form["DialCallStatus"], form["DialCallDuration"]) == ("completed", "10")
    assert it.ana.leg is None


def test_child_legs_name_their_parent_and_report_themselves() -> None:
    """Fact 15: "ParentCallSid, Direction outbound-dial; statusCallback per noun, default event completed"."""
    noun = f'<Number statusCallback="/ana">{ANA}</Number><Number statusCallback="/ben" statusCallbackEvent="initiated ringing answered completed">{BEN}</Number>'  # noqa: E501
    it = dial_world(f"<Dial>{noun}</Dial>")
    it.ana.behave(answer_after=20)
    leg = it.dial_in(5)
    assert [seen["CallStatus"] for seen in it.app.of("/ben")] == ["initiated", "ringing", "in-progress"]
    seen = it.app.one("/ana")
    assert (seen["ParentCallSid"], seen["Direction"], seen["CallStatus"]) == (leg.sid, "outbound-dial", "canceled")
    assert seen["From"] == leg.from_number


def test_a_foreign_caller_id_is_error_13214() -> None:
    """twilio.md 1.5: 13214, bad callerId: it must be this call's, or owned."""
    it = dial_world(f'<Dial callerId="+15550109999" action="/after">{ANA}</Dial>')
    it.dial_in(4)
    assert it.codes() == [13214]
    assert it.app.one("/after")["DialCallStatus"] == "failed"


def test_the_line_may_be_shown_as_caller_id() -> None:
    """twilio.md 3.6: callerId: To/From of this call, owned or verified number."""
    it = dial_world(f'<Dial callerId="{LINE}">{ANA}</Dial>')
    it.dial_in(4)
    assert it.ana.legs[0].from_number == LINE
    assert not it.codes()


def test_answer_on_bridge_keeps_the_call_ringing() -> None:
    """twilio.md 3: "<Dial answerOnBridge> first = keeps ringing until the callee answers"."""
    it = dial_world(f'<Dial answerOnBridge="true">{ANA}</Dial>')
    leg = it.dial_in(2)
    assert leg.status == "ringing"
    it.clock.run_for(2)
    assert leg.status == "in-progress"
