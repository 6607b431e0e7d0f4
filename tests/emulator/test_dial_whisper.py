"""Dial: whispers, `*` and redirects: facts 14, 16, 17 of the collected behaviours."""

from callflow.emulator import Switches
from tests.emulator.test_dial import TO_ANA, dial_world
from tests.emulator.world import ANA, BASE, BEN, Page, twiml


def test_a_whisper_runs_on_the_called_leg_before_bridging() -> None:
    """Fact 14: "Number `url` runs on the called leg before bridging"."""
    dial = f'<Dial><Number url="/whisper">{ANA}</Number></Dial>'
    it = dial_world(dial, whisper=twiml("<Say>A call for you from the desk</Say>"))
    leg = it.dial_in(3.5)
    assert it.heard(it.ana.legs[0]) == ["~say A call for you from the desk"]
    assert leg.where == "dialling"
    it.clock.run_for(3)
    assert leg.where == f"talking {ANA}"


def test_hangup_in_the_whisper_ends_only_that_leg() -> None:
    """Fact 14: "Hangup there ends only that leg"; DialCallStatus is not completed (twilio.md 3.7)."""
    dial = f'<Dial action="/after"><Number url="/whisper">{ANA}</Number></Dial>'
    it = dial_world(dial, whisper=twiml("<Hangup/>"))
    leg = it.dial_in(3)
    assert (it.ana.legs[0].status, leg.status) == ("completed", "in-progress")
    assert it.app.one("/after")["DialCallStatus"] == "no-answer"


def test_dial_in_a_whisper_is_error_13201() -> None:
    """twilio.md 1.5: 13201, Dial inside a called-party (`url`) document."""
    dial = f'<Dial><Number url="/whisper">{ANA}</Number></Dial>'
    it = dial_world(dial, whisper=twiml(f"<Dial>{BEN}</Dial>"))
    it.dial_in(5)
    assert it.codes() == [13201]


def test_star_hangs_up_the_called_party_and_the_caller_goes_on() -> None:
    """Fact 16: "the called party is left, the caller goes on: action with completed (number)"."""
    it = dial_world(f'<Dial action="/after" hangupOnStar="true">{ANA}</Dial>')
    leg = it.dial_in(4)
    it.caller.press("*")
    it.clock.run_for(0.5)
    assert it.ana.leg is None
    assert it.app.one("/after")["DialCallStatus"] == "completed"
    assert leg.live


def test_star_of_the_called_party_does_nothing() -> None:
    """Fact 16: "Only the caller of that Dial"."""
    it = dial_world(f'<Dial action="/after" hangupOnStar="true">{ANA}</Dial>')
    leg = it.dial_in(4)
    it.ana.press("*")
    it.clock.run_for(1)
    assert leg.where == f"talking {ANA}"


def test_star_among_other_digits_counts() -> None:
    """Fact 17: "`*` among other digits counts"."""
    it = dial_world(f'<Dial hangupOnStar="true">{ANA}</Dial>')
    it.dial_in(4)
    it.caller.press("12*3")
    it.clock.run_for(1)
    assert it.ana.leg is None


def test_star_is_ignored_without_hangup_on_star() -> None:
    """Fact 17: "hangupOnStar=false ignores it"."""
    it = dial_world(f'<Dial hangupOnStar="false">{ANA}</Dial>')
    leg = it.dial_in(4)
    it.caller.press("*")
    it.clock.run_for(1)
    assert leg.where == f"talking {ANA}"


def test_a_bad_hangup_on_star_is_warning_13213() -> None:
    """Fact 17: "Value other than true/false: warning 13213"."""
    it = dial_world(f'<Dial hangupOnStar="yes">{ANA}</Dial>')
    leg = it.dial_in(4)
    assert it.codes() == [13213]
    assert leg.where == f"talking {ANA}"


def test_a_redirected_parent_hangs_up_its_child() -> None:
    """twilio.md 5.2: "Redirect parent out of Dial: child hung up"; the old action is not called."""
    it = dial_world(TO_ANA, elsewhere=twiml("<Say>Elsewhere</Say>"))
    leg = it.dial_in(4)
    it.rest.post(f"Calls/{leg.sid}.json", {"Url": f"{BASE}/elsewhere"})
    it.clock.run_for(3)
    assert it.ana.leg is None
    assert not it.app.of("/after")
    assert it.heard(leg)[-1] == "say Elsewhere"


def test_switch_redirect_requests_dial_action() -> None:
    """Switch (emulator-facts section 2): "twimulator first requests the Dial's action (ignoring its TwiML)"."""
    pages: dict[str, Page] = {"elsewhere": twiml("<Say>Elsewhere</Say>")}
    it = dial_world(TO_ANA, Switches(redirect_requests_dial_action=True), **pages)
    leg = it.dial_in(4)
    it.rest.post(f"Calls/{leg.sid}.json", {"Url": f"{BASE}/elsewhere"})
    it.clock.run_for(3)
    assert it.app.one("/after")["CallStatus"] == "in-progress"
    assert it.heard(leg)[-1] == "say Elsewhere"


def test_a_redirected_child_leaves_its_parent() -> None:
    """twilio.md 5.2: "Redirect child: parent's Dial ends -> action (no DialCallDuration)"."""
    it = dial_world(TO_ANA, elsewhere=twiml("<Say>Elsewhere for a while</Say>"))
    it.dial_in(4)
    child = it.ana.legs[0]
    it.rest.post(f"Calls/{child.sid}.json", {"Url": f"{BASE}/elsewhere"})
    it.clock.run_for(1)
    assert child.live
    assert "DialCallDuration" not in it.app.one("/after").form


def test_dial_can_be_recorded() -> None:
    """twilio.md 3.6: record-from-answer[-dual]; RecordingUrl goes to the action and to the recording callback."""
    dial = f'<Dial action="/after" record="record-from-answer-dual" recordingStatusCallback="/rec">{ANA}</Dial>'
    it = dial_world(dial)
    it.dial_in(4)
    it.clock.run_for(5)
    it.ana.hang_up()
    it.clock.run_for(3)
    seen = it.app.one("/rec")
    assert (seen["RecordingSource"], seen["RecordingChannels"], seen["RecordingStatus"]) == (
        "DialVerb",
        "2",
        "completed",
    )
    assert it.app.one("/after")["RecordingSid"] == seen["RecordingSid"]
