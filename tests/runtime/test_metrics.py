"""Counting from many threads, and the page for Prometheus."""

from threading import Thread
from time import perf_counter

from callflow.runtime.metrics import COUNTERS, HISTOGRAMS, SHORT, Metrics


def lines(metrics: Metrics, name: str) -> list[str]:
    text = metrics.page()[0].decode()
    return [line for line in text.splitlines() if line.startswith(name)]


def test_nothing_is_lost_under_sixteen_threads() -> None:
    metrics = Metrics()
    threads = [Thread(target=lambda: [metrics.count("webhooks") for _ in range(2000)]) for _ in range(16)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        metrics.page()
    for thread in threads:
        thread.join()
    assert metrics.value("webhooks") == 32_000


def test_a_counter_without_labels_is_told_before_it_was_counted() -> None:
    assert lines(Metrics(), "callflow_failures") == ["callflow_failures_total 0.0"]


def test_labels_are_told_apart() -> None:
    metrics = Metrics()
    for outcome in ("failed", "failed", "answered"):
        metrics.count("lookups", outcome)
    assert lines(metrics, "callflow_lookups") == [
        'callflow_lookups_total{outcome="answered"} 1.0',
        'callflow_lookups_total{outcome="failed"} 2.0',
    ]


def test_the_first_hold_that_overruns_is_an_increase() -> None:
    """A series that begins at 1 has not increased, as Prometheus sees it."""
    assert 'callflow_holds_total{outcome="overrun"} 0.0' in lines(Metrics(), "callflow_holds")


def test_durations_are_put_into_buckets() -> None:
    metrics = Metrics()
    for seconds in (0.001, 0.002, 0.3, 60.0):
        metrics.webhook_took(seconds)
    with metrics.timed():
        pass
    with metrics.timed(since=perf_counter() - 60):  # it has waited for a place
        pass
    found = [float(line.rpartition(" ")[2]) for line in lines(metrics, "callflow_webhook_duration_seconds_bucket")]
    assert found == [3.0 if bound < 0.5 else 4.0 for bound in SHORT] + [6.0]
    assert lines(metrics, "callflow_webhook_duration_seconds_count")[0].endswith(" 6.0")


def test_the_process_tells_its_memory_and_every_metric_has_its_help() -> None:
    metrics = Metrics()
    assert lines(metrics, "process_resident_memory_bytes")
    assert {line.split(maxsplit=3)[2] for line in lines(metrics, "# HELP callflow_")} == {
        *(f"callflow_{name}_total" for name in COUNTERS), *(f"callflow_{name}" for name in HISTOGRAMS),
    }  # fmt: skip


def test_two_compositions_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    one.count("webhooks")
    assert (one.value("webhooks"), other.value("webhooks")) == (1, 0)


def test_open_metrics_for_who_asks_for_it() -> None:
    page, content_type = Metrics().page("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert page.endswith(b"# EOF\n")
