"""Dashboard and alert rules name only metrics, labels and values that exist, and each alert fires when it should."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from callflow.core.incidents import IncidentState
from callflow.runtime.gauges import GAUGES
from callflow.runtime.metrics import COUNTERS, HISTOGRAMS
from callflow.service.observing import COUNTED
from callflow.service.troubles import TroubleKind
from tests.conftest import program
from tests.web.edge import Edge

FOLDER = Path(__file__).parents[2] / "docs" / "operations"
ALERTS = FOLDER / "alerts.yaml"
SERIES = re.compile(r"\b(callflow_\w+)(?:\{([^}]*)\})?")
LABEL = re.compile(r'(\w+)(=|!=|=~|!~)"([^"]*)"')
ADDED = {"instance", "job", "le"}
"""Labels that Prometheus adds."""
FIRES: Mapping[str, tuple[str, str]] = {
    "CallflowNodeDown": ('up{job="callflow", instance="a"}', "0x40"),
    "CallflowDatabaseDown": ("callflow_database_up", "0x40"),
    "CallflowWithoutDatabase": ("callflow_store_unavailable_total", "0+1x40"),
    "CallflowFallbacks": ("callflow_fallbacks_total", "0+1x40"),
    "CallflowHoldOverrun": ('callflow_holds_total{outcome="overrun"}', "0x35 1x5"),
    "CallflowImpossibleEvent": ("callflow_failures_total", "0x35 1x5"),
    "CallflowSheds": ("callflow_shed_webhooks_total", "0+1x40"),
    "CallflowWebhooksSlow": ('callflow_webhook_duration_seconds_bucket{le="5.0"}', "0+60x40"),
    "CallflowOrdersWait": ("callflow_oldest_order_overdue_seconds", "31x40"),
    "CallflowProviderFails": ('callflow_provider_requests_total{kind="ring", outcome="failed"}', "0+9x40"),
    "CallflowTrouble": ('callflow_troubles{kind="number_unknown"}', "1x40"),
    "CallflowForgedRequests": ("callflow_forged_requests_total", "0+3x40"),
    "CallflowNoSupervisors": ('callflow_delegations_total{outcome="unavailable"}', "0+1x40"),
    "CallflowCallBacksOverdue": ("callflow_overdue_call_backs", "1x40"),
    "CallflowIncidentsLate": ('callflow_incidents{state="late"}', "1x40"),
    "CallflowClockWrong": ('callflow_clock_ahead_seconds{of="database"}', "30x40"),
    "CallflowNodesDiffer": ('callflow_build_info{version="0.2", configuration="a"}', "1x40"),
}
"""A series, one value a minute, with which each alert fires after 40 minutes."""
BESIDE: Mapping[str, tuple[str, str]] = {
    "CallflowWebhooksSlow": ('callflow_webhook_duration_seconds_bucket{le="+Inf"}', "0+60x40"),
    "CallflowNodesDiffer": ('callflow_build_info{version="0.1", configuration="a"}', "1x40"),
}
QUIET = [
    ('up{job="callflow", instance="a"}', "1x40"), ("callflow_database_up", "1x40"),
    ("callflow_store_unavailable_total", "0x40"), ("callflow_fallbacks_total", "3x40"),
    ('callflow_holds_total{outcome="overrun"}', "2x40"), ('callflow_holds_total{outcome="returned on time"}', "0+1x40"),
    ("callflow_failures_total", "1x40"), ("callflow_impossible_events_total", "0x40"),
    ("callflow_shed_webhooks_total", "7x40"), ('callflow_webhook_duration_seconds_bucket{le="0.25"}', "0+60x40"),
    ('callflow_webhook_duration_seconds_bucket{le="+Inf"}', "0+60x40"),
    ("callflow_oldest_order_overdue_seconds", "2x40"),
    ('callflow_provider_requests_total{kind="ring", outcome="done"}', "0+20x40"),
    ('callflow_provider_requests_total{kind="ring", outcome="failed"}', "0+1x40"),
    ('callflow_troubles{kind="number_unknown"}', "0x40"), ("callflow_forged_requests_total", "0+1x40"),
    ('callflow_delegations_total{outcome="unavailable"}', "5x40"), ("callflow_overdue_call_backs", "0x40"),
    ('callflow_incidents{state="late"}', "0x40"), ('callflow_incidents{state="given"}', "3x40"),
    ('callflow_build_info{version="0.1", configuration="a"}', "1x40"),
    ('callflow_clock_ahead_seconds{of="provider"}', "0x40"),
]  # fmt: skip


def rules() -> list[dict[str, Any]]:
    (group,) = YAML(typ="safe").load(ALERTS.read_text("utf-8"))["groups"]
    return list(group["rules"])


def expressions() -> Iterator[tuple[str, str]]:
    for panel in json.loads((FOLDER / "dashboard.json").read_text("utf-8"))["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for rule in rules():
        yield rule["alert"], rule["expr"]


def series() -> dict[str, tuple[str, ...]]:
    """Every series of the page, with its labels."""
    found = {f"callflow_{name}_total": one.labels for name, one in COUNTERS.items()}
    found |= {f"callflow_{name}": one.labels for name, one in GAUGES.items()}
    return found | {f"callflow_{name}_{part}": () for name in HISTOGRAMS for part in ("bucket", "count", "sum")}


def test_dashboard_and_alerts_name_only_series_and_labels_that_exist() -> None:
    known = series()
    for where, expression in expressions():
        for name, inside in SERIES.findall(expression):
            assert name in known, f"{where}: {name}"
            for label, _, values in LABEL.findall(inside):
                assert label in {*known[name], *ADDED}, f"{where}: {name}{{{label}}}"
                assert set(values.split("|")) <= told(name, label), f"{where}: {name}{{{label}={values}}}"
        for by in re.findall(r"by \(([^)]*)\)", expression):
            (name, *_) = [one for one, _ in SERIES.findall(expression)]
            assert set(re.split(", *", by)) <= {*known[name], *ADDED}, f"{where}: by ({by})"


def told(name: str, label: str) -> set[str]:
    """The values of this label that are on the page before anything happened."""
    if name == "callflow_incidents":
        return set(IncidentState)
    counter = COUNTERS[name.removeprefix("callflow_").removesuffix("_total")]
    return {values[counter.labels.index(label)] for values in counter.known}


def test_the_dashboard_shows_what_calls_do() -> None:
    shown = {name for _, expression in expressions() for name, _ in SERIES.findall(expression)}
    assert {f"callflow_{name}_total" for name, *_ in COUNTED.values()} - shown <= {
        "callflow_call_backs_total", "callflow_customers_called_total", "callflow_impossible_events_total"}  # fmt: skip


def test_panels_do_not_overlap_and_have_numbers_of_their_own() -> None:
    panels = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))["panels"]
    cells = [(x, y) for one in panels for x in range(one["gridPos"]["x"], one["gridPos"]["x"] + one["gridPos"]["w"])
             for y in range(one["gridPos"]["y"], one["gridPos"]["y"] + one["gridPos"]["h"])]  # fmt: skip
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({one["id"] for one in panels}) == len(panels)


def test_every_alert_says_what_happened_and_what_to_do() -> None:
    assert {rule["alert"] for rule in rules()} == FIRES.keys()
    for rule in rules():
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() == {"summary", "description"}
    assert {kind.value for kind in TroubleKind} >= {"number_unknown"}


def promtool(*arguments: str, given: str | None = None) -> None:
    done = subprocess.run(
        [program("promtool"), *arguments], input=given, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_the_rules_and_the_page() -> None:
    promtool("check", "rules", str(ALERTS))
    promtool("check", "config", str(FOLDER / "prometheus.yaml"))
    promtool("check", "metrics", given=Edge().web.get("/metrics").text)


@pytest.mark.parametrize("alert", [*FIRES, ""])
def test_an_alert_fires_for_its_fault_and_not_on_a_good_day(alert: str, tmp_path: Path) -> None:
    fault = [FIRES[alert], *([BESIDE[alert]] if alert in BESIDE else [])] if alert else []
    given = {name: values for name, values in [*QUIET, *fault]}
    if alert == "CallflowWebhooksSlow":
        given['callflow_webhook_duration_seconds_bucket{le="0.25"}'] = "0x40"
    firing = [{"eval_time": "40m", "alertname": one, "exp_alerts": []} for one in FIRES if one != alert]
    test = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "alert_rule_test": firing,
                   "promql_expr_test": [{"expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}})',
                                         "eval_time": "40m", "exp_samples": [{"labels": "{}", "value": 1}]}]
                   if alert else [],
                   "input_series": [{"series": name, "values": values} for name, values in given.items()]}],
    }  # fmt: skip
    file = tmp_path / "test.yaml"
    file.write_text(json.dumps(test), "utf-8")
    promtool("test", "rules", str(file))
