"""Gather: facts 1-6 of the collected behaviours, and what twilio.md 3.4 adds."""

import pytest

from callflow.emulator import Switches
from tests.emulator.world import Page, World, twiml, world

MENU = {"/voice": twiml('<Gather action="/digits"><Say>Press a key now please</Say></Gather><Say>Nothing</Say>')}


def gather_world(attributes: str, switches: Switches | None = None) -> World:
    pages: dict[str, Page] = {
        "/voice": twiml(f"<Gather {attributes}><Say>Fourteen chars</Say></Gather><Say>Nothing came</Say>"),
        "/digits": twiml("<Say>Thank you</Say>"),
    }
    return world(pages, switches)


def test_the_prompt_stops_at_the_first_key() -> None:
    """Fact 1: "Prompt stops at the first key"."""
    it = world(dict(MENU))
    leg = it.dial_in(0.5)
    it.caller.press("1")
    it.clock.run_for(0.1)
    said = leg.heard[0]
    assert (said.kind, said.complete, said.ended) == ("say", False, True)
    assert said.seconds_heard == pytest.approx(0.45, abs=0.01)


def test_only_say_play_and_pause_may_be_nested() -> None:
    """Fact 1: "nested only Say/Play/Pause"; anything else is warning 12200 and skipped."""
    it = world({"/voice": twiml("<Gather><Redirect>/x</Redirect><Say>Hello</Say></Gather>")})
    leg = it.dial_in(30)
    assert it.codes() == [12200]
    assert it.heard(leg) == ["say Hello"]


def test_the_timeout_is_five_seconds_after_the_prompt() -> None:
    """Fact 2: "timeout default 5 s, counted after the prompt; numDigits unlimited"."""
    it = gather_world('action="/digits"')
    leg = it.dial_in(20)
    assert leg.heard[1].monotonic == pytest.approx(leg.heard[0].monotonic + 1.0 + 5.0)


def test_the_timeout_starts_again_at_each_key() -> None:
    """Fact 2: the timeout counts between digits too (twilio.md 3.4), and numDigits is unlimited."""
    it = gather_world('action="/digits"')
    it.dial_in(1.1)
    for key in "12345":
        it.caller.press(key)
        it.clock.run_for(4)
    it.clock.run_for(6)
    assert it.app.one("/digits")["Digits"] == "12345"


def test_the_hash_key_submits_by_default() -> None:
    """Fact 2: "finishOnKey default `#`"; it is not part of Digits (twilio.md 3.4)."""
    it = gather_world('action="/digits"')
    it.dial_in(0.5)
    it.caller.press("42#")
    it.clock.run_for(1)
    seen = it.app.one("/digits")
    assert (seen["Digits"], seen["FinishedOnKey"]) == ("42", "#")


def test_an_empty_finish_on_key_means_none() -> None:
    """Fact 2: "`finishOnKey=""` = none": the hash is an ordinary key then, and the timeout submits."""
    it = gather_world('action="/digits" finishOnKey=""')
    it.dial_in(0.5)
    it.caller.press("4#")
    it.clock.run_for(4)
    assert not it.app.of("/digits")
    it.clock.run_for(2)
    assert it.app.one("/digits")["Digits"] == "4#"


def test_num_digits_submits_at_once() -> None:
    """twilio.md 3.4: "reaching it submits at once"."""
    it = gather_world('action="/digits" numDigits="2"')
    it.dial_in(0.5)
    it.caller.press("12")
    it.clock.run_for(0.5)
    assert it.app.one("/digits")["Digits"] == "12"


def test_no_input_falls_through_without_a_request() -> None:
    """Fact 3: "No input: fall through to the next verb, no request"."""
    it = gather_world('action="/digits" timeout="3"')
    leg = it.dial_in(20)
    assert not it.app.of("/digits")
    assert it.heard(leg) == ["say Fourteen chars", "say Nothing came"]


