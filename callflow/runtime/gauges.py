"""The metrics that are read when the page is asked for: what is stored, what troubles stand, what runs here.

What is stored is the same on every node of one database, so it must not be added up over nodes: use ``max``.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from callflow import __version__
from callflow.core.incidents import IncidentState
from callflow.core.records import immutable
from callflow.core.stages import Stage
from callflow.service.configurations import Configurations
from callflow.service.faults import described
from callflow.service.node_clock import offsets_of
from callflow.service.ports import StoreUnavailable
from callflow.service.statistics import HasStatistics, Statistics
from callflow.service.troubles import TroubleKind, Troubles

if TYPE_CHECKING:
    from prometheus_client.core import Metric

log = logging.getLogger(__name__)
Values = Mapping[tuple[str, ...], float]


class Gauge(NamedTuple):
    help: str
    labels: tuple[str, ...] = ()


GAUGES: Final[Mapping[str, Gauge]] = {
    "build_info": Gauge("Always 1: the version of this Callflow, and the configuration that new calls begin with.",
                        ("version", "configuration")),
    "database_up": Gauge("1 if the database could be read for this page, else 0, and the following are missing."),
    "calls": Gauge("Calls that have not ended, by stage. The same on every node.", ("stage",)),
    "orders": Gauge("Requests to the provider that are stored and not carried out yet. The same on every node."),
    "oldest_order_overdue_seconds": Gauge("How long the oldest stored request has been waiting for a process to send "
                                          "it. The same on every node."),
    "open_call_backs": Gauge("Call backs that are promised, and not overdue. The same on every node."),
    "overdue_call_backs": Gauge("Call backs whose promised time is over. The same on every node."),
    "incidents": Gauge("Incidents that are open, given to a reviewer or late, and those answered in this year, or "
                       "answered_late. The same on every node.", ("state",)),
    "jobs_waiting": Gauge("Jobs that are due and do not run yet. The same on every node."),
    "jobs_failed_for_good": Gauge("Jobs that were given up, until somebody retries or drops them. The same on every "
                                  "node."),
    "jobs_oldest_waiting_seconds": Gauge("For how long the first of the waiting jobs has been due. The same on every "
                                         "node."),
    "clock_ahead_seconds": Gauge("How far this machine's clock is ahead of the database server's or the provider's, 0 "
                                 "within 2 s. Calls do not go by it.", ("of",)),
    "troubles": Gauge("Troubles that a person has to end, as in the body of /readyz, by kind.", ("kind",)),
}  # fmt: skip


@immutable
class Gauges:
    """Reads the present values of all gauges. Yields nothing about the store while it is unavailable."""

    store: HasStatistics
    clock: Callable[[], datetime]
    troubles: Troubles
    configurations: Configurations
    jobs: Callable[[], Mapping[str, float]] = dict

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import GaugeMetricFamily  # 60 ms, see Metrics

        for name, values in self._read().items():
            family = GaugeMetricFamily(f"callflow_{name}", GAUGES[name].help, labels=GAUGES[name].labels)
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family

    def _read(self) -> Mapping[str, Values]:
        standing = Counter(one.trouble.kind for one in self.troubles.standing())
        build = (__version__, self.configurations.current.digest[:12])
        found: dict[str, Values] = {
            "build_info": {build: 1},
            "troubles": {(kind.value,): standing[kind] for kind in TroubleKind},
            "clock_ahead_seconds": {(whose,): ahead for whose, ahead in offsets_of(self.clock).items()},
            **{name: {(): value} for name, value in self.jobs().items()},
        }
        try:
            stored = self.store.statistics(self.clock())
        except StoreUnavailable:
            return {**found, "database_up": {(): 0}}
        except Exception as error:  # the page has to arrive
            log.error("the database cannot be counted: %s", described(error))
            return {**found, "database_up": {(): 0}}
        return {**found, "database_up": {(): 1}, **_of_store(stored)}


def _of_store(stored: Statistics) -> Mapping[str, Values]:
    live = [stage for stage in Stage if stage is not Stage.ENDED]
    return {
        "calls": {(stage.value,): stored.calls.get(stage.value, 0) for stage in live},
        "orders": {(): stored.orders},
        "oldest_order_overdue_seconds": {(): stored.overdue_seconds},
        "open_call_backs": {(): stored.call_backs},
        "overdue_call_backs": {(): stored.call_backs_overdue},
        "incidents": {(state.value,): stored.incidents.get(state.value, 0) for state in IncidentState},
    }
