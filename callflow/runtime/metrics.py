"""The metrics of /metrics. To add a counter, add a line to ``COUNTERS`` and call ``count`` where it happens.

Names follow Prometheus: ``callflow_<name>_total`` for a counter; other names contain the unit. Labels have few values:
never a call, a person or a number.

A page describes one process, and a node is one process (``callflow serve``, ``gunicorn -w 1``), so every node is a
target of Prometheus. Each composition has its own ``Metrics``, so tests and rehearsals share nothing.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from prometheus_client.core import Metric


class Counter(NamedTuple):
    help: str
    labels: tuple[str, ...] = ()


COUNTERS = {
    "webhooks": Counter("Requests for a document that were answered with one."),
    "reports": Counter("Reports of the provider that were applied: ends of legs, and joins of rooms."),
    "fallbacks": Counter("Requests to the fallback address, which needs no database."),
    "document_failures": Counter("Documents that the provider did not get or could not use, by its error code.",
                                 ("code",)),
    "forged_requests": Counter("Webhooks refused because the provider did not sign them."),
    "unknown_numbers": Counter("Calls to a number that has no flow."),
    "unknown_calls": Counter("Requests for a document of a call that is not on record."),
    "store_unavailable": Counter("Webhooks that found the database unavailable."),
    "shed_webhooks": Counter("Webhooks beyond the capacity, answered at once without the database."),
    "closed_connections": Counter("Connections closed because their request did not arrive in time."),
    "failures": Counter("Webhooks, reports and repairs that failed for a fault of Callflow's."),
    "provider_requests": Counter("Attempts at a REST request: done, failed, or gone (the leg is over).",
                                 ("kind", "outcome")),
    "provider_refusals": Counter("REST requests that the provider refused, by its error code or HTTP status.",
                                 ("kind", "code")),
    "leg_checks": Counter("Times the provider was asked about a leg: answered or failed.", ("outcome",)),
    "repairs": Counter("Requests sent again because a leg was not where it should be."),
    "lost_callers": Counter("Callers who had waited since no server answered: taken_up, or failed.", ("outcome",)),
    "people_away": Counter("Times somebody became away: three calls in a row that they did not answer."),
    "lookups": Counter("Lookups of flows in other systems: answered or failed.", ("outcome",)),
}  # fmt: skip
WEBHOOK_SECONDS = "callflow_webhook_duration_seconds"
WEBHOOK_SECONDS_HELP = "From the arrival of a webhook to its answer, the wait for the commit included."
BUCKETS = (0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
"""Upper bounds in seconds; the provider gives up after 15."""


class Metrics:
    """Implements ``ports.Counters``. Shared by threads.

    Counts are plain integers. prometheus_client, which takes 60 ms to import, is only used to write them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, ...], int] = {(name,): 0 for name, one in COUNTERS.items() if not one.labels}
        self._buckets, self._seconds = [0] * (len(BUCKETS) + 1), 0.0

    def count(self, name: str, *labels: str) -> None:
        key = (name, *labels)
        with self._lock:  # += is a read and a write, which threads must not interleave
            self._counts[key] = self._counts.get(key, 0) + 1

    def timed(self) -> "Timed":
        """A context manager that counts its duration as that of one webhook."""
        return Timed(self)

    def webhook_took(self, seconds: float) -> None:
        with self._lock:
            self._buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds

    def value(self, name: str, *labels: str) -> int:
        """The value of a counter with these labels."""
        with self._lock:
            return self._counts.get((name, *labels), 0)

    def page(self, accept: str = "") -> tuple[bytes, str]:
        """The body of /metrics and its content type, for the Accept header of the request."""
        from prometheus_client import CollectorRegistry, ProcessCollector  # here: see the class
        from prometheus_client.exposition import choose_encoder

        registry = CollectorRegistry()
        registry.register(self)
        ProcessCollector(registry=registry)
        write, content_type = choose_encoder(accept)
        return write(registry), content_type

    def collect(self) -> "Iterator[Metric]":
        """All metrics with their present values. Implements ``prometheus_client.registry.Collector``."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        with self._lock:
            counts, buckets, seconds = dict(self._counts), list(self._buckets), self._seconds
        for name, counter in COUNTERS.items():
            family = CounterMetricFamily(f"callflow_{name}", counter.help, labels=counter.labels)
            for key in sorted(key for key in counts if key[0] == name):
                family.add_metric(key[1:], counts[key])
            yield family
        up_to = list(zip([*map(str, BUCKETS), "+Inf"], accumulate(buckets), strict=True))
        yield HistogramMetricFamily(WEBHOOK_SECONDS, WEBHOOK_SECONDS_HELP, buckets=up_to, sum_value=seconds)


class Timed:
    """See ``Metrics.timed``."""

    __slots__ = ("_began", "_metrics")

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._metrics.webhook_took(perf_counter() - self._began)
