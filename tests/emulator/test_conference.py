"""Conferences: facts 18-25, and what twilio.md 3.8, 4 and 8 add."""

import pytest

from callflow.emulator import Switches
from tests.emulator.world import BASE, Page, World, conference, twiml, world

STAR = 'action="/menu" hangupOnStar="true"'


def room_world(
    caller: str = "", agent: str = "", switches: Switches | None = None, pages: dict[str, Page] | None = None
) -> World:
    known: dict[str, Page] = {
        "/voice": twiml(caller or conference(dial='action="/left"'), "<Say>Next verb</Say>"),
        "/agent": twiml(agent or conference(dial='action="/menu" hangupOnStar="true"')),
        "/menu": twiml('<Pause length="30"/>'),
        "/left": twiml("<Say>You left</Say>"),
    }
    return world(known | (pages or {}), switches)


def test_a_room_starts_when_two_are_in_and_one_may_start_it() -> None:
    """Fact 18: "Starts when >= 2 participants and one has startConferenceOnEnter"."""
    it = room_world(conference(startConferenceOnEnter="false"))
    it.dial_in(1)
    assert it.emulator.rooms["room"].members == []
    it.call_out()
    assert len(it.emulator.rooms["room"].members) == 2


def test_one_alone_does_not_start_a_room() -> None:
    """Fact 18; twilio.md 3.8: join fires, conference-start does not, and the leg hears waitUrl."""
    it = room_world(conference(waitUrl="/wait"), pages={"/wait": twiml("<Say>Please wait a while</Say>")})
    leg = it.dial_in(1)
    assert it.events() == ["participant-join"]
    assert it.heard(leg) == ["~say Please wait a while"]


@pytest.mark.parametrize(("in_progress_only", "listed"), [(True, 0), (False, 1)])
def test_a_list_without_a_status_of_a_room_with_one_person(in_progress_only: bool, listed: int) -> None:
    """The notice of 30 September 2026: only rooms in progress are listed unless a Status is asked for."""
    it = room_world(switches=Switches(unfiltered_list_is_in_progress=in_progress_only))
    it.dial_in(1)
    assert len(it.rest.get("Conferences.json", {"Status": "init"})["conferences"]) == 1
    assert len(it.rest.get("Conferences.json")["conferences"]) == listed


def test_a_room_where_nobody_may_start_never_starts() -> None:
    """Fact 18; twilio.md 3.8: "All-false rooms: both hear wait audio"."""
    it = room_world(conference(startConferenceOnEnter="false"), conference(startConferenceOnEnter="false"))
    leg = it.dial_in(1)
    it.call_out()
    assert it.emulator.rooms["room"].members == []
    assert it.heard(leg) == ["~silence room"]
    assert "conference-start" not in it.events()


def test_the_callbacks_of_a_whole_conference() -> None:
    """Facts 19, 20: "start/join/leave/end"; sent as conference-start, participant-join, ..."""
    it = room_world()
    it.dial_in(1)
    it.call_out()
    it.ana.hang_up()
    it.clock.run_for(1)
    it.caller.hang_up()
    it.clock.run_for(1)
    assert it.events() == [
        "participant-join", "participant-join", "conference-start",
        "participant-leave", "participant-leave", "conference-end",
    ]  # fmt: skip


def test_the_first_joiner_decides_about_callbacks() -> None:
    """Fact 19: "the first participant's statusCallback and events are the room's, later ones are ignored"."""
    it = room_world(conference(statusCallbackEvent="join"), conference(statusCallback="/other"))
    it.dial_in(1)
    it.call_out()
    assert it.events() == ["participant-join", "participant-join"]
    assert not it.app.of("/other")


