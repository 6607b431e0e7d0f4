"""Fetching documents: types, fallback, cookies, redirects, time limits, retries (twilio.md 1.1, 1.4)."""

from typing import Any

import pytest

from callflow.emulator import Switches, WsgiAppClient
from callflow.emulator.transport import ConnectFailed, HttpRequest, HttpResponse
from tests.emulator.test_documents import say_world
from tests.emulator.world import ANA, BASE, LINE, Answer, Seen, World, audio, twiml, world


@pytest.mark.parametrize(
    ("answer", "said", "codes"),
    [
        (Answer("Hello", content_type="text/plain"), "say Hello", []),
        (Answer(twiml("<Say>Hello</Say>"), content_type="text/plain"), "say Hello", []),
        (Answer(twiml("<Say>Hello</Say>"), content_type="text/html; charset=utf-8"), "say Hello", []),
        (Answer(twiml("<Say>Hello</Say>"), content_type="application/xml"), "say Hello", []),
        (Answer("{}", content_type="application/json"), None, [12300]),
        (Answer(twiml(), content_type=None), None, [12300]),
        (Answer(twiml(), status=500), None, [11200]),
    ],
)
def test_response_types(answer: Answer, said: str | None, codes: list[int]) -> None:
    """1.1: text/xml, application/xml, text/html -> TwiML; text/plain TwiML or spoken; missing or other -> 12300."""
    it = world({"/voice": answer})
    leg = it.dial_in(10)
    assert it.codes() == codes
    assert it.heard(leg) == [said or "say We are sorry, an application error has occurred. Goodbye."]
    assert leg.status == "completed"


def test_audio_is_played() -> None:
    """1.1: `audio/*` -> play then hang up."""
    it = world({"/voice": audio(2)})
    assert it.heard(it.dial_in(5)) == [f"play {BASE}/voice"]


def test_the_fallback_url_is_told_what_failed() -> None:
    """1.4: "attempt(s) -> fallback URL once"; 1.3: standard params + ErrorCode, ErrorUrl."""
    it = world({"/voice": Answer(status=500), "/fallback": twiml("<Say>Safe</Say>")})
    it.emulator.exchange.numbers[LINE].voice_fallback_url = f"{BASE}/fallback"
    leg = it.dial_in(3)
    seen = it.app.one("/fallback")
    assert (seen["ErrorCode"], seen["ErrorUrl"], seen["CallSid"]) == ("11200", f"{BASE}/voice", leg.sid)
    assert it.heard(leg) == ["say Safe"]


@pytest.mark.parametrize("covers", [True, False])
def test_switch_fallback_covers_later_documents(covers: bool) -> None:
    """Switch: 1.4, "Does the fallback of the number cover later documents? assume yes [U]"."""
    it = world(
        {"/voice": twiml("<Redirect>/broken</Redirect>"), "/fallback": twiml("<Say>Safe</Say>")},
        Switches(fallback_covers_later_documents=covers),
    )
    it.app.pages["/broken"] = Answer(status=500)
    it.emulator.exchange.numbers[LINE].voice_fallback_url = f"{BASE}/fallback"
    leg = it.dial_in(10)
    assert (it.heard(leg) == ["say Safe"]) is covers


def test_inline_twiml_has_nothing_to_resolve_against() -> None:
    """3: "inline `Twiml` has none: Gather/Record/Pay `action` must be absolute"; 11100 (1.5)."""
    it = say_world()
    form = {"To": ANA, "From": LINE, "Twiml": twiml('<Gather action="/x" numDigits="1"/>')}
    it.rest.post("Calls.json", form)
    it.clock.run_for(3)
    it.ana.press("1")
    it.clock.run_for(1)
    assert it.codes() == [11100]


def test_cookies_are_kept_per_call() -> None:
    """1.1: "accepted and sent back, like a browser [D]; one jar per call [K]"."""

    def page(seen: Seen) -> Answer:
        return Answer(twiml('<Gather numDigits="1"/>'), headers=(("Set-Cookie", "step=1; Path=/"),))

    it = world({"/voice": page})
    it.dial_in(0.5)
    it.caller.press("1")
    it.clock.run_for(0.5)
    assert [seen.headers.get("COOKIE") for seen in it.app.of("/voice")] == [None, "step=1"]
    it.caller.hang_up()
    it.dial_in(0.5)
    assert it.app.of("/voice")[-1].headers.get("COOKIE") is None


