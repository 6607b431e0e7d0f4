"""What monitoring and the log say about calls: shipped scenarios are played, and then the page is read."""

import logging
from typing import Any

import pytest

from callflow.cli.simulate import composer
from callflow.core.notes import NoteOutcome
from callflow.core.stages import Stage
from callflow.runtime.gauges import GAUGES
from callflow.runtime.metrics import COUNTERS
from callflow.service.observing import COUNTED
from callflow.simulator.scenario_run import play
from tests.contracts.sample import a_call, after, order, save
from tests.simulator.suite import AUDIO, shipped_scenarios
from tests.web.edge import Edge


def played(name: str) -> Any:
    """The composed Callflow in which a shipped scenario was played, and has held."""
    kept: list[Any] = []
    compose = composer(AUDIO)

    def keeping(*arguments: Any) -> Any:
        kept.append(compose(*arguments))
        return kept[-1]

    assert not play(shipped_scenarios()[name], keeping).failure
    return kept[-1]


def counts(name: str) -> dict[str, int]:
    metrics = played(name).metrics
    text = metrics.page()[0].decode().splitlines()
    found = (line.removeprefix("callflow_").rpartition(" ") for line in text if line.startswith("callflow_"))
    return {series: int(float(value)) for series, _, value in found if "_created" not in series and float(value)}


def test_a_hold_that_came_back_on_time_is_a_promise_kept() -> None:
    found = counts("hold_yes")
    assert found["calls_begun_total"] == 1
    assert found['consents_total{outcome="yes"}'] == 1
    assert found['holds_total{outcome="begun"}'] == 1
    assert found['holds_total{outcome="returned on time"}'] == 1
    assert 'holds_total{outcome="overrun"}' not in found


def test_a_supervisor_who_takes_over_is_told_from_an_agent() -> None:
    found = counts("supervisor_takes_over")
    assert found['offers_total{outcome="accepted",staff="agent"}'] == 1
    assert found['offers_total{outcome="accepted",staff="supervisor"}'] == 1
    assert found["handovers_total"] == 1
    assert found["provider_request_duration_seconds_count"] >= 2


def test_a_warning_heard_in_full_and_the_closing_after_it() -> None:
    found = counts("closing")
    assert found['warnings_total{outcome="heard in full"}'] == found['warnings_total{outcome="begun"}'] >= 1
    assert found['closings_total{outcome="decided"}'] == found['closings_total{outcome="begun"}'] == 1
    assert found['calls_ended_total{outcome="closed"}'] == found["call_duration_seconds_count"] == 1


def test_every_known_label_is_a_word_that_is_counted() -> None:
    words = {*NoteOutcome}
    for name in ("calls_ended", "consents", "holds", "delegations", "warnings", "closings", "call_backs"):
        assert {label for (label,) in COUNTERS[name].known} <= words, name


def test_a_call_is_followed_in_the_log_by_its_reference(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "callflow.service.observing")
    callflow = played("supervisor_takes_over")
    (call,) = callflow.store.calls(live=False)
    told = [(one.getMessage(), one.__dict__["call"]) for one in caplog.records]
    assert [message for message, _ in told][:2] == ["call begun", "call handed over"]
    assert {reference for _, reference in told} == {call.reference}


def test_the_page_tells_what_is_stored_and_how_long_an_order_waits() -> None:
    edge = Edge()
    save(edge.store, a_call("c1", stage=Stage.HOLDING), orders=[order("o1")])
    save(edge.store, a_call("c2", stage=Stage.HOLDING))
    edge.now = after(90)
    shown = edge.web.get("/metrics").text.splitlines()
    assert {
        'callflow_calls{stage="holding"} 2.0',
        'callflow_calls{stage="talking"} 0.0',
        "callflow_orders 1.0",
        "callflow_oldest_order_overdue_seconds 90.0",
        "callflow_database_up 1.0",
        'callflow_troubles{kind="webhook_refused"} 0.0',
    } <= set(shown)
    gauges = {line.split()[2] for line in shown if line.startswith("# TYPE callflow_") and line.endswith(" gauge")}
    assert gauges >= {
        f"callflow_{name}" for name in GAUGES if not name.startswith("jobs_")
    }  # nothing watches jobs here


def test_the_page_arrives_while_the_database_is_away() -> None:
    edge = Edge()
    edge.store.close()
    shown = edge.web.get("/metrics").text.splitlines()
    assert "callflow_database_up 0.0" in shown
    assert not [line for line in shown if line.startswith("callflow_calls{")]


def test_each_entry_is_counted_by_a_counter_that_is_there_with_as_many_labels() -> None:
    for name, *labels in COUNTED.values():
        assert len(COUNTERS[name].labels) == len(labels), name
