"""Hold, announcements and the trap of the frozen exit flag (twilio.md 4.5, 5.6)."""

import pytest

from callflow.emulator import Leg, Switches
from tests.emulator.test_rest import refused
from tests.emulator.world import BASE, Answer, Page, World, conference, twiml, world

PAGES: dict[str, Page] = {
    "/voice": twiml(conference(dial='action="/left" hangupOnStar="true"', beep="false")),
    "/agent": twiml(conference(dial='action="/menu" hangupOnStar="true"', beep="false")),
    "/menu": twiml('<Pause length="30"/>'),
    "/hold": twiml("<Say>Please hold the line</Say>"),
    "/news": twiml("<Say>This is the news of today</Say>"),
    "/left": twiml("<Say>You left</Say>"),
}


def held_world(switches: Switches | None = None) -> tuple[World, Leg, Leg, str]:
    """Caller and agent in a room; the world, their legs, and the path of the caller's participant."""
    it = world(dict(PAGES), switches)
    caller = it.dial_in(1)
    agent = it.call_out()
    path = f"Conferences/{it.emulator.rooms['room'].sid}/Participants/{caller.sid}.json"
    return it, caller, agent, path


HOLD = {"Hold": "true", "HoldUrl": f"{BASE}/hold", "HoldMethod": "POST"}


def test_a_held_leg_hears_only_its_hold_document() -> None:
    """4.5: "Held leg hears only HoldUrl audio, hears nobody, nobody hears it"; silence after its end."""
    it, caller, agent, path = held_world()
    assert it.rest.post(path, HOLD)["hold"] is True
    it.clock.run_for(3)
    assert it.heard(caller)[-2:] == ["say Please hold the line", "~silence room"]
    assert it.emulator.rooms["room"].members == [agent.sid]
    assert caller.where == "room room, held"
    assert it.heard(agent)[-1] == "~silence room"
    it.rest.post(path, {"Hold": "false"})
    assert caller.where == "room room"
    assert it.heard(agent)[-1] == "~people room"


def test_hold_without_a_url_is_default_music() -> None:
    """4.5: "omitted -> default music"."""
    it, caller, _, path = held_world()
    it.rest.post(path, {"Hold": "true"})
    assert it.heard(caller)[-1] == "~music default music"


def test_the_hold_method_defaults_to_get() -> None:
    """4.5 and 12.10: "HoldMethod default GET per spec"."""
    it, _, _, path = held_world()
    it.rest.post(path, {"Hold": "true", "HoldUrl": f"{BASE}/hold"})
    it.clock.run_for(1)
    assert it.app.one("/hold").method == "GET"


@pytest.mark.parametrize("frozen", [True, False])
def test_switch_end_on_exit_is_frozen_while_held(frozen: bool) -> None:
    """4.5 [I]: "API answers 200 with the new value, nothing changes" (flex-dialpad-addon-plugin #60)."""
    it, caller, _, path = held_world(Switches(frozen_end_on_exit_while_held=frozen))
    it.rest.post(path, HOLD)
    answer = it.rest.post(path, {"EndConferenceOnExit": "true"})
    assert answer["end_conference_on_exit"] is True
    assert it.rest.get(path)["end_conference_on_exit"] is not frozen
    it.caller.hang_up()
    it.clock.run_for(0.1)
    assert caller.where == "gone"
    assert ("room" in it.emulator.rooms) is frozen


def test_sending_hold_false_together_makes_it_work() -> None:
    """4.5: twilio-go #259, "sending Hold=false together made it work"."""
    it, _, _, path = held_world()
    it.rest.post(path, HOLD)
    it.rest.post(path, {"Hold": "false", "EndConferenceOnExit": "true"})
    assert it.rest.get(path)["end_conference_on_exit"] is True


@pytest.mark.parametrize("works", [True, False])
def test_switch_star_works_on_hold(works: bool) -> None:
    """Switch: 12.18, "hangupOnStar while held: leaves"."""
    it, _, _, path = held_world(Switches(star_works_on_hold=works))
    it.rest.post(path, HOLD)
    it.caller.press("*")
    it.clock.run_for(0.5)
    assert bool(it.app.of("/left")) is works


