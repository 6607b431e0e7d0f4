"""Documents and calls: facts 30-34, and twilio.md 1.1, 1.4, 3."""

import pytest

from callflow.emulator import Reject, Switches, VirtualClock
from callflow.emulator.document import DocumentError, parse
from tests.emulator.world import BASE, CALLER, LINE, START, Answer, Page, World, audio, twiml, wav, world


def say_world(*verbs: str, switches: Switches | None = None, **pages: Page) -> World:
    return world({"/voice": twiml(*verbs)} | {f"/{name}": page for name, page in pages.items()}, switches)


def test_the_first_inbound_request_is_ringing_and_later_ones_in_progress() -> None:
    """Fact 30: "Inbound first webhook CallStatus=ringing"; in-progress afterwards (twilio.md 1.2)."""
    it = say_world("<Say>Hello</Say>", "<Redirect>/next</Redirect>", next=twiml("<Say>Bye</Say>"))
    it.dial_in(5)
    assert it.app.one("/voice")["CallStatus"] == "ringing"
    assert it.app.one("/next")["CallStatus"] == "in-progress"


@pytest.mark.parametrize(
    ("first", "status"),
    [("<Say>Hi</Say>", "in-progress"), ('<Pause length="5"/>', "ringing"), ("<Gather/>", "in-progress")],
)
def test_the_first_verb_answers_except_pause(first: str, status: str) -> None:
    """Fact 30: "answered by the first verb except Reject (and Pause before it)"."""
    it = say_world(first, "<Say>Then this</Say>")
    assert it.dial_in(0.3).status == status


@pytest.mark.parametrize("answers", [True, False])
def test_switch_redirect_answers(answers: bool) -> None:
    """Switch: does a Redirect as first verb answer? (fact 30 says so; "needs media" in twilio.md 3 says not)."""
    it = say_world("<Redirect>/next</Redirect>", switches=Switches(redirect_answers=answers), next=twiml("<Pause/>"))
    it.dial_in(0.1)
    assert it.app.one("/next")["CallStatus"] == ("in-progress" if answers else "ringing")


def test_the_first_outbound_request_is_in_progress() -> None:
    """Fact 30: "outbound first webhook in-progress"; fetched when the callee answers (twilio.md 5.1)."""
    it = say_world(agent=twiml("<Say>Hello</Say>"))
    it.call_out(seconds=2)
    assert not it.app.of("/agent")
    it.clock.run_for(1)
    seen = it.app.one("/agent")
    assert (seen["CallStatus"], seen["Direction"]) == ("in-progress", "outbound-api")


@pytest.mark.parametrize("document", [twiml(), twiml("<Pause/>"), twiml("<Say>Hi</Say>")])
def test_the_end_of_a_document_hangs_up(document: str) -> None:
    """Fact 31: "Empty <Response/> from an action or end of document hangs up"."""
    it = say_world('<Gather numDigits="1" action="/digits"/>', digits=document)
    leg = it.dial_in(0.5)
    it.caller.press("1")
    it.clock.run_for(3)
    assert (leg.status, leg.ended_by) == ("completed", "twiml")


def test_hangup_as_the_first_verb_still_answers() -> None:
    """Fact 31: "Hangup as first verb still answers"."""
    leg = say_world("<Hangup/>").dial_in(1)
    assert leg.answered is not None
    assert leg.status == "completed"


@pytest.mark.parametrize(("reason", "status"), [("", "no-answer"), ('reason="rejected"', "no-answer"), ('reason="busy"', "busy")])  # fmt: skip  # noqa: E501
def test_reject_never_answers(reason: str, status: str) -> None:
    """Fact 32: "Reject: busy | rejected (default), never answers"; CallStatus no-answer or busy (twilio.md 3.9)."""
    it = say_world(f"<Reject {reason}/>")
    leg = it.dial_in(1)
    assert (leg.status, leg.answered) == (status, None)


@pytest.mark.parametrize("url", ["/next?a=1&amp;b=2", "next?a=1&amp;b=2", f"{BASE}/next?a=1&amp;b=2"])
def test_redirect_is_absolute_or_relative_post_by_default(url: str) -> None:
    """Fact 32: "Redirect: absolute or relative, POST default, later verbs unreachable"."""
    it = say_world(f"<Redirect>{url}</Redirect>", "<Say>Never</Say>", next=twiml("<Say>Here</Say>"))
    leg = it.dial_in(3)
    seen = it.app.one("/next")
    assert (seen.method, seen.query) == ("POST", {"a": "1", "b": "2"})
    assert it.heard(leg) == ["say Here"]


def test_redirect_by_get_puts_the_parameters_into_the_query() -> None:
    """Fact 32 and twilio.md 1.1: GET (query string)."""
    it = say_world('<Redirect method="GET">/next?a=1</Redirect>', next=twiml("<Say>Here</Say>"))
    leg = it.dial_in(0.5)
    seen = it.app.one("/next")
    assert (seen.method, seen.query["a"], seen.query["CallSid"], seen.body) == ("GET", "1", leg.sid, "")


