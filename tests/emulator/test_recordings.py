"""Record, recordings of calls and conferences, their callbacks and media (twilio.md 3.5, 3.11, 5.4)."""

import pytest

from callflow.emulator.wav import silent_wav, wav_seconds
from tests.emulator.test_rest import refused
from tests.emulator.world import BASE, Page, World, conference, twiml, world

PAGES: dict[str, Page] = {
    "/voice": twiml('<Record action="/recorded" timeout="4" recordingStatusCallback="/rec"/>'),
    "/recorded": twiml("<Say>Thank you</Say>"),
    "/agent": twiml('<Say loop="0">Hello there</Say>'),
}


def recording_world(**pages: Page) -> World:
    return world(PAGES | {f"/{name}": page for name, page in pages.items()})


def test_a_key_ends_the_message() -> None:
    """1.3: Record action: RecordingUrl, RecordingSid, RecordingDuration, Digits (terminating key)."""
    it = recording_world()
    it.dial_in(1)
    it.caller.say("My meter shows twelve thousand")
    it.clock.run_for(4)
    it.caller.press("#")
    it.clock.run_for(3)
    form = it.app.one("/recorded").form
    assert (form["Digits"], form["RecordingDuration"]) == ("#", "4")
    assert form["RecordingUrl"].endswith(form["RecordingSid"])
    assert it.emulator.recordings[form["RecordingSid"]].spoken == ["My meter shows twelve thousand"]


def test_silence_ends_the_message() -> None:
    """3.5: timeout 5 (here 4), counted from the last word."""
    it = recording_world()
    it.dial_in(1)
    it.caller.say("x" * 42)
    it.clock.run_for(6.9)
    assert not it.app.of("/recorded")
    it.clock.run_for(0.3)
    assert it.app.one("/recorded")["Digits"] == ""


def test_the_longest_length_ends_the_message() -> None:
    """3.5: maxLength 3600."""
    it = recording_world(voice=twiml('<Record action="/recorded" maxLength="3" timeout="0"/>'))
    it.dial_in(3.4)
    assert not it.app.of("/recorded")
    it.clock.run_for(0.3)
    assert it.app.one("/recorded")["RecordingDuration"] == "3"


def test_a_hang_up_during_record_requests_the_action() -> None:
    """1.4: "During `<Record>`: action **is** requested with `Digits=hangup`"."""
    it = recording_world()
    it.dial_in(2)
    it.caller.hang_up()
    it.clock.run_for(3)
    form = it.app.one("/recorded").form
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")


def test_the_recording_callback() -> None:
    """5.4: RecordingStatus, RecordingUrl (no suffix), RecordingDuration (completed only), RecordingSource..."""
    it = recording_world(
        voice=twiml('<Record recordingStatusCallback="/rec" recordingStatusCallbackEvent="in-progress completed"/>')
    )
    it.dial_in(2)
    it.caller.hang_up()
    it.clock.run_for(3)
    begun, done = it.app.of("/rec")
    assert (begun["RecordingStatus"], done["RecordingStatus"]) == ("in-progress", "completed")
    assert "RecordingDuration" not in begun.form
    assert (done["RecordingSource"], done["RecordingChannels"], done["ErrorCode"]) == ("RecordVerb", "1", "0")


def test_a_live_call_can_be_recorded_by_rest() -> None:
    """5.4: POST Calls/{CA}/Recordings -> 201; Twilio.CURRENT paused, resumed, stopped; a second start is a no-op."""
    it = recording_world()
    leg = it.call_out()
    path = f"Calls/{leg.sid}/Recordings"
    form = {"RecordingStatusCallback": f"{BASE}/rec", "RecordingChannels": "dual"}
    status, _ = it.rest.request("POST", f"{path}.json", form)
    body = it.rest.post(f"{path}.json", form)
    assert (status, body["status"], body["channels"]) == (201, "in-progress", 2)
    it.clock.run_for(5)
    it.rest.post(f"{path}/Twilio.CURRENT.json", {"Status": "paused", "PauseBehavior": "skip"})
    it.clock.run_for(5)
    it.rest.post(f"{path}/Twilio.CURRENT.json", {"Status": "in-progress"})
    it.clock.run_for(5)
    assert it.rest.post(f"{path}/Twilio.CURRENT.json", {"Status": "stopped"})["status"] == "stopped"
    it.clock.run_for(2)
    assert it.app.one("/rec")["RecordingDuration"] == "10"
    assert refused(it, "POST", f"{path}/Twilio.CURRENT.json", {"Status": "stopped"}) == (404, 20404)


