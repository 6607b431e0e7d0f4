"""Status callbacks and their faults: facts 35 and 36, twilio.md 1.3, 1.6, 6 and 11.8."""

import pytest

from callflow.emulator import Busy, Chaos, NoAnswer, Reject, Switches, Unreachable, Voicemail
from callflow.emulator.events import Answered, JoinedRoom, Pressed
from tests.emulator.world import ANA, BASE, LINE, Answer, Page, World, conference, twiml, world

ALL = {
    "StatusCallback": f"{BASE}/st",
    "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
}


def callback_world(
    switches: Switches | None = None, chaos: Chaos | None = None, pages: dict[str, Page] | None = None
) -> World:
    known: dict[str, Page] = {
        "/voice": twiml(conference()), "/agent": twiml('<Say loop="0">Hello</Say>'), "/room": twiml(conference()),
    }  # fmt: skip
    return world(known | (pages or {}), switches, chaos)


def test_the_four_events_of_an_outgoing_call() -> None:
    """Fact 35: "CallbackSource=call-progress-events, SequenceNumber from 0, Timestamp RFC 2822 +0000"."""
    it = callback_world()
    it.call_out(**ALL)
    it.clock.run_for(49)
    it.ana.hang_up()
    it.clock.run_for(1)
    seen = it.app.of("/st")
    assert [one["CallStatus"] for one in seen] == ["initiated", "ringing", "in-progress", "completed"]
    assert [one["SequenceNumber"] for one in seen] == ["0", "1", "2", "3"]
    assert {one["CallbackSource"] for one in seen} == {"call-progress-events"}
    assert seen[0]["Timestamp"] == "Mon, 05 Jan 2026 09:00:00 +0000"


def test_the_terminal_callback_has_durations() -> None:
    """Fact 35: "CallDuration s, Duration min (rounded up)" (CAP 16962202353: Duration 1, CallDuration 49)."""
    it = callback_world()
    it.call_out(**ALL)
    it.clock.run_for(48.5)
    it.ana.hang_up()
    it.clock.run_for(1)
    last = it.app.of("/st")[-1]
    assert (last["CallDuration"], last["Duration"], last["SipResponseCode"]) == ("49", "1", "200")
    assert "CallDuration" not in it.app.of("/st")[0].form


@pytest.mark.parametrize(
    ("behaviour", "status", "sip"),
    [
        (Busy(), "busy", "486"),
        (NoAnswer(), "no-answer", "487"),
        (Unreachable(), "failed", "404"),
        (Reject(), "busy", "603"),
    ],
)
def test_failures_have_a_sip_response_code(
    behaviour: Busy | NoAnswer | Unreachable | Reject, status: str, sip: str
) -> None:
    """Fact 35: "SipResponseCode on failure (busy: SequenceNumber 2, 486, both durations 0)"; codes of twilio.md 6.1."""
    it = callback_world()
    it.ana.behave(behaviour)
    it.call_out(seconds=70, **ALL)
    last = it.app.of("/st")[-1]
    assert (last["CallStatus"], last["SipResponseCode"]) == (status, sip)
    assert (last["CallDuration"], last["Duration"]) == ("0", "0")
    assert last["SequenceNumber"] == ("1" if status == "failed" else "2")


def test_only_completed_by_default() -> None:
    """Fact 35: "Default event: completed"."""
    it = callback_world()
    it.call_out(StatusCallback=f"{BASE}/st")
    it.ana.hang_up()
    it.clock.run_for(1)
    assert it.app.one("/st")["CallStatus"] == "completed"


def test_an_inbound_number_is_told_once_at_the_end() -> None:
    """1.6: "Inbound: the number's `StatusCallback` fires once at the end (SequenceNumber 0 seen)"."""
    it = callback_world()
    it.dial_in(5)
    it.caller.hang_up()
    it.clock.run_for(1)
    seen = it.app.one("/line-status")
    assert (seen["CallStatus"], seen["SequenceNumber"], seen["Direction"]) == ("completed", "0", "inbound")


def test_callbacks_do_not_hold_up_the_call() -> None:
    """Fact 36: "Callbacks are asynchronous": a slow answer delays nothing."""
    slow = Answer(status=204, content_type=None, headers=(("X-Modelled-Seconds", "10"),))
    it = callback_world(pages={"/st": slow})
    it.call_out(**ALL)
    assert it.ana.leg is not None
    assert it.ana.leg.where == "say"


def test_callbacks_can_arrive_in_any_order() -> None:
    """Fact 36: "arrive in any order"; SequenceNumber tells the true order (1.6)."""
    it = callback_world(chaos=Chaos(reorder=0.5, seed=3))
    it.call_out(**ALL)
    it.ana.hang_up()
    it.clock.run_for(20)
    numbers = [seen["SequenceNumber"] for seen in it.app.of("/st")]
    assert sorted(numbers) == ["0", "1", "2", "3"]
    assert numbers != sorted(numbers)


def test_chaos_delays_callbacks() -> None:
    """11.8: late callbacks."""
    it = callback_world(chaos=Chaos(delay=(5.0, 5.0)))
    it.call_out(seconds=4, **ALL)
    assert not it.app.of("/st")
    it.clock.run_for(10)
    assert it.app.of("/st")[0].at == pytest.approx(5.0)


def test_chaos_drops_callbacks() -> None:
    """11.8: callback loss; documents still arrive."""
    it = callback_world(chaos=Chaos(drop_callbacks=1.0))
    it.call_out(**ALL)
    assert not it.app.of("/st")
    assert it.app.of("/agent")