def test_hold_mute_modify_and_announcement_are_told() -> None:
    """Fact 19: "hold/mute/modify/announcement callbacks"."""
    it = room_world(pages={"/news": twiml("<Say>News</Say>")})
    leg = it.dial_in(1)
    it.call_out()
    path = f"Conferences/{it.emulator.rooms['room'].sid}/Participants/{leg.sid}.json"
    for form in ({"Hold": "true"}, {"Hold": "false"}, {"Muted": "true"}, {"Muted": "false"},
                 {"EndConferenceOnExit": "true"}, {"AnnounceUrl": f"{BASE}/news"}):  # fmt: skip
        it.rest.post(path, form)
        it.clock.run_for(2)
    assert it.events()[3:] == [
        "participant-hold", "participant-unhold", "participant-mute", "participant-unmute", "participant-modify",
        "announcement-end",
    ]  # fmt: skip
    assert it.app.of("/conference")[-1]["AnnounceUrl"] == f"{BASE}/news"


def test_unknown_events_are_ignored_with_a_warning() -> None:
    """Fact 20: subscribe with start end join leave hold mute modify speaker announcement."""
    it = room_world(conference(statusCallbackEvent="join conference-start"))
    it.dial_in(1)
    assert it.codes() == [12200]


def test_rest_conference_events_default_to_start_and_end() -> None:
    """Fact 20: "REST ConferenceStatusCallbackEvent defaults to `start end` (OpenAPI document)"."""
    it = room_world()
    callback = {"ConferenceStatusCallback": f"{BASE}/conference"}
    for number in (it.ana.number, it.ben.number):
        it.rest.post("Conferences/new/Participants.json", {"From": "+15550100100", "To": number, **callback})
    it.clock.run_for(5)
    it.ana.hang_up()
    it.ben.hang_up()
    it.clock.run_for(1)
    assert it.events() == ["conference-start", "conference-end"]


def test_participant_events_have_all_parameters() -> None:
    """Fact 21: SequenceNumber and Timestamp on all; Muted, Hold, ... ParticipantLabel on participant events."""
    it = room_world(conference(participantLabel="caller", muted="true", endConferenceOnExit="true"))
    leg = it.dial_in(1)
    form = it.app.one("/conference").form
    room = it.emulator.rooms["room"]
    assert form == {
        "ConferenceSid": room.sid, "FriendlyName": "room", "AccountSid": it.emulator.account_sid,
        "SequenceNumber": "1", "Timestamp": "Mon, 05 Jan 2026 09:00:00 +0000",
        "StatusCallbackEvent": "participant-join", "CallSid": leg.sid, "Muted": "true", "Hold": "false",
        "Coaching": "false", "EndConferenceOnExit": "true", "StartConferenceOnEnter": "true",
        "ParticipantLabel": "caller",
    }  # fmt: skip


def test_leave_and_end_say_why() -> None:
    """Fact 21: leave adds ReasonParticipantLeft, ParticipantCallStatus; end ReasonConferenceEnded, CallSidEnding..."""
    it = room_world()
    leg = it.dial_in(1)
    it.caller.hang_up()
    it.clock.run_for(1)
    leave, end = it.app.of("/conference")[1:]
    assert (leave["ReasonParticipantLeft"], leave["ParticipantCallStatus"]) == ("participant_hung_up", "completed")
    assert (end["ReasonConferenceEnded"], end["CallSidEndingConference"]) == ("last-participant-left", leg.sid)
    assert [seen["SequenceNumber"] for seen in it.app.of("/conference")] == ["1", "2", "3"]


def test_end_conference_on_exit_lets_the_others_go_on() -> None:
    """Fact 22: "everyone else drops out and continues with action / next verb"."""
    it = room_world("", conference(endConferenceOnExit="true"))
    leg = it.dial_in(1)
    it.call_out()
    it.ana.hang_up()
    it.clock.run_for(3)
    assert it.emulator.rooms == {}
    assert it.app.one("/left")["DialCallStatus"] == "answered"
    assert "say You left" in it.heard(leg)
    reason = it.app.of("/conference")[-1]["ReasonConferenceEnded"]
    assert reason == "participant-with-end-conference-on-exit-left"


def test_the_last_one_leaving_ends_the_room_and_the_name_is_free() -> None:
    """Fact 22: "Last one leaving ends the room"; twilio.md 0.5: a rejoin gets a new CF SID."""
    it = room_world()
    it.dial_in(1)
    first = it.emulator.rooms["room"].sid
    it.caller.hang_up()
    it.clock.run_for(1)
    it.dial_in(1)
    assert it.emulator.rooms["room"].sid != first


