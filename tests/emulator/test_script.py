"""Phone scripts, the console and the clock."""

import io
import threading
from datetime import UTC, datetime

import pytest

from callflow.emulator import Emulator, Manual, NotOnACall, RealClock, VirtualClock, WsgiAppClient
from callflow.emulator.__main__ import Account, main, run
from callflow.emulator.console import Console
from callflow.emulator.script import (
    Call,
    Decline,
    Gone,
    HangUp,
    Heard,
    InRoom,
    IsRinging,
    Nothing,
    OnCall,
    PickUp,
    Press,
    Say,
    Script,
    ScriptStuck,
    Started,
    Step,
)
from tests.emulator.world import ANA, BASE, CALLER, LINE, LittleApp, Page, conference, twiml, world

PAGES: dict[str, Page] = {
    "/voice": twiml('<Gather numDigits="1" action="/menu"><Say>For a bill press 1</Say></Gather>'),
    "/menu": twiml("<Say>One moment</Say>", conference(dial='hangupOnStar="true" action="/voice"')),
    "/agent": twiml('<Gather numDigits="1" action="/accept"><Say>A caller waits. Press 1 to accept</Say></Gather>'),
    "/accept": twiml(conference()),
}
PEOPLE = {"caller": CALLER, "ana": ANA}


def test_a_script_reacts_to_what_people_hear() -> None:
    """Waiting for a finished text, a started text, a room with people, a leg that is gone; then acting."""
    it = world(dict(PAGES))
    it.rest.post("Calls.json", {"To": ANA, "From": LINE, "Url": f"{BASE}/agent"})
    steps = [
        Step("caller", Call(LINE)),
        Step("caller", Press("1"), when=Heard("PRESS 1"), after=1.0),
        Step("ana", Press("1"), when=Started("press 1 to accept")),
        Step("caller", Say("hello"), when=InRoom(2)),
        Step("ana", HangUp(), after=5.0),
        Step("caller", HangUp(), when=Gone("ana")),
    ]
    Script(steps, PEOPLE).run(it.emulator)
    leg = it.caller.legs[0]
    assert leg.status == "completed"
    assert it.heard(leg)[:2] == ["say For a bill press 1", "say One moment"]
    assert it.heard(it.ana.legs[0])[0] == "~say A caller waits. Press 1 to accept"


def test_a_text_counts_once() -> None:
    """The second `Heard` of the same words waits for them to come again."""
    it = world(dict(PAGES))
    steps = [
        Step("caller", Call(LINE)),
        Step("caller", Press("1"), when=Heard("press 1")),
        Step("caller", Press("*"), when=OnCall(), after=3.0),
        Step("caller", HangUp(), when=Heard("press 1")),
    ]
    Script(steps, PEOPLE).run(it.emulator)
    assert len(it.app.of("/voice")) == 2


def test_a_step_that_never_becomes_possible_says_what_was_heard() -> None:
    it = world(dict(PAGES))
    steps = [Step("caller", Call(LINE)), Step("caller", Press("2"), when=Heard("press 2"), within=10)]
    with pytest.raises(ScriptStuck) as caught:
        Script(steps, PEOPLE).run(it.emulator)
    message = str(caught.value)
    assert "step 2 (caller: Press(keys='2') when Heard(text='press 2')) did not become possible within 10 s" in message
    assert "say 'For a bill press 1'" in message
    assert "caller is now: not on a call" in message


def test_a_deed_that_is_impossible_is_reported() -> None:
    it = world(dict(PAGES))
    with pytest.raises(ScriptStuck, match="is not on a call"):
        Script([Step("ana", Press("1"))], PEOPLE).run(it.emulator)


def test_scripts_can_be_plain_data() -> None:
    """As scenarios are written in YAML."""
    data = {
        "phones": PEOPLE,
        "steps": [
            {"phone": "caller", "do": {"call": LINE}},
            {"phone": "caller", "do": {"press": "1"}, "when": {"heard": "press 1"}, "after": 1, "within": 30},
            {"phone": "caller", "do": "hang_up", "when": {"in_room": 1}},
        ],
    }
    script = Script.from_data(data)
    assert script.steps[1] == Step("caller", Press("1"), when=Heard("press 1"), after=1.0, within=30.0)
    it = world(dict(PAGES))
    script.run(it.emulator)
    assert it.caller.leg is None


@pytest.mark.parametrize(
    ("when", "condition"),
    [("ringing", IsRinging()), ("on_call", OnCall()), ({"gone": "ana"}, Gone("ana")), ({"started": "x"}, Started("x"))],
)
def test_conditions_from_data(when: object, condition: object) -> None:
    step = Script.from_data({"steps": [{"phone": "ana", "do": "decline", "when": when}]}).steps[0]
    assert (step.when, step.do) == (condition, Decline())


