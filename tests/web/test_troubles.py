"""Refused webhooks and calls that cannot begin are told: in the log, a counter, and /readyz, which stays 200."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from callflow.runtime.troubles import MOST, MOST_LINES
from callflow.telephony.signature import safe_room_token
from tests.core.example import CONFIGURATION
from tests.web.edge import BASE, LINE, SID, SPARE, TOKEN, Edge, verbs

MOBILE, GERMAN = "+447700900100", "+4930550100"


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    """The recordings of the configuration, so that the node is ready."""
    for path in ("music.wav", "en/final.wav"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"RIFF")
    return tmp_path


@pytest.fixture
def edge(audio: Path) -> Edge:
    return Edge(audio=audio)


def troubles(edge: Edge) -> list[dict[str, Any]]:
    reply = edge.web.get("/readyz")
    assert reply.status_code == 200, "another node would have the same trouble"
    assert reply.json
    assert reply.json["ready"]
    return list(reply.json.get("troubles", []))


def trouble(edge: Edge) -> dict[str, Any]:
    (found,) = troubles(edge)
    return found


def test_a_wrong_token_says_which_settings_to_compare_and_never_their_values(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    assert edge.post("/voice/inbound", edge.form(), token="another-token").status_code == 403
    found = trouble(edge)
    assert found["kind"] == "webhook_refused"
    for named in ("TWILIO_AUTH_TOKEN", f"CALLFLOW_PUBLIC_URL ({BASE})", f"CALLFLOW_FALLBACK_URL ({SPARE})"):
        assert named in found["advice"]
        assert named in caplog.text
    assert TOKEN not in caplog.text + str(found)
    assert edge.callflow.metrics.value("forged_requests") == 1


def test_strangers_cannot_fill_the_log_or_take_a_node_out(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(300):
        edge.post(f"/voice/c{number}/caller/1/hold?secret={number}", {"To": f"+1555{number:07}"}, signed="")
        edge.later(0.5)
    lines = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(lines) == 3, "one a minute"
    assert "(121 since" in lines[1].getMessage()
    found = trouble(edge)
    assert (found["count"], "without the provider's signature" in found["what"]) == (300, True)


def test_a_fallback_that_another_key_has_signed_says_so(edge: Edge) -> None:
    edge.post(f"/voice/fallback?room=call-x&lead=0&sig={safe_room_token('another', 'call-x')}", edge.form(), base=SPARE)
    assert "CALLFLOW_SECRET_KEY" in trouble(edge)["advice"]


def test_a_call_that_another_database_has_says_so(edge: Edge) -> None:
    edge.post("/voice/unheard-of/caller/1/hold", edge.form())
    assert "CALLFLOW_DATABASE_URL" in trouble(edge)["advice"]


@pytest.mark.parametrize("called", [
    LINE, "15550100100", "5550100100", "+1 555 010-0100", "1-555-010-0100", "(555) 010 0100",
    "011" + LINE[1:], "00" + LINE[1:], f"sip:{LINE}@example.com", "sip:15550100100@example.com;user=phone",
    "sips:5550100100@10.0.0.1:5061",
    "tel:+1-555-010-0100", "sip:%2B15550100100@example.com", "SIP:15550100100",
])  # fmt: skip
def test_a_called_number_in_another_spelling_is_ours(edge: Edge, called: str) -> None:
    assert "Hangup" not in verbs(edge.rings(To=called))
    assert edge.call.called == LINE
    assert troubles(edge) == []


@pytest.mark.parametrize(("called", "ours"), [("07700900100", MOBILE), ("030550100", GERMAN), ("0304550100", "")])
def test_a_national_number_is_that_of_the_country_where_we_have_one(audio: Path, called: str, ours: str) -> None:
    edge = Edge(replace(CONFIGURATION, numbers={one: "front_desk" for one in (LINE, MOBILE, GERMAN)}), audio=audio)
    edge.rings(To=called)
    assert [one.called for one in edge.store.calls()] == ([ours] if ours else [])


def test_a_spelling_that_two_of_our_numbers_have_is_told(audio: Path, caplog: pytest.LogCaptureFixture) -> None:
    other = "+445550100100"
    edge = Edge(replace(CONFIGURATION, numbers={LINE: "front_desk", other: "front_desk"}), audio=audio)
    assert "Hangup" in verbs(edge.rings(To="5550100100"))
    assert f"may be {LINE} or {other}" in trouble(edge)["what"]
    assert "whole number" in caplog.text


@pytest.mark.parametrize(("called", "shown"), [
    ("+15559990042", "15*******42"), ("sip:someone@example.com", "no telephone number"), ("", "no telephone number"),
    ("client:anna", "no telephone number"), ("911", "no telephone number"),
])  # fmt: skip
def test_a_number_without_a_flow_is_told_beside_ours_but_is_not_spelled_out(
    edge: Edge, called: str, shown: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert "Hangup" in verbs(edge.rings(To=called))
    found = trouble(edge)
    assert found["kind"] == "number_unknown"
    assert shown in found["what"]
    assert LINE in found["advice"]
    if called:
        assert called not in caplog.text + str(found)
    assert edge.callflow.metrics.value("unknown_numbers") == 1


def test_a_call_without_an_id_is_not_blamed_on_its_number(edge: Edge) -> None:
    edge.rings(sid="not an id")
    assert "CallSid" in trouble(edge)["what"]


def test_troubles_pass_and_only_so_many_are_kept(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(MOST + 30):
        edge.rings(f"CA{number:032}", To=f"+49{number:02}0550{number:02}")
    found = troubles(edge)
    assert len(found) == MOST
    assert found[0]["what"] == f"a call to 49******{MOST + 29}, which has no flow", "the latest first"
    assert len(caplog.records) == MOST_LINES
    edge.later(3601)
    assert troubles(edge) == []


def test_a_trouble_that_comes_back_is_told_again(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    edge.rings(To="+15559990042")
    edge.later(4000).rings(SID[:-1] + "d", To="+15559990042")
    assert trouble(edge)["count"] == 1
    assert len(caplog.records) == 2