@pytest.mark.parametrize(("loop", "times"), [("2", 2), ("0", 1000)])
def test_loops(loop: str, times: int) -> None:
    """Fact 33: "Play/Say loop=0 repeats until hangup (1000 times); loop=n"."""
    it = say_world(f'<Say loop="{loop}">Fourteen chars</Say>')
    leg = it.dial_in(2000)
    assert it.heard(leg) == ["say Fourteen chars"] * times


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Answer(status=404), 11200),
        (Answer(b"hello", content_type="text/html"), 13420),
        (Answer(b"not a wav", content_type="audio/wav"), 11200),
    ],
)
def test_a_play_that_fails_is_an_error(page: Answer, code: int) -> None:
    """Fact 33: "Play of a non-200 or non-audio URL is an error"; here error speech and hang-up (twilio.md 12.15)."""
    it = say_world("<Play>/a.wav</Play>", "<Say>Next</Say>", **{"a.wav": page})
    leg = it.dial_in(10)
    assert it.codes() == [code]
    assert it.heard(leg) == ["say We are sorry, an application error has occurred. Goodbye."]


def test_switch_play_failure_is_skipped() -> None:
    """Switch: 3.2, Play fetch failure in mid-document; the other way: it is passed over."""
    it = say_world("<Play>/a.wav</Play>", "<Say>Next</Say>", switches=Switches(play_failure_ends_call=False))
    leg = it.dial_in(10)
    assert it.heard(leg)[-1] == "say Next"


def test_a_failing_play_asks_the_fallback() -> None:
    """3.2: "assume fallback URL, else error speech + hangup"."""
    missing = Answer(status=404)
    it = say_world("<Play>/a.wav</Play>", fallback=twiml("<Say>Safe</Say>"), **{"a.wav": missing})
    it.emulator.exchange.numbers[LINE].voice_fallback_url = f"{BASE}/fallback"
    leg = it.dial_in(10)
    assert it.app.one("/fallback")["ErrorCode"] == "11200"
    assert it.heard(leg) == ["say Safe"]


@pytest.mark.parametrize("code", [1, 6, 7])
def test_a_file_lasts_as_long_as_its_header_says(code: int) -> None:
    """Emulator-facts section 2: "model real durations": PCM, A-law and mu-law WAV."""
    it = say_world("<Play>/a.wav</Play>", **{"a.wav": Answer(wav(7.5, code=code), content_type="audio/x-wav")})
    leg = it.dial_in(10)
    assert leg.heard[0].seconds_heard == pytest.approx(7.5)
    assert leg.heard[0].complete
    seen = it.app.one("/a.wav")
    assert (seen.method, seen.query, seen.form) == ("GET", {}, {})  # twilio.md 1.3: no standard parameters
    assert "X_TWILIO_SIGNATURE" not in seen.headers


def test_switch_sign_media_requests() -> None:
    """Switch: twilio.md 2, "`<Play>`/media fetches: signature presence undocumented"."""
    it = say_world("<Play>/a.wav</Play>", switches=Switches(sign_media_requests=True), **{"a.wav": audio(1)})
    it.dial_in(3)
    assert "X_TWILIO_SIGNATURE" in it.app.one("/a.wav").headers


def test_saying_and_pausing_take_their_time() -> None:
    """Emulator-facts section 2: Say at 14 characters a second, at least 0.5 s; Pause its length; keys 0.2 s."""
    it = say_world("<Say>" + "x" * 140 + "</Say>", "<Say>x</Say>", '<Pause length="3"/>', '<Play digits="1w2W"/>')
    leg = it.dial_in(30)
    assert [round(heard.seconds_heard, 2) for heard in leg.heard] == [10.0, 0.5, 3.0, 1.9]


def test_an_unknown_attribute_is_warning_12200_and_ignored() -> None:
    """Fact 34: "Unknown attribute = warning 12200 and ignored (wrong case is enough)"."""
    it = say_world('<Say Voice="alice" loop="2">Hi</Say>')
    leg = it.dial_in(3)
    assert it.codes() == [12200]
    assert it.heard(leg) == ["say Hi", "say Hi"]


def test_an_unknown_verb_is_warning_12200_and_skipped() -> None:
    """Emulator-facts section 2: "Twilio: warning 12200, goes on"."""
    it = say_world("<Sing>La</Sing>", "<Say>Hi</Say>")
    leg = it.dial_in(3)
    assert it.codes() == [12200]
    assert it.heard(leg) == ["say Hi"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<Response><Say>", 12100),
        (b"<Hello/>", 12100),
        (b" <?xml version='1.0'?><Response/>", 12100),
        (b"", 12100),
        (b"Hello", 12200),
        (b"<Response>" + b" " * 65536 + b"</Response>", 11750),
    ],
)
def test_bad_documents(body: bytes, code: int) -> None:
    """Fact 34: "bad XML 12100; non-XML body 'Content is not allowed in prolog' 12200"; > 64 kB 11750 (1.1)."""
    with pytest.raises(DocumentError) as caught:
        parse(body)
    assert caught.value.code == code


def test_withheld_numbers() -> None:
    """1.2: "`From` may be `anonymous`"; CallToken and StirVerstat come with inbound calls."""
    it = say_world("<Say>Hi</Say>")
    it.dial_in(0.5, caller_id="anonymous")
    seen = it.app.one("/voice")
    assert (seen["From"], seen["Caller"]) == ("anonymous", "anonymous")
    assert {"CallToken", "StirVerstat"} <= seen.form.keys()


def test_a_phone_must_call_a_number_of_the_account() -> None:
    with pytest.raises(ValueError, match="not a number of this account"):
        say_world().caller.call("+15550100999")


def test_the_same_seed_gives_the_same_run() -> None:
    """Ids are `^XX[0-9a-f]{32}$`, seeded (twilio.md 5.0)."""
    assert say_world().dial_in().sid == say_world().dial_in().sid
    assert VirtualClock(START).now() == START
    assert isinstance(Reject(), Reject)
    assert CALLER.startswith("+1555")
