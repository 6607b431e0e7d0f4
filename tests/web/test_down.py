"""The database is down, or our own code fails: people stay together, and the call goes on afterwards (design 3)."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest

from callflow.core.stages import PlaceName, Stage
from callflow.service.dispatch import LEASE
from callflow.service.ports import LegReport, StoreUnavailable
from callflow.service.recordings import RecordingKind
from callflow.store import open_store
from tests.web.edge import CALLER, LINE, SID, SPARE, Edge, verbs


class Outage:
    """A store that can be unavailable, after ``calls_left`` more calls of its methods."""

    def __init__(self) -> None:
        self.store: Any = open_store("memory:")
        self.calls_left: int | None = None
        self.error: Exception = StoreUnavailable("away")

    def __getattr__(self, name: str) -> Any:
        served = getattr(self.store, name)
        return self._perhaps(served) if callable(served) else served

    def _perhaps(self, served: Callable[..., Any]) -> Callable[..., Any]:
        def use(*what: Any, **how: Any) -> Any:
            if self.calls_left == 0:
                raise self.error
            if self.calls_left:
                self.calls_left -= 1
            return served(*what, **how)

        return use


@pytest.fixture
def store() -> Outage:
    return Outage()


@pytest.fixture
def edge(store: Outage) -> Edge:
    return Edge(store=store).talking()  # type: ignore[arg-type]


def test_a_customer_whom_we_call_may_be_a_machine_and_presses_a_key_first(edge: Edge, store: Outage) -> None:
    call = edge.call
    store.calls_left = 0
    for digits in ({}, {"Digits": "1"}):
        reply = edge.post(f"/voice/{call.id}/caller/2/{PlaceName.INVITATION}", edge.form(SID, **digits))
        assert "Gather" in verbs(reply)
        assert call.room not in reply.text.replace(f"room={call.room}", "")


def test_everybody_on_the_call_gets_the_room_by_its_name(edge: Edge, store: Outage) -> None:
    call = edge.call
    store.calls_left = 0
    caller = edge.post(f"/voice/{call.id}/caller/{call.caller.token}/hold", edge.form(SID))
    lead = edge.post(f"/voice/{call.id}/{call.lead}/{call.lead_leg.token}/room", edge.form(call.lead_leg.sid))
    for reply in (caller, lead):
        assert set(verbs(reply)) == {"Dial", "Conference"}
        assert call.room in reply.text
        assert "participantLabel" not in reply.text, "it must prove nothing"
    assert "hangupOnStar" in lead.text
    assert "hangupOnStar" not in caller.text


@pytest.mark.parametrize("place", ["enter", "offer", "briefing", "decline_menu", "ringing", "alert", "wrap_up", "note",
                                   "of_a_newer_callflow"])  # fmt: skip
def test_who_may_be_a_voicemail_or_has_left_must_press_a_key_first(edge: Edge, store: Outage, place: str) -> None:
    call = edge.call
    store.calls_left = 0
    asked = edge.post(f"/voice/{call.id}/{call.lead}/1/{place}", edge.form("CAx"))
    assert verbs(asked) == ["Gather", "Say"] * 3 + ["Hangup"]
    target = re.search(r'action="https://spare\.test([^"#]*)', asked.text).group(1).replace("&amp;", "&")  # type: ignore[union-attr]
    silent = edge.post(target, edge.form("CAx", Digits=""), base=SPARE)
    assert verbs(silent)[0] == "Gather"
    assert "Conference" in verbs(edge.post(target, edge.form("CAx", Digits="5"), base=SPARE))


def test_a_caller_who_arrives_is_asked_for_again_and_not_for_ever(store: Outage) -> None:
    edge = Edge(store=store)  # type: ignore[arg-type]
    store.calls_left = 0
    target, rounds = "/voice/inbound", 0
    while "Redirect" in verbs(reply := edge.post(target, edge.form())):
        assert verbs(reply) == ["Say", "Pause", "Redirect"]
        target = re.search(r"https://app\.test(/voice/inbound\?again=\d+)", reply.text).group(1)  # type: ignore[union-attr]
        rounds += 1
    assert rounds == 25
    assert verbs(reply) == ["Say", "Pause", "Hangup"]
    for odd in ("x", "-1", "9" * 5000, "%D9%A3", ""):
        assert verbs(edge.post(f"/voice/inbound?again={odd}", edge.form()))[0] == "Say"


def test_the_next_time_the_call_begins(store: Outage) -> None:
    edge = Edge(store=store)  # type: ignore[arg-type]
    store.calls_left = 0
    edge.rings()
    store.calls_left = None
    assert "greeting" in edge.post("/voice/inbound?again=1", edge.form()).text
    assert edge.call.stage is Stage.ARRIVING


def test_callers_without_an_id_never_meet_in_one_room(store: Outage) -> None:
    edge = Edge(store=store)  # type: ignore[arg-type]
    for number in ("+15550190001", "+15550190002"):
        form = [("From", number), ("To", LINE), ("CallStatus", "in-progress")]
        assert "Conference" not in verbs(edge.post("/voice/fallback", form, base=SPARE))


def test_a_first_document_that_was_not_to_be_had_is_given_by_the_fallback(store: Outage) -> None:
    """By the number's fallback: nobody else would join that room, so the call begins here."""
    edge = Edge(store=store)  # type: ignore[arg-type]
    assert "greeting" in edge.post("/voice/fallback", edge.form(CallStatus="ringing"), base=SPARE).text
    assert edge.call.stage is Stage.ARRIVING
    later = edge.post("/voice/fallback", edge.form(CallStatus="in-progress"), base=SPARE)
    assert edge.call.room in later.text
    store.calls_left = 0
    assert "Redirect" in verbs(edge.post("/voice/fallback", edge.form("CAb", CallStatus="ringing"), base=SPARE))


