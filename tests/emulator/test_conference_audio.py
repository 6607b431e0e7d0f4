"""What people hear in conferences (facts 24, 25; twilio.md 3.8, 8.3), and the switches of conferences."""

import pytest

from callflow.emulator import Switches
from tests.emulator.test_conference import STAR, room_world
from tests.emulator.world import BASE, BEN, Answer, Page, audio, conference, twiml


def test_wait_documents_may_play_say_pause_redirect_only() -> None:
    """Fact 24: "waitUrl TwiML: Play Say Pause Redirect only"; others raise 13238."""
    wait = twiml("<Say>Hello</Say>", "<Gather/>", "<Hangup/>", "<Pause/>")
    it = room_world(conference(waitUrl="/wait"), pages={"/wait": wait})
    leg = it.dial_in(5)
    assert it.codes() == [13238, 13238]
    assert it.heard(leg) == ["say Hello", "pause 1 s", "~silence room"]
    assert leg.live


def test_a_wait_document_that_runs_out_is_followed_by_silence() -> None:
    """Fact 24: "runs out -> silence"; an empty Redirect loops (twilio.md 3.8)."""
    it = room_world(conference(waitUrl="/wait"), pages={"/wait": twiml("<Say>Wait</Say>", "<Redirect/>")})
    leg = it.dial_in(5)
    assert it.heard(leg).count("say Wait") > 3
    assert "silence room" not in it.heard(leg)


def test_an_empty_wait_url_is_nothing() -> None:
    """Fact 24: "'' = nothing"; without a waitUrl there is default music (twilio.md 3.8)."""
    it = room_world(conference(waitUrl=""))
    assert it.heard(it.dial_in(5)) == ["~silence room"]
    it = room_world("<Dial><Conference>room</Conference></Dial>")
    assert it.heard(it.dial_in(5)) == ["~music default music"]


def test_a_failing_wait_url_does_not_establish_the_conference() -> None:
    """Fact 24: "a failing waitUrl means the conference is not established": on to the next verb / action."""
    it = room_world(conference(waitUrl="/wait"), pages={"/wait": Answer(status=500)})
    leg = it.dial_in(3)
    assert it.codes() == [11200]
    assert it.heard(leg) == ["say Next verb"]
    assert it.emulator.rooms == {}


def test_wait_url_is_posted_to_and_fetched_on_each_join() -> None:
    """Fact 25: "waitMethod POST if waitUrl is given"; TW fetches waitUrl on each join."""
    agent = conference(waitUrl="/wait", startConferenceOnEnter="false")
    it = room_world(agent, agent, pages={"/wait": twiml('<Pause length="60"/>')})
    it.dial_in(1)
    it.call_out()
    seen = it.app.of("/wait")
    assert [one.method for one in seen] == ["POST", "POST"]
    assert "X_TWILIO_SIGNATURE" in seen[0].headers
    assert {one["ConferenceSid"] for one in seen} == {it.emulator.rooms["room"].sid}


def test_a_wav_file_can_be_the_wait_url() -> None:
    """twilio.md 3.8: waitUrl mp3/wav/TwiML; "runs once then silence"."""
    it = room_world(conference(waitUrl="/tune.wav"), pages={"/tune.wav": audio(4)})
    leg = it.dial_in(10)
    assert it.heard(leg) == [f"play {BASE}/tune.wav", "~silence room"]
    assert leg.heard[0].seconds_heard == pytest.approx(4)


def test_the_one_who_is_left_hears_silence() -> None:
    """twilio.md 0.3, 12.1: after the agent's `*` the caller hears silence, and waitUrl does not come back."""
    pages: dict[str, Page] = {"/wait": twiml('<Pause length="60"/>')}
    it = room_world(conference(waitUrl="/wait"), conference(dial=STAR, beep="false"), pages=pages)
    leg = it.dial_in(1)
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(2)
    assert it.heard(leg) == ["~pause 60 s", "people room", "tone *", "~silence room"]
    assert leg.where == "room room"