def test_chaos_duplicates_every_webhook() -> None:
    """11.8: duplicates, of documents too: the second reply is ignored."""
    replies = iter([twiml("<Say>First</Say>"), twiml("<Say>Second</Say>")])
    it = callback_world(chaos=Chaos(duplicate=1.0), pages={"/voice": lambda _seen: next(replies)})
    leg = it.dial_in(3)
    assert len(it.app.of("/voice")) == 2
    assert it.heard(leg) == ["say First"]
    assert len(it.app.of("/line-status")) == 2


@pytest.mark.parametrize(
    ("chaos", "status", "made"),
    [
        (Chaos(rest_429=1.0), 429, False),
        (Chaos(rest_5xx=1.0), 503, False),
        (Chaos(rest_5xx_after_effect=1.0), 500, True),
    ],
)
def test_chaos_of_the_rest_api(chaos: Chaos, status: int, made: bool) -> None:
    """11.8: slow REST, 429 (not processed), 5xx, 5xx after effect."""
    it = callback_world(chaos=chaos)
    answered, _ = it.rest.request("POST", "Calls.json", {"To": ANA, "From": LINE, "Url": f"{BASE}/agent"})
    assert (answered, bool(it.emulator.legs)) == (status, made)


def test_chaos_play_fails() -> None:
    """11.8: Play fetch failure."""
    it = callback_world(chaos=Chaos(play_fails=1.0), pages={"/voice": twiml("<Play>/a.wav</Play>")})
    it.dial_in(1)
    assert it.codes() == [11200]


@pytest.mark.parametrize("kind", [Answered, JoinedRoom, Pressed])
def test_chaos_hangs_up_at_an_await_point(kind: type) -> None:
    """11.8: caller hangup at every await point."""
    it = callback_world(chaos=Chaos(hang_up_at=lambda event: isinstance(event, kind)))
    leg = it.dial_in(1)
    if kind is Pressed:
        it.caller.press("5")
    it.clock.run_for(1)
    assert (leg.status, leg.ended_by) == ("completed", "phone")


@pytest.mark.parametrize("retried", [True, False])
def test_switch_retry_status_callbacks_on_5xx(retried: bool) -> None:
    """Switch: 12.16, "retry of status callbacks on 5xx: no by default; some third parties claim yes"."""
    switches = Switches(retry_status_callbacks_on_5xx=retried)
    it = callback_world(switches, pages={"/line-status": Answer(status=500)})
    it.dial_in(1)
    it.caller.hang_up()
    it.clock.run_for(1)
    assert len(it.app.of("/line-status")) == (2 if retried else 1)
    assert it.codes() == [11200]


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (Answer(status=204, content_type=None), []),
        (Answer(twiml()), []),
        (Answer(b"x", content_type="image/png"), [12300]),
        (Answer(status=500), [16011]),
    ],
)
def test_what_the_debugger_says_about_callback_answers(answer: Answer, codes: list[int]) -> None:
    """1.1: "204, or 200 + text/xml + empty <Response/>; anything else only logs a Debugger warning"; 16011 (1.5)."""
    it = callback_world(pages={"/conference": answer})
    it.dial_in(1)
    assert it.codes() == codes


def test_a_voicemail_answers_and_presses_nothing() -> None:
    """6: "completed = somebody or something answered (voicemail too)"; it records, then hangs up."""
    it = callback_world(
        pages={"/agent": twiml('<Gather action="/x"><Say>Press 1</Say></Gather>', '<Pause length="9"/>')}
    )
    it.ana.behave(Voicemail(greeting_seconds=6, records=5, after=3))
    leg = it.call_out(seconds=20, **ALL)
    assert (leg.status, leg.duration) == ("completed", 11)
    assert not it.app.of("/x")


def test_a_greeting_is_speech_to_a_gather() -> None:
    """A machine's greeting is heard by a Gather for speech: why a spoken yes is no acceptance."""
    it = callback_world(pages={"/agent": twiml('<Gather input="speech" action="/x"><Say>Say yes</Say></Gather>')})
    it.ana.behave(Voicemail(greeting="Yes we have no time", greeting_seconds=4, after=1))
    it.call_out(seconds=15)
    assert it.app.one("/x")["SpeechResult"] == "Yes we have no time"


@pytest.mark.parametrize(("machine", "kind", "who"), [
    (False, "Enable", "human"), (True, "Enable", "machine_start"), (True, "DetectMessageEnd", "machine_end_beep"),
])  # fmt: skip
def test_machine_detection_holds_the_document_back(machine: bool, kind: str, who: str) -> None:
    """6.3: "Synchronous: TwiML fetch waits ... and gets AnsweredBy"."""
    it = callback_world()
    it.ana.behave(Voicemail(after=2.0) if machine else None)
    it.call_out(seconds=10, MachineDetection=kind)
    assert it.app.one("/agent")["AnsweredBy"] == who


def test_asynchronous_machine_detection_calls_back() -> None:
    """6.3: "Asynchronous: callback CallSid AccountSid AnsweredBy MachineDetectionDuration(ms)"."""
    it = callback_world()
    it.ana.behave(Voicemail(after=2.0))
    form = {"MachineDetection": "Enable", "AsyncAmd": "true", "AsyncAmdStatusCallback": f"{BASE}/amd"}
    it.call_out(seconds=10, **form)
    assert "AnsweredBy" not in it.app.one("/agent").form
    assert it.app.one("/amd")["AnsweredBy"] == "machine_start"


def test_a_phone_on_a_call_is_busy() -> None:
    """A handset has one line: a second call to it is busy (6.1: 486)."""
    it = callback_world()
    first = it.call_out()
    second = it.call_out()
    assert (first.status, second.status) == ("in-progress", "busy")
    assert it.ana.leg is first