@pytest.mark.parametrize("works", [True, False])
def test_switch_hold_before_start(works: bool) -> None:
    """Switch: 12.7, hold in a room that has not started: an error (assumed), or it works."""
    it = world(dict(PAGES), Switches(hold_before_start=works))
    leg = it.dial_in(1)
    path = f"Conferences/{it.emulator.rooms['room'].sid}/Participants/{leg.sid}.json"
    if works:
        assert it.rest.post(path, HOLD)["hold"] is True
    else:
        assert refused(it, "POST", path, HOLD) == (404, 20404)


def test_the_lone_participant_can_be_held() -> None:
    """12.7: "hold on the only participant: works" (the agent is in its menu)."""
    it, caller, _, path = held_world()
    it.ana.press("*")
    it.clock.run_for(1)
    it.rest.post(path, HOLD)
    it.clock.run_for(1)
    assert it.heard(caller)[-1] == "~say Please hold the line"


def test_an_announcement_to_one_is_heard_by_one() -> None:
    """5.6: "Announce plays to that participant only"; announcement-end with P follows (twilio.md 4)."""
    it, caller, agent, path = held_world()
    it.rest.post(path, {"AnnounceUrl": f"{BASE}/news"})
    it.clock.run_for(3)
    assert "say This is the news of today" in it.heard(caller)
    assert "say This is the news of today" not in it.heard(agent)
    end = it.app.of("/conference")[-1]
    assert (end["StatusCallbackEvent"], end["CallSid"]) == ("announcement-end", caller.sid)


def test_an_announcement_to_the_room_is_heard_by_all() -> None:
    """5.5: "AnnounceUrl (played to everyone in the room)"; announcement-end without P (twilio.md 4)."""
    it, caller, agent, _ = held_world()
    it.rest.post(f"Conferences/{it.emulator.rooms['room'].sid}.json", {"AnnounceUrl": f"{BASE}/news"})
    it.clock.run_for(3)
    assert all("say This is the news of today" in it.heard(leg) for leg in (caller, agent))
    assert "CallSid" not in it.app.of("/conference")[-1].form


def test_a_failing_announcement_has_no_event() -> None:
    """4: "a 404 announceUrl gives 11200 in the Debugger and possibly no event"."""
    it, _, _, path = held_world()
    it.app.pages["/news"] = Answer(status=404)
    it.rest.post(path, {"AnnounceUrl": f"{BASE}/news"})
    it.clock.run_for(3)
    assert it.codes() == [11200]
    assert "announcement-end" not in it.events()


@pytest.mark.parametrize("sent", [True, False])
def test_switch_announcement_end_after_leave(sent: bool) -> None:
    """Switch: 12.6, announcement-end when the leg leaves mid-way: it may come, without P."""
    it, _, _, path = held_world(Switches(announcement_end_after_leave=sent))
    it.rest.post(path, {"AnnounceUrl": f"{BASE}/news"})
    it.clock.run_for(0.5)
    it.caller.hang_up()
    it.clock.run_for(3)
    ends = [seen for seen in it.app.of("/conference") if seen["StatusCallbackEvent"] == "announcement-end"]
    assert [("CallSid" in seen.form) for seen in ends] == ([False] if sent else [])


@pytest.mark.parametrize("heard", [True, False])
def test_switch_announce_heard_on_hold(heard: bool) -> None:
    """Switch: 12.6, "announce to a held leg: not heard"."""
    it, caller, _, path = held_world(Switches(announce_heard_on_hold=heard))
    it.rest.post(path, {"Hold": "true"})
    it.rest.post(path, {"AnnounceUrl": f"{BASE}/news"})
    it.clock.run_for(3)
    assert ("say This is the news of today" in it.heard(caller)) is heard


@pytest.mark.parametrize("signed", [True, False])
def test_switch_sign_wait_requests(signed: bool) -> None:
    """Switch: 12.8, parameters and signature on waitUrl, holdUrl, announceUrl requests."""
    it, caller, _, path = held_world(Switches(sign_wait_requests=signed))
    it.rest.post(path, HOLD)
    it.clock.run_for(1)
    seen = it.app.one("/hold")
    assert ("X_TWILIO_SIGNATURE" in seen.headers) is signed
    assert (seen["CallSid"], seen["FriendlyName"]) == (caller.sid, "room")
