"""The metrics of /metrics. To add a counter, add a line to ``COUNTERS`` and call ``count`` where it happens;
what the journal tells is counted by ``service.observing``. What is read when the page is asked for is in ``gauges``.

Names follow Prometheus: ``callflow_<name>_total`` for a counter; other names contain the unit. Labels have few values:
never a call, a person or a number.

A page describes one process, and a node is one process (``callflow serve``, ``gunicorn -w 1``), so every node is a
target of Prometheus. Each composition has its own ``Metrics``, so tests and rehearsals share nothing.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate, product
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from prometheus_client.core import Metric
    from prometheus_client.registry import Collector


class Counter(NamedTuple):
    """``known``: values of the labels that are told as 0 before they were counted. Without them Prometheus does not
    notice the first one: a series that begins at 1 has not increased."""

    help: str
    labels: tuple[str, ...] = ()
    known: tuple[tuple[str, ...], ...] = ()


def known(*values: str) -> tuple[tuple[str, ...], ...]:
    return tuple((value,) for value in values)


COUNTERS = {
    "calls_begun": Counter("Inbound calls that began."),
    "calls_ended": Counter("Calls whose caller is gone, by how that came, in the journal's words.", ("outcome",),
                           known("closed", "caller hung up", "goodbye said", "line failed", "no response")),
    "customers_called": Counter("Customers who were called, by whether they were reached.", ("outcome",),
                                known("reached", "no answer", "busy", "no key pressed", "not now", "not reached",
                                      "cancelled")),
    "offers": Counter("Phones of staff that were rung, answered, accepted, declined, not accepted or not reached.",
                      ("staff", "outcome"),
                      tuple(product(("agent", "supervisor"),
                                    ("rung", "answered", "accepted", "declined", "not accepted", "not reached")))),
    "missing_briefings": Counter("Spoken briefings that could not be had when a supervisor was to hear them."),
    "consents": Counter("Answers of callers to a question.", ("outcome",),
                        known("yes", "no", "unclear", "no clear answer")),
    "holds": Counter("Holds, and how each ended: overrun is a broken promise.", ("outcome",),
                     known("begun", "returned on time", "returned early", "overrun", "end not reported",
                           "ended by the caller", "ended by the lead", "ended")),
    "delegations": Counter("Requests for a supervisor, and what came of them.", ("outcome",),
                           known("asked", "paged", "unavailable", "given back", "helper lost")),
    "handovers": Counter("Calls that a supervisor has taken over."),
    "warnings": Counter("Warnings: only one that was heard in full counts.", ("outcome",),
                        known("begun", "heard in full", "cut short", "not played")),
    "closings": Counter("Closings by a person.", ("outcome",), known("decided", "begun", "cancelled")),
    "supervisors_told": Counter("Warnings and closings of which a supervisor was told, and whether it was heard.",
                                ("outcome",),
                                known("confirmed", "not confirmed", "not reached", "time over", "nobody free",
                                      "on the call", "in the journal")),
    "co_signatures": Counter("Closings of callers with an adjustment: asked of a supervisor, and the answer.",
                             ("outcome",), known("asked", "yes", "no", "nobody free", "not reached")),
    "protections": Counter("Keys for safeguarding, a threat and relief, and locks that were lifted.", ("kind",),
                           known("safeguarding", "threat", "relief", "unlocked")),
    "call_backs": Counter("Call backs that callers wanted, and what came of them.", ("outcome",),
                          known("wanted", "promised", "confirmed", "declined")),
    "breaks": Counter("Breaks after abusive calls: begun, made longer or shorter, skipped, by team; never by person.",
                      ("team", "outcome")),
    "staff_logins": Counter("PINs that were typed on the staff line, and what came of it.", ("outcome",),
                            known("right", "wrong", "locked now", "locked")),
    "sign_ins": Counter("Sign-ins to the pages, and those that were refused, by way.", ("way", "outcome"),
                        tuple((way, outcome) for way in ("passkey", "password", "oidc", "invitation")
                              for outcome in ("done", "refused"))),
    "leads_lost": Counter("Staff who had a call and whose phone went; the caller was kept."),
    "recordings_missing": Counter("Recordings that were in use and are gone; the voice speaks their lines instead."),
    "impossible_events": Counter("Events that the table says cannot happen. A fault of Callflow's."),
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
                                 ("kind", "outcome"),
                                 tuple(product(("ring", "redirect", "release", "announce"), ("done", "failed")))),
    "provider_refusals": Counter("REST requests that the provider refused, by its error code or HTTP status.",
                                 ("kind", "code")),
    "leg_checks": Counter("Times the provider was asked about a leg: answered or failed.", ("outcome",)),
    "repairs": Counter("Requests sent again because a leg was not where it should be."),
    "lost_callers": Counter("Callers who had waited since no server answered: taken_up, or failed.", ("outcome",)),
    "people_away": Counter("Times somebody became away: three calls in a row that they did not answer."),
    "lookups": Counter("Lookups of flows in other systems: answered or failed.", ("outcome",)),
    "jobs": Counter("Runs of jobs: done, failed (tried again), or given_up.", ("kind", "outcome")),
}  # fmt: skip
SHORT = (0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
"""Upper bounds in seconds; the provider gives up after 15."""
LONG = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0)


class Histogram(NamedTuple):
    help: str
    bounds: tuple[float, ...]


HISTOGRAMS = {
    "webhook_duration_seconds": Histogram(
        "From the arrival of a webhook to its answer, the wait for the commit included.", SHORT
    ),
    "provider_request_duration_seconds": Histogram(
        "From a REST request to the provider to its answer, of requests that were done.", SHORT
    ),
    "call_duration_seconds": Histogram("From the beginning of a call until its caller is gone.", LONG),
}


class Metrics:
    """Implements ``ports.Counters``. Shared by threads.

    Counts are plain integers. prometheus_client, which takes 60 ms to import, is only used to write them.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: dict[tuple[str, ...], int] = {
            (name, *labels): 0
            for name, one in COUNTERS.items()
            for labels in one.known or (() if one.labels else ((),))
        }
        self._durations = {name: _Durations(one.bounds) for name, one in HISTOGRAMS.items()}
        self._webhooks = self._durations["webhook_duration_seconds"]
        self.gauges: Callable[[], Mapping[str, float]] = dict
        """Returns the present values of the gauges of jobs (``gauges.GAUGES``); those that are missing are left out."""

    def count(self, name: str, *labels: str) -> None:
        key = (name, *labels)
        with self._lock:  # += is a read and a write, which threads must not interleave
            self._counts[key] = self._counts.get(key, 0) + 1

    def timed(self, since: float | None = None) -> "Timed":
        """A context manager that counts its duration as that of one webhook, which arrived at ``since``
        (``perf_counter``) or now."""
        return Timed(self, since)

    def webhook_took(self, seconds: float) -> None:
        with self._lock:
            self._webhooks.add(seconds)

    def observe(self, name: str, seconds: float) -> None:
        with self._lock:
            self._durations[name].add(seconds)

    def value(self, name: str, *labels: str) -> int:
        """The value of a counter with these labels."""
        with self._lock:
            return self._counts.get((name, *labels), 0)

    def page(self, accept: str = "", gauges: "Collector | None" = None) -> tuple[bytes, str]:
        """The body of /metrics and its content type, for the Accept header of the request. ``gauges`` are read now."""
        from prometheus_client import CollectorRegistry, ProcessCollector  # here: see the class
        from prometheus_client.exposition import choose_encoder

        registry = CollectorRegistry()
        registry.register(self)
        if gauges:
            registry.register(gauges)
        ProcessCollector(registry=registry)
        write, content_type = choose_encoder(accept)
        return write(registry), content_type

    def collect(self) -> "Iterator[Metric]":
        """All metrics with their present values. Implements ``prometheus_client.registry.Collector``."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        with self._lock:
            counts = dict(self._counts)
            durations = {name: (list(one.buckets), one.seconds) for name, one in self._durations.items()}
        for name, counter in COUNTERS.items():
            family = CounterMetricFamily(f"callflow_{name}", counter.help, labels=counter.labels)
            for key in sorted(key for key in counts if key[0] == name):
                family.add_metric(key[1:], counts[key])
            yield family
        for name, (buckets, seconds) in durations.items():
            bounds = [*map(str, HISTOGRAMS[name].bounds), "+Inf"]
            up_to = list(zip(bounds, accumulate(buckets), strict=True))
            yield HistogramMetricFamily(f"callflow_{name}", HISTOGRAMS[name].help, buckets=up_to, sum_value=seconds)


class _Durations:
    """The counts of one histogram."""

    __slots__ = ("_bounds", "buckets", "seconds")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds, self.buckets, self.seconds = bounds, [0] * (len(bounds) + 1), 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(self._bounds, seconds)] += 1
        self.seconds += seconds


class Timed:
    """See ``Metrics.timed``."""

    __slots__ = ("_began", "_metrics", "_since")

    def __init__(self, metrics: Metrics, since: float | None) -> None:
        self._metrics, self._since = metrics, since

    def __enter__(self) -> None:
        self._began = perf_counter() if self._since is None else self._since

    def __exit__(self, *_: object) -> None:
        self._metrics.webhook_took(perf_counter() - self._began)