def test_a_call_that_is_over_cannot_be_recorded() -> None:
    """5.4: "Call must be in-progress (21220)"."""
    it = recording_world()
    leg = it.call_out(seconds=1)
    assert refused(it, "POST", f"Calls/{leg.sid}/Recordings.json") == (400, 21220)


def test_media_appear_when_the_recording_is_completed() -> None:
    """5.4: "Media appears at callback `completed`, earlier -> 404"; wav 16-bit 8 kHz; dual unavailable -> 400."""
    it = recording_world()
    it.dial_in(3)
    it.caller.hang_up()
    sid = next(iter(it.emulator.recordings))
    assert refused(it, "GET", f"Recordings/{sid}.wav") == (404, 20404)
    it.clock.run_for(2)
    status, media = it.rest.request("GET", f"Recordings/{sid}.wav")
    assert status == 200
    assert wav_seconds(media) == pytest.approx(it.emulator.recordings[sid].seconds, abs=0.01)
    assert refused(it, "GET", f"Recordings/{sid}.wav", {"RequestedChannels": "2"}) == (400, 20001)
    assert it.rest.request("DELETE", f"Recordings/{sid}.json")[0] == 204
    assert refused(it, "GET", f"Recordings/{sid}.json") == (404, 20404)
    assert len(it.rest.get("Recordings.json", {"IncludeSoftDeleted": "true"})["recordings"]) == 1


def test_a_call_can_be_recorded_from_the_start_by_rest() -> None:
    """5.1: Record=true; 5.4: source OutboundAPI."""
    it = recording_world()
    it.call_out(Record="true", RecordingStatusCallback=f"{BASE}/rec")
    it.ana.hang_up()
    it.clock.run_for(2)
    assert it.app.one("/rec")["RecordingSource"] == "OutboundAPI"


def test_start_recording_survives_redirects_and_rooms() -> None:
    """3.11: "Survives redirects and conference joins; stops at call end or API"; source StartCallRecordingTwiML."""
    start = f'<Start><Recording recordingStatusCallback="{BASE}/rec" name="a"/></Start>'
    it = recording_world(voice=twiml(start, "<Redirect>/join</Redirect>"), join=twiml(conference()))
    it.dial_in(10)
    it.caller.hang_up()
    it.clock.run_for(2)
    seen = it.app.one("/rec")
    assert (seen["RecordingSource"], seen["RecordingChannels"], seen["RecordingDuration"]) == (
        "StartCallRecordingTwiML", "2", "10",
    )  # fmt: skip


def test_a_relative_start_recording_callback_is_an_error() -> None:
    """3.11: "absolute only, relative gives 11200"."""
    it = recording_world(voice=twiml('<Start><Recording recordingStatusCallback="/rec"/></Start>', "<Say>Hi</Say>"))
    it.dial_in(1)
    assert it.codes() == [11200]


def test_stop_ends_a_recording() -> None:
    """3.11: `<Stop>` by `name`."""
    document = twiml(
        '<Start><Recording name="a"/></Start>', "<Pause/>", '<Stop><Recording name="a"/></Stop>', '<Pause length="9"/>'
    )
    it = recording_world(voice=document)
    it.dial_in(5)
    recording = next(iter(it.emulator.recordings.values()))
    assert (recording.status, round(recording.seconds or 0)) == ("completed", 1)


def test_other_background_nouns_are_accepted_and_noted() -> None:
    """3.11: Stream, Siprec, Transcription are not emulated: noted, no error, the call goes on."""
    it = recording_world(voice=twiml('<Start><Stream url="wss://x/"/></Start>', "<Say>Hi</Say>"))
    leg = it.dial_in(1)
    assert it.heard(leg) == ["say Hi"]
    assert not it.codes()


def test_a_recording_can_be_played() -> None:
    """A RecordingUrl in Play lasts as long as the recording."""
    it = recording_world(recorded=lambda seen: twiml(f"<Play>{seen['RecordingUrl']}.wav</Play>"))
    leg = it.dial_in(3.05)
    it.caller.press("1")
    it.clock.run_for(5)
    assert leg.heard[-1].seconds_heard == pytest.approx(2.5)


def test_wav_files_are_understood() -> None:
    assert wav_seconds(silent_wav(1.5)) == pytest.approx(1.5)
    assert wav_seconds(b"ID3") is None
    assert wav_seconds(b"RIFF\0\0\0\0WAVE") is None
