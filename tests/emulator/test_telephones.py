"""Telephones that are no plain number: behind an exchange, SIP domains, and whose number a call may show."""

import pytest

from callflow.emulator import Answers, Busy, NoAnswer, NotOnACall, Switches
from tests.emulator.test_rest import CALL, refused, rest_world
from tests.emulator.world import ANA, BASE, LINE, World, twiml

PBX = "+15550100140"
EXTENSION = {"To": PBX, "From": LINE, "Url": f"{BASE}/other", "SendDigits": "ww204#"}


@pytest.mark.parametrize("sent", ["204!", "1" * 33, "ext. 204", "+204"])
def test_keys_that_no_telephone_has_are_refused(sent: str) -> None:
    """Error 21206: SendDigits has only 0-9, A-D, *, #, w and W; at most 32 (OpenAPI document)."""
    assert refused(rest_world(), "POST", "Calls.json", {**CALL, "SendDigits": sent}) == (400, 21206)


def pbx(behaviour: object) -> World:
    it = rest_world()
    it.emulator.phone(PBX, "204#").behave(behaviour)  # type: ignore[arg-type]
    it.rest.post("Calls.json", EXTENSION)
    return it


def test_the_exchange_answers_and_the_extension_rings_while_the_document_plays() -> None:
    """OpenAPI: "keys to dial after connecting to the number"; w is half a second."""
    it = pbx(Answers(3.0))
    it.app.pages["/other"] = twiml("<Say>A long text, of which the person at the telephone hears the end at most</Say>")
    ana = it.emulator.phone(PBX, "204#")
    it.clock.run_for(2.0)
    assert not ana.legs
    it.clock.run_for(2.0)
    assert ana.leg
    assert (ana.leg.status, ana.leg.rings) == ("in-progress", True)
    with pytest.raises(NotOnACall):
        ana.press("1")
    assert it.heard(ana.leg) == ["~say A long text, of which the person at the telephone hears the end at most"]
    it.clock.run_for(2.5)
    assert not ana.leg.rings
    assert [one.text_or_url for one in ana.heard] == []
    assert it.app.one("/other")["CallStatus"] == "in-progress"


def test_a_document_that_repeats_is_heard_after_picking_up() -> None:
    it = rest_world()
    it.app.pages["/other"] = twiml("<Say loop='9'>Press one</Say>")
    it.emulator.phone(PBX, "204#").behave(Answers(3.0))
    it.rest.post("Calls.json", EXTENSION)
    it.clock.run_for(9)
    assert "Press one" in [one.text_or_url for one in it.emulator.phone(PBX, "204#").heard]


@pytest.mark.parametrize("behaviour", [Busy(), NoAnswer()])
def test_a_busy_or_silent_extension_is_a_call_in_progress(behaviour: object) -> None:
    it = pbx(behaviour)
    it.app.pages["/other"] = twiml("<Pause length='30'/>")
    it.clock.run_for(6)
    (leg,) = [leg for leg in it.emulator.legs.values() if leg.to_number == PBX]
    assert leg.status == "in-progress"
    it.clock.run_for(60)
    assert leg.status == "completed"


def test_two_extensions_are_two_telephones() -> None:
    it = rest_world()
    assert it.emulator.phone(PBX, "ww204") is it.emulator.phone(PBX, "W204")
    assert it.emulator.phone(PBX, "204") is not it.emulator.phone(PBX, "205")
    assert it.emulator.phone(PBX) is not it.emulator.phone(PBX, "204")


@pytest.mark.parametrize("accepted", [True, False])
def test_switch_call_token_accepted(accepted: bool) -> None:
    """Switch: 5.1, a CallToken lets an outgoing call show the caller's number."""
    it = rest_world(Switches(call_token_accepted=accepted))
    it.dial_in()
    token = it.app.one("/voice")["CallToken"]
    wanted = {**CALL, "From": it.caller.number, "CallToken": token}
    if accepted:
        it.rest.post("Calls.json", wanted)
        assert it.emulator.phone(ANA).legs == [] or it.emulator.phone(ANA).legs[0].from_number == it.caller.number
    else:
        assert refused(it, "POST", "Calls.json", wanted) == (400, 21210)


@pytest.mark.parametrize(("number", "token"), [("+15550100777", None), (None, "%7B%7D"), (None, "")])
def test_a_token_is_of_one_call_and_one_number(number: str | None, token: str | None) -> None:
    """OpenAPI: "A forwarded call should bear the same CallerID of the original incoming call"."""
    it = rest_world()
    it.dial_in()
    form = {
        "From": number or it.caller.number,
        "CallToken": it.app.one("/voice")["CallToken"] if token is None else token,
    }
    assert refused(it, "POST", "Calls.json", {**CALL, **form}) == (400, 21210)


def test_a_call_to_a_sip_domain_reaches_its_voice_url() -> None:
    """twilio.md 1.2: To and From are SIP addresses. A token is only "generated when ... on a Twilio number"."""
    it = rest_world()
    it.emulator.add_domain("example.sip.test", voice_url=f"{BASE}/voice")
    it.emulator.phone("sip:dora@pbx.example.com").call("sip:desk@Example.sip.test;transport=udp")
    it.clock.run_for(1)
    seen = it.app.one("/voice")
    assert (seen["From"], seen["To"]) == ("sip:dora@pbx.example.com", "sip:desk@Example.sip.test;transport=udp")
    assert "CallToken" not in seen.form


def test_sip_domains_are_listed_and_changed() -> None:
    it = rest_world()
    domain = it.emulator.add_domain("example.sip.test")
    (listed,) = it.rest.call("GET", "SIP/Domains.json")["domains"]
    assert listed["domain_name"] == "example.sip.test"
    it.rest.post(f"SIP/Domains/{domain.sid}.json", {"VoiceUrl": f"{BASE}/voice", "VoiceMethod": "post"})
    assert it.rest.call("GET", f"SIP/Domains/{domain.sid}.json")["voice_url"] == f"{BASE}/voice"
    assert refused(it, "GET", "SIP/Domains/SD1.json") == (404, 20404)
    assert refused(it, "POST", f"SIP/Domains/{domain.sid}.json", {"VoiceMethod": "PUT"}) == (400, 20001)
