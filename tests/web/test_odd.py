"""Unusual requests: no live call is dropped, and no response is a 500."""

from pathlib import Path
from urllib.parse import quote

import pytest

from callflow.core.stages import PlaceName, Stage
from callflow.service.ports import GatewayFailure
from tests.core.example import CONFIGURATION, MUSIC
from tests.web.edge import LINE, SID, Edge, has_sound_or_company, verbs

HUGE = "9" * 5000


@pytest.fixture
def edge() -> Edge:
    return Edge().talking()


@pytest.mark.parametrize(
    "form",
    [{"To": "+15559999999"}, {"To": ""}, {"To": "sip:me@example.com"}, {"CallSid": ""}, {"CallSid": "CA\x00\n"}],
    ids=["unknown", "none", "no number", "no call id", "odd call id"],
)
def test_a_call_that_leads_nowhere_is_told_so_politely(form: dict[str, str]) -> None:
    edge = Edge()
    reply = edge.post("/voice/inbound", edge.form(**form))
    assert verbs(reply) == ["Say", "Pause", "Hangup"]
    assert "Example Energy" in reply.text
    assert edge.store.calls(live=False) == []


def test_a_form_with_nothing_in_it_is_answered(edge: Edge) -> None:
    for target in ("inbound", "status", "fallback", f"{edge.call.id}/caller/1/room", f"{edge.call.id}/room",
                   f"{edge.call.id}/{edge.lead}/status"):  # fmt: skip
        assert edge.post(f"/voice/{target}", {}).status_code in (200, 204)
    assert edge.call.stage is Stage.TALKING


@pytest.mark.parametrize("number", ["anonymous", "unknown", "+266696687", "+86282452253", "", "Restricted", "+0"])
def test_a_withheld_number_is_no_number(number: str) -> None:
    edge = Edge()
    assert has_sound_or_company(edge.rings(From=number))
    assert edge.call.number == ""


def test_the_number_may_come_under_its_old_name() -> None:
    edge = Edge()
    assert has_sound_or_company(edge.rings(To="", Called=LINE))
    assert edge.call.called == LINE


def test_a_leg_that_does_not_say_who_it_is_keeps_its_document(edge: Edge) -> None:
    reply = edge.post(f"/voice/{edge.call.id}/caller/{edge.call.caller.token}/enter", {"CallStatus": "in-progress"})
    assert "Conference" in verbs(reply)


def test_a_leg_is_known_although_its_first_request_does_not_say_who_it_is() -> None:
    edge = Edge().waiting().flush()
    lead = edge.call.legs[1]
    assert "Gather" in verbs(edge.post(f"/voice/{edge.call.id}/{lead.id}/1/enter", {}))
    assert edge.call.legs[1].sid == lead.sid


def test_far_too_many_keys_are_only_some(edge: Edge) -> None:
    edge.answers(edge.lead)
    assert has_sound_or_company(edge.answers(edge.lead, Digits=HUGE))
    assert all(len(entry.note.key) <= 20 for entry in edge.store.journal(edge.call.id))


@pytest.mark.parametrize(
    "keys", ["<Say>", "1\x00", "１", "١", "\U0001f4a3", "1 ", "hangup", "w1", "%31"],
    ids=["markup", "control", "full width", "arabic", "no key", "blank", "word", "wait", "encoded"],
)  # fmt: skip
def test_what_is_no_key_of_a_telephone_was_not_pressed(edge: Edge, keys: str) -> None:
    edge.answers(edge.lead)
    assert edge.call.lead_leg.at(PlaceName.MENU)
    reply = edge.answers(edge.lead, Digits=keys)
    assert "Conference" in verbs(reply)
    assert edge.call.stage is Stage.TALKING


@pytest.mark.parametrize("speech", ["да, конечно 好的", "\x00\x07 yes \ufffd", "yes " * 5000, "<Hangup/>", "İ" * 200])
def test_speech_may_be_anything(edge: Edge, speech: str) -> None:
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="1")
    edge.flush()
    assert edge.call.caller.at(PlaceName.HOLD_QUESTION)
    edge.enters()
    assert has_sound_or_company(edge.answers(SpeechResult=speech))