def test_switch_lone_participant_hears_wait() -> None:
    """Switch: 12.1 the other way: the wait document comes back."""
    pages: dict[str, Page] = {"/wait": twiml('<Pause length="60"/>')}
    it = room_world(conference(waitUrl="/wait"), switches=Switches(lone_participant_hears="wait"), pages=pages)
    leg = it.dial_in(1)
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(2)
    assert it.heard(leg)[-1] == "~pause 60 s"
    assert len(it.app.of("/wait")) == 2


def test_nobody_hears_a_coach_but_the_coached() -> None:
    """twilio.md 8.3: "supervisor hears all, only the agent hears the supervisor"."""
    it = room_world()
    caller = it.dial_in(1)
    agent = it.call_out()
    it.app.pages["/coach"] = twiml(conference(coach=agent.sid))
    sup = it.call_out("/coach", BEN)
    room = it.emulator.rooms["room"]
    assert room.audible_to(caller.sid) == [agent.sid]
    assert room.audible_to(agent.sid) == [caller.sid, sup.sid]
    assert room.audible_to(sup.sid) == [caller.sid, agent.sid]
    it.ben.say("stay calm")
    assert it.heard(agent)[-1] == "speech stay calm"
    assert "speech stay calm" not in it.heard(caller)


def test_coaching_someone_absent_is_error_13240() -> None:
    """twilio.md 3.8: coach: 13240 to action if absent."""
    it = room_world("", conference(coach="CA" + "1" * 32, dial='action="/menu"'))
    it.dial_in(1)
    it.call_out()
    assert it.codes() == [13240]
    assert it.app.of("/menu")


@pytest.mark.parametrize("stays", [True, False])
def test_switch_coach_of_a_leg_that_left(stays: bool) -> None:
    """Switch: 8.3, "docs silent; assume the coach stays coaching nobody (heard by no one)"."""
    it = room_world(switches=Switches(frozen_coach_stays=stays))
    caller = it.dial_in(1)
    agent = it.call_out()
    it.app.pages["/coach"] = twiml(conference(coach=agent.sid))
    sup = it.call_out("/coach", BEN)
    it.ana.press("*")
    it.clock.run_for(1)
    assert it.emulator.rooms["room"].audible_to(caller.sid) == ([] if stays else [sup.sid])


@pytest.mark.parametrize("before", [True, False])
def test_switch_start_before_join(before: bool) -> None:
    """Switch: twilio.md 4, "join#2 -> start (or start before join#2)"."""
    it = room_world(switches=Switches(start_before_join=before))
    it.dial_in(1)
    it.call_out()
    pair = ["participant-join", "conference-start"]
    assert it.events()[1:] == (pair[::-1] if before else pair)


@pytest.mark.parametrize("reason", ["participant_hung_up", "participant_updated_via_api"])
def test_switch_star_reason(reason: str) -> None:
    """Switch: 12.2, ReasonParticipantLeft for `*`."""
    it = room_world(switches=Switches(star_reason=reason))
    it.dial_in(1)
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(1)
    assert it.app.of("/conference")[-1]["ReasonParticipantLeft"] == reason


@pytest.mark.parametrize("ends", [True, False])
def test_switch_star_ends_room(ends: bool) -> None:
    """Switch: 3.8, `*` of a leg with endConferenceOnExit=true ends the room."""
    agent = conference(dial='hangupOnStar="true" action="/menu"', endConferenceOnExit="true")
    it = room_world("", agent, Switches(star_ends_room=ends))
    it.dial_in(1)
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(1)
    assert ("room" not in it.emulator.rooms) is ends


@pytest.mark.parametrize("requested", [True, False])
def test_switch_action_after_room_end(requested: bool) -> None:
    """Switch: 12.4, Dial's action after the room ended by others."""
    it = room_world("", conference(endConferenceOnExit="true"), Switches(action_after_room_end=requested))
    leg = it.dial_in(1)
    it.call_out()
    it.ana.hang_up()
    it.clock.run_for(3)
    assert len(it.app.of("/left")) == int(requested)
    assert ("say Next verb" in it.heard(leg)) is not requested