@pytest.mark.parametrize("used", ["room.action", "next verb"])
def test_a_label_in_use_is_not_added(used: str) -> None:
    """Fact 23: "a second one is NOT added, error 16025, call goes on to the next verb"."""
    dial = 'action="/menu"' if used == "room.action" else ""
    it = room_world(conference(participantLabel="x"), conference(dial=dial, participantLabel="x"))
    it.dial_in(1)
    agent = it.call_out(seconds=2.6)
    assert it.codes() == [16025]
    assert len(it.emulator.rooms["room"].seats) == 1
    assert agent.live is (used == "room.action")


@pytest.mark.parametrize("label", ["a/b", "CA" + "0" * 32])
def test_bad_labels_are_error_16024(label: str) -> None:
    """twilio.md 1.5: 16023/16024, bad label (>128, looks like CallSid, has `/`)."""
    it = room_world(conference(participantLabel=label))
    it.dial_in(3)
    assert it.codes() == [16024]


def test_a_rejoining_agent_talks_at_once() -> None:
    """twilio.md 8.5: menu answer goes back: join event, `conference-start` not repeated."""
    it = room_world(pages={"/menu": twiml(conference())})
    it.dial_in(1)
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(1)
    assert it.events()[3:] == ["participant-leave", "participant-join"]
    assert len(it.emulator.rooms["room"].members) == 2


def test_other_keys_are_swallowed_in_a_room() -> None:
    """twilio.md 0.2: "No DTMF reaches the app while a leg sits in a conference"."""
    it = room_world("", conference(dial='action="/menu" hangupOnStar="true"'), Switches(early_digits_kept=True))
    it.dial_in(1)
    agent = it.call_out()
    it.ana.press("1#9")
    it.caller.press("*")
    it.clock.run_for(1)
    assert not it.app.of("/menu")
    assert agent.early_digits == []


def test_star_reports_the_leg_in_progress() -> None:
    """Fact 16 and twilio.md 3.6: action `answered`; participant-leave with ParticipantCallStatus=in-progress."""
    it = room_world()
    it.dial_in(1)
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(1)
    leave = it.app.of("/conference")[-1]
    assert (leave["ReasonParticipantLeft"], leave["ParticipantCallStatus"]) == ("participant_hung_up", "in-progress")
    assert it.app.one("/menu")["DialBridged"] == "true"


def test_only_bridged_legs_are_told_so() -> None:
    """twilio.md 3.6 [U]: DialBridged is true if the room had started for this leg."""
    it = room_world()
    it.call_out()
    it.ana.press("*")
    it.clock.run_for(1)
    assert it.app.one("/menu")["DialBridged"] == "false"


def test_the_dial_time_limit_removes_that_leg_only() -> None:
    """twilio.md 3.6: "timeLimit: for Conference: that leg is removed"."""
    it = room_world("", conference(dial='action="/menu" timeLimit="20"'))
    it.dial_in(1)
    it.call_out(seconds=24)
    assert len(it.app.of("/menu")) == 1
    assert len(it.emulator.rooms["room"].seats) == 1


def test_a_full_room_is_error_16020() -> None:
    """twilio.md 1.5: 16020 conference full."""
    it = room_world("", conference(maxParticipants="1"))
    it.dial_in(1)
    it.call_out()
    assert it.codes() == [16020]


def test_a_room_can_be_recorded_from_its_start() -> None:
    """twilio.md 3.8: record-from-start "starts when the first two are bridged"."""
    it = room_world(conference(record="record-from-start", recordingStatusCallback="/rec"))
    it.dial_in(10)
    it.call_out(seconds=12.55)
    it.ana.hang_up()
    it.caller.hang_up()
    it.clock.run_for(3)
    seen = it.app.one("/rec")
    assert (seen["RecordingSource"], seen["RecordingDuration"]) == ("Conference", "10")
    assert "ConferenceSid" in seen.form