def test_finish_on_key_before_any_digit_is_no_input() -> None:
    """Fact 3: "finishOnKey first = also no request"."""
    it = gather_world('action="/digits"')
    leg = it.dial_in(0.5)
    it.caller.press("#")
    it.clock.run_for(0.5)
    assert not it.app.of("/digits")
    assert it.heard(leg)[-1] == "~say Nothing came"


@pytest.mark.parametrize("requests", [False, True])
def test_switch_finish_key_alone_requests(requests: bool) -> None:
    """Switch: 3.4, "`#` alone before any digit = empty result"; the Gather page says that it is no input."""
    switches = Switches(finish_key_alone_requests=requests)
    it = gather_world('action="/digits" numDigits="1" finishOnKey="2"', switches)
    it.dial_in(0.5)
    it.caller.press("2")
    it.clock.run_for(0.5)
    assert [(seen["Digits"], seen["FinishedOnKey"]) for seen in it.app.of("/digits")] == [("", "2")] * requests


def test_action_on_empty_result_requests_the_action() -> None:
    """Fact 4: "actionOnEmptyResult=true requests the action even then"; Digits is sent empty (twilio.md 1.3)."""
    it = gather_world('action="/digits" timeout="3" actionOnEmptyResult="true"')
    it.dial_in(20)
    assert it.app.one("/digits")["Digits"] == ""


@pytest.mark.parametrize("sent", [True, False])
def test_switch_empty_gather_sends_digits(sent: bool) -> None:
    """Switch: is `Digits=` sent when nothing was pressed (twilio.md 1.3)?"""
    it = gather_world('action="/digits" actionOnEmptyResult="true"', Switches(empty_gather_sends_digits=sent))
    it.dial_in(20)
    assert ("Digits" in it.app.one("/digits").form) is sent


def test_without_an_action_the_document_is_asked_again() -> None:
    """Fact 5: "Default action = current document's URL, POST"."""
    it = gather_world('numDigits="1"')
    it.dial_in(0.5)
    it.caller.press("1")
    it.clock.run_for(0.5)
    assert [(seen.method, seen.form.get("Digits")) for seen in it.app.of("/voice")] == [("POST", None), ("POST", "1")]


@pytest.mark.parametrize(("action", "path"), [("next", "/deep/next"), ("../up?x=1", "/up"), ("/top", "/top")])
def test_relative_urls_resolve_against_the_document(action: str, path: str) -> None:
    """Fact 5: "relative URLs resolve against the current document"."""
    document = twiml(f'<Gather action="{action}" numDigits="1"/>')
    it = world({"/voice": twiml("<Redirect>/deep/menu</Redirect>"), "/deep/menu": document})
    it.dial_in(0.5)
    it.caller.press("1")
    it.clock.run_for(0.5)
    assert it.app.one(path)["Digits"] == "1"


def test_verbs_after_a_successful_gather_are_unreachable() -> None:
    """Fact 6: "After a successful Gather later verbs are unreachable"."""
    it = gather_world('action="/digits" numDigits="1"')
    leg = it.dial_in(0.5)
    it.caller.press("1")
    it.clock.run_for(20)
    assert it.heard(leg) == ["~say Fourteen chars", "say Thank you"]


def test_the_action_is_told_what_twilio_tells() -> None:
    """Fact 6: Digits, FinishedOnKey (key or empty), msg="Gather End", numbers, geo fields, CallStatus, Direction."""
    it = gather_world('action="/digits" numDigits="1"')
    leg = it.dial_in(0.5)
    it.caller.press("7")
    it.clock.run_for(0.5)
    form = it.app.one("/digits").form
    assert (form["Digits"], form["FinishedOnKey"], form["msg"]) == ("7", "", "Gather End")
    assert (form["From"], form["To"], form["Caller"], form["Called"]) == (leg.from_number, leg.to_number) * 2
    assert (form["CallStatus"], form["Direction"], form["ApiVersion"]) == ("in-progress", "inbound", "2010-04-01")
    geo = {f"{who}{what}" for who in ("From", "To", "Caller", "Called") for what in ("City", "State", "Zip", "Country")}
    assert {name: form[name] for name in geo} == dict.fromkeys(geo, "")


