"""X-Twilio-Signature: twilio.md 2 and the vectors of twilio-python's tests (emulator-facts, end of section 1)."""

from urllib.parse import quote_plus

import pytest
from twilio.request_validator import RequestValidator

from callflow.emulator.signature import sign, sign_form, signed_url
from tests.emulator.world import BASE, Answer, Page, conference, twiml, world

FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "Caller": "+14158675309",
    "To": "+18005551212",
}
PATH = "mycompany.com/myapp.php?foo=1&bar=2"


@pytest.mark.parametrize(
    ("url", "signature"),
    [
        (f"https://{PATH}", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ],
)
def test_vectors(url: str, signature: str) -> None:
    """Vectors of twilio-python: the port is dropped over https and kept over http."""
    assert sign("12345", url, FORM.items()) == sign_form("12345", url, FORM) == signature


def test_the_vector_of_the_documentation() -> None:
    """twilio.md 2: recomputed vector of the security page."""
    form = FORM | {"Caller": "+14158675310", "From": "+14158675310"}
    assert sign("12345", "https://example.com/myapp.php?foo=1&bar=2", form.items()) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_repeated_keys_are_sorted_and_counted_once() -> None:
    """Vector: "repeated keys sorted and de-duplicated IK+Dwps556ElfBT0I3Rgjkr1wJU="."""
    pairs = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    assert sign("12345", f"https://{PATH}", pairs) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


@pytest.mark.parametrize(
    ("url", "signed"),
    [
        ("https://a.example/x#rc=2", "https://a.example/x"),
        ("https://user:pass@a.example:8443/x?y=1", "https://a.example/x?y=1"),
        ("http://user:pass@a.example:8080/x", "http://a.example:8080/x"),
        ("https://a.example?x=1@2", "https://a.example?x=1@2"),
    ],
)
def test_what_of_the_url_is_signed(url: str, signed: str) -> None:
    """twilio.md 2: "Fragment is excluded. Userinfo is dropped before signing"; port rule."""
    assert signed_url(url) == signed


def test_every_webhook_verifies_with_twilios_own_validator() -> None:
    """twilio.md 11.3: "Sign every webhook incl. empty params; fragment stripped" (documents, callbacks, GET too)."""
    pages: dict[str, Page] = {
        "/voice": twiml('<Redirect method="GET">/next?a=%20b</Redirect>'),
        "/next": twiml(conference(waitUrl="/wait?x=1#rc=2")),
        "/wait": Answer(twiml("<Pause/>")),
    }
    it = world(pages, auth_token="s3cret")
    it.dial_in(2)
    it.caller.hang_up()
    it.clock.run_for(2)
    assert {seen.path for seen in it.app.seen} == {"/voice", "/next", "/wait", "/conference", "/line-status"}
    for seen in it.app.seen:
        url = BASE + seen.path
        if seen.method == "GET":
            url = BASE + "/next?a=%20b&" + "&".join(_raw_query(seen.query))
        elif seen.query:
            url += "?x=1"
        assert RequestValidator("s3cret").validate(url, seen.form, seen.headers["X_TWILIO_SIGNATURE"]), seen.path


def _raw_query(query: dict[str, str]) -> list[str]:
    return [f"{quote_plus(name)}={quote_plus(value)}" for name, value in query.items() if name != "a"]
