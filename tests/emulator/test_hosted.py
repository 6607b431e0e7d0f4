"""Documents that the provider hosts itself (TwiML Bins): templates that are filled in from the request."""

from callflow.emulator.hosted import render
from tests.emulator.world import BASE, LINE, Answer, twiml, world

BIN = "https://handler.example/twiml/EH1"


def test_a_hosted_document_answers_without_the_app() -> None:
    """The fallback of a number: the parameters of the request are its names."""
    it = world({"/voice": Answer(status=503)})
    it.emulator.exchange.numbers[LINE].voice_fallback_url = BIN
    it.emulator.host(BIN, twiml("<Say>You are {{CallSid}}, {{ From }}</Say>"))
    leg = it.dial_in(5)
    assert it.heard(leg) == [f"say You are {leg.sid}, {leg.from_number}"]


def test_its_query_gives_names_too() -> None:
    it = world({"/voice": twiml(f"<Redirect>{BIN}?room=r1</Redirect>")})
    it.emulator.host(BIN, twiml("<Say>{{room}}</Say>"))
    assert it.heard(it.dial_in(5)) == ["say r1"]


def test_other_addresses_are_the_app_s() -> None:
    it = world({"/voice": twiml("<Say>Ours</Say>")})
    it.emulator.host(BIN, twiml("<Say>Hosted</Say>"))
    assert it.heard(it.dial_in(5)) == ["say Ours"]
    assert it.app.one("/voice")["To"] == LINE
    assert BIN not in BASE


def test_a_condition_is_a_parameter_that_is_there() -> None:
    text = "{{#if a}}yes {{a}}{{else}}no{{/if}}{{#if b}}, b{{/if}}"
    assert render(text, {"a": "1", "b": "2"}) == "yes 1, b"
    assert render(text, {"a": ""}) == "no"


def test_values_are_escaped_for_xml() -> None:
    assert (
        render('<Say x="{{a}}">{{a}}</Say>', {"a": '<&">'}) == '<Say x="&lt;&amp;&quot;&gt;">&lt;&amp;&quot;&gt;</Say>'
    )