def test_reports_are_taken_without_a_database_and_without_an_effect(edge: Edge, store: Outage) -> None:
    call, kept = edge.call, edge.kept_by(store.store)
    store.calls_left = 0
    over = edge.form(SID, CallStatus="completed")
    join = {"StatusCallbackEvent": "participant-join", "CallSid": SID, "ParticipantLabel": "caller-9"}
    for target, form in (("/voice/status", over), (f"/voice/{call.id}/caller/status", over),
                         (f"/voice/{call.id}/room", join)):  # fmt: skip
        reply = edge.post(target, form)
        assert (reply.status_code, reply.data) == (204, b"")
    assert edge.kept_by(store.store) == kept


def test_the_star_key_works_again_afterwards(edge: Edge, store: Outage) -> None:
    """The first press opens the menu, in a document that knows the call by its name only."""
    call = edge.call
    store.calls_left = 0
    target = f"/voice/{call.id}/{call.lead}/{call.lead_leg.token}/room"
    document = edge.post(target, edge.form(call.lead_leg.sid)).text
    star = re.search(rf'action="{SPARE}([^"#]*)', document).group(1)  # type: ignore[union-attr]
    assert "Conference" in verbs(edge.post(star, edge.form(call.lead_leg.sid), base=SPARE)), "still away"
    store.calls_left = None
    first = edge.post(star, edge.form(call.lead_leg.sid), base=SPARE)
    assert verbs(first)[0] == "Gather"
    assert edge.call.lead_leg.at(PlaceName.MENU)
    assert edge.post(star, edge.form(call.lead_leg.sid), base=SPARE).text == first.text, "delivered twice"


def test_what_happened_during_the_outage_is_found_by_asking(edge: Edge, store: Outage) -> None:
    """The lead hung up during the outage, and the provider reports that only once."""
    call = edge.call
    store.calls_left = 0
    edge.post(f"/voice/{call.id}/{call.lead}/status", edge.form(call.lead_leg.sid, CallStatus="completed"))
    edge.runner.tick()
    store.calls_left = None
    edge.provider.reports[call.lead_leg.sid] = LegReport(status="completed")
    edge.later(61).runner.tick()
    assert edge.call.stage is Stage.LEFT_ALONE
    assert edge.call.caller.at(PlaceName.AGENT_LEFT)


def test_an_order_carried_out_as_the_database_went_away_is_not_sent_again(edge: Edge, store: Outage) -> None:
    edge.answers(edge.lead)
    edge.flush().answers(edge.lead, Digits="1")
    edge.provider.sent.clear()
    edge.runner._tasks.popleft()()
    store.calls_left = 0
    edge.flush()
    store.calls_left = None
    dispatcher = edge.later(LEASE.total_seconds() + 1).runner.dispatcher
    assert dispatcher
    redirects = [due for due in dispatcher.claim() if due.order.kind == "redirect"]
    assert not redirects, "crossed off once the database is back"
    assert [(order.kind, order.leg) for order in edge.provider.sent] == [("redirect", "caller")]


@pytest.mark.parametrize("point", range(6))
def test_going_away_at_any_moment_of_a_key_press_keeps_everybody(edge: Edge, store: Outage, point: int) -> None:
    call = edge.call
    store.calls_left = point
    replies = [
        edge.post(f"/voice/{call.id}/{call.lead}/{call.lead_leg.token}/room", edge.form(call.lead_leg.sid)),
        edge.post(f"/voice/{call.id}/{call.lead}/{call.lead_leg.token + 1}/menu",
                  edge.form(call.lead_leg.sid, Digits="1")),
    ]  # fmt: skip
    edge.flush()
    edge.runner.tick()
    assert all({"Gather", "Conference"} & set(verbs(reply)) for reply in replies)
    store.calls_left = None
    for _ in range(30):
        edge.later(5).runner.tick()
    assert edge.call.stage is Stage.TALKING
    assert edge.call.caller.live
    assert edge.call.lead_leg.live


