"""What each part of ``callflow.fast_path`` gains over the library it replaces: ``python -m tests.bench.fast_path``.

CPU time of this process only, the two ways in turns, the best of seven goes. No assertion: this prints a measurement.
"""

import gc
import http.server
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

import requests
from twilio.request_validator import RequestValidator
from werkzeug.routing import Map, Rule

from callflow.fast_path import forms
from callflow.fast_path.http_connections import HttpConnections
from callflow.fast_path.routes import LazyRule
from callflow.telephony.signature import SIGNATURE, Verifier
from tests.fast_path.test_webhooks import asked, environ
from tests.web.edge import BASE, TOKEN, Edge, signature

GOES = 7
FORM = {
    "AccountSid": "AC" + "1" * 32, "ApiVersion": "2010-04-01", "CallSid": "CA" + "c" * 32, "CallStatus": "in-progress",
    "Called": "+15550100100", "CalledCity": "", "CalledCountry": "US", "CalledState": "", "CalledZip": "",
    "Caller": "+15550100199", "CallerCity": "NEW YORK", "CallerCountry": "US", "CallerState": "NY",
    "CallerZip": "10001", "Digits": "1", "Direction": "inbound", "FinishedOnKey": "", "From": "+15550100199",
    "FromCity": "NEW YORK", "FromCountry": "US", "FromState": "NY", "FromZip": "10001", "To": "+15550100100",
    "ToCity": "", "ToCountry": "US", "ToState": "", "ToZip": "",
}  # fmt: skip


def compare(part: str, library: Callable[[], object], ours: Callable[[], object], rounds: int) -> None:
    best = {library: float("inf"), ours: float("inf")}
    for _ in range(GOES):
        for run in best:
            began = time.thread_time()
            for _ in range(rounds):
                run()
            best[run] = min(best[run], (time.thread_time() - began) / rounds * 1e6)
    print(f"{part:18}{best[library]:8.1f} us -> {best[ours]:6.1f} us")  # noqa: T201


def webhooks() -> None:
    """A late status report, which Callflow has nothing to do for: all but the way in costs next to nothing."""
    edge = Edge().talking()
    app: Any = edge.callflow.app.wsgi_app
    made = environ(edge, f"/voice/{edge.call.id}/{edge.lead}/status", FORM)
    compare("webhooks", lambda: asked(app._otherwise, made), lambda: asked(app, made), 300)


def bodies() -> None:
    body = urlencode(FORM).encode()
    compare("forms", lambda: parse_qsl(body.decode(), keep_blank_values=True), lambda: forms.pairs(body), 2000)


def signatures() -> None:
    """Not in the package, because it knows the provider: ``telephony.signature``."""
    pairs, verifier, theirs = list(FORM.items()), Verifier(BASE, {"": (TOKEN,)}), RequestValidator(TOKEN)
    headers = {SIGNATURE: signature(f"{BASE}/voice/inbound", FORM)}
    compare("signatures", lambda: theirs.validate(f"{BASE}/voice/inbound", FORM, headers[SIGNATURE]),
            lambda: verifier.verify("/voice/inbound", pairs, headers), 1000)  # fmt: skip


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


def rest_requests() -> None:
    headers = {"Authorization": "Basic eDp5", "Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"Url": "https://app.test/voice/0123456789abcdef/caller/7/enter", "Method": "POST"})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server, requests.Session() as session:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/2010-04-01/Accounts/AC1/Calls/CA1.json"
        connections = HttpConnections(address)
        compare(
            "http_connections",
            lambda: session.post(address, data=body, headers=headers, timeout=5, allow_redirects=False),
            lambda: connections.carry("POST", address, headers, body),
            100,
        )
        connections.close()
        server.shutdown()


def rules() -> None:
    def make(kind: type[Rule]) -> Map:
        return Map([kind("/voice/<call>/<leg>/<int:step>", endpoint="step", methods=["POST"])])

    compare("routes", lambda: make(Rule), lambda: make(LazyRule), 200)


if __name__ == "__main__":
    gc.freeze()
    webhooks()
    bodies()
    signatures()
    rest_requests()
    rules()
