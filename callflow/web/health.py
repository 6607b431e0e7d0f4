"""Health and metrics: is the process alive, can it serve calls, and what has it counted.

They are answered beside the webhooks (``asked``), and on a listener of their own (``operations``). Beside the
webhooks anybody may ask, so the reasons of ``/readyz`` and all of ``/metrics`` are only for this machine, and for those
who have the token.
"""

import hmac
import json
import logging
from collections.abc import Mapping
from ipaddress import ip_address
from time import monotonic

from callflow.base_urls import host_of
from callflow.fast_path.webhooks import Environ
from callflow.runtime.gauges import Gauges
from callflow.service.faults import described
from callflow.service.node_clock import problem_of
from callflow.service.troubles import StandingTrouble
from callflow.web.dependencies import Dependencies
from callflow.web.webhook import PLAIN, Answer

log = logging.getLogger(__name__)
JSON = "application/json"
PATHS = ("/healthz", "/readyz", "/metrics")
PROXIED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip",
           "X-Envoy-External-Address", "Cf-Connecting-Ip", "True-Client-Ip")  # fmt: skip
"""Headers that proxies add. A proxy on this machine connects from a loopback address, too."""
READ = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in ("Accept", "Authorization", "Host", *PROXIED)}
FAILED = Answer(500, PLAIN, b"failed\n")
NOT_PUBLIC = Answer(403, PLAIN, b"only for this machine, the listener of CALLFLOW_OPERATIONS, or with its token\n")


class HealthPages:
    """The pages by path. ``full``: with everything that ops may know."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        calls = dependencies.calls
        self._gauges = Gauges(calls.store, calls.clock, dependencies.troubles, dependencies.configurations,
                              lambda: dependencies.metrics.gauges())  # fmt: skip

    def asked(self, environ: Environ) -> Answer:
        """The answer to a request beside the webhooks."""
        headers = {name: environ[key] for name, key in READ.items() if key in environ}
        try:
            full = self.is_for(environ.get("REMOTE_ADDR", ""), headers)
            return self.answer(environ["PATH_INFO"], headers.get("Accept", ""), full)
        except Exception as error:
            log.error("request failed: %s", described(error))
            return FAILED

    def answer(self, path: str, accept: str, full: bool) -> Answer:
        if path == "/healthz":
            return Answer(200, PLAIN, b"alive\n")
        if path == "/readyz":
            return self._ready(full)
        if not full:
            return NOT_PUBLIC
        page, content_type = self._dependencies.metrics.page(accept, self._gauges)
        return Answer(200, content_type, page)

    def _ready(self, full: bool) -> Answer:
        """503 while the database, the configuration or the provider cannot be used.

        A changed directory with errors is only a warning: calls go on with the former configuration. So is that nothing
        else answers while this process is down. Troubles are warnings, too: another node would have the same, and a
        stranger's requests must not take nodes out. So are jobs that failed or wait for long, and a wrong clock: calls
        do not go by it.
        """
        faults = self._dependencies.ready()
        report: dict[str, object] = {"ready": not faults}
        if full:
            troubles = [_shown(one) for one in self._dependencies.troubles.standing()]
            signed = {
                base: round(monotonic() - at, 1) for base, at in dict(self._dependencies.verifier.last_signed).items()
            }
            notes = {
                "warning": self._dependencies.warning(), "fallback": self._dependencies.without_fallback,
                "clock": problem_of(self._dependencies.calls.clock), "jobs": self._dependencies.jobs(),
                "troubles": troubles, "signed_webhooks": signed,
            }  # fmt: skip
            report |= {"faults": faults, **{name: note for name, note in notes.items() if note}}
        return Answer(503 if faults else 200, JSON, json.dumps(report).encode() + b"\n")

    def is_for(self, peer: str, headers: Mapping[str, str]) -> bool:
        """Whether a request beside the webhooks is from this machine, without a proxy, or has the token."""
        token = self._dependencies.operations_token
        given = headers.get("Authorization", "")
        if token and hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
            return True
        public, host = host_of(self._dependencies.urls.public), host_of(f"//{headers.get('Host', '')}")
        direct = host != public or _is_loopback(host)
        return _is_loopback(peer) and direct and not any(name in headers for name in PROXIED)


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _shown(standing: StandingTrouble) -> dict[str, str | int]:
    return {
        "kind": standing.trouble.kind,
        "what": standing.trouble.what,
        "advice": standing.trouble.advice,
        "count": standing.count,
        "first": standing.first.isoformat(timespec="seconds"),
        "last": standing.last.isoformat(timespec="seconds"),
    }