def test_a_bug_of_ours_is_answered_with_the_same_document(
    edge: Edge, store: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    call = edge.call
    store.calls_left, store.error = 0, KeyError(f"{CALLER} said yes and pressed 4711")
    reply = edge.post(f"/voice/{call.id}/caller/{call.caller.token}/hold", edge.form(SID, Digits="4711"))
    assert set(verbs(reply)) == {"Dial", "Conference"}
    assert edge.post("/voice/status", edge.form(CallStatus="completed")).status_code == 204
    assert edge.callflow.metrics.value("failures") == 2
    assert "KeyError at test_down.py" in caplog.text
    for secret in (CALLER, "4711", "said yes"):
        assert secret not in caplog.text


def test_the_log_of_a_call_names_no_number_no_keys_and_no_words(
    store: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    edge = Edge(store=store).talking()  # type: ignore[arg-type]
    spoken, keys = "my address is seven elm street", "98765"
    store.error = ValueError(f"{spoken} {keys} {CALLER}")
    for left in (None, 0, None):
        store.calls_left = left
        target = f"/voice/{edge.callflow.store.store.calls()[0].id}/caller/1/hold_question"  # type: ignore[attr-defined]
        edge.post(target, edge.form(SID, SpeechResult=spoken, Digits=keys))
        edge.post("/voice/inbound", edge.form("CAanother", To="+15559990000"))
        edge.post("/voice/inbound", edge.form(), signed="")
        edge.flush()
    assert caplog.records
    said = caplog.text.replace(LINE, "")  # our own number, as configured: what ops have to compare
    for secret in (CALLER, "+15559990000", "5550100", spoken, keys, "Mock"):
        assert secret not in said


def test_why_the_provider_asks_for_a_fallback_is_counted_and_logged(
    edge: Edge, caplog: pytest.LogCaptureFixture
) -> None:
    """By its error code and the kind of address. What names the call, and what a stranger may write, is left out."""
    secret_place = f"https://stranger.example/voice/{edge.call.id}/caller/7/hold?x=+15550100199#rc=2"
    for code, address in (("11205", secret_place), ("+15550100199", "https://stranger.example/+15550100199")):
        edge.post("/voice/fallback", edge.form() | {"ErrorCode": code, "ErrorUrl": address}, base=SPARE)
    assert [one.message for one in caplog.records if "fallback document" in one.message] == [
        "the provider asked for a fallback document: error 11205 at hold",
        "the provider asked for a fallback document: error none at an address that it did not name",
    ]
    page = edge.web.get("/metrics").text
    assert 'callflow_document_failures_total{code="11205"} 1.0' in page
    assert "+15550100199" not in page + caplog.text
    assert edge.call.id not in caplog.text


def test_the_recording_of_a_call_is_told_again_later(edge: Edge, store: Outage) -> None:
    """However many digits its length has. Nothing else would ever tell us of it."""
    call = edge.call
    report = {"RecordingSource": "OutboundAPI", "RecordingStatus": "completed", "RecordingSid": "RE" + "1" * 32,
              "RecordingDuration": "9" * 5000}  # fmt: skip
    store.calls_left = 0
    assert edge.post(f"/voice/{call.id}/caller/status", edge.form(**report)).status_code == 503
    store.calls_left = None
    assert edge.post(f"/voice/{call.id}/caller/status", edge.form(**report)).status_code == 204
    (one,) = store.recordings(call.id)
    assert (one.kind, one.provider_id) == (RecordingKind.CALL, report["RecordingSid"])


def test_a_recording_that_is_to_be_deleted_is_told_again_later(edge: Edge, store: Outage) -> None:
    """Nothing else would ever tell us of a briefing that was cut off."""
    call = edge.call
    report = {"RecordingSource": "RecordVerb", "RecordingStatus": "completed", "RecordingSid": "RE" + "1" * 32}
    store.calls_left = 0
    assert edge.post(f"/voice/{call.id}/{call.lead}/status", edge.form(**report)).status_code == 503
    store.calls_left = None
    assert edge.post(f"/voice/{call.id}/{call.lead}/status", edge.form(**report)).status_code == 204
    (job,) = store.jobs(edge.now)
    assert job.args == {"call": call.id, "recording": report["RecordingSid"]}