@pytest.mark.parametrize("seconds", [HUGE, "-1", "1e3", "٣", "", "0x10"])
def test_the_length_of_a_recording_may_be_anything(seconds: str) -> None:
    edge = waiting_to_leave_a_message()
    reply = edge.answers(RecordingSid="RE1", RecordingDuration=seconds, Digits="hangup")
    assert reply.status_code == 200
    assert edge.callflow.metrics.value("failures") == 0


def waiting_to_leave_a_message() -> Edge:
    edge = Edge().waiting()
    call = edge.call
    edge.later((call.deadlines["queue"] - edge.now).total_seconds() + 1)
    edge.runner.tick()
    edge.enters()
    assert edge.call.caller.at(PlaceName.MESSAGE)
    return edge


def test_ten_thousand_fields_and_fields_given_twice(edge: Edge) -> None:
    many = [("x", ""), *((f"{n:x}", "") for n in range(10_000))]
    assert "Conference" in verbs(edge.post("/voice/fallback", [*many, ("CallSid", SID)]))
    twice = [*edge.form(SID).items(), ("Digits", "1"), ("Digits", "2")]
    assert has_sound_or_company(edge.post(f"/voice/{edge.call.id}/caller/1/room", twice))


def test_bytes_that_are_no_text(edge: Edge) -> None:
    for body in (b"\xff\xfe&%ff%00=%c3&=&&==&Digits", b"\x00" * 100, b"{}", b""):
        assert edge.web.post("/voice/inbound", data=body).status_code == 403


def test_a_body_above_the_limit_is_not_read(edge: Edge) -> None:
    assert edge.post("/voice/inbound", {**edge.form(), "x": "x" * 65 * 1024}).status_code == 413


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_posts_are_answered(edge: Edge, method: str) -> None:
    for target in ("/voice/inbound", "/voice/fallback", f"/voice/{edge.call.id}/caller/1/room"):
        assert getattr(edge.web, method)(target).status_code == 405


@pytest.mark.parametrize("token", ["0", "1", "99999", "-3", "x", HUGE, "٣", "1.0"])
@pytest.mark.parametrize("place", ["enter", "room", "closing", "no_such_place", "HOLD"])
def test_an_answer_to_any_other_document_brings_the_current_one(edge: Edge, token: str, place: str) -> None:
    before = edge.kept()
    current = edge.post(f"/voice/{edge.call.id}/caller/0/enter", edge.form()).text
    reply = edge.post(f"/voice/{edge.call.id}/caller/{quote(token)}/{place}", edge.form(Digits="1"))
    assert reply.text == current
    assert edge.kept() == before


def test_a_call_nobody_knows_keeps_its_people_together() -> None:
    """The database was lost, but the people are still on the call."""
    edge = Edge()
    caller = edge.post("/voice/0123456789abcdef/caller/4/room", edge.form())
    assert verbs(caller) == ["Dial", "Conference"] * 3
    assert "call-0123456789abcdef" in caller.text
    assert "hangupOnStar" in edge.post("/voice/0123456789abcdef/a1/4/menu", edge.form()).text
    assert verbs(edge.post("/voice/0123456789abcdef/a1/1/enter", edge.form()))[0] == "Gather"


def test_a_leg_that_is_not_on_the_call_is_let_go_politely(edge: Edge) -> None:
    assert verbs(edge.post(f"/voice/{edge.call.id}/s9/1/enter", edge.form("CAother"))) == ["Say", "Pause", "Hangup"]


def test_an_ended_call_says_goodbye_and_stays_ended(edge: Edge) -> None:
    lead, call = edge.lead, edge.call.id
    for leg, sid in ((lead, edge.call.lead_leg.sid), ("caller", SID)):
        edge.post(f"/voice/{call}/{leg}/status", edge.form(sid, CallStatus="completed"))
    edge.flush()
    assert edge.call.stage is Stage.ENDED
    before = edge.kept()
    for leg, sid in ((lead, edge.call.legs[1].sid), ("caller", SID)):
        assert verbs(edge.post(f"/voice/{call}/{leg}/1/enter", edge.form(sid)))[-1] == "Hangup"
    assert edge.kept() == before


