"""The REST API: participants, numbers, queues (twilio.md 5.0, 5.6, 5.7)."""

from callflow.emulator import Busy
from tests.emulator.test_rest import CALL, refused, rest_world
from tests.emulator.world import ANA, BASE, LINE


def test_one_call_a_second_leaves_the_queue() -> None:
    """twilio.md 5.0: CPS 1/s: "Excess is queued (`queued`, `queue_time` ms), not refused"."""
    it = rest_world(cps=1.0)
    calls = [it.rest.post("Calls.json", CALL | {"To": f"+1555010020{n}"}) for n in range(3)]
    assert [call["queue_time"] for call in calls] == ["0", "1000", "2000"]
    it.clock.run_for(0.6)
    statuses = [it.rest.get(f"Calls/{call['sid']}.json")["status"] for call in calls]
    assert statuses == ["ringing", "queued", "queued"]


def test_participants_have_a_queue_of_their_own() -> None:
    """twilio.md 5.0: "Participants POST has its own 1/s"."""
    it = rest_world(cps=1.0)
    it.rest.post("Calls.json", CALL)
    first = it.rest.post("Conferences/p/Participants.json", {"From": LINE, "To": "+15550100201"})
    second = it.rest.post("Conferences/p/Participants.json", {"From": LINE, "To": "+15550100202"})
    assert (first["queue_time"], second["queue_time"]) == ("0", "1000")


def test_a_participant_is_called_into_a_room_by_name() -> None:
    """twilio.md 5.6: Create by FriendlyName; joins on answer without whisper; 201, status queued."""
    it = rest_world()
    form = {"From": LINE, "To": ANA, "Label": "ana", "StatusCallback": f"{BASE}/st", "StatusCallbackEvent": "answered"}
    body = it.rest.post("Conferences/new/Participants.json", form)
    assert (body["status"], body["label"]) == ("queued", "ana")
    it.clock.run_for(3)
    room = it.emulator.rooms["new"]
    assert it.rest.get(f"Conferences/{room.sid}/Participants/ana.json")["status"] == "connected"
    assert it.app.one("/st")["CallStatus"] == "in-progress"
    assert refused(it, "POST", f"Conferences/{room.sid}/Participants.json", form) == (400, 16026)


def test_a_participant_who_does_not_answer_is_reported() -> None:
    """twilio.md 4: ReasonParticipantLeft participant_add_failed, ParticipantCallStatus busy."""
    it = rest_world()
    it.dial_in(1)
    it.ana.behave(Busy())
    it.rest.post("Conferences/room/Participants.json", {"From": LINE, "To": ANA})
    it.clock.run_for(3)
    leave = it.app.of("/conference")[-1]
    assert (leave["ReasonParticipantLeft"], leave["ParticipantCallStatus"]) == ("participant_add_failed", "busy")


def test_kicking_a_participant_completes_its_dial() -> None:
    """twilio.md 5.6: "DELETE 204 = kick; leg's Dial completes -> action/next verb"; afterwards 404."""
    it = rest_world()
    leg = it.dial_in(1)
    it.call_out()
    path = f"Conferences/{it.emulator.rooms['room'].sid}/Participants/{leg.sid}.json"
    assert it.rest.request("DELETE", path) == (204, b"")
    it.clock.run_for(0.5)
    assert it.app.one("/left")["DialCallStatus"] == "answered"
    assert refused(it, "GET", path) == (404, 20404)
    assert refused(it, "POST", path, {"Hold": "true"}) == (404, 20404)


def test_participants_have_no_status() -> None:
    """twilio.md 5.6: "There is no Status parameter (a vendor skill text that uses it is wrong)"."""
    it = rest_world()
    leg = it.dial_in(1)
    path = f"Conferences/{it.emulator.rooms['room'].sid}/Participants/{leg.sid}.json"
    assert refused(it, "POST", path, {"Status": "completed"}) == (400, 20001)


def test_numbers_can_be_listed_updated_and_bought() -> None:
    """twilio.md 5.7: IncomingPhoneNumbers list (PhoneNumber wildcard), fetch, update, create."""
    it = rest_world()
    found = it.rest.get("IncomingPhoneNumbers.json", {"PhoneNumber": "+1555*"})["incoming_phone_numbers"]
    path = f"IncomingPhoneNumbers/{found[0]['sid']}.json"
    assert it.rest.get(path)["voice_url"] == f"{BASE}/voice"
    form = {"VoiceUrl": f"{BASE}/new", "VoiceMethod": "GET", "FriendlyName": "Front desk"}
    assert it.rest.post(path, form)["voice_method"] == "GET"
    it.dial_in(1)
    assert it.app.one("/new").method == "GET"
    it.rest.post("IncomingPhoneNumbers.json", {"PhoneNumber": "+15550100101", "VoiceUrl": f"{BASE}/voice"})
    assert len(it.rest.get("IncomingPhoneNumbers.json")["incoming_phone_numbers"]) == 2


def test_a_number_without_voice_url_fails_at_once() -> None:
    """twilio.md 5.7: "empty VoiceUrl -> calls fail instantly with no log entry"."""
    it = rest_world()
    it.emulator.add_number("+15550100105")
    leg = it.caller.call("+15550100105")
    it.clock.run_for(1)
    assert leg.status == "failed"
    assert not it.codes()


def test_a_verified_number_may_be_shown_until_it_is_deleted() -> None:
    """twilio.md 5.0: 21210, From is not yours."""
    it = rest_world()
    form = {"To": ANA, "From": "+15550100555", "Url": f"{BASE}/agent"}
    assert refused(it, "POST", "Calls.json", form) == (400, 21210)
    sid = it.emulator.verify_caller_id("+15550100555").sid
    assert it.rest.post("Calls.json", form)["status"] == "queued"
    (found,) = it.rest.get("OutgoingCallerIds.json", {"PhoneNumber": "+15550100555"})["outgoing_caller_ids"]
    assert found["sid"] == sid
    it.rest.call("DELETE", f"OutgoingCallerIds/{sid}.json")
    assert refused(it, "POST", "Calls.json", form) == (400, 21210)
    assert refused(it, "GET", f"OutgoingCallerIds/{sid}.json", {}) == (404, 20404)


def test_a_number_that_the_account_may_not_call() -> None:
    """twilio.md 5.0: 21215, its country is switched off."""
    it = rest_world()
    it.emulator.exchange.forbidden[ANA] = 21215
    form = {"To": ANA, "From": LINE, "Url": f"{BASE}/agent"}
    assert refused(it, "POST", "Calls.json", form) == (400, 21215)
