"""The switches that no other file tests both ways, and that the list of them in README.md is complete."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import callflow.emulator
from callflow.emulator import Switches
from tests.emulator.test_conference import STAR, room_world
from tests.emulator.test_rest import rest_world
from tests.emulator.world import BASE, Answer, Page, conference, twiml, world

README = Path(callflow.emulator.__file__).with_name("README.md").read_text(encoding="utf-8")
NAMES = [field.name for field in fields(Switches)]


@pytest.mark.parametrize("name", NAMES)
def test_every_switch_is_listed_with_its_default(name: str) -> None:
    """twilio.md 11.9: "switches listed with defaults; list them in the emulator's own README as unverified"."""
    default = getattr(Switches(), name)
    lines = [line for line in README.splitlines() if f"`{name}`" in line]
    assert len(lines) == 1, f"{name} is not in README.md"
    assert f"`{default}`" in lines[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_switch_is_tested(name: str) -> None:
    tests = Path(__file__).parent.glob("test_*.py")
    assert any(f"Switches({name}=" in path.read_text(encoding="utf-8") for path in tests)


@pytest.mark.parametrize("reason", ["participant_hung_up", "participant_updated_via_api"])
def test_switch_kick_reason(reason: str) -> None:
    """Switch: 12.2, ReasonParticipantLeft after a DELETE."""
    it = room_world(switches=Switches(kick_reason=reason))
    leg = it.dial_in(1)
    it.call_out()
    it.rest.call("DELETE", f"Conferences/{it.emulator.rooms['room'].sid}/Participants/{leg.sid}.json")
    it.clock.run_for(0.1)
    assert it.app.of("/conference")[-1]["ReasonParticipantLeft"] == reason


@pytest.mark.parametrize("reason", ["participant_hung_up", "other"])
def test_switch_time_limit_reason(reason: str) -> None:
    """Switch: 12.2, ReasonParticipantLeft after the Dial's timeLimit."""
    it = room_world(conference(dial='timeLimit="5"'), switches=Switches(time_limit_reason=reason))
    it.dial_in(6)
    leaves = [seen for seen in it.app.of("/conference") if seen["StatusCallbackEvent"] == "participant-leave"]
    assert leaves[0]["ReasonParticipantLeft"] == reason


@pytest.mark.parametrize("wins", [True, False])
def test_switch_last_update_wins(wins: bool) -> None:
    """Switch: 5.2, a REST redirect while a document is being fetched."""
    it = rest_world(Switches(last_update_wins=wins))
    it.app.pages["/slow"] = Answer(twiml("<Say>Slow</Say>"), headers=(("X-Modelled-Seconds", "2"),))
    leg = it.dial_in(1)
    it.rest.post(f"Calls/{leg.sid}.json", {"Url": f"{BASE}/slow"})
    it.clock.run_for(1)
    it.rest.post(f"Calls/{leg.sid}.json", {"Url": f"{BASE}/other"})
    it.clock.run_for(5)
    assert ("say Slow" in it.heard(leg)) is not wins


@pytest.mark.parametrize("heard", [True, False])
def test_switch_tones_heard_in_room(heard: bool) -> None:
    """Switch: 12.5, "do others hear the `*` tone: possibly"."""
    it = room_world(agent=conference(dial=STAR), switches=Switches(tones_heard_in_room=heard))
    leg = it.dial_in(1)
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(0.1)
    assert ("tone *" in it.heard(leg)) is heard


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_switch_conference_callback_method(method: Any) -> None:
    """Switch: 12.17, "conference statusCallbackMethod default: POST (doc table text is corrupted)"."""
    it = room_world(switches=Switches(conference_callback_method=method))
    it.dial_in(1)
    assert it.app.one("/conference").method == method


@pytest.mark.parametrize("seconds", [1.0, 30.0])
def test_switch_recording_seconds_until_ready(seconds: float) -> None:
    """Switch: 5.4, how long the media take."""
    pages: dict[str, Page] = {"/voice": twiml('<Record recordingStatusCallback="/rec"/>')}
    it = world(pages, Switches(recording_seconds_until_ready=seconds))
    it.dial_in(3)
    it.caller.hang_up()
    it.clock.run_for(seconds - 0.1)
    assert not it.app.of("/rec")
    it.clock.run_for(0.2)
    assert it.app.of("/rec")


@pytest.mark.parametrize(("pace", "seconds"), [(14.0, 10.0), (20.0, 7.0)])
def test_switch_pace(pace: float, seconds: float) -> None:
    """Switch: 3.1, "Emulator: model duration (e.g. 14 chars/s)": a voice and people speak at this pace."""
    it = world({"/voice": twiml("<Say>" + "x" * 140 + "</Say>")}, Switches(pace=pace))
    leg = it.dial_in(15)
    assert leg.heard[0].seconds_heard == pytest.approx(seconds)


def test_switch_error_speech() -> None:
    """Switch: 1.4, the words of the error speech [K]."""
    it = world({"/voice": Answer(status=500)}, Switches(error_speech="Sorry"))
    assert it.heard(it.dial_in(3)) == ["say Sorry"]


def test_speaker_events() -> None:
    """4: participant-speech-start / -stop, if subscribed to."""
    it = room_world(conference(statusCallbackEvent="speaker"))
    it.dial_in(1)
    it.call_out()
    it.caller.say("hello there")
    it.clock.run_for(2)
    assert it.events() == ["participant-speech-start", "participant-speech-stop"]


def test_events_can_be_read_later_and_listened_to() -> None:
    it = room_world()
    seen: list[str] = []
    end = it.emulator.on_event(lambda event: seen.append(type(event).__name__))
    it.dial_in(1)
    assert seen[:3] == ["CallPlaced", "DocumentFetched", "Answered"]
    end()
    count = len(seen)
    it.caller.hang_up()
    assert len(seen) == count
    assert it.emulator.now() == it.clock.now()
