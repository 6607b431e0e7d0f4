"""What the server of this machine says about itself, on its listener for operations."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from typing import Any

from callflow.doctor.findings import Finding, error, good, warning
from callflow.settings import Settings

SECONDS = 15.0
"""It may be asking the provider."""
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def running(settings: Settings) -> Iterator[Finding]:
    if settings.operations is None:
        return
    host, port = settings.operations
    report = _asked(host, port)
    if report is None:
        yield warning("server", f"no server answers at {host}:{port} (CALLFLOW_OPERATIONS)",
                      "start it; or run this command where it runs, with its environment")  # fmt: skip
        return
    for part, reason in report.get("faults", {}).items():
        yield error("server", f"not ready: {part}: {reason}", "see this part here, and the log of the server")
    for trouble in report.get("troubles", ()):
        what = f"{trouble['what']} ({trouble['count']} times since {trouble['first']})"
        yield warning("server", what, str(trouble["advice"]))
    if changed := report.get("warning"):
        yield warning("server", str(changed), "`callflow check`; calls go on with the former configuration")
    yield from _arrivals(settings, report.get("signed_webhooks", {}))


def _arrivals(settings: Settings, seconds_ago: dict[str, float]) -> Iterator[Finding]:
    """By what the provider signed, which is the address as it called it: our settings, or theirs with a port."""
    if seconds_ago:
        address, last = min(seconds_ago.items(), key=lambda one: one[1])
        yield good("server", f"the last signed webhook arrived {last:.0f} s ago, for {address}")
    else:
        yield warning("server", "no signed webhook has arrived since the server started",
                      f"call one of the numbers; if that changes nothing, compare {settings.public_url} with the "
                      "numbers' addresses (`callflow provision`)")  # fmt: skip


def _asked(host: str, port: int) -> dict[str, Any] | None:
    connection = HTTPConnection(ANY.get(host, host), port, timeout=SECONDS)
    try:
        connection.request("GET", "/readyz")
        found = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return found if isinstance(found, dict) else None