def test_http_redirects_are_followed_without_digits() -> None:
    """1.1: "followed, max 10 then 11215; after a 3xx `Digits` is not resent"."""
    moved = Answer(status=307, headers=(("Location", "/new"),))
    it = say_world('<Gather numDigits="1" action="/old"/>', old=moved, new=twiml("<Say>Moved</Say>"))
    it.dial_in(0.5)
    it.caller.press("1")
    it.clock.run_for(0.5)
    assert it.app.one("/old")["Digits"] == "1"
    assert "Digits" not in it.app.one("/new").form


def test_too_many_redirects_are_error_11215() -> None:
    """1.1: "followed, max 10 then 11215"."""
    it = world({"/voice": Answer(status=302, headers=(("Location", "/voice"),))})
    it.dial_in(1)
    assert it.codes() == [11215]
    assert len(it.app.of("/voice")) == 11


def test_a_slow_answer_is_given_up_after_fifteen_seconds() -> None:
    """1.4: "15 s hard ceiling on all call-processing requests": 11200, and no retry by default (rp=ct)."""
    it = world({"/voice": Answer(twiml(), headers=(("X-Modelled-Seconds", "20"),))})
    leg = it.dial_in(14)
    assert not it.codes()
    it.clock.run_for(2)
    assert it.codes() == [11200]
    assert len(it.app.of("/voice")) == 1
    assert leg.answered is not None


def test_a_hang_up_during_a_request_discards_the_answer() -> None:
    """1.4: "Caller hangs up mid-request: response discarded"; abandoned before answer: no-answer (6)."""
    it = world({"/voice": Answer(twiml("<Say>Hi</Say>"), headers=(("X-Modelled-Seconds", "5"),))})
    leg = it.dial_in(1)
    it.caller.hang_up()
    it.clock.run_for(10)
    assert (leg.heard, leg.status) == ([], "no-answer")


class UnsteadyDoor(WsgiAppClient):
    """The first attempts do not connect."""

    failures = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        if self.failures > 0:
            self.failures -= 1
            raise ConnectFailed("refused")
        return super().send(request)


def unsteady(failures: int, path: str = "/voice", switches: Switches | None = None) -> World:
    it = world({"/voice": twiml("<Say>Hi</Say>")}, switches)
    app_client = UnsteadyDoor(it.app)
    app_client.failures = failures
    it.emulator.exchange.app_client = app_client
    it.emulator.exchange.numbers[LINE].voice_url = BASE + path
    it.dial_in(5)
    return it


@pytest.mark.parametrize(
    ("failures", "fragment", "works"),
    [(1, "", True), (2, "", False), (2, "#rc=2", True), (1, "#rc=0", False), (3, "#rc=5&rp=all", True)],
)
def test_connection_failures_are_retried(failures: int, fragment: str, works: bool) -> None:
    """1.4: rc 0-5, default 1; rp default ct."""
    it = unsteady(failures, "/voice" + fragment)
    assert len(it.app.of("/voice")) == int(works)
    assert (it.codes() == []) is works


@pytest.mark.parametrize(("fragment", "times"), [("", 1), ("#rp=5xx&rc=2", 3), ("#rp=4xx", 1)])
def test_server_errors_are_retried_only_if_asked(fragment: str, times: int) -> None:
    """1.4: "default retry is one, on TCP/TLS failure only"; rp lists 4xx,5xx,ct,rt,all; the fragment is never sent."""
    it = world({"/voice": Answer(status=503)})
    it.emulator.exchange.numbers[LINE].voice_url = f"{BASE}/voice{fragment}"
    it.dial_in(1)
    assert len(it.app.of("/voice")) == times


@pytest.mark.parametrize(("token", "sent"), [("none", False), ("retries", True), ("always", True)])
def test_switch_idempotency_token(token: Any, sent: bool) -> None:
    """Switch: 11.3, I-Twilio-Idempotency-Token absent / on retries / on all attempts."""
    it = unsteady(1, switches=Switches(idempotency_token=token))
    assert ("I_TWILIO_IDEMPOTENCY_TOKEN" in it.app.one("/voice").headers) is sent
