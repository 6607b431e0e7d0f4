"""Health and metrics for load balancers and ops. Probes do not ask the provider each time."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from werkzeug.test import Client, TestResponse

from callflow.service.job_watch import JobWatch
from callflow.service.jobs import NewJob
from callflow.service.ports import GatewayFailure, StoreUnavailable
from callflow.web import create_app
from tests.core.example import CONFIGURATION
from tests.web.edge import Edge


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    for path in ("music.wav", "en/final.wav"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"RIFF")
    return Edge(audio=tmp_path)


def faults(edge: Edge) -> dict[str, str]:
    reply = edge.web.get("/readyz")
    assert reply.json is not None
    assert reply.status_code == (503 if reply.json["faults"] else 200)
    assert reply.json["ready"] is not bool(reply.json["faults"])
    return dict(reply.json["faults"])


def test_alive_needs_nothing(edge: Edge) -> None:
    edge.store.close()
    assert edge.web.get("/healthz").status_code == 200


def test_ready_when_database_configuration_and_provider_are(edge: Edge) -> None:
    assert faults(edge) == {}


def test_a_database_that_is_away_is_named_without_its_address(edge: Edge) -> None:
    edge.store.close()
    assert faults(edge) == {"database": "cannot be used; the log has the reason"}


def test_a_slip_in_a_changed_directory_takes_no_server_out(edge: Edge) -> None:
    """Calls go on with the former configuration. Otherwise all nodes that share the directory would be taken out."""
    parts = replace(edge.web.application.extensions["callflow"], warning=lambda: "people.yaml:23:1 CF003 no")
    app = create_app(parts)
    reply = app.test_client().get("/readyz")
    assert (reply.status_code, reply.json) == (
        200,
        {"ready": True, "faults": {}, "warning": "people.yaml:23:1 CF003 no"},
    )


def test_slow_work_that_failed_takes_no_server_out_but_is_told(edge: Edge) -> None:
    """Another node would have the same jobs."""
    store, now = edge.callflow.store, edge.callflow.calls.clock()
    watch = JobWatch(store, lambda: now + timedelta(minutes=20))
    assert watch.warning() == ""
    for kind in ("report", "stamp"):
        store.transact(lambda tx, kind=kind: tx.defer(NewJob(kind=kind, at=now)))  # type: ignore[misc]
    store.job_given_up(store.take_job(["stamp"], now, now), "no stamp")  # type: ignore[attr-defined]
    watch.refresh()
    told = "1 failed for good: see `callflow jobs`; 1 wait, the first one for 20 minutes: does a worker run?"
    assert watch.warning() == told
    app = create_app(replace(edge.web.application.extensions["callflow"], jobs=watch.warning))
    reply = app.test_client().get("/readyz")
    assert (reply.status_code, reply.json) == (200, {"ready": True, "faults": {}, "jobs": told})
    edge.callflow.metrics.gauges = watch.gauges
    page = edge.web.get("/metrics").text
    for line in ("jobs_waiting 1.0", "jobs_failed_for_good 1.0", "jobs_oldest_waiting_seconds 1200.0"):
        assert f"callflow_{line}\n" in page


def test_a_number_of_an_account_without_its_token_is_told_before_anybody_calls(edge: Edge) -> None:
    sub = "AC" + "5" * 32
    edge.callflow.configurations.adopt(replace(CONFIGURATION, accounts={"+15550100300": sub}))
    reply = edge.web.get("/readyz").json or {}
    assert (reply["ready"], f"add {sub}:token to TWILIO_AUTH_TOKEN" in reply["warning"]) == (True, True)


def test_a_recording_that_has_gone_is_named(edge: Edge, tmp_path: Path) -> None:
    """Its line is spoken, so calls can be served: another node may have lost the file as well."""
    (tmp_path / "en/final.wav").unlink()
    reply = edge.web.get("/readyz").json or {}
    assert (reply["ready"], reply["warning"]) == (True, "recordings are missing: en/final.wav")
    assert "callflow_recordings_missing_total 1.0\n" in edge.web.get("/metrics").text
    assert not edge.callflow.configurations.current.script("warning_final", "en").audio
    (tmp_path / "en/final.wav").write_bytes(b"RIFF")
    assert "warning" not in (edge.web.get("/readyz").json or {})


def test_the_provider_is_asked_once_in_a_while(edge: Edge) -> None:
    for _ in range(100):
        assert faults(edge) == {}
    assert edge.provider.pings == 1
    edge.later(31)
    assert faults(edge) == {}
    assert edge.provider.pings == 2


def test_a_provider_that_refuses_us_is_named_and_asked_again_sooner(edge: Edge) -> None:
    edge.provider.refusal = GatewayFailure("asking for calls: HTTP 401, code 20003", advice="compare the token")
    assert faults(edge) == {"gateway": "asking for calls: HTTP 401, code 20003; compare the token"}
    edge.provider.refusal = None
    edge.later(4)
    assert faults(edge), "still the last answer"
    edge.later(2)
    assert faults(edge) == {}


def test_while_one_probe_waits_for_the_provider_the_others_have_the_last_answer(edge: Edge) -> None:
    assert faults(edge) == {}
    asked, answer = Event(), Event()

    def slow() -> None:
        edge.provider.pings += 1
        asked.set()
        answer.wait(10)

    edge.provider.ping = slow  # type: ignore[method-assign]
    edge.later(31)
    with ThreadPoolExecutor(1) as one:
        waiting = one.submit(faults, edge)
        assert asked.wait(10)
        for _ in range(20):
            assert faults(edge) == {}
        answer.set()
        assert waiting.result(10) == {}
    assert edge.provider.pings == 2


def test_metrics_are_in_the_text_format_of_prometheus(edge: Edge) -> None:
    edge.rings()
    edge.post("/voice/inbound", {}, signed="")
    reply = edge.web.get("/metrics")
    assert reply.mimetype == "text/plain"
    assert {
        "# TYPE callflow_webhooks_total counter",
        "callflow_webhooks_total 1.0",
        "callflow_forged_requests_total 1.0",
        "callflow_failures_total 0.0",
        "callflow_webhook_duration_seconds_count 2.0",
    } <= set(reply.text.splitlines())


def test_frequent_probes_do_not_write_each_time(edge: Edge) -> None:
    written = []
    edge.store.ping = lambda: written.append(edge.now)
    for _ in range(20):
        assert faults(edge) == {}
    assert len(written) == 1
    edge.later(3)
    assert faults(edge) == {}
    assert len(written) == 2


def test_a_database_that_is_back_is_seen_at_once(edge: Edge) -> None:
    ping = edge.store.ping

    def away() -> None:
        raise StoreUnavailable("disk full")

    edge.store.ping = away
    assert faults(edge)
    edge.store.ping = ping
    assert faults(edge) == {}


@pytest.mark.parametrize("host", ["app.test", "APP.test:443"])
def test_a_proxy_on_this_machine_that_only_passes_the_host_is_recognised(edge: Edge, host: str) -> None:
    assert edge.web.get("/metrics", headers={"Host": host}).status_code == 403
    assert edge.web.get("/readyz", headers={"Host": host}).json == {"ready": True}


@pytest.mark.parametrize(("peer", "status"), [("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200),
                                              ("10.0.0.1", 403), ("192.0.2.1", 403), ("", 403)])  # fmt: skip
def test_only_this_machine_reads_the_metrics(edge: Edge, peer: str, status: int) -> None:
    assert edge.web.get("/metrics", environ_overrides={"REMOTE_ADDR": peer}).status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("headers", [
    {}, {"Host": "app.test"}, {"X-Forwarded-For": "192.0.2.1"}, {"Authorization": "Bearer ä"},
    {"Accept": "application/openmetrics-text"},
])  # fmt: skip
def test_flask_would_answer_the_same(edge: Edge, path: str, headers: dict[str, str]) -> None:
    by_flask = Client(edge.callflow.web.machines, TestResponse).get(
        path, headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"}
    )
    reply = edge.web.get(path, headers={"Host": "localhost", **headers})
    for one in (reply, by_flask):
        if path == "/metrics":  # seconds that passed in between may have more digits
            one.headers.remove("Content-Length")
    assert (reply.status, reply.headers) == (by_flask.status, by_flask.headers)
    assert [line for line in reply.text.splitlines() if not re.search("seconds|resident", line)] == [
        line for line in by_flask.text.splitlines() if not re.search("seconds|resident", line)
    ]


def test_a_page_that_fails_is_logged_without_what_the_error_says(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> dict[str, str]:
        raise RuntimeError("+15550100199")

    parts = replace(edge.web.application.extensions["callflow"], ready=fail)
    assert create_app(parts).test_client().get("/readyz").status_code == 500
    assert "RuntimeError" in caplog.text
    assert "0199" not in caplog.text


def test_that_nothing_answers_outside_this_process_is_said_and_takes_no_server_out(edge: Edge) -> None:
    parts = replace(edge.web.application.extensions["callflow"], without_fallback="no fallback outside this process")
    reply = create_app(parts).test_client().get("/readyz")
    assert (reply.status_code, reply.json) == (
        200,
        {"ready": True, "faults": {}, "fallback": "no fallback outside this process"},
    )