@pytest.mark.parametrize("step", [{"phone": "a", "do": "dance"}, {"phone": "a", "when": "bored"}, {"do": "hang_up"}, {"phone": "a", "do": {"press": 1, "say": 2}}])  # fmt: skip  # noqa: E501
def test_mistakes_in_data_are_errors(step: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown|expected|a step has"):
        Script.from_data({"steps": [step]})


def test_a_manual_phone_waits_for_its_person() -> None:
    it = world(dict(PAGES))
    it.ana.behave(Manual())
    it.rest.post("Calls.json", {"To": ANA, "From": LINE, "Url": f"{BASE}/agent"})
    Script(
        [Step("ana", PickUp(), when=IsRinging(), after=7.0), Step("ana", Nothing(), when=Heard("accept"))], PEOPLE
    ).run(it.emulator)
    assert it.ana.legs[0].status == "in-progress"
    with pytest.raises(NotOnACall):
        it.ana.answer()


def test_the_same_script_runs_on_a_real_clock() -> None:
    pages: dict[str, Page] = {"/voice": twiml('<Gather numDigits="1" action="/end"><Say>Go</Say></Gather>')}
    app = LittleApp(pages | {"/end": twiml("<Hangup/>")})
    emulator = Emulator(clock=RealClock(threads=2), app_client=WsgiAppClient(app))
    emulator.add_number(LINE, voice_url=f"{BASE}/voice")
    steps = [
        Step("caller", Call(LINE)),
        Step("caller", Press("1"), when=Heard("go")),
        Step("caller", Nothing(), Gone()),
    ]
    Script(steps, PEOPLE).run(emulator)
    assert app.one("/end")["Digits"] == "1"
    emulator.close()


def test_the_console_drives_phones() -> None:
    it = world(dict(PAGES))
    console = Console(it.emulator)
    lines: list[str] = []
    it.emulator.on_event(lambda event: lines.append(console.describe(event) or ""))
    assert console.answer(f"call {CALLER} {LINE}\n") == "ok"
    it.clock.run_for(1)
    assert "gather" in console.answer("show") or "say" in console.answer("show")
    assert console.answer(f"press {CALLER} 1") == "ok"
    it.clock.run_for(3)
    assert "room room: 0 together" in console.answer("show")
    assert console.answer(f"hang up {CALLER}") == "ok"
    assert console.answer(f"press {CALLER} 1") == f"{CALLER} is not on a call"
    assert console.answer("press") == "help lists what can be typed"
    assert console.answer("dance +1 2") == "no such command: dance; help lists them"
    assert (console.answer(""), console.answer("errors")) == ("", "none")
    assert any(line.endswith("hears: For a bill press 1") for line in lines)


def test_run_prints_how_to_point_an_app_at_it() -> None:
    output = io.StringIO()
    account = Account(voice_url="http://127.0.0.1:9/voice")
    assert run(port=0, account=account, prompt=io.StringIO("show\nquit\n"), output=output) == 0
    text = output.getvalue()
    assert "TWILIO_API_BASE_URL=http://127.0.0.1:" in text
    assert "TWILIO_ACCOUNT_SID=AC" in text
    assert run(host="0.0.0.0", output=output) == 1


def test_main_reads_flags(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    assert main(["--port", "0", "--number", "+15550100107"]) == 0
    assert "+15550100107 asks" in capsys.readouterr().out


def test_the_virtual_clock_moves_only_when_told() -> None:
    clock = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    done: list[float] = []
    clock.after(5, lambda: done.append(clock.monotonic()))
    clock.after(5, lambda: done.append(-1.0))
    assert clock.next_due() == 5
    clock.run_until(4)
    assert done == []
    assert clock.run_until_true(lambda: bool(done), limit=10)
    assert (done, clock.monotonic()) == ([5.0], 5.0)
    clock.run_until(datetime(2026, 1, 1, 0, 1, tzinfo=UTC))
    assert (clock.monotonic(), done) == (60.0, [5.0, -1.0])
    clock.after(1000, lambda: None).cancel()
    assert clock.run_until_idle()
    with pytest.raises(ValueError, match="aware"):
        VirtualClock(datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_virtual_clock_refuses_to_run_inside_itself() -> None:
    clock = VirtualClock()
    clock.post(lambda: clock.run_for(1))
    with pytest.raises(RuntimeError, match="already running"):
        clock.run_for(1)


def test_a_webhook_may_use_the_rest_api_from_another_thread() -> None:
    """Fetches run without the lock: an app that waits for its own thread does not block the emulator."""
    it = world(dict(PAGES))

    def page(_seen: object) -> str:
        thread = threading.Thread(target=lambda: it.rest.get("Calls.json"))
        thread.start()
        thread.join(timeout=5)
        assert not thread.is_alive()
        return twiml("<Say>Hi</Say>")

    it.app.pages["/voice"] = page
    assert it.heard(it.dial_in(3)) == ["say Hi"]


def test_finished_calls_can_be_forgotten() -> None:
    it = world(dict(PAGES))
    it.dial_in(1)
    it.caller.hang_up()
    it.emulator.forget_finished()
    assert (it.emulator.legs, it.caller.legs) == ({}, [])


def test_keys_must_be_keys() -> None:
    it = world(dict(PAGES))
    it.dial_in(1)
    with pytest.raises(ValueError, match="not keys"):
        it.caller.press("x")