def test_a_second_phone_for_one_leg_is_let_go(edge: Edge) -> None:
    reply = edge.post(f"/voice/{edge.call.id}/{edge.lead}/1/enter", edge.form("CA" + "e" * 32))
    assert verbs(reply) == ["Say", "Pause", "Hangup"]
    assert "offer_gone" in reply.text
    assert edge.call.lead_leg.live


@pytest.mark.parametrize(
    "refusal",
    [
        GatewayFailure("busy", retry=True),
        GatewayFailure("wait", retry=True, after=2.0),
        GatewayFailure("never"),
        RuntimeError("a bug"),
    ],
    ids=["retry", "retry after", "final", "a bug of ours"],
)
def test_with_every_order_refused_the_caller_still_hears_something(refusal: Exception) -> None:
    edge = Edge()
    edge.provider.refusal = refusal
    edge.rings()
    edge.later(2).answers()
    assert has_sound_or_company(edge.later(2).answers(Digits="1"))
    for _ in range(40):
        edge.flush()
        edge.later(10).runner.tick()
        if edge.call.caller.at(PlaceName.MESSAGE):
            break
        assert has_sound_or_company(edge.answers())
    assert edge.call.caller.live
    assert edge.call.caller.at(PlaceName.MESSAGE), "after the line's longest wait the flow's way out"


@pytest.mark.parametrize("refusal", [GatewayFailure("busy", retry=True), GatewayFailure("never")])
def test_with_every_redirect_refused_people_come_together_by_their_documents(refusal: GatewayFailure) -> None:
    edge = Edge().talking()
    edge.provider.refusal = refusal
    assert has_sound_or_company(edge.answers(edge.lead))
    assert has_sound_or_company(edge.answers(edge.lead, Digits="1"))
    edge.flush()
    for _ in range(20):
        edge.later(5).runner.tick()
    assert edge.call.stage is Stage.TALKING
    assert "Conference" in verbs(edge.post(f"/voice/{edge.call.id}/caller/0/enter", edge.form()))


@pytest.mark.parametrize(
    "target",
    [
        "/audio/../pyproject.toml",
        "/audio/x/../../pyproject.toml",
        f"/audio/{MUSIC.digest}/..%2f..%2fpyproject.toml",
        f"/audio/{MUSIC.digest}/music.wav",
        f"/audio/{'1' * 64}/nothing.wav",
        f"/audio/{'2' * 64}/en/final.wav",
        f"/audio/music/{MUSIC.digest}/0.wav",
        f"/audio/music/{MUSIC.digest}/121.wav",
        f"/audio/music/{MUSIC.digest}/{HUGE}.wav",
        f"/audio/music/{MUSIC.digest}/-1.wav",
        f"/audio/music/{MUSIC.digest}/٣.wav",
        f"/audio/music/{'1' * 64}/30.wav",
        f"/audio/music/{MUSIC.digest}/30.mp3",
        "/audio/sounds/2/tick/0.wav",
        "/audio/sounds/2/tick/31.wav",
        "/audio/sounds/2/bell/3.wav",
        "/audio/sounds/0/tick/3.wav",
    ],
)
def test_only_what_the_configuration_names_is_served(tmp_path: Path, target: str) -> None:
    assert Edge(CONFIGURATION, audio=tmp_path).web.get(target).status_code == 404


def test_the_sounds_of_waiting_need_no_files(tmp_path: Path) -> None:
    reply = Edge(CONFIGURATION, audio=tmp_path).web.get("/audio/sounds/2/tick/3.wav")
    assert (reply.status_code, reply.mimetype, reply.data[:4]) == (200, "audio/wav", b"RIFF")
    assert "immutable" in reply.headers["Cache-Control"]