def test_switch_gather_end_message() -> None:
    """Switch: msg=Gather End is only in captured requests, in no document."""
    it = gather_world('action="/digits" numDigits="1"', Switches(gather_sends_end_message=False))
    it.dial_in(0.5)
    it.caller.press("7")
    it.clock.run_for(0.5)
    assert "msg" not in it.app.one("/digits").form


@pytest.mark.parametrize(("kept", "digits"), [(False, None), (True, "9")])
def test_switch_keys_pressed_before_the_gather(kept: bool, digits: str | None) -> None:
    """Switch: "DTMF pressed before the Gather starts is not buffered [U]" (twilio.md 3.4)."""
    pages: dict[str, Page] = {"/voice": twiml("<Say>Hello there</Say>", '<Gather numDigits="1" action="/digits"/>')}
    it = world(pages, Switches(early_digits_kept=kept))
    it.dial_in(0.3)
    it.caller.press("9")
    it.clock.run_for(10)
    assert [seen["Digits"] for seen in it.app.of("/digits")] == ([digits] if digits else [])


def test_speech_is_recognised() -> None:
    """twilio.md 1.3, 3.4: SpeechResult, Confidence, Language; the prompt stops; the end waits for speechTimeout."""
    it = gather_world('action="/digits" input="dtmf speech" speechTimeout="2" language="en-GB"')
    leg = it.dial_in(0.5)
    it.caller.say("yes please go", confidence=0.87)
    it.clock.run_for(1.0)
    assert it.heard(leg) == ["~say Fourteen chars"]
    assert not it.app.of("/digits")
    it.clock.run_for(2.1)
    form = it.app.one("/digits").form
    assert (form["SpeechResult"], form["Confidence"], form["Language"]) == ("yes please go", "0.87", "en-GB")
    assert "Digits" not in form


def test_speech_is_not_heard_by_a_gather_for_keys() -> None:
    """twilio.md 3.4: input is dtmf by default."""
    it = gather_world('action="/digits"')
    leg = it.dial_in(0.5)
    it.caller.say("yes")
    it.clock.run_for(20)
    assert it.heard(leg) == ["say Fourteen chars", "say Nothing came"]


def test_the_first_detected_kind_wins() -> None:
    """twilio.md 3.4: "first detected kind wins; speech first => finishOnKey ignored"."""
    it = gather_world('action="/digits" input="dtmf speech" speechTimeout="3"')
    it.dial_in(0.5)
    it.caller.say("yes")
    it.clock.run_for(1)
    it.caller.press("#")
    it.clock.run_for(4)
    assert it.app.one("/digits")["SpeechResult"] == "yes"


def test_partial_results_are_sent_and_their_answer_ignored() -> None:
    """twilio.md 1.3: StableSpeechResult, Stability, SequenceNumber; response body ignored."""
    it = gather_world('action="/digits" input="speech" partialResultCallback="/partial"')
    it.dial_in(0.5)
    it.caller.say("hello there")
    it.clock.run_for(10)
    assert it.app.one("/partial")["StableSpeechResult"] == "hello there"


def test_a_model_with_automatic_timeout_is_error_13335() -> None:
    """twilio.md 1.5: 13335, speechTimeout auto with a speechModel."""
    it = gather_world('input="speech" speechTimeout="auto" speechModel="googlev2_long"')
    it.dial_in(20)
    assert it.codes() == [13335]


def test_a_hang_up_during_gather_makes_no_request() -> None:
    """twilio.md 1.4: "Caller hangs up during <Gather>: no action request"."""
    it = gather_world('action="/digits"')
    it.dial_in(0.5)
    it.caller.press("1")
    it.caller.hang_up()
    it.clock.run_for(10)
    assert not it.app.of("/digits")
